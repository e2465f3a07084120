"""Check a source file (Word, PDF …), and give each finding its place in the file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from nianbao.checks.checker import CheckResult, check_compiled, compile_source
from nianbao.checks.rules import rule_of
from nianbao.checks.rules.placeholders import check_import_doubts
from nianbao.checks.rules.proofreading import FIX_COMMAND
from nianbao.checks.rules.rule import PreviousReport
from nianbao.diagnostics.finding import Finding, Severity
from nianbao.errors import UserError
from nianbao.importing.document import Place
from nianbao.importing.files import import_file
from nianbao.importing.markdown import printed_offsets
from nianbao.parsing.reader import parse_source, read_source
from nianbao.utils.files import display_path
from nianbao.workspace.discovery import SOURCE_SUFFIXES, SUFFIXES
from nianbao.workspace.series import YEAR_IN_NAME

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from nianbao.diagnostics.finding import Pointer, Span
    from nianbao.importing.importer import ImportedReport
    from nianbao.importing.matching.outline import Line
    from nianbao.model.report import Report
    from nianbao.model.source import Source
    from nianbao.workspace.settings import Settings

_DOUBT: Final = rule_of(check_import_doubts)


class Excerpt(NamedTuple):
    """The part of a source file that a finding is about.

    `text`: the printed line; "" if the finding is about everything at `place`.
    `start`, `end`: the offsets of the wrong words in `text`; equal if the whole line is wrong.
    `repeats`: the number of equal lines before this line in the paragraph.
    """

    place: Place
    text: str = ""
    start: int = 0
    end: int = 0
    repeats: int = 0


@dataclass(frozen=True, slots=True)
class SourceCheck:
    """The result of checking a source file (Word, PDF …).

    `excerpts`: the part of the file for each finding in `result`, in the same order.
    """

    result: CheckResult
    excerpts: tuple[Excerpt, ...]


def check_source_file(
    path: Path, shown: str, settings: Settings, previous: Path | None
) -> SourceCheck:
    """Return the findings of a source file (Word, PDF …), each with its place.

    If `path` can't be read, return one finding that says why.

    `shown`: the path in messages.
    `previous`: last year's file, of any format; None to search the folder of `path`.

    Raises UserError if last year's file can't be read.
    """
    last = _previous_report(path, previous)
    try:
        imported = import_file(path, shown)
    except UserError as error:
        message = str(error).removeprefix(f"{shown}：")
        source = parse_source(b"", shown)
        finding = Finding("S001", Severity.ERROR, shown, source.location_of(()).value, (), message)
        return SourceCheck(CheckResult(source, None, None, (finding,)), (Excerpt(Place()),))
    return check_imported(imported, shown, settings, last)


def check_imported(
    imported: ImportedReport, shown: str, settings: Settings, previous: PreviousReport
) -> SourceCheck:
    """Return the findings of a report that was read from a source file.

    Every blank cell is an error. No rule runs if a cell is blank that can't be computed.

    `shown`: the path of the source file in messages.
    `previous`: last year's report.
    """
    written = compile_source(parse_source(imported.text.encode(), shown))
    result = check_compiled(written, previous, settings)
    found = [(finding, _excerpt(imported, result.source, finding)) for finding in result.findings]
    # A report file may leave out totals: the rules run without the blank ones.
    if result.report is None and imported.text_without_blank_totals:
        complete = compile_source(parse_source(imported.text_without_blank_totals.encode(), shown))
        if complete.report is not None:
            checked = check_compiled(complete, previous, settings)
            known = {(finding.rule, finding.pointer) for finding in result.findings}
            found += [
                (
                    replace(finding, span=result.source.location_of(finding.pointer).value),
                    _excerpt(imported, checked.source, finding),
                )
                for finding in checked.findings
                if (finding.rule, finding.pointer) not in known
            ]
    placed = [
        (_placed(finding, excerpt.place), excerpt)
        for finding, excerpt in found
        if finding.rule != _DOUBT.id
    ]
    placed += _doubts(imported, shown, result)
    findings = tuple(finding for finding, _ in placed)
    return SourceCheck(replace(result, findings=findings), tuple(each for _, each in placed))


def _placed(finding: Finding, place: Place) -> Finding:
    """Return a finding with its place, and without remedies that only a report file can have."""
    help_ = finding.help.removesuffix(FIX_COMMAND)
    return replace(finding, place=str(place) or "全文", help=help_, edits=())


def _excerpt(imported: ImportedReport, source: Source, finding: Finding) -> Excerpt:
    """Return the part of the source file that a finding is about.

    `source`: the report as it was read.
    """
    for length in range(len(finding.pointer), 0, -1):
        pointer = finding.pointer[:length]
        if lines := imported.lines.get(pointer):
            return _line_excerpt(lines, source, pointer, finding.span)
        if place := _place_within(imported, pointer):
            return Excerpt(place)
    return Excerpt(imported.head)


def _line_excerpt(lines: tuple[Line, ...], source: Source, pointer: Pointer, span: Span) -> Excerpt:
    """Return the line of a text that a finding is about, and the wrong words in it.

    `lines`: the lines of the text, as printed.
    `source`: the report as it was read.
    `pointer`: the pointer of the text.
    `span`: the span of the finding in `source`.
    """
    location = source.location_of(pointer)
    number = span.line - location.value.line - location.literal
    index = min(max(number, 0), len(lines) - 1)
    line, repeats = lines[index], lines[:index].count(lines[index])
    written = source.lines[span.line - 1] if 0 < span.line <= len(source.lines) else ""
    if location.literal:
        start = len(written) - len(written.lstrip(" "))
    else:
        start = location.value.column - 1
        start += written[start : start + 1] == '"'
    if number not in range(len(lines)) or span.end_line != span.line or span.column <= start:
        return Excerpt(line.place, line.text, repeats=repeats)
    offsets = printed_offsets(written[start:], line.text)
    first, last = (
        offsets[min(column - 1 - start, len(offsets) - 1)]
        for column in (span.column, span.end_column)
    )
    return Excerpt(line.place, line.text, first, last, repeats)


def _place_within(imported: ImportedReport, pointer: Pointer) -> Place | None:
    """Return where a part of the report stands in the source file, or None if this is unknown.

    If the part has no place of its own, this is the place of the first thing in the part.
    """
    if pointer in imported.places:
        return imported.places[pointer]
    size = len(pointer)
    cells = (place for cell, place in imported.places.items() if cell[:size] == pointer)
    texts = (lines[0].place for text, lines in imported.lines.items() if text[:size] == pointer)
    return next(cells, None) or next(texts, None)


def _doubts(
    imported: ImportedReport, shown: str, result: CheckResult
) -> list[tuple[Finding, Excerpt]]:
    help_ = "和原件核对"
    return [
        (
            Finding(
                _DOUBT.id,
                Severity.WARNING,
                shown,
                result.source.location_of(doubt.pointer).key_or_value,
                doubt.pointer,
                "：".join(filter(None, ["存疑", doubt.subject(imported.form), doubt.message])),
                help_,
                place=str(doubt.place) or "全文",
            ),
            Excerpt(imported.head if doubt.place == Place() else doubt.place),
        )
        for doubt in imported.doubts
    ]


def _previous_report(path: Path, previous: Path | None) -> PreviousReport:
    """Read last year's report from the file `previous`.

    If `previous` is None, the folder of `path` is searched for a file with last year in its name.
    """
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
    return None if compiled.has_errors else compiled.report


def _last_years_file(path: Path) -> Path | None:
    """Return last year's file in the folder of `path`, or None.

    Its name has last year in place of this year.
    """
    years: Sequence[str] = YEAR_IN_NAME.findall(path.stem)
    if not years:
        return None
    stem = path.stem.replace(years[-1], str(int(years[-1]) - 1))
    suffixes = dict.fromkeys((path.suffix, *SUFFIXES, *SOURCE_SUFFIXES))
    files = (path.with_name(stem + suffix) for suffix in suffixes)
    return next((file for file in files if file.is_file()), None)
