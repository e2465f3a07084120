"""`diff`: print what changed in reports, or write redlines of whole reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.cli.commands.output import print_text, report_failures
from nianbao.diff.compare import compare_versions
from nianbao.diff.formats import ChangeFormat, RedlineFormat, format_changes
from nianbao.diff.selection import select_pairs
from nianbao.utils.files import reject_symlinks
from nianbao.workspace.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from nianbao.cli.console import Console


def diff(
    root: Path,
    names: tuple[str | None, str | None],
    *,
    to: ChangeFormat,
    redlines: Sequence[RedlineFormat],
    output: Path,
    exit_code: bool,
    console: Console,
) -> int:
    """Print what changed, or write redlines; return 1 with `exit_code` if anything changed.

    `names` are the old and the new side, as `select_pairs` takes them. Both sides are checked with
    the current rules and settings, so that only the reports differ.
    """
    settings, problems = read_settings(root)
    console.warn(*(f"{problem.path}：{problem.message}" for problem in problems))
    reject_symlinks(root, root / "templates")
    compared = [compare_versions(pair, settings) for pair in select_pairs(root, *names)]
    changes = [one.change for one in compared]
    failures = [
        log for one in compared for side in (one.old, one.new) if side for log in side.failures
    ]
    complete = True
    if redlines:
        from nianbao.cli.commands.redline import write_redlines

        complete = write_redlines(compared, redlines, settings, root, output, console)
    else:
        text = format_changes(changes, to=to, templates=root / "templates", colour=console.colour)
        if to == "text":
            print_text(text, console)
        else:
            console.print(text if console.unicode else _to_ascii(text, to))
    differs = exit_code and any(change.edited for change in changes)
    return report_failures(failures, console) or int(differs or not complete)


def _to_ascii(text: str, to: ChangeFormat) -> str:
    """Escape other characters, for a stream whose encoding lacks some (GBK on Windows)."""
    if to == "json":
        from nianbao.utils.safe_json import only_ascii

        return only_ascii(text)
    return text.encode("ascii", "xmlcharrefreplace").decode()
