"""`schema`: print or write schema.json, for editors in repositories that hold only reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.cli.printing import print_or_write
from nianbao.rendering.data.json import json_schema
from nianbao.utils.resources import resource

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.cli.console import Console


def schema(output: Path | None, *, data: bool, console: Console) -> int:
    """Print schema.json or, with `data`, the schema of `--to json`; or write it to `output`.

    Return 0. Raises UserError if the file can't be written.
    """
    content = json_schema() if data else resource("schema.json").read_bytes()
    print_or_write(content.decode(), output, console)
    return 0
