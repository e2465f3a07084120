"""Compare two versions of a report, and describe the changes with the form's labels."""
