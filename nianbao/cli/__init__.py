"""Define the command line: the commands, their options and the texts that they print."""
