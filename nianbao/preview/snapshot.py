"""A proof: a report as it looks, and what is found in it, at one moment."""

from __future__ import annotations

import hashlib
import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.checks.checker import check_file
from nianbao.errors import UserError
from nianbao.model.form import load_form
from nianbao.model.schema import editions
from nianbao.rendering import render_report
from nianbao.rendering.errors import TemplateError
from nianbao.rendering.pdf.glyphs import missing_glyph_warnings
from nianbao.utils.files import reject_symlinks
from nianbao.workspace.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from nianbao.checks.checker import CheckResult
    from nianbao.diagnostics.finding import Finding
    from nianbao.workspace.discovery import ReportFile
    from nianbao.workspace.settings import Settings


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is shown of a report: its web page, and what `check` finds, in the order of the file.

    `page` is the last one that could be made, or None where none could yet; `stale` says that it is
    older than the file, which has errors now. `lines` are those of the file. `failures` says in
    words what the program could not do. `version` is another one whenever anything of this is.
    """

    page: bytes | None
    stale: bool
    findings: tuple[Finding, ...]
    lines: Sequence[str]
    failures: tuple[str, ...]
    version: str


def make_snapshot(
    file: ReportFile, root: Path, last: Snapshot | None, log: Callable[[str], str]
) -> Snapshot:
    """Check and render a report; where that can't be done, the page is that of the `last` proof.

    `log` writes down what the program failed at, and says where.
    """
    try:
        reject_symlinks(root, root / "templates")
        _require_schema()
    except UserError as error:
        return failed_snapshot(str(error), last)
    settings, wrong = read_settings(root)
    checked = check_file(file, settings)
    findings, failures = list(checked.findings), list(checked.failures)
    page = None
    if checked.report is not None:
        findings += missing_glyph_warnings(checked.report)
        findings.sort(key=lambda finding: finding.sort_key)
        # As with build: what wrong settings were to say would be missing from the page.
        if not checked.failed and not wrong:
            try:
                page = _render(checked, settings, root)
            except TemplateError as error:
                findings.insert(0, error.finding())
            except Exception:  # noqa: BLE001 - a bug is told with its log, and the server goes on
                failures.append(f"{file.shown} html\n{traceback.format_exc()}")
    told = [f"没有做完：{failure.partition(chr(10))[0]}。{log(failure)}" for failure in failures]
    return _proof(page, [*wrong, *findings], checked.source.lines, told, last)


def digest(content: object) -> str:
    """A name for something, which is another one when its `repr` is."""
    return hashlib.sha256(repr(content).encode(errors="surrogatepass")).hexdigest()[:16]


def failed_snapshot(problem: str, last: Snapshot | None) -> Snapshot:
    """A proof where nothing could be checked, with what stood in the way."""
    return _proof(None, [], (), [problem], last)


def _render(checked: CheckResult, settings: Settings, root: Path) -> bytes:
    assert checked.report is not None
    waived = [finding for finding in checked.findings if finding.waived]
    return render_report(checked.report, "html", settings, root / "templates", waived)


def _require_schema() -> None:
    """Raise UserError where schema.json can't be used, as when somebody is editing it."""
    try:
        for edition in editions():
            load_form(edition)
    except Exception as error:
        raise UserError(f"schema.json 不能用：{type(error).__name__}: {error}") from error


def _proof(
    page: bytes | None,
    findings: Sequence[Finding],
    lines: Sequence[str],
    failures: Sequence[str],
    last: Snapshot | None,
) -> Snapshot:
    shown = page or (last.page if last else None)
    stale = page is None and shown is not None
    version = digest((shown, stale, findings, lines, failures))
    return Snapshot(shown, stale, tuple(findings), lines, tuple(failures), version)
