"""Read the files to import (Word, PDF …), and choose the paths of new reports."""

from __future__ import annotations

import contextlib
import os
import re
import unicodedata
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nianbao.errors import UserError
from nianbao.importing.limits import MAX_BYTES
from nianbao.parsing.reader import read_source
from nianbao.utils.os_errors import describe_os_error
from nianbao.workspace.discovery import REPORTS_FOLDER, SUFFIXES, find_reports, reject_unportable
from nianbao.workspace.series import find_series
from nianbao.workspace.units import UnitIndex

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nianbao.importing.importer import ImportedReport
    from nianbao.workspace.series import Series

_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')
_LONGEST_NAME: Final = 60


def import_file(
    path: Path, shown: str, content: bytes | UserError | None = None, *, pages_only: bool = False
) -> ImportedReport:
    """Read a report from a file of any known format.

    `shown`: the path in messages.
    `content`: the result or the error of `read_file`; None to read the file now.
    `pages_only`: True to read a PDF's pages, even if a report file is attached.

    Raises UserError if the file can't be read, is damaged, or is no report.
    """
    from nianbao.importing.importer import import_document
    from nianbao.importing.readers import read_document
    from nianbao.importing.sniffing import sniff_format

    try:
        if isinstance(content, UserError):
            raise content
        data = read_file(path) if content is None else content
        document = read_document(data, sniff_format(data))
        return import_document(replace(document, attachment=b"") if pages_only else document)
    except OSError as error:
        raise UserError(f"{shown}：读不了：{describe_os_error(error)}") from error
    except UserError as error:
        raise UserError(f"{shown}：{error}") from error


def read_file(path: Path) -> bytes:
    """Return the content of a file to import.

    Raises UserError if `path` is no file, or if the file is too large. Raises OSError if the system
    can't read the file.
    """
    if not path.is_file():
        raise UserError("没有这个文件" if not os.path.lexists(path) else "不是一个文件")
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)  # whatever its size is said to be
    if len(data) > MAX_BYTES:
        raise UserError(f"超过了 {MAX_BYTES // 1024 // 1024} MB，不像一份报告")
    return data


class ReportPaths:
    """Chooses the paths of new reports in a repository."""

    def __init__(self, root: Path) -> None:
        """Prepare for the repository in the folder `root`, whose files are read when needed."""
        self._folder = root / REPORTS_FOLDER
        # The series whose body is not known yet; each is read at most once.
        self._unread = _series(root)
        self._known: dict[str, Series] = {}
        self._units = UnitIndex(root)

    def choose(self, body: str, year: int) -> Path:
        """Return the path for a body's report on a year.

        Existing reports of the body determine the folder and the file name. For a new body the
        folder comes from the roster, or is reports/<body>/.

        Raises UserError if `body` is "", `year` is 0, or Windows can't use the path.
        """
        if not body or not year:
            missing = "年度" if body else "机关的名称"
            raise UserError(f"没有认出{missing}，不知道放在哪里：用 -o 写出报告文件的名字")
        while body not in self._known and (series := next(self._unread, None)):
            self._known.setdefault(_body_of(series), series)
        if body in self._known:
            return self._known[body].path(year)
        folder = Path(self._ids.get(body) or clean_name(body))
        reject_unportable(folder)
        return self._folder / folder / f"{year}{SUFFIXES[0]}"

    @cached_property
    def _ids(self) -> Mapping[str, str]:
        """The id of each unit in the roster by its name."""
        units = self._units.roster.units.values() if self._units.roster else ()
        return {unit.name: unit.id for unit in units if not unit.is_own}


def clean_name(name: str) -> str:
    """Return a text without the characters that a folder name can't have.

    Return "_" if nothing is left.
    """
    text = _NOT_IN_NAMES.sub("", unicodedata.normalize("NFC", name))
    return " ".join(text.split()).strip(". ")[:_LONGEST_NAME].strip(". ") or "_"


def _series(root: Path) -> Iterator[Series]:
    """Yield the series of the reports; the files are listed when the first one is asked for."""
    if (root / REPORTS_FOLDER).is_dir():
        with contextlib.suppress(UserError):  # an empty folder
            yield from find_series(file.path for file in find_reports(root, ()))


def _body_of(series: Series) -> str:
    """Return the body that the latest report of a series names, or ""."""
    latest = series.reports[max(series.reports)]
    data = read_source(latest, str(latest)).data
    return str(data.get("机关", "")) if isinstance(data, dict) else ""
