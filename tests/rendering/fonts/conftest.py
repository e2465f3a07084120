"""Fonts for the tests: the machine's own, and tiny ones drawn here."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen

from nianbao.rendering.fonts import FACES, FontsMissingError, InstalledFace, installed_faces
from nianbao.rendering.fonts.sources import FontFile


@pytest.fixture
def faces() -> Mapping[str, InstalledFace]:
    """The fonts that ``make`` set up, by key."""
    try:
        return {installed.face.key: installed for installed in installed_faces()}
    except FontsMissingError as missing:
        pytest.skip(f"fonts are not set up: {missing}")


def draw_font(path: Path, name: str, characters: str) -> None:
    """Write an OpenType font that has these characters, each a box, and metrics of its own."""
    glyphs = {f"u{ord(character):04X}": ord(character) for character in characters}
    names = [".notdef", *glyphs]
    builder = FontBuilder(1000, isTTF=False)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({point: glyph for glyph, point in glyphs.items()})
    charstrings = {}
    for glyph in names:
        pen = T2CharStringPen(1000, None)
        pen.moveTo((100, 0))
        pen.lineTo((900, 0))
        pen.lineTo((900, 800))
        pen.closePath()
        charstrings[glyph] = pen.getCharString()
    builder.setupCFF(name.replace(" ", ""), {"FullName": name}, charstrings, {})
    builder.setupHorizontalMetrics(dict.fromkeys(names, (1000, 100)))
    builder.setupHorizontalHeader(ascent=1151, descent=-286)
    builder.setupNameTable({"familyName": name, "styleName": "Regular", "fullName": name})
    builder.setupOS2(sTypoAscender=880, sTypoDescender=-120, usWinAscent=1151, usWinDescent=286)
    builder.setupPost()
    builder.save(path)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty font folder that nianbao takes for its own."""
    chosen = tmp_path / "fonts"
    monkeypatch.setenv("NIANBAO_FONTS", str(chosen))
    return chosen


def tiny_sources(fetched: Path, characters: str) -> Mapping[str, FontFile]:
    """Put one tiny font into ``fetched`` and offer it for every face."""
    draw_font(fetched / "tiny.otf", "Tiny", characters)
    tiny = FontFile("tiny-fonts", "tiny.otf", "Tiny", "")
    return {face.key: tiny for face in FACES}
