"""`diff`: what changed in the reports, in the form's words, or as redlines of whole reports."""

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
    """Print what changed, or write it as redlines; with `exit_code`, 1 where anything did.

    `names` are the old side and the new one, as `pair_up` takes them.

    Both sides are judged by the rules and the settings of now, so that what differs is the reports.
    """
    settings, problems = read_settings(root)
    console.warn(*(f"{problem.path}：{problem.message}" for problem in problems))
    reject_symlinks(root, root / "templates")
    compared = [compare_versions(pairing, settings) for pairing in select_pairs(root, *names)]
    changes = [one.change for one in compared]
    failures = [
        log for one in compared for side in (one.old, one.new) if side for log in side.failures
    ]
    complete = True
    if redlines:
        from nianbao.cli.commands.redline import write_redlines

        complete = write_redlines(compared, redlines, settings, root, output, console)
    else:
        told = format_changes(changes, to=to, templates=root / "templates", colour=console.colour)
        if to == "text":
            print_text(told, console)
        else:
            console.print(told if console.unicode else _narrow(told, to))
    differs = exit_code and any(change.edited for change in changes)
    return report_failures(failures, console) or int(differs or not complete)


def _narrow(told: str, to: ChangeFormat) -> str:
    """The same for a stream whose encoding lacks characters (GBK on Windows)."""
    if to == "json":
        from nianbao.utils.safe_json import only_ascii

        return only_ascii(told)
    return told.encode("ascii", "xmlcharrefreplace").decode()
