"""The characters that the faces have: the committed data agrees with the fonts themselves."""

import json
import os
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from nianbao.rendering.fonts import (
    FACES,
    FontsMissingError,
    InstalledFace,
    coverage,
    stack,
    uncovered,
)
from nianbao.rendering.fonts.charset import tongyong


@given(st.sets(st.integers(0, 400)))
def test_ranges_hold_exactly_the_code_points_they_were_made_of(points: set[int]) -> None:
    ends = coverage.boundaries(coverage.encode(points))
    inside = {p for p in range(402) if sum(end <= p for end in ends) % 2}
    assert inside == points


@pytest.mark.parametrize("face", FACES, ids=lambda face: face.key)
def test_the_data_says_what_the_font_file_has(
    faces: Mapping[str, InstalledFace], face: object
) -> None:
    installed = next(found for found in faces.values() if found.face == face)
    with TTFont(installed.path, lazy=True) as font:
        in_file = set(font.getBestCmap())
    text = "".join(chr(point) for point in range(0x20, 0x30000) if not 0xD800 <= point < 0xE000)
    missing = set(uncovered(text, [installed.face.family]))
    printing = {c for c in text if not coverage._is_invisible(c)}
    assert {c for c in printing if ord(c) in in_file} == printing - missing


@pytest.mark.usefixtures("faces")
@pytest.mark.parametrize("face", FACES, ids=lambda face: face.key)
@pytest.mark.parametrize("system_first", [False, True])
def test_every_stack_has_the_whole_table_of_2013(face: object, system_first: bool) -> None:
    key = next(known.key for known in FACES if known == face)
    assert uncovered(tongyong(), stack(key, system_first)) == []


@pytest.mark.usefixtures("faces")
def test_missing_characters_come_in_order_and_once() -> None:
    assert uncovered("年☑报☑🀄报", stack("fangsong")) == ["☑", "🀄"]


@pytest.mark.usefixtures("faces")
def test_what_is_invisible_is_never_missing() -> None:
    assert (
        uncovered("\t\r\n \u3000\u00a0\u2003\u200b\ufeff\ufe0f\u00ad\u2060", ["nianbao-kai"]) == []
    )


@pytest.mark.usefixtures("faces")
def test_control_characters_are_missing() -> None:
    assert uncovered("a\x07b", stack("song")) == ["\x07"]


@pytest.mark.usefixtures("faces")
def test_a_face_of_the_machine_covers_nothing_by_itself() -> None:
    assert uncovered("年", ["SimHei"]) == ["年"]


def test_asking_without_fonts_says_what_to_run(folder: Path) -> None:
    with pytest.raises(FontsMissingError, match="请运行"):
        uncovered("年", stack("song"))
    assert not folder.exists()


@pytest.mark.parametrize("content", ["", "[]", '{"nianbao-song": 1}', "\udcff"])
def test_damaged_data_says_what_to_run(folder: Path, content: str) -> None:
    folder.mkdir()
    (folder / "coverage.json").write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(FontsMissingError, match="请运行"):
        uncovered("年", stack("song"))


def test_renewed_data_is_read_anew(folder: Path) -> None:
    folder.mkdir()
    path = folder / "coverage.json"
    path.write_text(json.dumps({"nianbao-song": coverage.encode([ord("年")])}), encoding="utf-8")
    assert uncovered("年报", ["nianbao-song"]) == ["报"]
    path.write_text(json.dumps({"nianbao-song": coverage.encode([ord("报")])}), encoding="utf-8")
    os.utime(path, ns=(time.time_ns(), time.time_ns() + 1))
    assert uncovered("年报", ["nianbao-song"]) == ["年"]
