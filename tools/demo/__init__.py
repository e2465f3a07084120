"""The demonstration: the site of a county that does not exist, made by `make demo`."""
