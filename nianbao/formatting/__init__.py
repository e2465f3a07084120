"""A report file as its writer sees it: entries with their comments, read, laid out and changed."""
