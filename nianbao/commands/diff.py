"""`diff`: what changed in the reports, in the form's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.changes import ChangeFormat, tell_changes
from nianbao.checking import Checked, check_file
from nianbao.commands.check import print_text, tell_failures
from nianbao.comparing import compare
from nianbao.comparing.sides import make_side
from nianbao.files import refuse_links
from nianbao.settings import read_settings
from nianbao.versions import pair_up

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.comparing.change import Change
    from nianbao.console import Console
    from nianbao.settings import Settings
    from nianbao.versions.place import Place


def diff(
    root: Path,
    old: str | None,
    new: str | None,
    *,
    to: ChangeFormat,
    exit_code: bool,
    console: Console,
) -> int:
    """Print what changed; with `exit_code`, 1 where anything did.

    Both sides are judged by the rules and the settings of now, so that what differs is the reports.
    """
    settings, problems = read_settings(root)
    console.warn(*(f"{problem.path}：{problem.message}" for problem in problems))
    changes: list[Change] = []
    failures: list[str] = []
    for pairing in pair_up(root, old, new):
        checked = [_checked(place, settings) for place in (pairing.old, pairing.new)]
        sides = [make_side(one, one.source.path) if one else None for one in checked]
        changes.append(compare(*sides, renamed=pairing.renamed))
        failures += [failure for one in checked if one for failure in one.failures]
    refuse_links(root, root / "templates")
    told = tell_changes(changes, to=to, templates=root / "templates", colour=console.colour)
    if to == "text":
        print_text(told, console)
    else:
        console.print(told)
    differs = any(change.edited for change in changes)
    return tell_failures(failures, console) or int(exit_code and differs)


def _checked(place: Place | None, settings: Settings) -> Checked | None:
    return check_file(place.file, settings, reader=place.reader) if place else None
