"""Define findings (problems that a check reports), and format them for people and programs."""
