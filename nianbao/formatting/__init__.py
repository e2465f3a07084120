"""A report file as a lossless tree: parsed with comments, printed in one layout, edited."""
