"""Find the outputs that are out of date, make them in parallel, record them in a manifest."""
