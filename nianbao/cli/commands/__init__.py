"""Run the commands, one per module: take plain arguments, print, and return the exit code."""
