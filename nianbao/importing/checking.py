"""Check a source file as it is: read it in memory, and give each finding its place in the file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from nianbao.checks.checker import CheckResult, check_compiled, compile_source
from nianbao.checks.rules.rule import PreviousReport
from nianbao.diagnostics.finding import Finding, Severity
from nianbao.errors import UserError
from nianbao.importing.files import import_file
from nianbao.parsing.reader import parse_source, read_source
from nianbao.utils.files import display_path
from nianbao.workspace.discovery import SOURCE_SUFFIXES, SUFFIXES
from nianbao.workspace.series import YEAR_IN_NAME

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from nianbao.importing.document import Place
    from nianbao.importing.importer import ImportedReport
    from nianbao.model.report import Report
    from nianbao.workspace.settings import Settings

DOUBT_RULE: Final = "F424"


def check_source_file(
    path: Path, shown: str, settings: Settings, previous: Path | None
) -> tuple[CheckResult, ImportedReport | None]:
    """Return the findings of a source file, each with its place, and what was read from it.

    `previous`: last year's file, of any format, or None to look for it beside `path`. A file that
    can't be read is one finding. Raises UserError if `previous` can't be read.
    """
    last = _previous_report(path, previous)
    try:
        imported = import_file(path, shown)
    except UserError as error:
        message = str(error).removeprefix(f"{shown}：")
        source = parse_source(b"", shown)
        finding = Finding("S001", Severity.ERROR, shown, source.location_of(()).value, (), message)
        return CheckResult(source, None, None, (finding,)), None
    return check_imported(imported, shown, settings, last), imported


def check_imported(
    imported: ImportedReport, shown: str, settings: Settings, previous: PreviousReport
) -> CheckResult:
    """Check what was read from a source file.

    Cells that are blank there are errors. The rules run all the same if these are totals, which
    the form would let them compute.
    """
    written = compile_source(parse_source(imported.text.encode(), shown))
    result = check_compiled(written, previous, settings)
    if result.report is None and imported.text_without_blank_totals:
        complete = compile_source(parse_source(imported.text_without_blank_totals.encode(), shown))
        if complete.report is not None:
            checked = check_compiled(complete, previous, settings)
            known = {(finding.rule, finding.pointer) for finding in result.findings}
            more = [each for each in checked.findings if (each.rule, each.pointer) not in known]
            moved = [
                replace(each, span=result.source.location_of(each.pointer).value) for each in more
            ]
            result = replace(result, findings=(*result.findings, *moved))
    places = _Places(imported, result)
    findings = [
        replace(finding, place=str(places.of(finding)) or "全文")
        for finding in result.findings
        if finding.rule != DOUBT_RULE
    ]
    findings += _doubts(imported, shown, result)
    return replace(result, findings=tuple(findings))


class _Places:
    """Finds the place in the source file of a finding about the report read from it."""

    def __init__(self, imported: ImportedReport, result: CheckResult) -> None:
        self._imported = imported
        self._source = result.source

    def of(self, finding: Finding) -> Place:
        """Return the place of the cell or of the paragraph that a finding is about."""
        pointer = finding.pointer
        lines = self._imported.lines
        for length in range(len(pointer), 0, -1):
            places = lines.get(pointer[:length])
            if places:
                below = (
                    finding.span.line - self._source.location_of(pointer[:length]).value.line - 1
                )
                return places[min(max(below, 0), len(places) - 1)]
        near = [
            place
            for cell, place in self._imported.places.items()
            if cell[: len(pointer)] == pointer and pointer
        ]
        return near[0] if near else self._imported.places.get(pointer, self._imported.head)


def _doubts(imported: ImportedReport, shown: str, result: CheckResult) -> list[Finding]:
    help_ = "和原件核对"
    return [
        Finding(
            DOUBT_RULE,
            Severity.WARNING,
            shown,
            result.source.location_of(doubt.pointer).key_or_value,
            doubt.pointer,
            "：".join(filter(None, ["存疑", doubt.subject(imported.form), doubt.message])),
            help_,
            place=str(doubt.place) or "全文",
        )
        for doubt in imported.doubts
    ]


def _previous_report(path: Path, previous: Path | None) -> PreviousReport:
    """Read last year's report: the given file, else a file beside `path` with last year's name."""
    file = previous or _last_years_file(path)
    if file is None:
        return PreviousReport("", exists=False, has_older=False, report=None)
    report = _read_report(file)
    return PreviousReport(file.name, exists=True, has_older=False, report=report)


def _read_report(file: Path) -> Report | None:
    shown = display_path(file.absolute())
    if file.suffix.lower() in SUFFIXES:
        compiled = compile_source(read_source(file, shown))
    else:
        imported = import_file(file, shown)
        text = imported.text_without_blank_totals or imported.text
        compiled = compile_source(parse_source(text.encode(), shown))
    return None if compiled.failed else compiled.report


def _last_years_file(path: Path) -> Path | None:
    """Return the file beside `path` whose name has last year in place of this year, or None."""
    years: Sequence[str] = YEAR_IN_NAME.findall(path.stem)
    if not years:
        return None
    stem = path.stem.replace(years[-1], str(int(years[-1]) - 1))
    suffixes = dict.fromkeys((path.suffix, *SUFFIXES, *SOURCE_SUFFIXES))
    files = (path.with_name(stem + suffix) for suffix in suffixes)
    return next((file for file in files if file.is_file()), None)
