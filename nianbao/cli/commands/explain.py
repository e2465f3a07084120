"""The command `rules --explain`: print how the program reads the numbers in a report's prose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.checks.checker import body_kind, compile_file
from nianbao.checks.claims.explanation import explain_prose
from nianbao.cli.printing import print_text
from nianbao.errors import UserError
from nianbao.utils.text import sanitize
from nianbao.workspace.discovery import find_reports
from nianbao.workspace.readers import DISK_READER
from nianbao.workspace.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nianbao.checks.claims.explanation import Explanation
    from nianbao.cli.console import Console

_AROUND = 8  # characters of the text to show before a number
_RESULTS = {True: "相符", False: "不符", None: "不比"}


def explain(root: Path, name: str, console: Console) -> int:
    """Print how the program reads the numbers and denials (未收到) in a report's prose.

    `name`: a report file or a folder of reports.

    Always returns 0. Raises UserError if a report has errors of structure.
    """
    settings, _ = read_settings(root)
    for file in find_reports(root, (name,)):
        compiled = compile_file(file.path, file.shown, DISK_READER)
        report = compiled.report
        if compiled.has_errors or report is None:
            raise UserError(f"{file.shown} 有错误，先运行 check 改好")
        covers = body_kind(report, settings).covers_subordinates
        lines = _lines(file.shown, explain_prose(report, covers))
        print_text("\n".join(map(sanitize, lines)), console)
    return 0


def _lines(shown: str, explanations: Iterator[Explanation]) -> Iterator[str]:
    yield shown
    pointer = None
    for each in explanations:
        if each.passage.prose.pointer != pointer:
            pointer = each.passage.prose.pointer
            yield " / ".join(map(str, pointer))
        first = max(each.start - _AROUND, 0)
        quote = each.passage.quote(first, each.end)
        yield f"  {_RESULTS[each.agrees]} …{quote}　{each.meaning}"
