"""Compare the texts of all checked reports with each other, and report similar texts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from nianbao.checks.checker import compile_file
from nianbao.checks.rules.alike import ALIKE_PROBLEMS, ALIKE_TEXTS
from nianbao.checks.rules.content import text_by_role
from nianbao.county.similarity import (
    Resemblance,
    find_resemblances,
    longest_passage,
    sketch_texts,
)
from nianbao.diagnostics.finding import Finding, Severity
from nianbao.utils.text import shorten
from nianbao.workspace.readers import DISK_READER

if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from nianbao.diagnostics.finding import Pointer
    from nianbao.model.report import Prose, Report
    from nianbao.workspace.discovery import ReportFile

# The least share of the shorter text that both have; the section of problems is short.
_THRESHOLDS: Final = {ALIKE_TEXTS: 0.6, ALIKE_PROBLEMS: 0.7}
_SUBJECTS: Final = {ALIKE_TEXTS: "正文", ALIKE_PROBLEMS: "存在的问题"}
_LONGEST_QUOTE: Final = 24  # characters


class Sketch(NamedTuple):
    """The checksums of a report's texts, by which similar reports are found.

    `year`: the year of the report.
    `texts`: the checksums of short passages of all the prose.
    `problems`: the checksums of short passages of the section about problems (存在的主要问题).
    """

    year: int
    texts: array[int]
    problems: array[int]


def sketch_report(report: Report) -> Sketch:
    """Return the checksums of a report's texts, by which similar reports are found."""
    problems = _problems(report)
    return Sketch(
        report.year,
        sketch_texts(prose.rendered for prose in report.texts.values()),
        sketch_texts(prose.rendered for prose in problems.values()),
    )


class _Sketches(NamedTuple):
    """The sketches of a report, like `Sketch`, with the number and the file of the report.

    `texts`: the sketch of all the prose. `problems`: the sketch of the section about problems.
    """

    number: int
    file: ReportFile
    texts: array[int]
    problems: array[int]


@dataclass(slots=True)
class TextComparison:
    """Finds reports with similar texts.

    Call `add` for each report, and then `findings`.
    """

    # By year, since only reports on the same year are compared. A report needs only some kilobytes.
    _by_year: dict[int, list[_Sketches]] = field(default_factory=lambda: defaultdict(list))

    @property
    def sketch(self) -> Callable[[Report], Sketch]:
        """The function that makes the checksums of a report for `add`.

        Another process can call the function.
        """
        return sketch_report

    def add(self, number: int, file: ReportFile, sketch: Sketch) -> None:
        """Add a report to the comparison.

        `number`: identifies the report in the results of `findings`.
        `file`: the file of the report, from which `findings` reads similar texts again.
        `sketch`: the result of `self.sketch` for the report.
        """
        self._by_year[sketch.year].append(_Sketches(number, file, sketch.texts, sketch.problems))

    def findings(self) -> Iterator[tuple[int, Finding]]:
        """Yield a finding about each report that is similar to another report of its year.

        Each item is the number of a report, as passed to `add`, and the finding.
        """
        for unordered in self._by_year.values():
            reports = sorted(unordered, key=lambda each: each.number)
            # A report has one finding: about all its prose or else about its section of problems.
            alike = {
                each.report: (ALIKE_PROBLEMS, each)
                for each in _resemblances([each.problems for each in reports], ALIKE_PROBLEMS)
            } | {
                each.report: (ALIKE_TEXTS, each)
                for each in _resemblances([each.texts for each in reports], ALIKE_TEXTS)
            }
            for index in sorted(alike):
                rule, found = alike[index]
                # The files are read again, to find the positions.
                report, other = (_read(reports[each].file) for each in (index, found.other))
                if report is not None and other is not None:
                    for finding in _finding(rule, report, other, found.share):
                        yield reports[index].number, finding


def _resemblances(sketches: Sequence[array[int]], rule: str) -> Iterator[Resemblance]:
    return find_resemblances(sketches, _THRESHOLDS[rule])


def _read(file: ReportFile) -> Report | None:
    return compile_file(file.path, file.shown, DISK_READER).report


def _problems(report: Report) -> Mapping[Pointer, Prose]:
    """Return the text of the report's section of problems, by pointer; {} if there is none."""
    text = text_by_role(report, "text.problems")
    pointer = text.pointer if text else ()
    return {pointer: report.texts[pointer]} if pointer in report.texts else {}


def _finding(rule: str, report: Report, other: Report, share: float) -> Iterator[Finding]:
    """Yield a finding at the longest passage that both reports share; nothing if they share none.

    `share`: the part of the shorter text that both reports have, from 0 to 1.
    """
    texts = report.texts if rule == ALIKE_TEXTS else _problems(report)
    shared = [
        (passage, prose, theirs)
        for pointer, prose in texts.items()
        if (theirs := other.texts.get(pointer))
        and (passage := longest_passage(prose.rendered, theirs.rendered))
    ]
    if not shared:
        return
    passage, prose, theirs = max(shared, key=lambda each: each[0].end - each[0].start)
    line = theirs.span(other.source, passage.other_start, passage.other_end).line
    words = " ".join(prose.rendered[passage.start : passage.end].split())
    yield Finding(
        rule,
        Severity.WARNING,
        report.source.path,
        prose.span(report.source, passage.start, passage.end),
        prose.pointer,
        f"{_SUBJECTS[rule]}和{other.body}的有 {share:.0%} 的字句相同，"
        f"例如“{shorten(words, _LONGEST_QUOTE)}”（{other.source.path}:{line}）",
        "写本单位自己的情况",
    )
