"""Put the content of a source document onto the form, by labels and positions."""
