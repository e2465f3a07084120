"""Lets WeasyPrint cut embedded fonts with the HarfBuzz of the locked ``uharfbuzz`` package.

WeasyPrint 70 loads the machine's ``libharfbuzz-subset``. Where that is missing it falls back to
fontTools, which takes over nine tenths of the time and makes the bytes differ between runs; where
it is there, its version, and with it the bytes of the PDF, is the machine's. The pinned package
gives the same fonts everywhere, so it is used always, the library of the machine only in its stead.
"""

from typing import Any, Final, Literal

# The version whose pdf/fonts.py this module was written against: Font.subset is replaced.
WEASYPRINT_VERSION: Final = "70.0"

Subsetter = Literal["uharfbuzz", "libharfbuzz-subset"]

# The tables that WeasyPrint drops in Font._harfbuzz_subset.
_DROPPED_TABLES: Final = (
    *("BASE", "DSIG", "EBDT", "EBLC", "EBSC", "GPOS", "GSUB", "JSTF", "LTSH", "PCLT", "SVG "),
)


class NoSubsetter(Exception):  # noqa: N818 - a state of the machine that the message explains
    """Nothing but the slow and unsteady fallback is there; the message says what to run."""


def ensure_subsetter() -> Subsetter:
    """Make WeasyPrint cut fonts with HarfBuzz, and say with which; to be called before rendering.

    Calling it again does nothing. Raises NoSubsetter rather than leave the fallback in place, and
    OSError where the system libraries that WeasyPrint needs are missing.
    """
    import contextlib
    import io
    import warnings

    # Where Pango is missing, WeasyPrint prints advice in English before it raises OSError.
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        # On import WeasyPrint warns that the library is missing: what this function mends.
        warnings.filterwarnings("ignore", "HarfBuzz-Subset will be", DeprecationWarning)
        import weasyprint
        from weasyprint.pdf import fonts
        from weasyprint.text import ffi

    try:
        import uharfbuzz
    except ImportError:
        uharfbuzz = None
    if uharfbuzz is not None and weasyprint.__version__ == WEASYPRINT_VERSION:
        fonts.Font.subset = _subset
        return "uharfbuzz"
    if ffi.harfbuzz_subset is not None and ffi.harfbuzz.hb_version_atleast(4, 1, 0):
        return "libharfbuzz-subset"
    raise NoSubsetter(
        f"不能裁剪嵌入 PDF 的字体：需要 WeasyPrint {WEASYPRINT_VERSION}（现为 "
        f"{weasyprint.__version__}）和 uharfbuzz，或者系统的 libharfbuzz-subset。请运行 make。"
    )


def _subset(self: Any, to_unicode: dict[int, str], hinting: bool) -> None:
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
