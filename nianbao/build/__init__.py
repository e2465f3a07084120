"""Find the outputs that are out of date, and make them in parallel."""
