"""Make the texts that all formats of changes share: summary, labels, numbers, excerpts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from nianbao.diagnostics.reporters.summary import by_severity, count_words
from nianbao.diff.model import Change, ParagraphStatus, RunKind, Status, TextRun
from nianbao.utils.text import sanitize

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.diagnostics.finding import Finding
    from nianbao.diff.model import CellChange, Paragraph, ProseChange
    from nianbao.diff.side import Cell

STATUS_LABELS: Final = {
    Status.ADDED: "新增的报告",
    Status.REMOVED: "删去的报告",
    Status.RENAMED: "改名的报告",
}
SAME: Final = "没有变化"
ONLY_LAYOUT: Final = "内容没有变，只有排法或批注不同"
ABSENT: Final = "没有"
_GONE: Final = "消除"
_MAX_RUNS: Final = 60


def summarize(changes: Sequence[Change]) -> str:
    """Return a line in Chinese that counts the changes of all reports."""
    edited = [change for change in changes if change.edited]
    if not edited:
        return ONLY_LAYOUT if any(change.rewritten for change in changes) else SAME
    parts = []
    if len(changes) > 1:
        parts.append(f"{len(edited)} 份报告有变化")
    statuses = Counter(change.status for change in edited)
    for status, words in STATUS_LABELS.items():
        if number := statuses[status]:
            parts.append(words if len(changes) == 1 else f"{number} 份{words}")
    parts += [text for text in (_edits(edited), _findings(edited)) if text]
    return "；".join(parts) or "有变化"


def _edits(changes: Sequence[Change]) -> str:
    cells = [cell for change in changes for cell in change.cells]
    computed = sum(cell.computed for cell in cells)
    prose = sum(len(list(changed_paragraphs(part))) for change in changes for part in change.prose)
    counted = (
        (len(cells) - computed, "格"),
        (computed, "个算出的总计"),
        (prose, "段文字"),
        (sum(len(change.metadata) for change in changes), "项开头的内容"),
    )
    text = "、".join(f"{number} {what}" for number, what in counted if number)
    return f"改了 {text}" if text else ""


def _findings(changes: Sequence[Change]) -> str:
    new = [f for change in changes for f in change.findings.new]
    gone = [f for change in changes for f in change.findings.gone]
    waived = sum(len(change.findings.waived) for change in changes)
    parts = [
        f"{word} {count_words(found)}" for word, found in (("新出现", new), (_GONE, gone)) if found
    ]
    parts += [f"豁免 {waived} 个"] if waived else []
    return "，".join(parts)


def changed_paragraphs(change: ProseChange) -> Iterator[Paragraph]:
    """Yield the changed paragraphs; a moved paragraph only at its new place."""
    for paragraph in change.paragraphs:
        if paragraph.status not in (ParagraphStatus.EQUAL, ParagraphStatus.MOVED_AWAY):
            yield paragraph


def printable(text: str) -> str:
    """Replace control characters by spaces, and surrogates (invalid bytes in file names) by ?."""
    return sanitize(text).encode(errors="replace").decode()


def title(change: Change) -> str:
    """Return the path of a report and the names of both versions.

    Example: 2022.yaml：上次提交（HEAD） → 现在. After a renaming: 2021.yaml → 2022.yaml.
    """
    sides = []
    path = ""
    for name, revision in zip((change.old, change.new), change.revisions, strict=True):
        if name is None:
            continue
        previous, path = path, name.removeprefix(f"{revision}:") if revision else name
        version = _version(revision) if any(change.revisions) else ""
        sides.append("：".join(filter(None, [path if path != previous else "", version])))
    return printable(" → ".join(filter(None, sides)))


def _version(revision: str) -> str:
    """Return the name of a revision for the user; "" means the file on disk."""
    if not revision:
        return "现在"
    return f"{'上次提交' if revision == 'HEAD' else '版本'}（{revision}）"


def absent(text: str | None) -> str:
    """Return `text`, or 没有 (absent) if it is None."""
    return ABSENT if text is None else text


def cell_text(cell: Cell | None) -> str:
    """Return a cell as printed, with its note; 没有 (absent) if `cell` is None."""
    if cell is None:
        return ABSENT
    note = f"（{cell.note}）" if cell.note else ""
    return printable(cell.text + note)


def difference_note(change: CellChange) -> str:
    """Return a note on a changed cell: the difference, and 算出 for a computed total.

    Examples: “+3” and “-2，算出”. Return "" if there is nothing to note.
    """
    number = change.difference
    notes = ["" if number is None else f"{number:+}", "算出" if change.computed else ""]
    return "，".join(filter(None, notes))


def column_name(change: CellChange) -> str:
    """Return the innermost label of the column of a changed cell.

    This label is unique in each row of the table.
    """
    return change.column[-1]


def cell_label(change: CellChange) -> str:
    """Return the row's labels and the innermost label of the column, as one text."""
    return " › ".join([*change.row, column_name(change)])


def excerpt(paragraph: Paragraph, around: int = 18, limit: int = 600) -> list[TextRun]:
    """Return the runs (pieces) of a paragraph, with long runs shortened.

    `around`: the number of equal characters to show next to a change.
    `limit`: the number of characters of a change to show.
    """
    runs: list[TextRun] = []
    last = len(paragraph.runs) - 1
    for number, run in enumerate(paragraph.runs):
        text = printable(run.text)
        if run.kind is RunKind.EQUAL:
            left = "" if number == 0 else text[:around]
            right = "" if number == last else text[-around:]
            if len(text) > len(left) + len(right) + 4:
                text = f"{left}……{right}"
        elif len(text) > limit:
            half = limit // 2
            text = f"{text[:half]}……（略 {len(text) - 2 * half} 字）……{text[-half:]}"
        runs.append(TextRun(run.kind, text))
    if len(runs) > _MAX_RUNS:
        runs = [*runs[:_MAX_RUNS], TextRun(RunKind.EQUAL, f"……（还有 {len(runs) - _MAX_RUNS} 处）")]
    return runs


PARAGRAPH_LABELS: Final = {
    ParagraphStatus.CHANGED: "改",
    ParagraphStatus.DELETED: "删",
    ParagraphStatus.INSERTED: "增",
    ParagraphStatus.MOVED_AWAY: "移走",
    ParagraphStatus.MOVED_HERE: "移来",
}


def paragraph_label(paragraph: Paragraph) -> str:
    """Return the Chinese label of a changed paragraph, such as 改 or 移来（自“……”）.

    The label of a moved paragraph contains its place in the other version.
    """
    word = PARAGRAPH_LABELS[paragraph.status]
    if not paragraph.elsewhere:
        return word
    way = "到" if paragraph.status is ParagraphStatus.MOVED_AWAY else "自"
    return f"{word}（{way}“{printable(paragraph.elsewhere)}”）"


@dataclass(frozen=True, slots=True)
class FindingChange:
    """A finding that is new, gone or newly waived.

    `label`: the Chinese word for new, gone or waived.
    `is_gone`: True if only the old version has the finding.
    """

    label: str
    finding: Finding
    is_gone: bool

    @property
    def line_note(self) -> str:
        """The line number of the finding, as （第 3 行）; "" if the finding is gone."""
        return "" if self.is_gone else f"（第 {self.finding.span.line} 行）"


def finding_changes(change: Change) -> Iterator[FindingChange]:
    """Yield the new, then the gone, then the newly waived findings.

    In each group, the most severe findings come first.
    """
    found = change.findings
    for label, findings in (("新出现", found.new), (_GONE, found.gone), ("豁免", found.waived)):
        for finding in by_severity(findings):
            yield FindingChange(label, finding, is_gone=label == _GONE)


def describe_remaining(change: Change) -> str:
    """Return the number of unchanged findings as a Chinese phrase, or ""."""
    words = count_words(change.findings.still)
    return f"还有 {words}没有变" if words else ""
