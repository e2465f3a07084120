"""Edit report files: as a tree that keeps comments and is printed in one layout, or in place."""
