"""The command `diff`: print what changed in reports, or write redlines of whole reports."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from nianbao.build.executors import map_chunks
from nianbao.cli.exit_codes import report_failures
from nianbao.cli.printing import print_json, print_text
from nianbao.diff.compare import compare_versions
from nianbao.diff.formats import ChangeFormat, RedlineFormat, format_changes
from nianbao.diff.selection import select_pairs
from nianbao.diff.versions import read_in_batch
from nianbao.utils.files import reject_symlinks
from nianbao.workspace.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from nianbao.cli.commands.redline import RedlineResult, RedlineWriter
    from nianbao.cli.console import Console
    from nianbao.diff.model import Change
    from nianbao.diff.versions import VersionPair
    from nianbao.workspace.settings import Settings


@dataclass(frozen=True, slots=True)
class PairResult:
    """The result of comparing two versions of a report.

    `change`: the changes, without unchanged paragraphs.
    `failures`: logs of bugs of the program.
    `redline`: the result of writing redlines, or None if none are wanted.
    """

    change: Change
    failures: tuple[str, ...]
    redline: RedlineResult | None


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
    """Print the changes, or write redlines (reports with marked changes); return the exit code.

    The code is 1 if a comparison failed or a redline is missing, and 3 after a bug.

    `names`: old and new version: file, REV:path or git revision; None for the default.
    `to`: the format of the printed text.
    `redlines`: the formats of redlines; () to print the changes instead.
    `output`: the folder for redlines.
    `exit_code`: True to return 1 if anything changed.

    Raises UsageError if an argument is wrong.
    """
    settings, problems = read_settings(root)
    console.warn(*(f"{problem.path}：{problem.message}" for problem in problems))
    reject_symlinks(root, root / "templates")
    # Both versions are checked with the current rules and settings, so that differences come only
    # from the reports.
    pairs = select_pairs(root, *names)
    writer = None
    if redlines:
        from nianbao.cli.commands.redline import RedlineWriter

        writer = RedlineWriter.of(redlines, settings, root, output, console)
    results = map_chunks(
        partial(compare_chunk, settings=settings, writer=writer),
        pairs,
        ["nianbao.cli.commands.diff"],
        pdf="pdf" in redlines,
    )
    compared = [each for each in results if each is not None]
    died = [pair.name for pair, each in zip(pairs, results, strict=True) if each is None]
    changes = [each.change for each in compared]
    complete = not died
    if writer:
        from nianbao.cli.commands.redline import print_redlines

        written = [each.redline for each in compared if each.redline]
        complete &= print_redlines(written, changes, console) and writer.complete
    else:
        text = format_changes(
            changes,
            to=to,
            templates=root / "templates",
            style=settings.style,
            colour=console.colour,
        )
        if to == "text":
            print_text(text, console)
        elif to == "json":
            print_json(text, console)
        elif console.unicode:
            console.print(text)
        else:  # such as GBK on Windows, which lacks some characters
            console.print(text.encode("ascii", "xmlcharrefreplace").decode())
    console.warn(*(f"没有做完：{name}（做它的进程被终止了，也许是内存不够）" for name in died))
    differs = exit_code and any(change.edited for change in changes)
    failures = [log for each in compared for log in each.failures]
    return report_failures(failures, console) or int(differs or not complete)


def compare_chunk(
    pairs: Sequence[VersionPair], settings: Settings, writer: RedlineWriter | None
) -> list[PairResult]:
    """Compare pairs of versions in a worker process.

    `writer`: writes the redlines (reports with marked changes); None to write none.

    Raises GitError if git fails.
    """
    with read_in_batch(pairs):
        return [_compare(pair, settings, writer) for pair in pairs]


def _compare(pair: VersionPair, settings: Settings, writer: RedlineWriter | None) -> PairResult:
    compared = compare_versions(pair, settings)
    sides = (compared.old, compared.new)
    failures = tuple(log for side in sides if side for log in side.failures)
    redline = writer.write(compared) if writer else None
    # There can be thousands of results, so each is small.
    return PairResult(compared.change.without_equal_paragraphs(), failures, redline)
