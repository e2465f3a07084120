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
    """Print text that quotes reports.

    On a GitHub runner, commands in the text are not executed.

    `text`: the text, or its pieces.
    """
    pieces = [text] if isinstance(text, str) else text
    if console.runner:
        import secrets

        from nianbao.diagnostics.reporters.github import protect_commands

        pieces = protect_commands(pieces, secrets.token_hex(16))
    print_pieces(pieces, console)


def print_pieces(pieces: Iterable[str], console: Console) -> None:
    """Print each piece of a text when it is made.

    The caller must escape commands in the text, which a GitHub runner would execute.
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
    """Print a text, or write the text to a file.

    `file`: the file, whose path is printed; None to print the text.

    Raises UserError if the file can't be written.
    """
    if file is None:
        console.print(text.rstrip("\n"))
    else:
        ensure_folder(file.parent)
        remove_temporary_files([file.parent])
        write_atomically(file, text.encode())
        console.print(f"已写入 {sanitize(file.as_posix())}")
