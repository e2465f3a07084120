"""Comparison of two versions of a report, in the words of the form."""
