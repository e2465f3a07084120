"""Parse a YAML file into a Source: values with positions, and findings."""
