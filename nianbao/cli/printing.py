"""Print texts and JSON, in pieces if they are long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.utils.files import ensure_folder, remove_temporary_files, write_atomically
from nianbao.utils.text import sanitize

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from nianbao.cli.console import Console


def print_text(text: str | Iterable[str], console: Console) -> None:
    """Print text that quotes reports, and prevent a GitHub runner from executing commands in it.

    `text`: the text, or its pieces, which are printed as they are made.
    """
    pieces = [text] if isinstance(text, str) else text
    if console.runner:
        import secrets

        from nianbao.diagnostics.reporters.github import protect_commands

        pieces = protect_commands(pieces, secrets.token_hex(16))
    print_pieces(pieces, console)


def print_pieces(pieces: Iterable[str], console: Console) -> None:
    """Print the pieces of a text as they are made.

    A GitHub runner executes commands in the text, so the caller must escape what reports contain.
    """
    for piece in pieces:
        console.out.write(piece)
    console.print("")


def print_json(text: str | Iterable[str], console: Console) -> None:
    """Print a JSON document, or its pieces as they are made.

    If the console can't encode all characters, print ASCII only.
    """
    pieces = [text] if isinstance(text, str) else text
    if not console.unicode:
        from nianbao.utils.safe_json import only_ascii

        pieces = map(only_ascii, pieces)
    print_pieces(pieces, console)


def print_or_write(text: str, file: Path | None, console: Console) -> None:
    """Print a text; or, if `file` is given, write the text to it and print its path.

    Raises UserError if the file can't be written.
    """
    if file is None:
        console.print(text.rstrip("\n"))
    else:
        ensure_folder(file.parent)
        remove_temporary_files([file.parent])
        write_atomically(file, text.encode())
        console.print(f"已写入 {sanitize(file.as_posix())}")
