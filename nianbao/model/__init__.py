"""The national form, its schema, and reports compiled against it. Reads no file of the user."""
