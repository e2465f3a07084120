"""Parse the bytes of a YAML file into a Source: values with positions, and findings."""
