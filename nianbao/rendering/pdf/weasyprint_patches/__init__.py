"""Patch WeasyPrint; each module changes one thing.

Only the pinned version of WeasyPrint is accepted, because the patches use internals.
"""

from __future__ import annotations

import sys
from functools import cache
from typing import Any, Final

# The version that the patches were written for. Tests fail when it changes. Each patch says in a
# comment when it can be removed.
WEASYPRINT_VERSION: Final = "70.0"
# The command that installs it for this interpreter.
INSTALL_WEASYPRINT: Final = f"{sys.executable} -m pip install weasyprint=={WEASYPRINT_VERSION}"


class WeasyPrintVersionError(Exception):
    """The installed WeasyPrint is not the pinned version. The message says what to run."""


@cache
def patched_weasyprint() -> Any:
    """Import WeasyPrint, apply all patches and return the package.

    Raises WeasyPrintVersionError if the installed version is not the pinned one. Raises ImportError
    for a missing package, OSError for a missing system library.
    """
    import contextlib
    import io
    import warnings

    from nianbao.rendering.pdf.weasyprint_patches.quick_import import quick_import

    # Without Pango, WeasyPrint prints advice in English before it raises OSError.
    with (
        warnings.catch_warnings(),
        contextlib.redirect_stdout(io.StringIO()),
        quick_import(),
    ):
        # On import WeasyPrint warns that libharfbuzz-subset is missing; it is not needed here.
        warnings.filterwarnings("ignore", "HarfBuzz-Subset will be", DeprecationWarning)
        import weasyprint
    if weasyprint.__version__ != WEASYPRINT_VERSION:
        raise WeasyPrintVersionError(
            f"排版 PDF 要用 WeasyPrint {WEASYPRINT_VERSION}，现在装的是 "
            f"{weasyprint.__version__}。请运行 {INSTALL_WEASYPRINT}。"
        )
    import pydyf
    from tinyhtml5 import inputstream
    from weasyprint import css, pdf
    from weasyprint.draw import text
    from weasyprint.layout import inline
    from weasyprint.pdf import fonts
    from weasyprint.text import line_break

    from nianbao.rendering.pdf.weasyprint_patches.anchors import without_header_anchors
    from nianbao.rendering.pdf.weasyprint_patches.html5_patterns import PatternCache
    from nianbao.rendering.pdf.weasyprint_patches.justification import justify_line
    from nianbao.rendering.pdf.weasyprint_patches.number_breaks import (
        keep_between_elements,
        keep_in_layout,
    )
    from nianbao.rendering.pdf.weasyprint_patches.pydyf_output import ZLIB, written_once
    from nianbao.rendering.pdf.weasyprint_patches.scripts import keep_joined, with_actual_text
    from nianbao.rendering.pdf.weasyprint_patches.structure_tree import add_tags
    from nianbao.rendering.pdf.weasyprint_patches.subsetting import data_or_file_of, subset

    inputstream.characters_until_regex = PatternCache()
    css.find_style_attributes = without_header_anchors(css.find_style_attributes)
    inline.justify_line = justify_line
    line_break.Layout.set_text = keep_joined(keep_in_layout(line_break.Layout.set_text))
    text.draw_first_line = with_actual_text(text.draw_first_line)
    line_break.get_log_attrs = keep_between_elements(line_break.get_log_attrs)
    fonts.get_hb_object_data = data_or_file_of(fonts.get_hb_object_data)
    fonts.Font.subset = subset
    pdf.add_tags = add_tags
    pydyf.Stream.data = written_once(pydyf.Stream.data)
    pydyf.zlib = ZLIB
    return weasyprint
