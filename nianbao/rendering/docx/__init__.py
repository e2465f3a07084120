"""Render a report as a Word file after GB/T 9704-2012, with Word's built-in styles."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from nianbao.rendering.docx.content import document_blocks
from nianbao.rendering.docx.package import (
    LETTERHEAD,
    Look,
    official_look,
    properties_of,
    write_package,
)
from nianbao.rendering.errors import TemplateError
from nianbao.utils.os_errors import describe_os_error

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.rendering.document import Document

_MAX_LETTERHEAD: Final = 20_000_000  # bytes


def render_docx(document: Document, templates: Path) -> bytes:
    """Return the bytes of a Word file of a report.

    `templates`: the repository's templates folder; report.docx in it is the letterhead.

    Raises TemplateError if the letterhead can't be used. Raises UserError if python-docx, which
    reads the letterhead, is not installed.
    """
    look = find_look(templates)
    blocks = list(document_blocks(document, look.characters_per_line))
    return write_package(blocks, look, properties_of(document))


def find_look(templates: Path) -> Look:
    """Return the look of the repository's letterhead, or else the official look.

    A letterhead is a Word file with styles, headers and footers.

    `templates`: the folder of the letterhead.

    Raises TemplateError if the letterhead can't be used. Raises UserError if python-docx, which
    reads the letterhead, is not installed.
    """
    file = templates / LETTERHEAD
    if not os.path.lexists(file):
        return official_look()
    from nianbao.rendering.docx.letterhead import read_letterhead

    problem = ""
    try:
        if file.is_symlink() or not file.is_file():
            problem = "是一个链接或文件夹，不读取"
        elif file.stat().st_size > _MAX_LETTERHEAD:
            problem = "文件太大，不像信纸"
        else:
            content = file.read_bytes()
    except OSError as error:
        problem = f"读不了：{describe_os_error(error)}"
    if problem:
        raise TemplateError(f"templates/{LETTERHEAD}", 1, problem)
    return read_letterhead(content)
