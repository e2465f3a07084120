"""The command `import --onto`: write edits of a printed report into the report file.

The program made the printed report, such as a Word file; then a person edited it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nianbao.checks.checker import CheckResult, check_file, compile_source
from nianbao.cli.commands.import_files import describe_doubt, doubt_as_json
from nianbao.cli.exit_codes import report_failures
from nianbao.cli.printing import print_json, print_text
from nianbao.diagnostics.finding import Severity, json_pointer
from nianbao.diagnostics.reporters import format_findings
from nianbao.diff.compare import compare
from nianbao.diff.formats import format_changes
from nianbao.diff.side import make_side
from nianbao.errors import UsageError, UserError
from nianbao.importing.doubts import quoted
from nianbao.importing.files import import_file
from nianbao.importing.onto import MergedReport, merge_edits
from nianbao.utils.files import display_path, remove_temporary_files, write_atomically
from nianbao.utils.text import sanitize
from nianbao.workspace.discovery import REPORTS_FOLDER, SUFFIXES, find_reports
from nianbao.workspace.readers import DISK_READER, DiskReader
from nianbao.workspace.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.cli.commands.import_files import ImportFormat
    from nianbao.cli.console import Console
    from nianbao.diff.model import Change
    from nianbao.importing.importer import ImportedReport
    from nianbao.importing.onto import Difference
    from nianbao.model.report import Report
    from nianbao.model.source import Source
    from nianbao.workspace.discovery import ReportFile
    from nianbao.workspace.settings import Settings


@dataclass(frozen=True, slots=True)
class _Edits:
    """The edits of a file, before they are written.

    `source`: the report file as it is.
    `imported`: the content of the edited file.
    `merged`: the report file with the edits.
    `change`: the differences between `source` and `merged`, also in their findings.
    """

    source: Source
    imported: ImportedReport
    merged: MergedReport
    change: Change

    @property
    def is_empty(self) -> bool:
        """True if the report file stays as it is."""
        return self.merged.source.raw == self.source.raw


class _ReaderWithEdits(DiskReader):
    """Reads reports on disk, but returns the edited content for one of them."""

    def __init__(self, path: Path, edited: Source) -> None:
        self._path = path
        self._edited = edited

    def read(self, path: Path, shown: str) -> Source:
        """Read a report, or return the edited content for the one that was edited.

        `shown`: the path in findings. A report that can't be read gives an empty Source with a
        finding.
        """
        return self._edited if path == self._path else super().read(path, shown)


def import_onto(
    root: Path, name: str, report: str, *, yes: bool, to: ImportFormat, console: Console
) -> int:
    """Print the edits of a printed report, and write these edits into the report file.

    `name`: the edited file, such as a Word file that was made from the report.
    `report`: the report file.
    `yes`: write without asking the user; required if there is no terminal.
    `to`: the format of the printed edits; "json" never asks the user.

    Return 1 if an edit was not written. Raises UsageError if `report` is no file in reports/.
    Raises UserError if the edited file can't be read or belongs to another report.
    """
    file = _report_file(root, report)
    settings, problems = read_settings(root)
    console.warn(*(f"{problem.path}：{problem.message}" for problem in problems))
    before = check_file(file, settings)
    compiled = compile_source(before.source)
    if before.report is None or compiled.has_errors:
        _print_errors(compiled, file, console)
        return report_failures(before.failures, console) or 1
    edits = _find_edits(before, before.report, file, settings, Path(name))
    shown = display_path(Path(name).absolute())
    if to == "text":
        print_text("\n".join(_lines(edits, shown, file.shown, root, console)), console)
    agreed = not edits.is_empty and (yes or (to == "text" and _confirmed(file, console)))
    if agreed:
        _write(file, edits)
    if to == "json":
        _print_json(edits, shown, file.shown, written=agreed, console=console)
    elif agreed:
        console.print(f"已写入 {sanitize(file.shown)}")
    return int(bool(edits.merged.left) or not (agreed or edits.is_empty))


def _report_file(root: Path, name: str) -> ReportFile:
    folder = os.path.abspath(root / REPORTS_FOLDER)  # noqa: PTH100 - resolve() would follow links
    path = Path(os.path.abspath(name))  # noqa: PTH100
    if not name.lower().endswith(SUFFIXES) or not path.is_relative_to(folder):
        raise UsageError(
            f"--onto 后面写 {REPORTS_FOLDER} 里的一份报告，例如 --onto {REPORTS_FOLDER}/2022.yaml"
        )
    return find_reports(root, (name,))[0]


def _print_errors(compiled: CheckResult, file: ReportFile, console: Console) -> None:
    errors = [each for each in compiled.findings if each.severity is Severity.ERROR]
    errors.sort(key=lambda finding: finding.sort_key)
    lines = {file.shown: compiled.source.lines}
    text = format_findings(errors, lines, to="text", colour=console.colour)
    print_text(f"{text}\n没有改 {sanitize(file.shown)}：先改好上面的错误", console)


def _find_edits(
    before: CheckResult, report: Report, file: ReportFile, settings: Settings, path: Path
) -> _Edits:
    """Return the edits that a person made in the file at `path`, a printed copy of the report.

    Raises UserError if the file can't be read or is a copy of another report.
    """
    shown = display_path(path.absolute())
    imported = import_file(path, shown, pages_only=True)
    waived = [finding for finding in before.findings if finding.waived]
    try:
        merged = merge_edits(report, imported, settings, waived)
    except UserError as error:
        raise UserError(f"{shown}：{error}") from error
    after = check_file(file, settings, _ReaderWithEdits(file.path, merged.source))
    change = compare(make_side(before, file.shown), make_side(after, file.shown))
    return _Edits(before.source, imported, merged, change.without_equal_paragraphs())


def _lines(edits: _Edits, source: str, report: str, root: Path, console: Console) -> Iterator[str]:
    """Yield the lines to print: changes, differences that are not taken over, doubts.

    `source`, `report`: the paths of the edited file and of the report file.
    """
    yield sanitize(f"{source} → {report}")
    if edits.is_empty:
        yield "报告文件不用改"
    else:
        yield format_changes(
            [edits.change], to="text", templates=root / "templates", colour=console.colour
        )
    left, reasons = edits.merged.left, {each.reason for each in edits.merged.left}
    if left:
        yield f"下面 {len(left)} 处不一样，没有改，要自己看："
        yield from (f"  {sanitize(_describe(each))}" for each in left)
    doubts = [doubt for doubt in edits.merged.doubts if doubt.message not in reasons]
    if doubts:
        yield f"文件里 {len(doubts)} 处存疑："
        yield from (f"  {sanitize(describe_doubt(each, edits.imported.form))}" for each in doubts)


def _describe(difference: Difference) -> str:
    said = f"文件里是{quoted(difference.file)}" if difference.file else "文件里没有"
    ours = f"报告里是{quoted(difference.report)}" if difference.report else "报告里没有"
    parts = (str(difference.place), difference.subject, f"{said}，{ours}")
    reason = f"（{difference.reason}）" if difference.reason else ""
    return "：".join(part for part in parts if part) + reason


def _confirmed(file: ReportFile, console: Console) -> bool:
    answer = console.confirm(f"写入 {sanitize(file.shown)}？")
    if answer is None:
        console.print("没有写：这里不是终端，没法问。加 --yes 就写入")
    elif not answer:
        console.print("没有写")
    return bool(answer)


def _write(file: ReportFile, edits: _Edits) -> None:
    """Write the report file. Raises UserError if another program has changed it meanwhile."""
    path = file.path.resolve()  # the file behind a link, so that the link remains
    remove_temporary_files({path.parent})
    now = DISK_READER.read(file.path, file.shown).raw
    if now == edits.merged.source.raw:  # by another run at the same time
        return
    if now != edits.source.raw:
        raise UserError(f"{file.shown} 刚才又改过，没有写。再运行一次")
    write_atomically(path, edits.merged.source.raw)


def _print_json(
    edits: _Edits, source: str, report: str, *, written: bool, console: Console
) -> None:
    from nianbao.diff.formats.json import change_as_json
    from nianbao.utils.safe_json import dump_json

    result = {
        "source": source,
        "report": report,
        "written": written,
        "changes": None if edits.is_empty else change_as_json(edits.change),
        "left": [
            {
                "pointer": json_pointer(each.pointer),
                "subject": each.subject,
                "report": each.report,
                "file": each.file,
                "reason": each.reason,
                "place": {"text": str(each.place), **each.place._asdict()},
            }
            for each in edits.merged.left
        ],
        "doubts": [doubt_as_json(each, edits.imported.form) for each in edits.merged.doubts],
    }
    print_json(dump_json({"files": [result]}), console)
