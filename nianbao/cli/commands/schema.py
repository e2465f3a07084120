"""The command `schema`: print or write schema.json, for editors in repositories of reports."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from nianbao.cli.printing import print_or_write
from nianbao.rendering.data.json import json_schema
from nianbao.utils.resources import resource
from nianbao.workspace.roster import make_units_schema

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.cli.console import Console


def schema(output: Path | None, *, data: bool, units: bool, console: Console) -> int:
    """Print schema.json, or write the schema to a file; return 0.

    `output`: the file; None to print.
    `data`: use the schema of the JSON output (`--to json`) instead.
    `units`: use the schema of units.toml instead.

    Raises UserError if the file can't be written.
    """
    if units:
        content = json.dumps(make_units_schema(), ensure_ascii=False, indent=2).encode() + b"\n"
    else:
        content = json_schema() if data else resource("schema.json").read_bytes()
    print_or_write(content.decode(), output, console)
    return 0
