"""Define the command line: the commands with their options, and what they print."""
