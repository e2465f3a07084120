"""From the bytes of a YAML file to a Source: values with positions, and findings."""
