"""Print the results of commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.utils.files import ensure_folder, remove_temporary_files, write_atomically
from nianbao.utils.text import sanitize

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.cli.console import Console


def print_text(text: str, console: Console) -> None:
    """Print text that quotes reports; stop a GitHub runner from executing commands in it."""
    if console.runner:
        import secrets

        from nianbao.diagnostics.reporters.github import protect_commands

        text = protect_commands(text, secrets.token_hex(16))
    console.print(text)


def print_json(text: str, console: Console) -> None:
    """Print a JSON document, in ASCII if the console can't encode all characters."""
    if not console.unicode:
        from nianbao.utils.safe_json import only_ascii

        text = only_ascii(text)
    console.print(text)


def print_or_write(text: str, file: Path | None, console: Console) -> None:
    """Print a text, or write it to `file` and print the path.

    Raises UserError if the file can't be written.
    """
    if file is None:
        console.print(text.rstrip("\n"))
    else:
        ensure_folder(file.parent)
        remove_temporary_files([file.parent])
        write_atomically(file, text.encode())
        console.print(f"已写入 {sanitize(file.as_posix())}")
