"""Limits on the size of imported files, since a file may come from a stranger."""

from __future__ import annotations

from typing import Final

from nianbao.errors import UserError

MAX_BYTES: Final = 50 * 1024 * 1024  # of a file
MAX_PART: Final = 60 * 1024 * 1024  # of one unpacked part of an archive
MAX_UNPACKED: Final = 200 * 1024 * 1024  # of all unpacked parts
MAX_PARTS: Final = 5_000  # in an archive
MAX_TAGS: Final = 600_000  # start and end tags of an XML part; as many attributes
MAX_DEFINITIONS: Final = 10_000  # styles or lists of a Word file
MAX_PARAGRAPHS: Final = 50_000  # of a Word file, those in cells included
MAX_ROWS: Final = 2_000  # of a table
MAX_COLUMNS: Final = 200  # of a table
MAX_CELLS: Final = 100_000  # of all tables
MAX_PARAGRAPH: Final = 1_000_000  # characters


def refuse_size(reason: str) -> UserError:
    """Return the error for a file that is too large.

    `reason`: in Chinese (文件解压后太大).
    """
    return UserError(f"{reason}，不像一份年度报告，没有读。只留报告本身，另存后再导入")
