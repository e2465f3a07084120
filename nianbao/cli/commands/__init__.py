"""The commands of the program, one per module.

Each command is a function that prints its results and returns the exit code.
"""
