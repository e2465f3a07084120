"""`schema`: print or write schema.json, for editors in repositories that hold only reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.utils.files import ensure_folder, write_atomically
from nianbao.utils.resources import resource
from nianbao.utils.text import sanitize

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.cli.console import Console


def schema(output: Path | None, *, console: Console) -> int:
    """Print schema.json, or write it to a file."""
    content = resource("schema.json").read_bytes()
    if output is None:
        console.print(content.decode().rstrip("\n"))
    else:
        ensure_folder(output.parent)
        write_atomically(output, content)
        console.print(f"已写入 {sanitize(output.as_posix())}")
    return 0
