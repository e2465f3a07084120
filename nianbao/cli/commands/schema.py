"""`schema`: print or write schema.json, for editors in repositories that hold only reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.cli.printing import print_or_write
from nianbao.utils.resources import resource

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.cli.console import Console


def schema(output: Path | None, *, console: Console) -> int:
    """Print schema.json, or write it to the file `output`; return 0.

    Raises UserError if the file can't be written.
    """
    print_or_write(resource("schema.json").read_bytes().decode(), output, console)
    return 0
