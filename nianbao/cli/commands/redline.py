"""`diff --to`: a redline for each report that changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.cli.commands.output import print_text
from nianbao.diff.formats.wording import summarize, title
from nianbao.diff.redline import render_redline
from nianbao.errors import UserError
from nianbao.rendering.errors import PdfUnavailableError, TemplateError
from nianbao.rendering.pdf.glyphs import find_missing_glyphs
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
    compared: Sequence[Comparison],
    formats: Sequence[RedlineFormat],
    settings: Settings,
    root: Path,
    output: Path,
    console: Console,
) -> bool:
    """Write the redlines, say which, and return whether all could be made."""
    able, complete = _possible(formats, console)
    told = []
    for one in compared:
        if not one.change.edited:
            continue
        reason = _impossible(one)
        if reason:
            told.append(f"{title(one.change)}：{reason}")
            continue
        for to in able:
            try:
                path = _write(one, to, settings, root, output)
            except UserError as error:
                console.warn(str(error))
                complete = False
            else:
                told.append(f"已生成 {sanitize(path.as_posix())}")
    told.append(summarize([one.change for one in compared]))
    print_text("\n".join(told), console)
    return complete and not any(_is_broken(one) for one in compared)


def _possible(
    formats: Sequence[RedlineFormat], console: Console
) -> tuple[Sequence[RedlineFormat], bool]:
    """The formats that this machine can make, and whether that is all of them."""
    if "pdf" not in formats:
        return formats, True
    from nianbao.rendering.pdf.renderer import ensure_pdf_available

    try:
        ensure_pdf_available()
    except PdfUnavailableError as error:
        console.warn(f"没有生成 PDF：{error}")
        return [to for to in formats if to != "pdf"], False
    return formats, True


def _impossible(one: Comparison) -> str:
    """Why there is no redline of a report, or nothing."""
    if one.old is None:
        return "新增的报告，没有旧的可以对照"
    if one.new is None:
        return "删去的报告，没有新的可以对照"
    if _is_broken(one):
        return "有结构错误，排不出修订对照；先改好"
    return ""


def _is_broken(one: Comparison) -> bool:
    return one.change.edited and any(side and side.report is None for side in (one.old, one.new))


def _write(
    one: Comparison, to: RedlineFormat, settings: Settings, root: Path, output: Path
) -> Path:
    assert one.old is not None
    assert one.new is not None
    assert one.pair.new is not None
    old, new = one.old.report, one.new.report
    assert old is not None
    assert new is not None
    if to == "pdf":
        for report in (old, new):
            for problem in find_missing_glyphs(report):
                raise UserError(f"{problem.path}:{problem.span.line}: {problem.message}")
    waived = [finding for finding in one.new.findings if finding.waived]
    try:
        content = render_redline(old, new, one.change, to, settings, root / "templates", waived)
    except TemplateError as error:
        raise UserError(f"模板不能用：{error}") from error
    stem = one.pair.new.file.stem
    target = output / stem.parent / f"{stem.name}.redline.{to}"
    reject_symlinks(output, target.parent)
    ensure_folder(target.parent)
    write_atomically(target, content)
    return target
