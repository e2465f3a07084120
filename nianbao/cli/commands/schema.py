"""`schema`: the schema, for editors and for repositories that hold only reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.utils.files import make_folder, write_whole
from nianbao.utils.resources import resource
from nianbao.utils.text import clean

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.cli.console import Console


def schema(output: Path | None, *, console: Console) -> int:
    """Print schema.json, or write it to a file."""
    content = resource("schema.json").read_bytes()
    if output is None:
        console.print(content.decode().rstrip("\n"))
    else:
        make_folder(output.parent)
        write_whole(output, content)
        console.print(f"已写入 {clean(output.as_posix())}")
    return 0
