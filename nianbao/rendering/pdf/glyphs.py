"""Find characters of a report that no font of the PDF contains."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.diagnostics.finding import Finding, Severity
from nianbao.errors import UserError
from nianbao.model.report import printed_texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.model.report import Report


class GlyphCoverageError(UserError):
    """The characters of the fonts can't be looked up: the fonts are missing or damaged.

    The message, in Chinese, says what to run.
    """


def find_missing_glyphs(report: Report) -> Iterator[Finding]:
    """Yield an error (F501) for each character that no font of the PDF contains.

    Raises GlyphCoverageError if a character must be looked up and the fonts are missing.
    """
    reported: set[str] = set()
    for pointer, text in printed_texts(report):
        for character in _missing(text):
            if character in reported:
                continue
            reported.add(character)
            span = report.source.span_of_text(pointer, text, text.index(character), 1)
            code = f"U+{ord(character):04X}"
            yield Finding(
                "F501",
                Severity.ERROR,
                report.source.path,
                span,
                pointer,
                f"PDF 的字体里没有“{character}”（{code}）这个字",
                "换一个写法；网页和 Markdown 不受影响",
            )


def _missing(text: str) -> list[str]:
    # The fonts contain GB 2312 except two tone marks, so most reports need no lookup.
    if _in_gb2312(text) and not {"ˇ", "ˉ"}.intersection(text):
        return []
    from nianbao.rendering import fonts

    try:
        # Every other font stack has these families too, and the fonts of scripts if needed.
        return fonts.uncovered(text, fonts.stack("song", scripts=fonts.SCRIPTS))
    except fonts.FontsMissingError as error:
        raise GlyphCoverageError(str(error)) from error


def _in_gb2312(text: str) -> bool:
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
