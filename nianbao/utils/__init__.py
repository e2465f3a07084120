"""Provide helpers for files, text, characters and OS errors. Imports only `nianbao.errors`."""
