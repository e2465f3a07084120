"""Read the files to import (Word, PDF …) from disk, and choose the path of the new report."""

from __future__ import annotations

import os
import re
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from nianbao.errors import UserError
from nianbao.importing.limits import MAX_BYTES
from nianbao.parsing.reader import read_source
from nianbao.utils.os_errors import describe_os_error
from nianbao.workspace.discovery import REPORTS_FOLDER, SUFFIXES, find_reports, reject_unportable
from nianbao.workspace.series import find_series

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.importing.importer import ImportedReport
    from nianbao.workspace.series import Series

_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')
_LONGEST_NAME: Final = 60


def import_file(path: Path, shown: str, *, pages_only: bool = False) -> ImportedReport:
    """Read a report from a file of any known format.

    `shown`: the path in messages. `pages_only`: True to read the pages of a PDF even if a report
    file is attached to it. Raises UserError with the path if the file can't be read, is damaged, or
    is no report.
    """
    from nianbao.importing.importer import import_document
    from nianbao.importing.readers import read_document
    from nianbao.importing.sniffing import sniff_format

    try:
        if not path.is_file():
            raise UserError("没有这个文件" if not os.path.lexists(path) else "不是一个文件")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)  # whatever its size is said to be
        if len(data) > MAX_BYTES:
            raise UserError(f"超过了 {MAX_BYTES // 1024 // 1024} MB，不像一份报告")
        document = read_document(data, sniff_format(data))
        return import_document(replace(document, attachment=b"") if pages_only else document)
    except OSError as error:
        raise UserError(f"{shown}：读不了：{describe_os_error(error)}") from error
    except UserError as error:
        raise UserError(f"{shown}：{error}") from error


def report_path(root: Path, report: ImportedReport) -> Path:
    """Return the path for the file of a new report.

    If reports of the same body exist, the path is in their folder and the file is named like them.
    Otherwise it is reports/<body>/<year>.yaml; <body> is the name of the body without the
    characters that a folder name can't have. Raises UserError if the body or the year is not known,
    or if the path does not suit all systems.
    """
    if not report.body or not report.year:
        missing = "机关的名称" if not report.body else "年度"
        raise UserError(f"没有认出{missing}，不知道放在哪里：用 -o 写出报告文件的名字")
    folder = root / REPORTS_FOLDER
    for series in _series(root):
        if _body_of(series) == report.body:
            return series.path(report.year)
    target = folder / clean_name(report.body) / f"{report.year}{SUFFIXES[0]}"
    reject_unportable(target.relative_to(folder))
    return target


def clean_name(name: str) -> str:
    """Return a text as a folder name: without separators, control characters and dots at its ends.

    Return "_" if nothing is left.
    """
    text = _NOT_IN_NAMES.sub("", unicodedata.normalize("NFC", name))
    return " ".join(text.split()).strip(". ")[:_LONGEST_NAME].strip(". ") or "_"


def _series(root: Path) -> list[Series]:
    if not (root / REPORTS_FOLDER).is_dir():
        return []
    try:
        return find_series(file.path for file in find_reports(root, ()))
    except UserError:  # an empty folder
        return []


def _body_of(series: Series) -> str:
    """Return the body that the latest report of a series names, or ""."""
    latest = series.reports[max(series.reports)]
    data = read_source(latest, str(latest)).data
    return str(data.get("机关", "")) if isinstance(data, dict) else ""
