"""Parse a report file into a tree that keeps comments; edit the tree, print it in one layout."""
