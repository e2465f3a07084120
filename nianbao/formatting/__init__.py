"""Edit report files in place, or print them in one layout with their comments."""
