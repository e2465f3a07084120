"""Lets WeasyPrint cut embedded fonts with the HarfBuzz of the locked ``uharfbuzz`` package.

WeasyPrint 70 loads the machine's ``libharfbuzz-subset``. Where that is missing it falls back to
fontTools, which takes over nine tenths of the time and makes the bytes differ between runs; where
it is there, its version, and with it the bytes of the PDF, is the machine's. The pinned package
gives the same fonts everywhere, so it is used always. This can go when WeasyPrint takes its
HarfBuzz from a package that can be pinned.

It also copies every font whole, 25 MB for each PDF, to take some glyphs out of it. Ours are files,
which are read where they lie.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from nianbao.rendering import fonts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# The tables that WeasyPrint drops in Font._harfbuzz_subset.
_DROPPED_TABLES: Final = (
    *("BASE", "DSIG", "EBDT", "EBLC", "EBSC", "GPOS", "GSUB", "JSTF", "LTSH", "PCLT", "SVG "),
)
# The start of a font file, which lists its tables with the checksum of each.
_LISTS_TABLES: Final = 512


def file_instead(data: Callable[..., Any]) -> Callable[..., Any]:
    """Stand in for weasyprint.pdf.fonts.get_hb_object_data: a font of ours is told by its file."""

    def data_or_file(face: Any) -> bytes | Path:
        from weasyprint.text.ffi import ffi, harfbuzz

        blob = harfbuzz.hb_face_reference_blob(face)
        with ffi.new("unsigned int *") as length:
            start = harfbuzz.hb_blob_get_data(blob, length)
            size = length[0]
            tables = bytes(ffi.buffer(start, min(size, _LISTS_TABLES)))
        harfbuzz.hb_blob_destroy(blob)
        return _files().get((size, tables)) or data(face)

    return data_or_file


def subset(self: Any, to_unicode: dict[int, str], hinting: bool) -> None:
    """Stand in for weasyprint.pdf.fonts.Font.subset: keep the glyphs that the PDF uses.

    The flags are those of Font._harfbuzz_subset. It cuts the empty tail after the last glyph in a
    second step, which HarfBuzz has long done in the first.
    """
    content = self.file_content
    if not to_unicode:
        self.file_content = content.read_bytes() if isinstance(content, Path) else content
        return
    import uharfbuzz

    flags = uharfbuzz.SubsetFlags
    used = uharfbuzz.SubsetInput()
    used.glyph_set.update(to_unicode)
    used.flags = flags.RETAIN_GIDS | flags.PASSTHROUGH_UNRECOGNIZED | flags.DESUBROUTINIZE
    if self.missing:
        used.flags |= flags.NOTDEF_OUTLINE
    if not hinting:
        used.flags |= flags.NO_HINTING
    used.drop_table_tag_set.update(int.from_bytes(name.encode(), "big") for name in _DROPPED_TABLES)
    face = (
        _face(content)
        if isinstance(content, Path)
        else uharfbuzz.Face(uharfbuzz.Blob(content), self.index)
    )
    self.file_content = uharfbuzz.subset(face, used).blob.data


@cache
def _files() -> Mapping[tuple[int, bytes], Path]:
    """Our font files, by what a loaded font tells of itself: size, and the list of its tables."""
    found = {}
    for installed in fonts.installed_faces():
        with installed.path.open("rb") as file:
            found[installed.size, file.read(_LISTS_TABLES)] = installed.path
    return found


@cache
def _face(path: Path) -> Any:
    """A font file for HarfBuzz, which maps it into memory."""
    import uharfbuzz

    return uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path)))
