"""Measure the prose rules against the labelled sentences in corpus/ (see its README).

Run as a program it prints precision and recall per metric, and the same for published reports where
they exist (see real_reports.py): `make lint-quality`.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from nianbao.checks.rules import RULES, run_rules
from nianbao.checks.rules.body_kinds import BODY_KINDS
from nianbao.checks.rules.rule import Context, PreviousReport
from nianbao.checks.structure import check_structure
from nianbao.model.form import load_form
from nianbao.model.report import Report, compile_report
from nianbao.parsing.reader import parse_source
from tests.checks.claims import real_reports
from tests.support import put

CORPUS = Path(__file__).parent / "corpus"
_LABEL = re.compile(r"⟦([^|⟧]*)\|([^⟧]*)⟧")
_POINTERS: dict[str, tuple[str, ...]] = {
    "引言": ("引言",),
    **{
        name: ("总体情况", name)
        for name in ("概述", "主动公开", "依申请公开", "政府信息管理", "平台建设", "监督保障")
    },
    "说明二": ("主动公开政府信息情况", "说明"),
    "说明三": ("收到和处理政府信息公开申请情况", "说明"),
    "说明四": ("行政复议行政诉讼情况", "说明"),
    "存在的主要问题及改进情况": ("存在的主要问题及改进情况",),
    "其他需要报告的事项": ("其他需要报告的事项",),
}


@dataclass(frozen=True)
class Case:
    """A labelled text.

    `expected` are the labels: (start, end, metric) in the text without markers.
    """

    name: str
    text: str
    expected: tuple[tuple[int, int, str], ...]
    data: dict[str, Any]
    pointer: tuple[str | int, ...]


@dataclass(frozen=True)
class CaseResult:
    """The findings of the P rules in a case: (start, end, message)."""

    case: Case
    findings: tuple[tuple[int, int, str], ...]

    @property
    def hits(self) -> list[tuple[int, int, str]]:
        """The labels that have a finding."""
        return [e for e in self.case.expected if any(_overlap(e, f) for f in self.findings)]

    @property
    def missed(self) -> list[tuple[int, int, str]]:
        """The labels without a finding."""
        return [e for e in self.case.expected if e not in self.hits]

    @property
    def false_alarms(self) -> list[tuple[int, int, str]]:
        """The findings without a label."""
        return [f for f in self.findings if not any(_overlap(e, f) for e in self.case.expected)]


def _overlap(left: tuple[int, int, str], right: tuple[int, int, str]) -> bool:
    return left[0] < right[1] and right[0] < left[1]


def empty_report(edition: int = 2021, year: int = 2022) -> dict[str, Any]:
    """Return a valid report whose cells are 0, without prose and totals."""
    form = load_form(edition)
    data: dict[str, Any] = {
        "格式": edition,
        "年度": year,
        "机关": "示例县民政局",
        "成文日期": f"{year + 1}-01-20",
    }
    for section in form.sections:
        data[section.key] = {} if section.grids or len(section.texts) > 1 else None
        for row in section.rows:
            if not row.total:
                cells = data
                for key in row.pointer:
                    cells = cells.setdefault(str(key), {})
                cells.update({column.key: 0 for column in row.columns if not column.total})
    return data


@cache
def _section_of() -> dict[str, str]:
    return {
        str(row.pointer[1]): section.key
        for edition in (2021, 2019)
        for section in load_form(edition).sections
        for row in section.rows
    }


def load_cases() -> list[Case]:
    """Return all labelled texts, in the order of their files."""
    cases = []
    for file in sorted(CORPUS.glob("*.yaml")):
        for number, entry in enumerate(yaml.load(file.read_text("utf-8"), yaml.CSafeLoader), 1):
            cases.append(_case(f"{file.stem}:{number}", entry))
    return cases


def _case(name: str, entry: dict[str, Any]) -> Case:
    text, expected, position = "", [], 0
    labelled = str(entry["文"])
    for match in _LABEL.finditer(labelled):
        text += labelled[position : match.start()]
        expected.append((len(text), len(text) + len(match.group(1)), match.group(2)))
        text += match.group(1)
        position = match.end()
    text += labelled[position:]
    data = empty_report(entry.get("格式", 2021))
    data |= {key: entry[key] for key in ("机关", "机关类型") if key in entry}
    for path, value in (entry.get("表") or {}).items():
        keys = path.split(".")
        put(data, (_section_of()[keys[0]], *keys), value)
    pointer: tuple[str | int, ...]
    if entry.get("位置") == "补充":
        data["总体情况"]["补充"] = [{"标题": "其他工作", "正文": _Text(text)}]
        pointer = ("总体情况", "补充", 0, "正文")
    else:
        pointer = _POINTERS[entry.get("位置", "依申请公开")]
        put(data, pointer, _Text(text))
    return Case(name, text, tuple(expected), data, pointer)


class _Text(str):
    """Prose that is written as a | block."""


class _Dumper(yaml.CSafeDumper):
    """Dumper for _Text."""


_Dumper.add_representer(
    # libyaml takes no subclass of str.
    _Text,
    lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style="|"),
)


def compile_case(case: Case) -> Report:
    """Return the report of a case, from its YAML text."""
    raw = yaml.dump(case.data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10**9)
    source = parse_source(raw.encode(), case.name)
    form, structural = check_structure(source)
    assert form is not None, case.name
    assert not structural, (case.name, structural[0])
    report, unresolved = compile_report(source, form)
    assert not unresolved
    return report


def check_case(case: Case) -> CaseResult:
    """Check a case with the P rules, from YAML text to findings."""
    report = compile_case(case)
    source = report.source
    kind = BODY_KINDS[case.data.get("机关类型", "县级以上部门")]
    context = Context(report, PreviousReport("", False, False, None), kind, None)
    result = run_rules(context, [rule for rule in RULES if rule.id.startswith("P")])
    assert not result.failures, result.failures
    findings = []
    for finding in result.findings:
        # The text stands in a | block: its lines, and the columns after the indent, are the file's.
        written = case.text.split("\n")
        row = finding.span.line - source.location_of(case.pointer).value.line - 1
        indent = len(source.lines[finding.span.line - 1]) - len(written[row])
        start = sum(len(line) + 1 for line in written[:row]) + finding.span.column - 1 - indent
        length = finding.span.end_column - finding.span.column
        findings.append((start, start + length, finding.message))
    return CaseResult(case, tuple(findings))


@dataclass(frozen=True)
class Measurement:
    """Precision and recall of the rules on one part of the corpus."""

    results: tuple[CaseResult, ...]

    @property
    def hits(self) -> int:
        """Number of labels with a finding."""
        return sum(len(result.hits) for result in self.results)

    @property
    def false_alarms(self) -> int:
        """Number of findings without a label."""
        return sum(len(result.false_alarms) for result in self.results)

    @property
    def expected(self) -> int:
        """Number of labels."""
        return sum(len(result.case.expected) for result in self.results)

    @property
    def precision(self) -> float:
        """Share of the findings that have a label."""
        return self.hits / max(self.hits + self.false_alarms, 1)

    @property
    def recall(self) -> float:
        """Share of the labels that have a finding."""
        return self.hits / max(self.expected, 1)


@cache
def measure(part: str) -> Measurement:
    """Check the cases of a part: 开发 for development, 留出 held out from it."""
    held_out = part == "留出"
    cases = (case for case in load_cases() if case.name.startswith("留出") == held_out)
    return Measurement(tuple(check_case(case) for case in cases))


def main() -> int:
    """Print precision and recall per metric, for both parts; -v lists the errors."""
    for part in ("开发", "留出"):
        measurement = measure(part)
        expected, hits = Counter[str](), Counter[str]()
        for result in measurement.results:
            expected.update(label for _, _, label in result.case.expected)
            hits.update(label for _, _, label in result.hits)
        traps = sum(not result.case.expected for result in measurement.results)
        print(f"{part}：{len(measurement.results)} 句，其中 {traps} 句不应提示")
        reported = measurement.hits + measurement.false_alarms
        print(f"  提示 {reported}，误报 {measurement.false_alarms}，", end="")
        print(f"精确率 {measurement.precision:.1%}")
        print(f"  应报 {measurement.expected}，报出 {measurement.hits}，", end="")
        print(f"召回率 {measurement.recall:.1%}")
        for label, count in expected.most_common():
            print(f"    {label}：{hits[label]}/{count}")
        if "-v" in sys.argv:
            _print_errors(measurement.results)
    _print_real_reports()
    return 0


def _print_real_reports() -> None:
    """Print the scores on published reports, if there are any; -v lists the errors of 开发 only."""
    if not real_reports.FOLDER.is_dir():
        print(f"没有 {real_reports.FOLDER}，不量实际年报")
        return
    only = [part for part in real_reports.PARTS if part in sys.argv]
    for part in only or real_reports.PARTS:
        real_reports.print_part(part, each="-v" in sys.argv and part == "开发")


def _print_errors(results: tuple[CaseResult, ...]) -> None:
    for result in results:
        case = result.case
        for _, _, message in result.false_alarms:
            print(f"误报 {case.name} {message}\n     {case.text[:300]}")
        for start, end, label in result.missed:
            around = case.text[max(0, start - 60) : end + 30]
            print(f"漏报 {case.name} {label} {case.text[start:end]}\n     {around}")


if __name__ == "__main__":
    sys.exit(main())
