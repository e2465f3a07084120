"""Check one report: parse it, check its structure, compile it, and run the rules."""

from __future__ import annotations

import traceback
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from nianbao.checks.rules import ARITHMETIC, PROOFREADING, find_open_marks, run_rules
from nianbao.checks.rules.body_kinds import BODY_KINDS, body_kind_of, publication_deadline
from nianbao.checks.rules.rule import Context, PreviousReport
from nianbao.checks.structure import check_structure
from nianbao.checks.structure.blank_rows import merge_blank_rows
from nianbao.diagnostics.finding import MAX_FINDINGS, MAX_FIXES, Finding, Severity, limit_findings
from nianbao.errors import UserError
from nianbao.model.report import Report, compile_report, find_excessive_prose
from nianbao.model.schema import DIGEST_KEY, SUM_KEY
from nianbao.model.source import Source
from nianbao.utils.text import join_first
from nianbao.workspace.previous_year import find_previous_year
from nianbao.workspace.readers import DISK_READER, Reader

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from nianbao.checks.rules.body_kinds import BodyKind
    from nianbao.checks.summation import UnitContext, UnitFigures
    from nianbao.model.form import Form
    from nianbao.workspace.discovery import ReportFile
    from nianbao.workspace.settings import Settings
    from nianbao.workspace.units import UnitPlace, UnitReport


_MAX_LISTED: Final = 3  # bodies in a message
_NO_REPORT: Final = PreviousReport("", exists=False, has_older=False, report=None)


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The result of checking one file.

    `form`: None if the edition is unknown.
    `report`: None if there are errors of structure, or more prose than the limits allow.
    `failures`: a log for each unexpected exception, which is a bug in the program.
    """

    source: Source
    form: Form | None
    report: Report | None
    findings: tuple[Finding, ...]
    failures: tuple[str, ...] = ()

    @property
    def body(self) -> str:
        """The text of 机关 in the file, possibly invalid; "" if there is no text."""
        data = self.source.data
        written = data.get("机关") if isinstance(data, dict) else None
        return written if isinstance(written, str) else ""

    @property
    def has_errors(self) -> bool:
        """True if there is an error that is not waived; the report must then not be built."""
        return any(f.severity is Severity.ERROR and not f.waived for f in self.findings)


def check_file(
    file: ReportFile,
    settings: Settings,
    reader: Reader = DISK_READER,
    place: UnitPlace | None = None,
) -> CheckResult:
    """Read and check one report.

    The findings are sorted by position. An unexpected exception is added to `failures` of the
    result.

    `reader`: reads the report, last year's report, and the reports that are summed up.
    `place`: the report's unit in the roster; None skips the rules about several units (H).

    Raises GitError if `reader` can't get the file from git.
    """
    try:
        return _check(file, settings, reader, place)
    except UserError:
        raise
    except Exception:  # noqa: BLE001 - printed with its log by report_failures
        source = Source(file.shown, (), None, {}, ())
        return CheckResult(source, None, None, (), (f"{file.shown}\n{traceback.format_exc()}",))


def _check(
    file: ReportFile, settings: Settings, reader: Reader, place: UnitPlace | None
) -> CheckResult:
    compiled = compile_file(file.path, file.shown, reader)
    report = compiled.report
    previous = _previous(file.path, report.year, reader) if report else None
    if place is None or report is None:
        return check_compiled(compiled, previous, settings)
    units = _unit_context(report, place, reader)
    return check_compiled(compiled, previous, place.apply(settings), units)


def check_compiled(
    compiled: CheckResult,
    previous: PreviousReport | None,
    settings: Settings,
    units: UnitContext | None = None,
) -> CheckResult:
    """Run the rules on the result of `compile_source`, and sort all findings by position.

    Without a report, only draft marks and doubts marked by `import` are found.

    `previous`: last year's report; None only if `compiled.report` is None.
    `units`: the input of the rules about several units (H); None skips these rules.
    """
    report, findings = compiled.report, list(compiled.findings)
    failures: tuple[str, ...] = ()
    if report is not None and previous is not None:
        kind = body_kind(report, settings)
        deadline = publication_deadline(report.year, kind, settings.deadline)
        results = run_rules(Context(report, previous, kind, deadline, units))
        findings += results.findings
        failures = results.failures
    else:
        findings += find_open_marks(compiled.source)
    findings.sort(key=lambda finding: finding.sort_key)
    return replace(compiled, findings=tuple(findings), failures=failures)


def body_kind(report: Report, settings: Settings) -> BodyKind:
    """Return the kind of a report's body, such as a department or a township.

    The kind is 机关类型 of the report, or else of the settings. Without 机关类型, the body's name
    decides.
    """
    name = report.data.get("机关类型") or settings.body_kind
    return BODY_KINDS[name] if name else body_kind_of(report.body)


def compile_file(path: Path, shown: str, reader: Reader) -> CheckResult:
    """Read a report file and compile it into a Report; no rule runs.

    The findings of the result are not sorted.

    `shown`: the path of the report in messages.

    Raises GitError if `reader` can't get the file from git.
    """
    return compile_source(reader.read(path, shown))


def compile_source(source: Source, most: int = MAX_FINDINGS) -> CheckResult:
    """Check the structure of a parsed report and compile it; no rule runs.

    The findings of the result are not sorted.

    `most`: the limit for findings of structure, and again for findings of the compilation.
    """
    findings = list(source.findings)
    form = report = None
    if source.data is not None or not findings:
        form, structural = check_structure(source, most)
        structural = merge_blank_rows(structural, source, form) if form else structural
        findings = _merge_findings(findings, structural)
        if form is not None and not any(f.severity is Severity.ERROR for f in findings):
            report, problems = compile_report(source, form)
            if excessive := list(find_excessive_prose(report)):
                report = None
            findings += limit_findings([*problems, *excessive], most)
    return CheckResult(source, form, report, tuple(findings))


def find_fixable(source: Source, *, prose: bool) -> list[Finding]:
    """Return the findings about syntax, structure and references that the command `fix` can remove.

    `prose`: True to include findings of the proofreading rules.
    """
    compiled = compile_source(source, MAX_FIXES)
    findings = list(compiled.findings)
    if prose and compiled.report is not None:
        context = Context(compiled.report, _NO_REPORT, body_kind_of(compiled.report.body), None)
        findings += run_rules(context, PROOFREADING).findings
    return [finding for finding in findings if finding.fixable]


def _merge_findings(parsing: list[Finding], structural: list[Finding]) -> list[Finding]:
    """Return the findings of the parser and those of structure, one finding for each value.

    If both are about the same value, the finding of the parser is kept. But if the parser reports
    lines of text without a `|` before them (S010), and only the finding of structure has edits for
    `fix`, the finding of structure is kept.
    """

    def place(finding: Finding) -> tuple[int, int]:
        return finding.span.line, finding.span.column

    better = {place(finding) for finding in structural if finding.edits}
    kept = [f for f in parsing if f.edits or f.rule != "S010" or place(f) not in better]
    reported = {place(finding) for finding in kept}
    return kept + [finding for finding in structural if place(finding) not in reported]


def _previous(path: Path, year: int, reader: Reader) -> PreviousReport:
    """Return last year's report, for the rules that compare years.

    `path`, `year`: the file of this year's report and its 年度.
    """
    file = find_previous_year(path, year, reader)
    if file.path is None:
        return PreviousReport(file.name, False, file.has_older, None, file.year_in_name)
    compiled = compile_file(file.path, file.name, reader)
    report = None if compiled.has_errors else compiled.report
    return PreviousReport(file.name, exists=True, has_older=False, report=report)


def _unit_context(report: Report, place: UnitPlace, reader: Reader) -> UnitContext:
    """Return the input of the rules about several units (H).

    If the report sums up other reports, these reports are read.
    """
    from nianbao.checks.summation import UnitContext, add_up  # not at each start of the program

    listed = report.data.get(SUM_KEY)
    if listed is None and not place.is_parent:
        return UnitContext(place)
    records = {each["单位"]: DIGEST_KEY in each for each in listed or ()}
    left_out = [unit.unit.id for unit in place.below if not records.get(unit.unit.id, not records)]
    figures = read_figures(place.below, report.form, report.year, reader)
    return UnitContext(place, add_up(figures, left_out))


def read_figures(
    units: Iterable[UnitReport], form: Form, year: int, reader: Reader = DISK_READER
) -> Iterator[UnitFigures]:
    """Read the reports of units, and yield the numbers that each unit adds to a sum.

    A unit without a usable report has a `problem` and no numbers.

    `form`, `year`: the form and the year of the report that gets the sums.
    """
    from nianbao.checks.summation import SummedUnit, UnitFigures, contribution, digest_of_figures

    for each in units:
        id_, name = each.unit.id, each.unit.name
        if each.file is None:
            yield UnitFigures(SummedUnit(id_, name, "", problem="没有报告"), {})
            continue
        shown = each.file.shown
        compiled = compile_file(each.file.path, shown, reader)
        report = compiled.report
        if report is None or report.year != year:
            problem = f"里面的年度是 {report.year}" if report else "有错误"
            yield UnitFigures(SummedUnit(id_, name, shown, problem=problem), {})
            continue
        problem, outdated = "", tuple[str, ...]()
        if compiled.has_errors or _has_wrong_sums(report):
            problem = "有错误"
        elif outdated := _outdated_sums(each, report, reader):
            is_own = outdated == (name,)
            names = "" if is_own else join_first(outdated, _MAX_LISTED)
            problem = f"{'' if is_own else '下级的'}汇总过时了，先重新汇总{names}"
        cells, left_out = contribution(report, form)
        records = report.data.get(SUM_KEY) or ()
        not_counted = sum(DIGEST_KEY not in record for record in records)
        figures = (digest_of_figures(report), report.form.edition)
        more = (*figures, problem, left_out, outdated, not_counted)
        yield UnitFigures(SummedUnit(id_, name, shown, *more), cells)


def _outdated_sums(each: UnitReport, report: Report, reader: Reader) -> tuple[str, ...]:
    """Return the names of the units whose sums must be made again before `each` is added.

    These are units below `each` whose reports are outdated sums. If there are none, it is `each`
    itself if figures have changed, come or gone since its `report` was summed up.
    """
    if not each.below:
        return ()
    figures = read_figures(each.below, report.form, report.year, reader)
    units = {one.unit.id: one.unit for one in figures}
    if below := tuple(name for unit in units.values() for name in unit.outdated):
        return below
    records = report.data.get(SUM_KEY) or ()
    summed = {record["单位"]: record[DIGEST_KEY] for record in records if DIGEST_KEY in record}
    changed = any(
        unit.digest != summed[id_] if id_ in summed else unit.has_figures and not unit.problem
        for id_, unit in units.items()
    )
    return (each.unit.name,) if changed or summed.keys() - units.keys() else ()


def _has_wrong_sums(report: Report) -> bool:
    """Return True if sums of a report are wrong and not waived."""
    context = Context(report, _NO_REPORT, body_kind_of(report.body), None)
    findings = run_rules(context, ARITHMETIC).findings
    return any(f.severity is Severity.ERROR and not f.waived for f in findings)
