"""Describe unfinished reports: cells without a valid value, and texts that are not final."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from nianbao.model.report import Report, Value

if TYPE_CHECKING:
    from nianbao.diagnostics.finding import Pointer

# The command `new` puts this mark before text that it copies from an earlier report.
DRAFT_MARK: Final = "待定稿"
# The command `import` begins a comment with this where it was not sure of what it read.
DOUBT_MARK: Final = "# 导入存疑"


@dataclass(frozen=True, slots=True)
class OpenValue(Value):
    """A placeholder for the value of a cell that is blank or contains no valid number.

    `quoted`: the invalid text, shortened and in quotation marks, or "".
    `is_missing`: True if the cell's row or column is not in the file.
    `is_total`: True if the cell is a total that can't be computed yet.
    """

    quoted: str = ""
    is_missing: bool = False
    is_total: bool = False

    @property
    def text(self) -> str:
        """The text to print: the invalid text of the cell in quotation marks, or ""."""
        return self.quoted

    @property
    def is_blank(self) -> bool:
        """True if the cell is blank and is not a total: the user must fill in a number."""
        return not self.quoted and not self.is_total


@dataclass(frozen=True, slots=True)
class Draft:
    """An unfinished report.

    `report`: has an OpenValue for each cell without a valid value.
    `is_signed`: False if 成文日期 is not a valid date; `report.signed` is then a placeholder.
    `open_texts`: the pointers of the texts that the user must write or rewrite.
    """

    report: Report
    is_signed: bool
    open_texts: tuple[Pointer, ...]

    @property
    def open_cells(self) -> int:
        """The number of blank cells to fill in; totals do not count, because they are computed."""
        values = self.report.values.values()
        return sum(isinstance(value, OpenValue) and value.is_blank for value in values)
