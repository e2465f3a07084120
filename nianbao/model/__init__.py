"""Model the national form, its schema, and compiled reports. No module here reads a user's file."""
