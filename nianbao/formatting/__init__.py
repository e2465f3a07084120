"""Edit report files, in place or as a tree that keeps comments and is printed in one layout."""
