"""Model the national form, its schema, and compiled reports. No module here reads a report file."""
