"""`fmt`: reports in the canonical layout."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.checks.structure import check_structure
from nianbao.cli.commands.output import print_text
from nianbao.diagnostics.reporters import format_findings
from nianbao.errors import UserError
from nianbao.formatting.parser import is_equivalent, parse_tree
from nianbao.formatting.printer import print_tree
from nianbao.formatting.totals import TotalChange, fill_totals
from nianbao.parsing.reader import parse_source, read_source
from nianbao.utils.files import write_atomically
from nianbao.utils.text import sanitize
from nianbao.workspace.discovery import ReportFile, find_reports

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.cli.console import Console
    from nianbao.diagnostics.finding import Finding
    from nianbao.model.form import Form
    from nianbao.model.source import Source

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class _FormattedFile:
    """What became of one file: `text` is None where `findings` stand in the way."""

    source: Source
    form: Form | None
    text: str | None
    changes: list[TotalChange]
    findings: list[Finding]


def fmt(root: Path, names: tuple[str, ...], *, check: bool, totals: bool, console: Console) -> int:
    """Lay reports out; 1 where one could not be, or with `check`, which writes nothing, is not."""
    files = find_reports(root, names)
    told: list[str] = []
    findings: list[Finding] = []
    lines = {}
    moved = refused = 0
    for file in files:
        try:
            outcome = _arranged(file, totals=totals)
        except UserError as error:
            console.warn(str(error))
            refused += 1
            continue
        findings += outcome.findings
        lines[file.shown] = outcome.source.lines
        if outcome.text is None:
            continue
        written = outcome.source.raw
        content = _encoded(outcome.text, like=written)
        told += _report(file, outcome)
        if content == written:
            continue
        moved += 1
        if not check:
            # A link to a neighbour stays one.
            write_atomically(file.path.resolve(), content)
        told.append(f"{'要整理' if check else '已整理'} {sanitize(file.shown)}")
    if findings:
        told.insert(0, format_findings(findings, lines, to="text", colour=console.colour))
    if not told and not refused:
        told.append(f"{len(files)} 份报告，都已经是整理好的")
    if told:
        print_text("\n".join(told), console)
    return int(bool(findings) or refused > 0 or (check and moved > 0))


def _arranged(file: ReportFile, *, totals: bool) -> _FormattedFile:
    source = read_source(file.path, file.shown)
    if source.findings:
        return _FormattedFile(source, None, None, [], list(source.findings))
    form, findings = check_structure(source)
    if form is None:
        return _FormattedFile(source, None, None, [], findings)
    document = parse_tree(source)
    plain = print_tree(document, form)
    if not is_equivalent(source, parse_source(plain.encode(), file.shown)):
        if not findings:
            raise AssertionError(f"{file.shown}: the layout would change what the report says")
        # A value that is no value of its place, such as a lone dash, may not stand elsewhere.
        return _FormattedFile(source, form, None, [], findings)
    if not totals:
        return _FormattedFile(source, form, plain, [], [])
    document, changes, findings = fill_totals(source, document, form)
    text = None if findings else print_tree(document, form)
    return _FormattedFile(source, form, text, changes, findings)


def _report(file: ReportFile, outcome: _FormattedFile) -> list[str]:
    """The totals that were changed, in the form's words."""
    assert outcome.form is not None
    return [
        f"{sanitize(file.shown)}: “{' › '.join(outcome.form.labels(change.pointer))}”："
        f"{sanitize(change.old) or '没有写'} → {change.new}"
        for change in outcome.changes
    ]


def _encoded(text: str, *, like: bytes) -> bytes:
    """A text with the BOM and the line ends that most lines of a file have."""
    if like.count(b"\r\n") * 2 > like.count(b"\n"):
        text = text.replace("\n", "\r\n")
    return (_BOM if like.startswith(_BOM) else b"") + text.encode()
