"""Helpers that know nothing of reports: files, text, characters, OS errors. Imports only errors."""
