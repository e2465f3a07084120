"""Find the outputs that are out of date, make them in parallel, and record them in a manifest."""
