"""The command `diff --to`: write a redline (report with marked changes) of each changed report."""

from __future__ import annotations

import os
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from nianbao.cli.printing import print_text
from nianbao.diff.formats.wording import summarize, title
from nianbao.diff.redline import render_redline
from nianbao.errors import UserError
from nianbao.rendering.errors import PdfUnavailableError, TemplateError
from nianbao.rendering.pdf.printability import find_unprintable
from nianbao.utils.files import (
    ensure_folder,
    reject_symlinks,
    remove_temporary_files,
    write_atomically,
)
from nianbao.utils.text import sanitize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nianbao.cli.console import Console
    from nianbao.diff.compare import Comparison
    from nianbao.diff.formats import RedlineFormat
    from nianbao.diff.model import Change
    from nianbao.workspace.settings import Settings


@dataclass(frozen=True, slots=True)
class RedlineResult:
    """The result of writing the redlines (reports with marked changes) of one report.

    `messages`, `errors`: lines to print, in Chinese.
    `missing`: True if a redline could not be written.
    """

    messages: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    missing: bool = False


# Used in this process or sent to worker processes.
@dataclass(frozen=True, slots=True)
class RedlineWriter:
    """Writes redlines: reports with marked changes.

    `formats`: the wanted formats that this machine can make.
    `output`: the folder to write to.
    `complete`: False if this machine can't make all wanted formats.
    """

    formats: Sequence[RedlineFormat]
    settings: Settings
    root: Path
    output: Path
    complete: bool

    @classmethod
    def of(
        cls,
        formats: Sequence[RedlineFormat],
        settings: Settings,
        root: Path,
        output: Path,
        console: Console,
    ) -> RedlineWriter:
        """Return a writer of the wanted formats that this machine can make.

        Print a warning if PDF is wanted but impossible.
        """
        possible, complete = _possible_formats(formats, console)
        remove_temporary_files(Path(base) for base, _, _ in os.walk(output))
        return cls(possible, settings, root, output, complete)

    def write(self, comparison: Comparison) -> RedlineResult:
        """Write the redlines of one report.

        Without a change of content, nothing is written.
        """
        if not comparison.change.edited:
            return RedlineResult()
        reason = _obstacle(comparison)
        if reason:
            message = f"{title(comparison.change)}：{reason}"
            return RedlineResult((message,), missing=_is_broken(comparison))
        messages, errors = [], []
        for to in self.formats:
            try:
                path = _write(comparison, to, self.settings, self.root, self.output)
            except UserError as error:
                errors.append(str(error))
            else:
                messages.append(f"已生成 {sanitize(path.as_posix())}")
        return RedlineResult(tuple(messages), tuple(errors), missing=bool(errors))


def print_redlines(
    results: Sequence[RedlineResult], changes: Sequence[Change], console: Console
) -> bool:
    """Print the paths of redlines and a summary of `changes`.

    Return False if a redline could not be made.
    """
    console.warn(*(error for result in results for error in result.errors))
    messages = [message for result in results for message in result.messages]
    print_text("\n".join([*messages, summarize(changes)]), console)
    return not any(result.missing for result in results)


def _possible_formats(
    formats: Sequence[RedlineFormat], console: Console
) -> tuple[Sequence[RedlineFormat], bool]:
    """Return those formats that this machine can make, and True if these are all formats."""
    if "pdf" not in formats:
        return formats, True
    from nianbao.rendering.pdf.renderer import ensure_pdf_available

    try:
        ensure_pdf_available()
    except PdfUnavailableError as error:
        console.warn(f"没有生成 PDF：{error}")
        return [to for to in formats if to != "pdf"], False
    return formats, True


def _obstacle(comparison: Comparison) -> str:
    """Return a Chinese text that says why there can be no redline, or "" if there can be one."""
    if comparison.old is None:
        return "新增的报告，没有旧的可以对照"
    if comparison.new is None:
        return "删去的报告，没有新的可以对照"
    if _is_broken(comparison):
        return "有结构错误，排不出修订对照；先改好"
    return ""


def _is_broken(comparison: Comparison) -> bool:
    sides = comparison.old, comparison.new
    return comparison.change.edited and any(side and side.report is None for side in sides)


def _write(
    comparison: Comparison, to: RedlineFormat, settings: Settings, root: Path, output: Path
) -> Path:
    """Write one redline of two valid reports and return its path.

    Raises UserError if no font has a character of the reports, a template can't be used, or the
    file can't be written.
    """
    old, new, version = comparison.old, comparison.new, comparison.pair.new
    assert old is not None and new is not None and version is not None  # noqa: PT018
    assert old.report is not None and new.report is not None  # noqa: PT018
    reports, templates = (old.report, new.report), root / "templates"
    if to == "pdf":
        for finding in chain.from_iterable(map(find_unprintable, reports)):
            raise UserError(f"{finding.path}:{finding.span.line}: {finding.message}")
    old_waived, waived = ([each for each in s.findings if each.waived] for s in (old, new))
    change = comparison.change
    try:
        content = render_redline(
            *reports, change, to, settings, templates, waived, old_waived=old_waived
        )
    except TemplateError as error:
        raise UserError(f"模板不能用：{error}") from error
    stem = version.file.stem
    target = output / stem.parent / f"{stem.name}.redline.{to}"
    reject_symlinks(output, target.parent)
    ensure_folder(target.parent)
    write_atomically(target, content)
    return target
