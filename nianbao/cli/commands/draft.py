"""The command `build --draft`: write unfinished reports, with 草稿 (draft) on every page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.checks.checker import check_file
from nianbao.checks.draft import compile_draft
from nianbao.cli.exit_codes import exit_code, report_failures
from nianbao.cli.printing import print_text
from nianbao.diagnostics.reporters import format_findings
from nianbao.errors import UsageError, UserError
from nianbao.rendering.draft import make_marks, render_draft, render_draft_pdf
from nianbao.rendering.errors import PdfUnavailableError, TemplateError
from nianbao.rendering.pdf.printability import add_unprintable, find_unprintable
from nianbao.utils.files import (
    ensure_folder,
    reject_symlinks,
    remove_temporary_files,
    write_atomically,
)
from nianbao.utils.text import sanitize
from nianbao.workspace.discovery import find_reports, output_path, reject_output_collisions
from nianbao.workspace.settings import read_settings
from nianbao.workspace.units import UnitIndex

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from nianbao.cli.console import Console
    from nianbao.diagnostics.finding import Finding
    from nianbao.model.draft import Draft
    from nianbao.rendering import Format
    from nianbao.workspace.settings import Settings


def build_drafts(
    root: Path,
    names: tuple[str, ...],
    *,
    formats: Sequence[Format],
    output: Path,
    strict: bool,
    console: Console,
) -> int:
    """Write a draft (such as 2022.draft.pdf) of each report, even of reports with errors.

    `names`: report files or folders of reports; () for all reports.
    `formats`: only "html" and "pdf" are possible.
    `strict`: return 1 for warnings, as for errors.

    Return 1 if there are errors or a draft is missing, 3 after a bug. Raises UsageError if a name
    is wrong or no format is possible. Raises UserError if a folder is a symbolic link.
    """
    wanted = [to for to in formats if to in ("html", "pdf")]
    if not wanted:
        raise UsageError("草稿只有 html 和 pdf")
    reject_symlinks(root, root / "templates")
    settings, findings = read_settings(root)
    index = UnitIndex(root)
    findings += index.findings
    lines: dict[str, Sequence[str]] = {}
    failures: list[str] = []
    messages: list[str] = []
    errors: list[str] = []
    complete = True
    files = find_reports(root, names)
    reject_output_collisions(files)
    remove_temporary_files({output_path(file, "draft", output).parent for file in files})
    for file in files:
        checked = check_file(file, settings, place=index.place(file))
        found = add_unprintable(checked.findings, checked.report)
        findings += found
        failures += checked.failures
        lines[file.shown] = checked.source.lines
        draft = compile_draft(checked)
        if draft is None:
            messages.append(f"没有生成 {sanitize(file.shown)} 的草稿：文件读不了，或者文字太多")
            complete = False
            continue
        for to in wanted:
            # This name is in no manifest, so no later build takes the draft for a finished output.
            target = output_path(file, f"draft.{to}", output)
            try:
                content = _content(draft, to, found, settings, root / "templates")
                reject_symlinks(output, target.parent)
                ensure_folder(target.parent)
                write_atomically(target, content)
            except UserError as error:
                errors.append(str(error))
            else:
                messages.append(f"已生成 {sanitize(target.as_posix())}")
    text = format_findings(findings, lines, to="text", colour=console.colour)
    print_text("\n".join([text, *messages]), console)
    console.warn(*dict.fromkeys(errors))  # the same for every report, if this machine makes no PDF
    return report_failures(failures, console) or int(
        not complete or bool(errors) or exit_code(findings, strict=strict)
    )


def _content(
    draft: Draft, to: Format, findings: Sequence[Finding], settings: Settings, templates: Path
) -> bytes:
    """Return a draft as an HTML page or a PDF.

    `to`: the format. `templates`: the repository's templates folder, which need not exist. Raises
    UserError if a template can't be used.
    """
    marks = make_marks(findings)
    waived = [finding for finding in findings if finding.waived]
    try:
        if to == "pdf":
            from nianbao.rendering.pdf.renderer import ensure_pdf_available

            ensure_pdf_available()
            for finding in find_unprintable(draft.report):
                if finding.rule == "F502":  # a missing character is printed as a box
                    raise UserError(f"{finding.path}:{finding.span.line}: {finding.message}")
            return render_draft_pdf(draft, settings, templates, marks, waived)
        return render_draft(draft, settings, templates, marks, waived, listed=True).encode()
    except TemplateError as error:
        raise UserError(f"模板不能用：{error}") from error
    except PdfUnavailableError as error:
        raise UserError(f"没有生成 PDF：{error}") from error
