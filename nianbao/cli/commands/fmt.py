"""The command `fmt`: rewrite report files in the canonical layout."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.checks.structure import check_structure
from nianbao.cli.printing import print_text
from nianbao.diagnostics.reporters import format_findings
from nianbao.errors import UserError
from nianbao.formatting.parser import is_equivalent, parse_tree
from nianbao.formatting.printer import print_tree
from nianbao.formatting.totals import fill_totals
from nianbao.parsing.encoding import encode_like, line_end
from nianbao.parsing.reader import parse_source, read_source
from nianbao.utils.files import remove_temporary_files, write_atomically
from nianbao.utils.text import sanitize
from nianbao.workspace.discovery import ReportFile, find_reports

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from nianbao.cli.console import Console
    from nianbao.diagnostics.finding import Finding
    from nianbao.model.source import Source


@dataclass(frozen=True, slots=True)
class _FormattedFile:
    """The result of formatting one file.

    `findings`: the findings that prevent formatting.
    `text`: the formatted text, or None if there are such findings.
    `changes`: messages about corrected totals.
    """

    source: Source
    findings: Sequence[Finding] = ()
    text: str | None = None
    changes: Sequence[str] = ()


def fmt(root: Path, names: tuple[str, ...], *, check: bool, totals: bool, console: Console) -> int:
    """Rewrite report files in the canonical layout.

    `names`: report files or folders of reports; () for all reports.
    `check`: write nothing, and return 1 if a file would change.
    `totals`: fill in and correct totals.

    Return 1 if a file can't be rewritten.
    """
    files = find_reports(root, names)
    if not check:
        remove_temporary_files({file.path.resolve().parent for file in files})
    messages: list[str] = []
    findings: list[Finding] = []
    lines = {}
    changed = refused = 0
    for file in files:
        try:
            formatted = _format(file, totals=totals)
        except UserError as error:
            console.warn(str(error))
            refused += 1
            continue
        findings += formatted.findings
        lines[file.shown] = formatted.source.lines
        if formatted.text is None:
            continue
        written = formatted.source.raw
        content = encode_like(formatted.text.replace("\n", line_end(written)), written)
        messages += formatted.changes
        if content == written:
            continue
        changed += 1
        if not check:
            # Write to the file behind a symbolic link, so that the link remains.
            write_atomically(file.path.resolve(), content)
        messages.append(f"{'要整理' if check else '已整理'} {sanitize(file.shown)}")
    if findings:
        messages.insert(0, format_findings(findings, lines, to="text", colour=console.colour))
    if not messages and not refused:
        messages.append(f"{len(files)} 份报告，都已经是整理好的")
    if messages:
        print_text("\n".join(messages), console)
    return int(bool(findings) or refused > 0 or (check and changed > 0))


def _format(file: ReportFile, *, totals: bool) -> _FormattedFile:
    source = read_source(file.path, file.shown)
    if source.findings:
        return _FormattedFile(source, source.findings)
    form, findings = check_structure(source)
    if form is None:
        return _FormattedFile(source, findings)
    tree = parse_tree(source)
    text = print_tree(tree, form)
    after = parse_source(text.encode(), file.shown)
    if not is_equivalent(source, after):
        # An odd value, such as a lone dash or an invisible blank, may be valid YAML only at its
        # present position.
        if findings:
            return _FormattedFile(source, findings)
        if after.findings:
            problem = after.findings[0]
            message = f"有一处只在现在的位置读得对：{problem.message}。改法：{problem.help}"
            raise UserError(f"{file.shown}：没有整理，{message}")
        raise AssertionError(f"{file.shown}: the layout would change what the report says")
    if not totals:
        return _FormattedFile(source, text=text)
    tree, changes, findings = fill_totals(source, tree, form)
    filled = None if findings else print_tree(tree, form)
    lines = [
        f"{sanitize(file.shown)}: “{' › '.join(form.labels(change.pointer))}”："
        f"{sanitize(change.old) or '没有写'} → {change.new}"
        for change in changes
    ]
    return _FormattedFile(source, findings, filled, lines)
