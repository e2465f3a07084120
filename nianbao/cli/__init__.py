"""Provide the command line: options, commands and console output."""
