"""Edits of a print of a report go into its file, and nothing else of the file changes."""

from __future__ import annotations

import os
import re
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nianbao.errors import UserError
from nianbao.importing.importer import import_document
from nianbao.importing.onto import MergedReport, merge_edits
from nianbao.importing.readers import read_document
from nianbao.model.report import value_at
from nianbao.rendering import render_report
from nianbao.workspace.settings import Settings
from tests.importing.round_trip import READERS, compile_report
from tests.strategies import reports, write_yaml, written_reports
from tests.support import fixture_reports

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nianbao.importing.importer import ImportedReport
    from nianbao.model.report import Report
    from nianbao.rendering import Format

MANY = int(os.environ.get("ROUND_TRIPS", "20"))
NOWHERE = Path(os.devnull)
Edits = "Sequence[tuple[str, str]]"


def printed(report: Report, to: Format = "html") -> str:
    """Return a print of a report as text."""
    return render_report(report, to, Settings(), NOWHERE).decode()


def read(text: str, to: Format = "html") -> ImportedReport:
    """Return what `import` reads from a print."""
    return import_document(read_document(text.encode(), READERS[to]))


def merged(text: str, edits: Sequence[tuple[str, str]], to: Format = "html") -> MergedReport:
    """Print a report file, replace texts in the print, and put the edits into the file."""
    report = compile_report(text)
    page = printed(report, to)
    for old, new in edits:
        assert page.count(old) >= 1, old
        page = page.replace(old, new, 1)
    return merge_edits(report, read(page, to), Settings(), ())


def after(text: str, *edits: tuple[str, str], to: Format = "html") -> str:
    """Return the file after edits of its print, all of which must have been taken over."""
    result = merged(text, edits, to)
    assert result.left == ()
    return result.source.raw.decode()


def replaced(text: str, *edits: tuple[str, str]) -> str:
    """Return a text in which each of some strings, which it has once, is replaced."""
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


# ── nothing was edited


@pytest.mark.parametrize("to", ["html", "md"])
@pytest.mark.parametrize("name", sorted(fixture_reports()))
def test_a_print_without_edits_changes_nothing(name: str, to: Format) -> None:
    text = fixture_reports()[name].read_text("utf-8")
    result = merged(text, (), to)
    assert (result.source.raw.decode(), result.left, result.doubts) == (text, (), ())


@settings(max_examples=MANY)
@given(written_reports(), st.sampled_from(["html", "md"]))
def test_a_print_of_any_report_changes_nothing(data: dict[str, Any], to: Format) -> None:
    text = write_yaml(data)
    result = merged(text, (), to)
    assert (result.source.raw.decode(), result.left) == (text, ())


@settings(max_examples=MANY)
@given(reports(), st.sampled_from(["html"]))
def test_a_print_of_hostile_texts_changes_nothing(data: dict[str, Any], to: Format) -> None:
    text = write_yaml(data)
    report = compile_report(text)
    try:
        imported = read(printed(report, to), to)
    except UserError:  # not recognized as a report
        return
    result = merge_edits(report, imported, Settings(), ())
    assert (result.source.raw.decode(), result.left) == (text, ())


# ── random edits


def _with_comments(text: str) -> str:
    """Return a report file with a comment at the end of every line and one above it.

    Only the lines of texts have none.
    """
    lines: list[str] = []
    within = -1
    for line in text.split("\n"):
        indent = len(line) - len(line.lstrip(" "))
        if within >= 0 and (not line.strip() or indent > within):
            lines.append(line)
            continue
        within = -1
        if not line.strip():
            lines.append(line)
            continue
        key = re.match(r" *(?:- )*([^:]*)", line)
        assert key is not None
        if re.search(r": \|[-+0-9]*$", line) or re.match(r" *- \|", line):
            within = indent + 2 * line.lstrip().startswith("- ")
        lines += [" " * indent + f"# 上面 {key[1]}", f"{line}  # 后面"]
    return "\n".join(lines)


def _cells(data: Any, pointer: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return the pointers of all numbers in the tables of a report, those with notes too."""
    if isinstance(data, dict):
        return [found for key, value in data.items() for found in _cells(value, (*pointer, key))]
    is_number = isinstance(data, int) and len(pointer) > 1
    return [pointer] if is_number else []


def _texts(data: Any, pointer: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return the pointers of all texts of several lines."""
    items: Any = ()
    if isinstance(data, dict):
        items = data.items()
    elif isinstance(data, list):
        items = enumerate(data)
    elif isinstance(data, str) and "\n" in data:
        return [pointer]
    return [found for key, value in items for found in _texts(value, (*pointer, key))]


def _put(data: Any, pointer: tuple[str | int, ...], value: object) -> None:
    value_at(data, pointer[:-1])[pointer[-1]] = value


def _edit_text(text: str, chance: Random) -> str:
    lines = text.split("\n")
    plain = [
        number for number, line in enumerate(lines) if re.match(r"(?![-|（]|[0-9]+\.|无)\S", line)
    ]
    if not plain:
        return text
    number = chance.choice(plain)
    word = f"另有{chance.randrange(1000, 9999)}"
    kind = chance.randrange(4)
    if kind == 0:
        lines[number] = f"经统计{word}，{lines[number]}"
    elif kind == 1:
        lines[number] += f"（{word}）"
    elif kind == 2:
        lines.insert(number + 1, f"本年度增加的一段，{word}件。")
    elif len(plain) > 1:
        del lines[number]
    return "\n".join(lines)


def _unshared(data: Any) -> Any:
    """Return a copy in which no two cells are one object."""
    if isinstance(data, dict):
        return {key: _unshared(value) for key, value in data.items()}
    return [_unshared(each) for each in data] if isinstance(data, list) else data


def _edited(data: dict[str, Any], chance: Random) -> dict[str, Any]:
    """Return a report with a few edits of cells, notes, texts and the date."""
    new: dict[str, Any] = _unshared(data)
    cells, texts = _cells(new), _texts(new)
    for pointer in chance.sample(cells, min(len(cells), chance.randrange(4))):
        _put(new, pointer, chance.randrange(10**6))
    for pointer in chance.sample(texts, min(len(texts), chance.randrange(4))):
        _put(new, pointer, _edit_text(value_at(new, pointer), chance))
    if chance.random() < 0.2:
        new["成文日期"] = "2019-03-31"
    return new


@settings(max_examples=2 * MANY)
@given(written_reports(), st.integers(0, 2**32), st.sampled_from(["html", "md"]), st.booleans())
def test_exactly_the_edits_are_made_and_all_comments_stay(
    data: dict[str, Any], seed: int, to: Format, windows: bool
) -> None:
    chance = Random(seed)
    edited = _edited(data, chance)
    text, expected = (_with_comments(write_yaml(each)) for each in (data, edited))
    raw, wanted = text.encode(), expected.encode()
    if windows:
        raw, wanted = (b"\xef\xbb\xbf" + each.replace(b"\n", b"\r\n") for each in (raw, wanted))
    from nianbao.checks.checker import compile_source
    from nianbao.parsing.reader import parse_source

    report = compile_source(parse_source(raw, "report.yaml")).report
    assert report is not None
    page = read(printed(compile_report(expected), to), to)
    result = merge_edits(report, page, Settings(), ())
    assert result.left == ()
    assert result.source.raw.decode() == wanted.decode()
