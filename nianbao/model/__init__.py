"""The national form, its schema, and a report compiled against it. Reads no file of a user."""
