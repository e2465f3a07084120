"""Compare two versions of a report, and report the changes with the labels of the form."""
