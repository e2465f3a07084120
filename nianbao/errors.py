"""Define the errors shown to the user. Any other exception that ends a command is a bug."""

from __future__ import annotations


class UserError(Exception):
    """The request can't be carried out; the message, in Chinese, says why. Exit code 1."""


class UsageError(UserError):
    """The command line is wrong, for example with options that exclude each other. Exit code 2."""
