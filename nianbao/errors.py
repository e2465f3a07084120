"""Errors that the user is told about; anything else that is raised is a bug."""

from __future__ import annotations


class UserError(Exception):
    """What the user asked for can't be done; the message, in Chinese, says why. Exit code 1."""


class UsageError(UserError):
    """The command line asks for something that makes no sense here. Exit code 2."""
