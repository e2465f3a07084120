"""The command `check`: print the findings of reports, without making outputs."""

from __future__ import annotations

import contextlib
import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nianbao.build.check_job import CheckJob, check_report
from nianbao.checks.rules import PROOFREADING
from nianbao.cli.exit_codes import describe_death, exit_code, report_failures
from nianbao.cli.printing import print_json, print_pieces, print_text
from nianbao.diagnostics.finding import Severity
from nianbao.diagnostics.reporters import DOCUMENTS, ReportFormat, iterate_report
from nianbao.diagnostics.reporters.summary import hidden_words
from nianbao.diagnostics.reporters.units import UnitSummary, as_table, summarize_units
from nianbao.diagnostics.store import FileFindings, FindingStore, find_excerpts
from nianbao.errors import UsageError, UserError
from nianbao.utils.text import sanitize
from nianbao.workspace.discovery import find_reports, is_importable
from nianbao.workspace.editor_schema import check_editor_schema
from nianbao.workspace.readers import DISK_READER
from nianbao.workspace.series import year_or_stem
from nianbao.workspace.settings import read_settings
from nianbao.workspace.units import UnitIndex

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from nianbao.build.check_job import CheckedReport
    from nianbao.cli.commands.notes import NoteFormat
    from nianbao.cli.console import Console
    from nianbao.county.alike import TextComparison
    from nianbao.diagnostics.finding import Finding, FindingKind
    from nianbao.diagnostics.store import FindingSelection
    from nianbao.importing.checking import SourceCheck
    from nianbao.workspace.discovery import ReportFile
    from nianbao.workspace.settings import Settings

# With more reports than this, the text ends with a table of units.
_MAX_WITHOUT_TABLE: Final = 5


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """The options of `check`.

    `to`: the output format; None for the default.
    `program`: the words that start the program, for messages.
    `rules`: the IDs of the rules whose findings are listed; None for all.
    `quiet`: list only errors.
    `summary`: print only the table of units.
    `strict`: return 1 for warnings, as for errors.
    `previous`: last year's report, to compare with a Word file or PDF; None to look for it.
    `annotate`: the folder for copies of Word files with findings as comments, or None.
    `cluster`: the address of a Dask scheduler, local:N for N local workers, or None.
    `notes`: the folder for a note to each unit, or None.
    `note_formats`: the formats of these notes.
    """

    to: ReportFormat | None
    program: str
    rules: frozenset[str] | None = None
    quiet: bool = False
    summary: bool = False
    strict: bool = False
    previous: Path | None = None
    annotate: Path | None = None
    cluster: str | None = None
    notes: Path | None = None
    note_formats: Sequence[NoteFormat] = ("docx",)

    def counts(self, finding: Finding) -> bool:
        """Return True if the finding comes from one of the wanted `rules`.

        Only such findings change the exit code and the table of units.
        """
        return self.rules is None or finding.rule in self.rules

    def shows(self, finding: Finding) -> bool:
        """Return True if the finding is printed.

        The option `quiet` leaves out everything but errors. With `summary`, `quiet` changes
        nothing.
        """
        quiet = self.quiet and not self.summary
        return self.counts(finding) and (not quiet or finding.severity is Severity.ERROR)


@dataclass(frozen=True, slots=True)
class _Checked:
    """The results of a check.

    `files`: the findings of each file.
    `failures`: the logs of rules that failed.
    `died`: the reports whose process died, which are not in `files`.
    `copies`: for each file to annotate, its path, the path of its copy, and its findings.
    """

    files: FindingStore
    failures: Sequence[str]
    died: Sequence[ReportFile]
    copies: Sequence[tuple[Path, Path, SourceCheck]]

    def units(self, options: CheckOptions) -> tuple[UnitSummary, ...]:
        """Return the rows of the table of units; only findings that `options` counts are in it."""
        return summarize_units(
            (each.unit, each.year, list(filter(options.counts, each.findings)))
            for each in self.files
        )


def check(root: Path, names: tuple[str, ...], *, options: CheckOptions, console: Console) -> int:
    """Check reports, print the findings, and return the exit code.

    `names`: reports, folders, or files for `import`; () for all reports.

    Return 1 if there are errors (with `strict`, errors or warnings), 3 after a bug. Raises
    UsageError if a name or a combination of options is wrong. Raises UserError if a folder is a
    symbolic link.
    """
    to = options.to or ("github" if console.runner and not options.summary else "text")
    if options.summary and to not in ("text", "json"):
        raise UsageError("--summary 只有 text 和 json 两种格式")
    with contextlib.closing(FindingStore()) as files:
        return _check_and_print(root, names, options, to, files, console)


def _check_and_print(
    root: Path,
    names: tuple[str, ...],
    options: CheckOptions,
    to: ReportFormat,
    files: FindingStore,
    console: Console,
) -> int:
    """Check reports and print the findings; return the exit code.

    `files`: an empty store, to keep the findings in.
    """
    checked = _check_all(root, names, options, files, console)
    output = (_summary if options.summary else _list)(checked, options, to, console)
    if to == "text":
        print_text(output, console)
    elif to in DOCUMENTS:
        print_json(output, console)
    else:
        print_pieces(output, console)
    unwritten = _annotate(root, checked.copies, options, to, console)
    if options.notes is not None:
        _write_notes(root, checked, options, to, console, everything=not names)
    console.warn(*(describe_death(file.shown) for file in checked.died))
    counted = checked.files.select(options.counts)
    code = exit_code(counted, strict=options.strict) or unwritten or int(bool(checked.died))
    return report_failures(checked.failures, console) or code


def _check_all(
    root: Path,
    names: tuple[str, ...],
    options: CheckOptions,
    files: FindingStore,
    console: Console,
) -> _Checked:
    """Check the settings, the reports, and those of `names` that are Word files, PDFs and the like.

    `files`: an empty store, to which all findings are added.
    """
    settings, problems = read_settings(root)
    index = UnitIndex(root)
    numbers = itertools.count()
    for problem in (*problems, *index.findings, *check_editor_schema(root)):
        files.add(next(numbers), FileFindings(problem.path, "", problem.path, [problem], {}))
    failures: list[str] = []
    targets = _annotated_paths(names, options)
    copies: list[tuple[Path, Path, SourceCheck]] = []
    others = [name for name in names if is_importable(name)]
    if others and options.cluster:
        raise UsageError(
            f"--cluster 只检查报告文件（.yaml），不检查 {others[0]}：不写 --cluster，"
            "或先用 import --cluster 导入"
        )
    for name in others:
        path = Path(name)
        source = _check_source(path, settings, options)
        found = source.result.findings
        excerpts = find_excerpts(found, source.result.source.lines)
        body, form = source.result.body, source.result.form
        edition = form.edition if form else None
        about = (name, year_or_stem(path), name)
        files.add(next(numbers), FileFindings(*about, found, excerpts, body, edition))
        failures += source.result.failures
        if targets:
            copies.append((path, targets[path], source))
    rest = tuple(name for name in names if name not in others)
    reports = find_reports(root, rest) if rest or not names else []
    comparison = _text_comparison(reports)
    sketch = comparison.sketch if comparison else None
    jobs = [CheckJob(file, settings, index.place(file), sketch) for file in reports]
    first, died = next(numbers), []
    for number, checked in _check_reports(jobs, options, console):
        if checked is None:
            died.append(number)
            continue
        files.add(first + number, checked.found)
        failures += checked.failures
        if comparison and checked.examined is not None:
            comparison.add(number, reports[number], checked.examined)
    for number, finding in comparison.findings() if comparison else ():
        file = reports[number]
        lines = DISK_READER.read(file.path, file.shown).lines
        files.insert(first + number, finding, find_excerpts([finding], lines))
    return _Checked(files, failures, [reports[number] for number in sorted(died)], copies)


def _check_reports(
    jobs: Sequence[CheckJob], options: CheckOptions, console: Console
) -> Iterator[tuple[int, CheckedReport | None]]:
    """Check reports, here or on a cluster; yield the index and result of each as it is done.

    The result is None if the process of the report died. Raises UsageError or ClusterError if the
    cluster can't be used.
    """
    if options.cluster is None:
        yield from enumerate(map(check_report, jobs))
        return
    from nianbao.build.check_job import check_on_cluster
    from nianbao.cli.progress import Progress

    with Progress(len(jobs), "检查", console, quiet=options.quiet) as progress:
        for done in check_on_cluster(jobs, options.cluster):
            progress.step()
            yield done


def _text_comparison(files: Sequence[ReportFile]) -> TextComparison | None:
    """Return an object that compares the texts of reports, or None if there is only one report."""
    if len(files) < 2:
        return None
    from nianbao.county.alike import TextComparison

    return TextComparison()


def _check_source(path: Path, settings: Settings, options: CheckOptions) -> SourceCheck:
    """Check a Word file, web page, PDF or the like; return its findings."""
    from nianbao.importing.checking import check_source_file

    return check_source_file(path, str(path), settings, options.previous)


def _annotated_paths(names: Sequence[str], options: CheckOptions) -> dict[Path, Path]:
    """Return the path of the annotated copy of each file; {} without the option `annotate`."""
    if options.annotate is None:
        return {}
    from nianbao.importing.annotation import annotated_paths

    return annotated_paths(map(Path, names), options.annotate)


def _annotate(
    root: Path,
    copies: Sequence[tuple[Path, Path, SourceCheck]],
    options: CheckOptions,
    to: ReportFormat,
    console: Console,
) -> int:
    """Write annotated copies and print their paths; return 1 if one could not be written.

    `copies`: for each file its path, the path of its copy, and its findings. A file that can't be
    read gets no copy. The paths are printed on stdout only if `to`, the format of the findings, is
    text.
    """
    failed = 0
    for path, target, checked in copies:
        if checked.result.form is None:
            continue
        from nianbao.importing.annotation import write_annotated

        pairs = zip(checked.result.findings, checked.excerpts, strict=True)
        try:
            write_annotated(root, path, target, [pair for pair in pairs if options.shows(pair[0])])
        except UserError as error:
            console.warn(str(error))
            failed = 1
        else:
            message = f"批注写在 {sanitize(target.as_posix())}"
            console.print(message) if to == "text" else console.warn(message)
    return failed


def _write_notes(
    root: Path,
    checked: _Checked,
    options: CheckOptions,
    to: ReportFormat,
    console: Console,
    *,
    everything: bool,
) -> None:
    """Write a note to each unit, and print the folder of the notes.

    `everything`: True if all reports were checked.
    """
    from nianbao.cli.commands.notes import make_notes, write_notes

    folder = options.notes or Path()
    notes = make_notes(root, checked.files, options.counts, everything=everything)
    write_notes(root, notes, folder, options.note_formats)
    reminders = sum(note.is_reminder for note in notes)
    more = f"、{reminders} 个单位的催报通知" if reminders else ""
    count = len(notes) - reminders
    message = f"给 {count} 个单位的修改意见{more}写在 {sanitize(folder.as_posix())}"
    console.print(message) if to == "text" else console.warn(message)


def _list(
    checked: _Checked, options: CheckOptions, to: ReportFormat, console: Console
) -> Iterator[str]:
    """Yield a report of the findings, in pieces.

    As text, the findings of many reports are followed by the table of units. `to`: the format.
    """
    shown = checked.files.select(options.shows)
    kinds: Sequence[FindingKind] = ()
    if to == "sarif":
        from nianbao.checks.catalog import finding_kinds

        kinds = finding_kinds()
    hidden = _hidden(checked.files, options)
    yield from iterate_report(
        shown, checked.files.lines, to=to, colour=console.colour, hidden=hidden, kinds=kinds
    )
    if to in DOCUMENTS:
        return
    for line in _fixable(shown, options.program):
        yield f"\n{line}"
    reports = sum(bool(each.year) for each in checked.files)
    if to == "text" and reports > _MAX_WITHOUT_TABLE and not options.quiet:
        yield "\n\n" + as_table(checked.units(options), colour=console.colour)


def _summary(
    checked: _Checked, options: CheckOptions, to: ReportFormat, console: Console
) -> Iterator[str]:
    """Yield the table of units, as text or JSON, and the number of findings that are left out."""
    units, hidden = checked.units(options), _hidden(checked.files, options)
    if to == "json":
        from nianbao.diagnostics.reporters.json import units_as_json

        yield units_as_json(units, checked.files.select(options.shows), hidden)
        return
    text = as_table(units, colour=console.colour)
    yield "\n".join(filter(None, [text, hidden_words(hidden or ())]))


def _hidden(files: FindingStore, options: CheckOptions) -> FindingSelection | None:
    """Return the findings that the options leave out; None if the options leave out nothing."""
    if options.rules is None and not options.quiet:
        return None
    return files.select(lambda finding: not options.shows(finding))


def _fixable(findings: Iterable[Finding], program: str) -> Iterator[str]:
    """Yield lines that say how many findings `fix` can remove, and how to run it.

    `program`: the words that start the program.
    """
    proofreading = {rule.id for rule in PROOFREADING}
    rules = [finding.rule for finding in findings if finding.fixable]
    in_prose = sum(rule in proofreading for rule in rules)
    for count, options in ((len(rules) - in_prose, ""), (in_prose, " --prose")):
        if count:
            yield f"其中 {count} 处可以自动改正：{program} fix{options}"
