"""Assign the content of a source document to the parts of the form, by labels and positions."""
