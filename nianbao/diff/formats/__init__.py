"""Format changes as text, Markdown, HTML or JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, get_args

from nianbao.workspace.style import Style

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from nianbao.diff.model import Change

ChangeFormat = Literal["text", "markdown", "html", "json"]
CHANGE_FORMATS: Final[tuple[ChangeFormat, ...]] = get_args(ChangeFormat)
# Formats of a redline (nianbao/diff/redline).
RedlineFormat = Literal["html", "pdf", "docx"]
REDLINE_FORMATS: Final[tuple[RedlineFormat, ...]] = get_args(RedlineFormat)


def format_changes(
    changes: Sequence[Change],
    *,
    to: ChangeFormat,
    templates: Path,
    style: Style | None = None,
    colour: bool = False,
) -> str:
    """Return a text with all changes.

    `to`: the format of the text.
    `templates`: the repository's templates folder, which need not exist.
    `style`: the look of the format `html`.
    `colour`: True to use ANSI colours in the format `text`.

    Raises UserError if a template for `html` is invalid.
    """
    if to == "json":
        from nianbao.diff.formats.json import as_json

        return as_json(changes)
    if to == "markdown":
        from nianbao.diff.formats.markdown import as_markdown

        return as_markdown(changes)
    if to == "html":
        from nianbao.diff.formats.html import as_html

        return as_html(changes, templates, style or Style())
    from nianbao.diff.formats.text import as_text

    return as_text(changes, colour=colour)
