"""What every format says of changes: the verdict in a line, numbers, excerpts of prose."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from nianbao.diagnostics.finding import SEVERITY_LABELS, Severity
from nianbao.diff.model import Change, ParagraphStatus, RunKind, Status, TextRun
from nianbao.utils.text import sanitize

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

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
_MANY: Final = 60


def summarize(changes: Sequence[Change]) -> str:
    """What changed, counted, in a line; of several reports, how many."""
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
    prose = sum(len(list(edits(part))) for change in changes for part in change.prose)
    counted = (
        (len(cells) - computed, "格"),
        (computed, "个算出的总计"),
        (prose, "段文字"),
        (sum(len(change.metadata) for change in changes), "项开头的内容"),
    )
    told = "、".join(f"{number} {what}" for number, what in counted if number)
    return f"改了 {told}" if told else ""


def _findings(changes: Sequence[Change]) -> str:
    new = [f for change in changes for f in change.findings.new]
    gone = [f for change in changes for f in change.findings.gone]
    waived = sum(len(change.findings.waived) for change in changes)
    told = [
        f"{word} {count_words(found)}" for word, found in (("新出现", new), ("消除", gone)) if found
    ]
    told += [f"豁免 {waived} 个"] if waived else []
    return "，".join(told)


def count_words(findings: Iterable[Finding]) -> str:
    """How many findings of each severity there are: 1 个错误、2 个警告."""
    numbers = Counter(finding.severity for finding in findings)
    return "、".join(f"{numbers[s]} 个{word}" for s, word in SEVERITY_LABELS.items() if numbers[s])


def edits(change: ProseChange) -> Iterator[Paragraph]:
    """The paragraphs that did not stay; one that moved counts where it is now."""
    for paragraph in change.paragraphs:
        if paragraph.status not in (ParagraphStatus.EQUAL, ParagraphStatus.MOVED_AWAY):
            yield paragraph


def readable(text: str) -> str:
    """A text that steers nothing and can be written; a file system may hold names that can't."""
    return sanitize(text).encode(errors="replace").decode()


def title(change: Change) -> str:
    """The report's names, an old one where it was another."""
    names = [readable(name) for name in (change.old, change.new) if name]
    return " → ".join(dict.fromkeys(names))


def absent(text: str | None) -> str:
    """A text, or the word for none."""
    return ABSENT if text is None else text


def cell_text(cell: Cell | None) -> str:
    """A cell as it is printed, with its note."""
    if cell is None:
        return ABSENT
    note = f"（{cell.note}）" if cell.note else ""
    return readable(cell.text + note)


def difference(change: CellChange) -> str:
    """By how much a number grew, with its sign; nothing where there is nothing to subtract."""
    number = change.difference
    return "" if number is None else f"{number:+}"


def column_name(change: CellChange) -> str:
    """The innermost label of a column, which none other of its row has."""
    return change.column[-1]


def excerpt(paragraph: Paragraph, around: int = 18, most: int = 600) -> list[TextRun]:
    """The changed words of a paragraph with a few of those around; long changes are cut."""
    runs: list[TextRun] = []
    last = len(paragraph.runs) - 1
    for number, run in enumerate(paragraph.runs):
        text = readable(run.text)
        if run.kind is RunKind.EQUAL:
            left = "" if number == 0 else text[:around]
            right = "" if number == last else text[-around:]
            if len(text) > len(left) + len(right) + 4:
                text = f"{left}……{right}"
        elif len(text) > most:
            half = most // 2
            text = f"{text[:half]}……（略 {len(text) - 2 * half} 字）……{text[-half:]}"
        runs.append(TextRun(run.kind, text))
    if len(runs) > _MANY:
        runs = [*runs[:_MANY], TextRun(RunKind.EQUAL, f"……（还有 {len(runs) - _MANY} 处）")]
    return runs


PARAGRAPH_LABELS: Final = {
    ParagraphStatus.CHANGED: "改",
    ParagraphStatus.DELETED: "删",
    ParagraphStatus.INSERTED: "增",
    ParagraphStatus.MOVED_AWAY: "移走",
    ParagraphStatus.MOVED_HERE: "移来",
}


def paragraph_label(paragraph: Paragraph) -> str:
    """What became of a paragraph, in a word or two; one that moved says where to or from."""
    word = PARAGRAPH_LABELS[paragraph.status]
    if not paragraph.elsewhere:
        return word
    way = "到" if paragraph.status is ParagraphStatus.MOVED_AWAY else "自"
    return f"{word}（{way}“{readable(paragraph.elsewhere)}”）"


FINDING_LABELS: Final = ("新出现", "消除", "豁免")


def finding_changes(change: Change) -> Iterator[tuple[str, Finding]]:
    """What is new, gone or newly waived among the findings, each with the word for it."""
    lists = (change.findings.new, change.findings.gone, change.findings.waived)
    for word, findings in zip(FINDING_LABELS, lists, strict=True):
        for finding in sorted(findings, key=lambda each: list(Severity).index(each.severity)):
            yield word, finding


def describe_remaining(change: Change) -> str:
    """How many findings are still there, in words, or nothing."""
    words = count_words(change.findings.still)
    return f"还有 {words}没有变" if words else ""
