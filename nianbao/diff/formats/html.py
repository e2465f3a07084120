"""Format changes as `html`: a self-contained page, rendered from templates/changes.html."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from nianbao.diagnostics.finding import SEVERITY_LABELS
from nianbao.diff.formats import wording
from nianbao.diff.model import ParagraphStatus, RunKind
from nianbao.errors import UserError
from nianbao.rendering.errors import TemplateError
from nianbao.rendering.templates import render

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from nianbao.diff.model import Change
    from nianbao.workspace.style import Style

# Text, and the tag that marks it: ins, del or none.
MarkedText = tuple[str, str]
_TAGS = {RunKind.DELETE: "del", RunKind.INSERT: "ins", RunKind.EQUAL: ""}


@dataclass(frozen=True, slots=True)
class TableView:
    """A table of changes: its name, column headings and rows of text."""

    name: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class ProseView:
    """A changed text as the template renders it.

    `paragraphs`: the label and the marked text of each changed paragraph.
    """

    name: str
    paragraphs: tuple[tuple[str, tuple[MarkedText, ...]], ...]


@dataclass(frozen=True, slots=True)
class FindingChangeView:
    """A finding as the template renders it.

    `label`: the Chinese word for new, gone or waived.
    """

    label: str
    severity: str
    rule: str
    message: str


@dataclass(frozen=True, slots=True)
class ReportView:
    """A changed report as the template renders it.

    `title`: its path and the names of both versions.
    `summary`: the number of changes, as a Chinese phrase.
    `remarks`: lines about what could not be compared.
    `remaining`: the number of unchanged findings, as a Chinese phrase, or "".
    """

    title: str
    summary: str
    remarks: tuple[str, ...]
    tables: tuple[TableView, ...]
    prose: tuple[ProseView, ...]
    findings: tuple[FindingChangeView, ...]
    remaining: str


def as_html(changes: Sequence[Change], templates: Path, style: Style) -> str:
    """Return the changes as an HTML page that needs no other file.

    `templates`: the repository's templates folder, which need not exist.

    Raises UserError if the template is invalid.
    """
    reports = [_report(change) for change in changes if change.edited]
    summary = wording.summarize(changes)
    try:
        page = render(
            templates, "changes.html", "html", None, summary=summary, reports=reports, style=style
        )
    except TemplateError as error:
        raise UserError(f"模板不能用：{error}") from error
    return page.strip()


def _report(change: Change) -> ReportView:
    return ReportView(
        wording.title(change),
        wording.summarize([change]),
        tuple(map(wording.printable, change.remarks)),
        tuple(_tables(change)),
        tuple(_prose(change)),
        tuple(_findings(change)),
        wording.describe_remaining(change),
    )


def _tables(change: Change) -> Iterator[TableView]:
    if change.metadata:
        rows = tuple(
            tuple(map(wording.printable, (head.label, head.old or "", head.new or "")))
            for head in change.metadata
        )
        yield TableView("开头的内容", ("项", "旧", "新"), rows)
    for table, cells in groupby(change.cells, lambda cell: cell.table):
        rows = tuple(
            (
                wording.cell_label(cell),
                *(wording.cell_text(side) if side else "" for side in (cell.old, cell.new)),
                wording.difference_note(cell),
            )
            for cell in cells
        )
        yield TableView(table, ("格", "旧", "新", "差"), rows)


def _prose(change: Change) -> Iterator[ProseView]:
    for prose in change.prose:
        paragraphs = []
        for paragraph in prose.paragraphs:
            if paragraph.status is not ParagraphStatus.EQUAL:
                runs = wording.excerpt(paragraph, around=60, limit=2_000)
                moved = bool(paragraph.elsewhere)
                words = tuple((run.text, "" if moved else _TAGS[run.kind]) for run in runs)
                paragraphs.append((wording.paragraph_label(paragraph), words))
        yield ProseView(wording.printable(" › ".join(prose.names)), tuple(paragraphs))


def _findings(change: Change) -> Iterator[FindingChangeView]:
    for each in wording.finding_changes(change):
        finding = each.finding
        message = wording.printable(finding.message) + each.line_note
        kind = SEVERITY_LABELS[finding.severity]
        yield FindingChangeView(each.label, kind, finding.rule, message)
