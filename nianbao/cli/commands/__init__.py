"""The commands, one a module; each takes plain arguments, prints, and returns the exit code."""
