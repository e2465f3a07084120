"""Render a report as a Word file after GB/T 9704-2012, with Word's built-in styles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.rendering.docx.content import document_blocks
from nianbao.rendering.docx.package import Look, official_look, write_package

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.rendering.document import Document


def render_docx(document: Document, templates: Path) -> bytes:
    """Render the document of a report to the bytes of a Word file.

    `templates`: the repository's templates folder.
    """
    look = find_look(templates)
    return write_package(document, list(document_blocks(document, look.line)), look)


def find_look(templates: Path) -> Look:
    """Return the look of the repository's Word files."""
    return official_look()
