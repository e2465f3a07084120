"""Reduce a font to a set of characters, with the same bytes on every machine."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

# The features of plain horizontal text. Others (Japanese and Korean forms, vertical text …) would
# double the size of the file.
FEATURES: Final = ("ccmp", "kern", "liga", "mark", "mkmk")

# One em box for all fonts, in thousandths: 880 above and 120 below the baseline. The original
# values differ (Noto 1151/286, Fandol 880/120 with a line gap), so a single character from
# another font would increase the height of its line and break the grid of 22 lines.
ASCENT: Final = 880
DESCENT: Final = 120

# The same for the baselines: Pango aligns runs at their ideographic face edges (Fandol -5, Noto
# -74 to -90), which would shift a fallback character by a point.
BASELINES: Final = (("icfb", -60), ("icft", 820), ("ideo", -120), ("romn", 0))


@dataclass(frozen=True, slots=True)
class SubsetFont:
    """A font reduced to a set of characters.

    `data`: the OpenType file.
    `code_points`: the code points in the font.
    """

    data: bytes
    code_points: tuple[int, ...]


def subset_font(
    source: Path, full_name: str, wanted: Iterable[int], *, shaped: bool = False
) -> SubsetFont:
    """Reduce a font to the code points `wanted`.

    `source`: a font file or a collection of fonts.
    `full_name`: the full name in the font's name table.
    `shaped`: True to preserve the layout features for joined and stacked letters.

    Raises LookupError if the file has no font of that name.
    """
    import uharfbuzz

    blob = uharfbuzz.Blob.from_file_path(str(source))
    face = _find(blob, full_name, source)
    plan = uharfbuzz.SubsetInput()
    plan.unicode_set.update(wanted)
    if not shaped:
        plan.layout_feature_tag_set.clear()
        plan.layout_feature_tag_set.update(_tag(name) for name in FEATURES)
    subset = uharfbuzz.subset(face, plan)
    return SubsetFont(_with_common_metrics(subset.blob.data), tuple(sorted(subset.unicodes)))


def _find(blob, full_name: str, source: Path):  # type: ignore[no-untyped-def]
    import uharfbuzz

    names = []
    for index in range(uharfbuzz.Face(blob).count):
        face = uharfbuzz.Face(blob, index)
        names.append(face.get_name(uharfbuzz.OTNameIdPredefined.FULL_NAME))
        if names[-1] == full_name:
            return face
    raise LookupError(f"{source.name} 中没有 {full_name}，只有 {names}")


def _tag(name: str) -> int:
    return int.from_bytes(name.encode("ascii"), "big")


def _with_common_metrics(data: bytes) -> bytes:
    from fontTools.ttLib import TTFont

    # Lazy and without recalculation: all other tables are copied unchanged, no clock is read.
    font = TTFont(io.BytesIO(data), lazy=True, recalcTimestamp=False, recalcBBoxes=False)
    scale = font["head"].unitsPerEm / 1000
    ascent, descent = round(ASCENT * scale), round(DESCENT * scale)
    lines = font["hhea"]
    lines.ascent, lines.descent, lines.lineGap = ascent, -descent, 0
    windows = font["OS/2"]
    windows.sTypoAscender, windows.sTypoDescender, windows.sTypoLineGap = ascent, -descent, 0
    windows.usWinAscent, windows.usWinDescent = ascent, descent
    if "BASE" in font:
        _set_common_baselines(font["BASE"].table.HorizAxis, scale)
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def _set_common_baselines(axis: Any, scale: float) -> None:
    wanted = {tag: round(value * scale) for tag, value in BASELINES}
    for record in axis.BaseScriptList.BaseScriptRecord:
        coordinates = record.BaseScript.BaseValues.BaseCoord
        for tag, coordinate in zip(axis.BaseTagList.BaselineTag, coordinates, strict=True):
            coordinate.Coordinate = wanted.get(tag, coordinate.Coordinate)
