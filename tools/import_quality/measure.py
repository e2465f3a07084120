"""Compare what was imported with the truth, cell by cell and line by line."""

from __future__ import annotations

import re
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

from nianbao.errors import UserError
from nianbao.importing.files import import_file
from nianbao.model.form import load_form
from nianbao.model.report import cell_values, iter_texts, value_at

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from nianbao.diagnostics.finding import Pointer
    from nianbao.importing.importer import ImportedReport
    from nianbao.model.form import Form

_BLANK = re.compile(r"[\s\u3000\u00a0\u200b]+")
_HEADS = ("年度", "机关", "成文日期", "文号")
_COUNTS = (
    "files", "failed", "cells", "right", "silent", "doubts", "characters", "placed", "surplus",
    "heads", "known", "strangers", "refused",
)  # fmt: skip
_ESCAPE = re.compile(r"\\(?=[^\w\s])|[*`]")


@dataclass(slots=True)
class Score:
    """Counts over one or many files.

    `files`: reports; `failed`: those that could not be imported. `cells`: of the truth; `right`:
    those imported with the right number; `silent`: those with a wrong number and no doubt about
    it. `characters`: of the texts of the truth; `placed`: those imported into the right text.
    `surplus`: characters of imported lines that the truth has not. `heads`: years, bodies, dates
    and document numbers of the truth; `known`: those that were read; one that is invented counts
    as not read. `strangers`: files that are no reports; `refused`: those that were refused.
    `slowest`: the longest time of an import, in seconds. `problems`: each error, in Chinese.
    """

    files: int = 0
    failed: int = 0
    cells: int = 0
    right: int = 0
    silent: int = 0
    doubts: int = 0
    characters: int = 0
    placed: int = 0
    surplus: int = 0
    heads: int = 0
    known: int = 0
    strangers: int = 0
    refused: int = 0
    slowest: float = 0.0
    problems: list[str] = field(default_factory=list)

    def add(self, other: Score) -> None:
        """Add the counts of another score."""
        for name in _COUNTS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.slowest = max(self.slowest, other.slowest)
        self.problems += other.problems


def measure(file: Path) -> Score:
    """Import a sample and compare it with its truth, NAME.truth.yaml in the same folder.

    A file named NAME.refuse.SUFFIX is no report: it must be refused.
    """
    start = time.perf_counter()
    try:
        report = import_file(file, file.name)
    except UserError as error:
        report, problem = None, str(error)
    seconds = time.perf_counter() - start
    if ".refuse" in file.name:
        score = Score(strangers=1, refused=int(report is None))
        if report is not None:
            score.problems.append(f"{file.name}：不是报告，却导入了")
        return score
    if report is None:
        return Score(files=1, failed=1, problems=[problem])
    score = Score(files=1, doubts=len(report.doubts), slowest=seconds)
    truth = yaml.safe_load(file.with_name(f"{file.stem}.truth.yaml").read_text("utf-8"))
    compare_cells(truth, report, score, file.name)
    _compare_texts(truth, report, score, file.name)
    _compare_heads(truth, report, score, file.name)
    return score


def samples(folder: Path) -> list[Path]:
    """Return the samples in a folder and the folders below it, sorted, without the truth files."""
    return sorted(
        file
        for file in folder.rglob("*")
        if file.is_file() and (".refuse" in file.name or _truth(file).is_file())
        if not file.name.endswith(".truth.yaml")
    )


def _truth(file: Path) -> Path:
    return file.with_name(f"{file.stem}.truth.yaml")


def compare_cells(truth: Any, report: ImportedReport, score: Score, name: str) -> None:
    """Count in `score` the cells of a report that are as in the truth, and list the others.

    `truth`: the content of the report file that should be imported. `name`: the name of the file
    in messages.
    """
    form = load_form(truth["格式"])
    imported = yaml.safe_load(report.text)
    computed = _computed(truth, form)
    for row in form.rows:
        for pointer, _ in row.cells():
            expected = {_text(value_at(truth, pointer))}
            if _is_left_out(truth, pointer):  # it may be printed with its computed value
                expected.add(computed.get(pointer, ""))
            found = _text(value_at(imported, pointer))
            score.cells += 1
            if found in expected:
                score.right += 1
                continue
            listed = _is_listed(pointer, report)
            if found and not listed:
                score.silent += 1
            where = " › ".join(map(str, pointer))
            mark = "" if listed else "（没有列出）"
            score.problems.append(
                f"{name}：{where} 是 {max(expected) or '空'}，读成 {found or '空'}{mark}"
            )
    if imported.get("格式") != truth["格式"]:
        score.problems.append(f"{name}：格式是 {truth['格式']}，读成 {imported.get('格式')}")


def _is_left_out(truth: Any, pointer: Pointer) -> bool:
    row = value_at(truth, pointer[:-1])
    return not isinstance(row, dict) or pointer[-1] not in row


def _computed(truth: Any, form: Form) -> dict[Pointer, str]:
    """Return the cells of a report without blank cells, computed totals included."""
    try:
        return {pointer: value.text for pointer, value in cell_values(truth, form).items()}
    except (KeyError, TypeError, AttributeError):
        return {}


def _text(written: Any) -> str:
    """Return a cell as number and note, "" for a blank one."""
    if isinstance(written, dict):
        return f"{_text(written['数值'])}（{_plain(str(written['注']))}）"
    if written is None:
        return ""
    return (
        "/" if written == "/" else f"{float(written):g}" if float(written) < 1e6 else str(written)
    )


def _is_listed(pointer: Pointer, report: ImportedReport) -> bool:
    """Return True if a doubt is about a cell, its row or its table.

    A section with a single table has its pointer; of the doubts there, those about its heading do
    not count.
    """
    return any(
        pointer[: len(doubt.pointer)] == doubt.pointer
        and (len(doubt.pointer) > 1 or "标题" not in doubt.message)
        for doubt in report.doubts
        if doubt.pointer
    )


def _compare_texts(truth: Any, report: ImportedReport, score: Score, name: str) -> None:
    form = load_form(truth["格式"])
    imported = yaml.safe_load(report.text)
    found = {pointer: Counter(_lines(text)) for pointer, text in iter_texts(imported, form)}
    for pointer, text in iter_texts(truth, form):
        there = found.setdefault(pointer, Counter())
        for line in _lines(text):
            score.characters += len(line)
            if there[line] > 0:
                there[line] -= 1
                score.placed += len(line)
            else:
                where = " › ".join(map(str, pointer))
                score.problems.append(f"{name}：{where} 缺“{line[:40]}”")
    for pointer, rest in found.items():
        for line in rest.elements():
            score.surplus += len(line)
            where = " › ".join(map(str, pointer))
            score.problems.append(f"{name}：{where} 多“{line[:40]}”")


def _compare_heads(truth: Any, report: ImportedReport, score: Score, name: str) -> None:
    imported = yaml.safe_load(report.text)
    for key in _HEADS:
        expected, found = (_plain(str(each.get(key) or "")) for each in (truth, imported))
        score.heads += bool(expected or found)
        if expected == found:
            score.known += bool(expected)
        else:
            score.problems.append(f"{name}：{key} 是 {expected or '空'}，读成 {found or '空'}")


def _lines(text: str) -> Iterable[str]:
    return [plain for line in text.split("\n") if (plain := _plain(line))]


def _plain(text: str) -> str:
    return _ESCAPE.sub("", _BLANK.sub("", text))
