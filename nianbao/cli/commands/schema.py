"""`schema`: print or write schema.json, for editors in repositories that hold only reports."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from nianbao.cli.printing import print_or_write
from nianbao.utils.resources import resource
from nianbao.workspace.roster import make_units_schema

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.cli.console import Console


def schema(output: Path | None, *, units: bool, console: Console) -> int:
    """Print schema.json, or write it to the file `output`; return 0.

    `units`: the JSON Schema of units.toml instead. Raises UserError if the file can't be written.
    """
    if units:
        text = json.dumps(make_units_schema(), ensure_ascii=False, indent=2) + "\n"
    else:
        text = resource("schema.json").read_bytes().decode()
    print_or_write(text, output, console)
    return 0
