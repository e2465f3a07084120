"""Measures the prose rules against the labelled sentences in corpus/ (see its README).

Run as a program it prints precision and recall per metric: `make lint-quality`.
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
from nianbao.model.report import compile_report
from nianbao.parsing.reader import parse_source

CORPUS = Path(__file__).parent / "corpus"
_MARK = re.compile(r"⟦([^|⟧]*)\|([^⟧]*)⟧")
_PLACES: dict[str, tuple[str, ...]] = {
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
    """A labelled text: what must be found, as (start, end, metric) in the text without marks."""

    name: str
    text: str
    expected: tuple[tuple[int, int, str], ...]
    data: dict[str, Any]
    pointer: tuple[str | int, ...]


@dataclass(frozen=True)
class Outcome:
    """What the rules said of a case: found are (start, end, message)."""

    case: Case
    found: tuple[tuple[int, int, str], ...]

    @property
    def hits(self) -> list[tuple[int, int, str]]:
        """The labels that were found."""
        return [e for e in self.case.expected if any(_meet(e, f) for f in self.found)]

    @property
    def missed(self) -> list[tuple[int, int, str]]:
        """The labels that were not found."""
        return [e for e in self.case.expected if e not in self.hits]

    @property
    def false(self) -> list[tuple[int, int, str]]:
        """What was found without a label."""
        return [f for f in self.found if not any(_meet(e, f) for e in self.case.expected)]


def _meet(left: tuple[int, int, str], right: tuple[int, int, str]) -> bool:
    return left[0] < right[1] and right[0] < left[1]


def empty_report(edition: int = 2021, year: int = 2022) -> dict[str, Any]:
    """A valid report with nothing but zeros and no prose, totals left out."""
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
                place = data
                for key in row.pointer:
                    place = place.setdefault(str(key), {})
                place.update({column.key: 0 for column in row.columns if not column.total})
    return data


def put(data: dict[str, Any], pointer: tuple[str | int, ...], value: object) -> None:
    """Set a value in nested mappings."""
    place: Any = data
    for key in pointer[:-1]:
        place = place.setdefault(key, {})
    place[pointer[-1]] = value


@cache
def _section_of() -> dict[str, str]:
    return {
        str(row.pointer[1]): section.key
        for edition in (2021, 2019)
        for section in load_form(edition).sections
        for row in section.rows
    }


def load_cases() -> list[Case]:
    """All labelled texts, in the order of their files."""
    cases = []
    for file in sorted(CORPUS.glob("*.yaml")):
        for number, entry in enumerate(yaml.safe_load(file.read_text("utf-8")), 1):
            cases.append(_case(f"{file.stem}:{number}", entry))
    return cases


def _case(name: str, entry: dict[str, Any]) -> Case:
    text, expected, position = "", [], 0
    marked = str(entry["文"])
    for match in _MARK.finditer(marked):
        text += marked[position : match.start()]
        expected.append((len(text), len(text) + len(match.group(1)), match.group(2)))
        text += match.group(1)
        position = match.end()
    text += marked[position:]
    data = empty_report(entry.get("格式", 2021))
    if "机关类型" in entry:
        data["机关类型"] = entry["机关类型"]
    for path, value in (entry.get("表") or {}).items():
        keys = path.split(".")
        put(data, (_section_of()[keys[0]], *keys), value)
    place: tuple[str | int, ...]
    if entry.get("位置") == "补充":
        data["总体情况"]["补充"] = [{"标题": "其他工作", "正文": _Text(text)}]
        place = ("总体情况", "补充", 0, "正文")
    else:
        place = _PLACES[entry.get("位置", "依申请公开")]
        put(data, place, _Text(text))
    return Case(name, text, tuple(expected), data, place)


class _Text(str):
    """Prose, to be written as a | block."""


class _Dumper(yaml.SafeDumper):
    """Writes _Text as a | block."""


_Dumper.add_representer(
    _Text, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|")
)


def run(case: Case) -> Outcome:
    """Check a case with the P rules, from YAML text to findings."""
    raw = yaml.dump(case.data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10**9)
    source = parse_source(raw.encode(), case.name)
    form, structural = check_structure(source)
    assert form is not None, case.name
    assert not structural, (case.name, structural[0])
    report, faults = compile_report(source, form)
    assert not faults
    kind = BODY_KINDS[case.data.get("机关类型", "县级以上部门")]
    context = Context(report, PreviousReport("", False, False, None), kind, None)
    verdict = run_rules(context, [rule for rule in RULES if rule.id.startswith("P")])
    assert not verdict.failures, verdict.failures
    found = []
    for finding in verdict.findings:
        # The text stands in a | block: its lines, and the columns after the indent, are the file's.
        written = case.text.split("\n")
        row = finding.span.line - source.location_of(case.pointer).value.line - 1
        indent = len(source.lines[finding.span.line - 1]) - len(written[row])
        at = sum(len(line) + 1 for line in written[:row]) + finding.span.column - 1 - indent
        length = finding.span.end_column - finding.span.column
        found.append((at, at + length, finding.message))
    return Outcome(case, tuple(found))


@dataclass(frozen=True)
class Measured:
    """What the rules reach on one part of the corpus."""

    outcomes: tuple[Outcome, ...]

    @property
    def hits(self) -> int:
        """How many labels were found."""
        return sum(len(outcome.hits) for outcome in self.outcomes)

    @property
    def false(self) -> int:
        """How many findings have no label."""
        return sum(len(outcome.false) for outcome in self.outcomes)

    @property
    def expected(self) -> int:
        """How many labels there are."""
        return sum(len(outcome.case.expected) for outcome in self.outcomes)

    @property
    def precision(self) -> float:
        """The share of the findings that are right."""
        return self.hits / max(self.hits + self.false, 1)

    @property
    def recall(self) -> float:
        """The share of the labels that were found."""
        return self.hits / max(self.expected, 1)


@cache
def measure(part: str) -> Measured:
    """Run the rules over a part: 开发 for development, 留出 held out from it."""
    held_out = part == "留出"
    return Measured(tuple(run(c) for c in load_cases() if c.name.startswith("留出") == held_out))


def main() -> int:
    """Print precision and recall per metric, for both parts; -v lists what went wrong."""
    for part in ("开发", "留出"):
        measured = measure(part)
        expected, hits = Counter[str](), Counter[str]()
        for outcome in measured.outcomes:
            expected.update(label for _, _, label in outcome.case.expected)
            hits.update(label for _, _, label in outcome.hits)
        traps = sum(not outcome.case.expected for outcome in measured.outcomes)
        print(f"{part}：{len(measured.outcomes)} 句，其中 {traps} 句不应提示")
        print(f"  提示 {measured.hits + measured.false}，误报 {measured.false}，", end="")
        print(f"精确率 {measured.precision:.1%}")
        print(f"  应报 {measured.expected}，报出 {measured.hits}，召回率 {measured.recall:.1%}")
        for label, count in expected.most_common():
            print(f"    {label}：{hits[label]}/{count}")
        if "-v" in sys.argv:
            _explain(measured.outcomes)
    return 0


def _explain(outcomes: tuple[Outcome, ...]) -> None:
    for outcome in outcomes:
        case = outcome.case
        for _, _, message in outcome.false:
            print(f"误报 {case.name} {message}\n     {case.text[:300]}")
        for start, end, label in outcome.missed:
            around = case.text[max(0, start - 60) : end + 30]
            print(f"漏报 {case.name} {label} {case.text[start:end]}\n     {around}")


if __name__ == "__main__":
    sys.exit(main())
