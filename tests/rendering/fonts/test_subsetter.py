"""Cutting a font to a set of characters."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from fontTools.ttLib import TTCollection, TTFont

from nianbao.rendering.fonts import InstalledFace
from nianbao.rendering.fonts.subsetter import BASELINES, subset_font

from .conftest import draw_font


def test_the_cut_keeps_what_is_wanted_and_there(tmp_path: Path) -> None:
    draw_font(tmp_path / "a.otf", "Tiny", "年报告")
    font = subset_font(tmp_path / "a.otf", "Tiny", map(ord, "年报吗"))
    assert font.code_points == tuple(sorted(map(ord, "年报")))


def test_cutting_twice_gives_the_same_bytes(faces: Mapping[str, InstalledFace]) -> None:
    names = {"song": "Noto Serif CJK SC", "fangsong": "FandolFang R"}
    if "pylopdf" in faces["song"].source:
        names = {"song": "Noto Serif SC"}
    for key, name in names.items():
        points = range(0x4E00, 0x5000)
        once, twice = (subset_font(faces[key].path, name, points).data for _ in range(2))
        assert once == twice


def test_every_cut_has_the_one_em_box(tmp_path: Path) -> None:
    draw_font(tmp_path / "a.otf", "Tiny", "年")
    (tmp_path / "cut.otf").write_bytes(subset_font(tmp_path / "a.otf", "Tiny", [ord("年")]).data)
    with TTFont(tmp_path / "cut.otf") as font:
        lines, windows = font["hhea"], font["OS/2"]
        assert (lines.ascent, lines.descent, lines.lineGap) == (880, -120, 0)
        assert (windows.sTypoAscender, windows.sTypoDescender) == (880, -120)
        assert (windows.usWinAscent, windows.usWinDescent) == (880, 120)


def test_all_faces_have_the_same_base_lines(faces: Mapping[str, InstalledFace]) -> None:
    visible = set()
    for installed in faces.values():
        if installed.face.blocks:
            continue
        with TTFont(installed.path, lazy=True) as font:
            axis = font["BASE"].table.HorizAxis
            for record in axis.BaseScriptList.BaseScriptRecord:
                coordinates = [c.Coordinate for c in record.BaseScript.BaseValues.BaseCoord]
                visible.add(tuple(zip(axis.BaseTagList.BaselineTag, coordinates, strict=True)))
    assert visible == {BASELINES}


def test_the_font_is_found_in_a_collection_by_its_name(tmp_path: Path) -> None:
    collection = TTCollection()
    for name, characters in (("Tiny JP", "日"), ("Tiny SC", "中")):
        draw_font(tmp_path / f"{name}.otf", name, characters)
        collection.fonts.append(TTFont(tmp_path / f"{name}.otf"))
    collection.save(tmp_path / "all.ttc")
    font = subset_font(tmp_path / "all.ttc", "Tiny SC", map(ord, "日中"))
    assert font.code_points == (ord("中"),)


def test_a_font_of_another_name_is_refused(tmp_path: Path) -> None:
    draw_font(tmp_path / "a.otf", "Tiny", "年")
    with pytest.raises(LookupError, match="没有 Large"):
        subset_font(tmp_path / "a.otf", "Large", [ord("年")])
