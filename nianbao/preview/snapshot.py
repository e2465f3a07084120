"""Make snapshots: the rendered page and the findings of a report at one moment."""

from __future__ import annotations

import hashlib
import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.checks.checker import check_file
from nianbao.checks.draft import compile_draft
from nianbao.errors import UserError
from nianbao.model.form import load_form
from nianbao.model.schema import editions
from nianbao.rendering import render_report
from nianbao.rendering.draft import make_marks, render_draft
from nianbao.rendering.errors import TemplateError
from nianbao.rendering.pdf.printability import add_unprintable
from nianbao.utils.files import reject_symlinks
from nianbao.workspace.readers import DISK_READER, Reader
from nianbao.workspace.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from nianbao.checks.checker import CheckResult
    from nianbao.diagnostics.finding import Finding
    from nianbao.workspace.discovery import ReportFile
    from nianbao.workspace.settings import Settings
    from nianbao.workspace.units import UnitPlace


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The web page and the findings of a report at one moment.

    `page`: the last page that could be rendered, as HTML, or None.
    `stale`: True if `page` is older than the file, which can't be rendered now.
    `lines`: the lines of the file.
    `failures`: messages about bugs, or the reason why the report can't be checked.
    `version`: a digest of all other fields.
    """

    page: bytes | None
    stale: bool
    findings: tuple[Finding, ...]
    lines: Sequence[str]
    failures: tuple[str, ...]
    version: str


def make_snapshot(
    file: ReportFile,
    root: Path,
    last: Snapshot | None,
    log: Callable[[str], str],
    reader: Reader = DISK_READER,
    place: UnitPlace | None = None,
) -> Snapshot:
    """Check and render a report; return the findings and the page.

    If the report can't be rendered, the snapshot contains the page of `last`.

    `root`: the folder of the repository.
    `last`: the previous snapshot, or None.
    `log`: writes a bug to a log file; returns a message with the file's path.
    `reader`: reads the report, and the reports that its checks need.
    `place`: the unit of the report and its position in the roster, or None.
    """
    try:
        reject_symlinks(root, root / "templates")
        _require_schema()
    except UserError as error:
        return failed_snapshot(str(error), last)
    settings, wrong = read_settings(root)
    # Reads last year's report, too, and the reports that this report adds up.
    checked = check_file(file, settings, reader, place)
    findings = add_unprintable(checked.findings, checked.report)
    failures = list(checked.failures)
    page = None
    try:
        page = _render(checked, [*wrong, *findings], settings, root)
    except TemplateError as error:
        findings.insert(0, error.finding())
    except Exception:  # noqa: BLE001 - a bug is logged, and the server goes on
        failures.append(f"{file.shown} html\n{traceback.format_exc()}")
    messages = [
        f"没有做完：{failure.partition(chr(10))[0]}。{log(failure)}" for failure in failures
    ]
    return _snapshot(page, [*wrong, *findings], checked.source.lines, messages, last)


def digest(content: object) -> str:
    """Return 16 hexadecimal digits: the start of a hash of a value's `repr`."""
    return hashlib.sha256(repr(content).encode(errors="surrogatepass")).hexdigest()[:16]


def failed_snapshot(problem: str, last: Snapshot | None) -> Snapshot:
    """Return a snapshot for a report that can't be checked.

    `problem`: the reason.
    `last`: the previous snapshot, whose page is shown again, or None.
    """
    return _snapshot(None, [], (), [problem], last)


def _render(
    checked: CheckResult, findings: Sequence[Finding], settings: Settings, root: Path
) -> bytes | None:
    """Return the HTML page with a mark for each finding that is not waived.

    Return None if the file can't be read.
    """
    waived = [finding for finding in findings if finding.waived]
    if checked.report is not None and len(waived) == len(findings):
        return render_report(checked.report, "html", settings, root / "templates", waived)
    draft = compile_draft(checked)
    if draft is None:
        return None
    return render_draft(draft, settings, root / "templates", make_marks(findings), waived).encode()


def _require_schema() -> None:
    """Raise UserError if schema.json can't be used, for example while the user is editing it."""
    try:
        for edition in editions():
            load_form(edition)
    except Exception as error:
        raise UserError(f"schema.json 不能用：{type(error).__name__}: {error}") from error


def _snapshot(
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
