"""What must hold for any file that is imported."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import yaml

from fuzz.case import REPORT, SOURCE, TRUTH
from fuzz.failure import FailedCheckError, require
from import_quality.measure import Score, compare_cells
from nianbao.checks.rules.rule import PreviousReport
from nianbao.errors import UserError
from nianbao.importing.checking import check_imported
from nianbao.importing.files import import_file
from nianbao.importing.markdown import one_line
from nianbao.model.draft import DOUBT_MARK
from nianbao.parsing.reader import parse_source
from nianbao.utils.text import sanitize
from nianbao.workspace.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from fuzz.case import Case
    from nianbao.importing.importer import ImportedReport

_CHINESE: Final = re.compile("[\u4e00-\u9fff]")
_LONGEST_MESSAGE: Final = 500
_NO_REPORT: Final = PreviousReport("", exists=False, has_older=False, report=None)


def check_import(
    case: Case, folder: Path, step: Callable[[str], AbstractContextManager[None]]
) -> None:
    """Import the source file of a case and check the result.

    A file that is refused must give a message of one line; any other must give a report file that
    can be read. `step`: limits the time of a block, and names the block in its failures. Raises
    FailedCheckError if a check fails.
    """
    report: ImportedReport | None = None
    with step("import"):
        try:
            report = import_file(folder / SOURCE, SOURCE)
        except UserError as error:
            _check_message(str(error))
    if report is None:
        return
    _check_written(report)
    with step("check FILE"):
        checked = check_imported(report, SOURCE, Settings(), _NO_REPORT).result
    if checked.failures:
        raise FailedCheckError("check FILE", checked.failures[0].strip().split("\n")[-1])
    if TRUTH in case.files:
        _check_numbers(case.files[TRUTH], report)


def _check_message(message: str) -> None:
    require("import", bool(_CHINESE.search(message)), "拒绝的理由不是中文", message)
    require("import", "\n" not in message.strip(), "拒绝的理由不止一行", message)
    require("import", len(message) < _LONGEST_MESSAGE, "拒绝的理由太长", message)


def _check_written(report: ImportedReport) -> None:
    """The file can be read by our reader and by another one, and has each doubt as a comment."""
    for text in filter(None, (report.text, report.text_without_blank_totals)):
        source = parse_source(text.encode(), REPORT)
        require("import", not source.findings, "写出的报告读不了", *source.findings[:2])
        require("import", isinstance(source.data, dict), "写出的报告不是一份报告")
        try:
            yaml.safe_load(text)
        except yaml.YAMLError as error:
            raise FailedCheckError("import", "别的程序读不了写出的报告", str(error)) from error
    comments = "\n".join(line for line in report.text.split("\n") if DOUBT_MARK in line)
    for doubt in report.doubts:
        # `check` reports broken equations by itself.
        written = one_line(sanitize(doubt.message)) in comments
        is_equation = doubt.message.startswith("勾稽不符")
        require("import", written or is_equation, "存疑没有写进报告", doubt)


def _check_numbers(truth: bytes, report: ImportedReport) -> None:
    """No number differs from the truth without a doubt about it."""
    score = Score()
    compare_cells(yaml.safe_load(truth), report, score, SOURCE)
    require("import", not score.silent, "读错了数却没有列出", *score.problems[:6])
