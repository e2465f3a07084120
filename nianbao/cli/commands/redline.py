"""`diff --to`: write a redline of each report that changed."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from nianbao.cli.commands.output import print_text
from nianbao.diff.formats.wording import summarize, title
from nianbao.diff.redline import render_redline
from nianbao.errors import UserError
from nianbao.rendering.errors import PdfUnavailableError, TemplateError
from nianbao.rendering.pdf.printability import find_unprintable
from nianbao.utils.files import ensure_folder, reject_symlinks, write_atomically
from nianbao.utils.text import sanitize

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from nianbao.cli.console import Console
    from nianbao.diff.compare import Comparison
    from nianbao.diff.formats import RedlineFormat
    from nianbao.workspace.settings import Settings


def write_redlines(
    comparisons: Sequence[Comparison],
    formats: Sequence[RedlineFormat],
    settings: Settings,
    root: Path,
    output: Path,
    console: Console,
) -> bool:
    """Write the redlines and print their paths; return True if none is missing."""
    possible, complete = _possible_formats(formats, console)
    messages = []
    for comparison in comparisons:
        if not comparison.change.edited:
            continue
        reason = _obstacle(comparison)
        if reason:
            messages.append(f"{title(comparison.change)}：{reason}")
            continue
        for to in possible:
            try:
                path = _write(comparison, to, settings, root, output)
            except UserError as error:
                console.warn(str(error))
                complete = False
            else:
                messages.append(f"已生成 {sanitize(path.as_posix())}")
    messages.append(summarize([comparison.change for comparison in comparisons]))
    print_text("\n".join(messages), console)
    return complete and not any(_is_broken(comparison) for comparison in comparisons)


def _possible_formats(
    formats: Sequence[RedlineFormat], console: Console
) -> tuple[Sequence[RedlineFormat], bool]:
    """Return the formats that this machine can make, and True if these are all."""
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
    """Return why a report can have no redline, in Chinese, or an empty string."""
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
    """Write one redline of two valid reports and return its path. Raises UserError."""
    old, new, version = comparison.old, comparison.new, comparison.pair.new
    assert old is not None and new is not None and version is not None  # noqa: PT018
    assert old.report is not None and new.report is not None  # noqa: PT018
    reports, templates = (old.report, new.report), root / "templates"
    if to == "pdf":
        for finding in chain.from_iterable(map(find_unprintable, reports)):
            raise UserError(f"{finding.path}:{finding.span.line}: {finding.message}")
    waived = [finding for finding in new.findings if finding.waived]
    try:
        content = render_redline(*reports, comparison.change, to, settings, templates, waived)
    except TemplateError as error:
        raise UserError(f"模板不能用：{error}") from error
    stem = version.file.stem
    target = output / stem.parent / f"{stem.name}.redline.{to}"
    reject_symlinks(output, target.parent)
    ensure_folder(target.parent)
    write_atomically(target, content)
    return target
