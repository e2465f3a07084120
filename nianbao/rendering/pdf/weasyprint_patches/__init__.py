"""Where WeasyPrint must be helped: each module mends one thing, and says when it can go.

They reach into WeasyPrint's insides, so its version is pinned: a test of each fails when the pinned
version changes, and another version than this one is refused rather than half mended.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

# The version whose insides the modules of this package were written against.
WEASYPRINT_VERSION: Final = "70.0"


class WeasyPrintVersionError(Exception):
    """Another WeasyPrint than the pinned one is installed; the message says what to run."""


@cache
def patched_weasyprint() -> Any:
    """WeasyPrint with all that is mended here in its place.

    Raises WrongVersion, ImportError where a package is missing, and OSError where the system
    libraries are that WeasyPrint needs.
    """
    import contextlib
    import io
    import warnings

    from nianbao.rendering.pdf.weasyprint_patches.cffi_cache import ready_declarations
    from nianbao.rendering.pdf.weasyprint_patches.lazy_fonttools import font_tools_later
    from nianbao.rendering.pdf.weasyprint_patches.user_agent_styles import (
        unread_style_sheets,
        use_fitting_style_sheets,
    )

    # Where Pango is missing, WeasyPrint prints advice in English before it raises OSError.
    with (
        warnings.catch_warnings(),
        contextlib.redirect_stdout(io.StringIO()),
        ready_declarations(),
        font_tools_later(),
        unread_style_sheets(),
    ):
        # On import WeasyPrint warns that libharfbuzz-subset is missing; it is not needed here.
        warnings.filterwarnings("ignore", "HarfBuzz-Subset will be", DeprecationWarning)
        import weasyprint
    if weasyprint.__version__ != WEASYPRINT_VERSION:
        raise WeasyPrintVersionError(
            f"排版 PDF 要用 WeasyPrint {WEASYPRINT_VERSION}，现在装的是 "
            f"{weasyprint.__version__}。请运行 make。"
        )
    import pydyf
    from tinyhtml5 import inputstream
    from weasyprint import css, pdf
    from weasyprint.layout import inline
    from weasyprint.pdf import fonts
    from weasyprint.text import line_break

    from nianbao.rendering.pdf.weasyprint_patches.anchors import without_headers
    from nianbao.rendering.pdf.weasyprint_patches.html5_patterns import Patterns
    from nianbao.rendering.pdf.weasyprint_patches.justification import justify_line
    from nianbao.rendering.pdf.weasyprint_patches.line_breaks import between_words, with_kept_words
    from nianbao.rendering.pdf.weasyprint_patches.pydyf_output import (
        ordinary_compression,
        with_clear_end,
        write_once,
    )
    from nianbao.rendering.pdf.weasyprint_patches.structure_tree import add_tags
    from nianbao.rendering.pdf.weasyprint_patches.subsetting import file_instead, subset

    inputstream.characters_until_regex = Patterns()
    css.find_style_attributes = without_headers(css.find_style_attributes)
    use_fitting_style_sheets(weasyprint.HTML)
    inline.justify_line = justify_line
    line_break.Layout.set_text = with_kept_words(line_break.Layout.set_text)
    line_break.get_log_attrs = between_words(line_break.get_log_attrs)
    fonts.get_hb_object_data = file_instead(fonts.get_hb_object_data)
    fonts.Font.subset = subset
    pdf.add_tags = add_tags
    pydyf.Stream.data = with_clear_end(pydyf.Stream.data)
    pydyf.zlib = ordinary_compression()
    pydyf.PDF.write = write_once(pydyf.PDF.write)
    return weasyprint
