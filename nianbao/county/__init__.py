"""The units of a county: their roster, the state of their reports, the sums of their tables."""
