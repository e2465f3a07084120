"""Reduce embedded fonts with the HarfBuzz of the pinned package `uharfbuzz`."""

# WeasyPrint 70 loads the system's `libharfbuzz-subset`, whose version changes the bytes of the PDF.
# Without this library, WeasyPrint falls back to fontTools, which takes over 90 % of the time and is
# not reproducible. Remove this when WeasyPrint can use a pinned HarfBuzz.
#
# WeasyPrint also copies every font to subset it, 25 MB for each PDF. The patch lets HarfBuzz read
# the installed fonts from their files, without a copy.

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from nianbao.rendering import fonts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# The tables that Font._harfbuzz_subset of WeasyPrint drops.
_DROPPED_TABLES: Final = (
    *("BASE", "DSIG", "EBDT", "EBLC", "EBSC", "GPOS", "GSUB", "JSTF", "LTSH", "PCLT", "SVG "),
)
# Length of the start of a font file, with the table directory and its checksums.
_DIRECTORY_SIZE: Final = 512


def data_or_file_of(data: Callable[..., Any]) -> Callable[..., Any]:
    """Return a replacement for weasyprint.pdf.fonts.get_hb_object_data.

    For an installed font, the replacement returns the path instead of the data.

    `data`: the replaced function.
    """

    def data_or_file(face: Any) -> bytes | Path:
        from weasyprint.text.ffi import ffi, harfbuzz

        blob = harfbuzz.hb_face_reference_blob(face)
        with ffi.new("unsigned int *") as length:
            start = harfbuzz.hb_blob_get_data(blob, length)
            size = length[0]
            tables = bytes(ffi.buffer(start, min(size, _DIRECTORY_SIZE)))
        harfbuzz.hb_blob_destroy(blob)
        return _files().get((size, tables)) or data(face)

    return data_or_file


def subset(self: Any, to_unicode: dict[int, str], hinting: bool) -> None:
    """Reduce a font to the glyphs of the PDF; replaces weasyprint.pdf.fonts.Font.subset.

    `to_unicode`: the text of each used glyph, by glyph ID.
    `hinting`: True to preserve the hinting.
    """
    content = self.file_content
    if not to_unicode:
        self.file_content = content.read_bytes() if isinstance(content, Path) else content
        return
    import uharfbuzz

    flags = uharfbuzz.SubsetFlags  # the same flags as in WeasyPrint's Font._harfbuzz_subset
    used = uharfbuzz.SubsetInput()
    used.glyph_set.update(to_unicode)
    used.flags = flags.RETAIN_GIDS | flags.PASSTHROUGH_UNRECOGNIZED | flags.DESUBROUTINIZE
    if self.missing:
        used.flags |= flags.NOTDEF_OUTLINE
    if not hinting:
        used.flags |= flags.NO_HINTING
    used.drop_table_tag_set.update(int.from_bytes(name.encode(), "big") for name in _DROPPED_TABLES)
    in_place = isinstance(content, Path)
    blob = uharfbuzz.Blob.from_file_path(content) if in_place else uharfbuzz.Blob(content)
    face = uharfbuzz.Face(blob, self.index)
    self.file_content = uharfbuzz.subset(face, used).blob.data


@cache
def _files() -> Mapping[tuple[int, bytes], Path]:
    """Return the installed font files by size and first bytes, which identify a loaded font."""
    files = {}
    for installed in fonts.installed_faces():
        with installed.path.open("rb") as file:
            files[installed.size, file.read(_DIRECTORY_SIZE)] = installed.path
    return files
