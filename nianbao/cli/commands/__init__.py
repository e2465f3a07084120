"""The commands of the program, one per module.

Each command is a function that takes plain arguments, prints its results and returns the exit code.
"""
