"""Lets WeasyPrint cut embedded fonts with the HarfBuzz of the locked ``uharfbuzz`` package.

WeasyPrint 70 loads the machine's ``libharfbuzz-subset``. Where that is missing it falls back to
fontTools, which takes over nine tenths of the time and makes the bytes differ between runs; where
it is there, its version, and with it the bytes of the PDF, is the machine's. The pinned package
gives the same fonts everywhere, so it is used always. This can go when WeasyPrint takes its
HarfBuzz from a package that can be pinned.
"""

from typing import Any, Final

# The tables that WeasyPrint drops in Font._harfbuzz_subset.
_DROPPED_TABLES: Final = (
    *("BASE", "DSIG", "EBDT", "EBLC", "EBSC", "GPOS", "GSUB", "JSTF", "LTSH", "PCLT", "SVG "),
)


def subset(self: Any, to_unicode: dict[int, str], hinting: bool) -> None:
    """Stand in for weasyprint.pdf.fonts.Font.subset: keep the glyphs that the PDF uses.

    The steps and flags are those of Font._harfbuzz_subset: first drop the outlines but keep the
    numbers of the glyphs, since the page streams name them; then the empty tail after the last.
    """
    if not to_unicode:
        return
    import uharfbuzz

    flags = uharfbuzz.SubsetFlags
    common = flags.PASSTHROUGH_UNRECOGNIZED | flags.DESUBROUTINIZE
    if self.missing:
        common |= flags.NOTDEF_OUTLINE
    face = uharfbuzz.Face(uharfbuzz.Blob(self.file_content), self.index)

    used = uharfbuzz.SubsetInput()
    used.glyph_set.update(to_unicode)
    used.flags = common | flags.RETAIN_GIDS
    used.drop_table_tag_set.update(int.from_bytes(name.encode(), "big") for name in _DROPPED_TABLES)
    face = uharfbuzz.subset(face, used)

    head = uharfbuzz.SubsetInput()
    head.glyph_set.update(range(max(to_unicode) + 1))
    head.flags = common if hinting else common | flags.NO_HINTING
    self.file_content = uharfbuzz.subset(face, head).blob.data
