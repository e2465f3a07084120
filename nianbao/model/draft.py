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
    """A placeholder for the value of a cell that contains no valid number.

    `quoted`: the invalid text, shortened and in quotation marks, or "".
    `is_missing`: True if the cell's row or column is not in the file.
    `is_total`: True if the cell is a total that can't be computed.
    """

    quoted: str = ""
    is_missing: bool = False
    # A total can't be computed if another cell in its sum has no valid value.
    is_total: bool = False

    @property
    def text(self) -> str:
        """The text to print: the cell's invalid text in quotation marks, or ""."""
        return self.quoted

    @property
    def is_blank(self) -> bool:
        """True if the user must fill in a number: the cell is blank and not a total."""
        return not self.quoted and not self.is_total


@dataclass(frozen=True, slots=True)
class Draft:
    """An unfinished report.

    `report`: the report, with an OpenValue for each cell without a valid value.
    `has_date`: False if `report.signed` is a placeholder, because 成文日期 is not a valid date.
    `open_texts`: the pointers of the texts that the user must still write or rewrite.
    """

    report: Report  # a missing 机关 is "", and a missing 年度 is 0
    has_date: bool
    # Texts with DRAFT_MARK are to be rewritten.
    open_texts: tuple[Pointer, ...]

    @property
    def open_cells(self) -> int:
        """The number of blank cells that the user must fill in.

        Totals are not included, because nianbao computes totals.
        """
        values = self.report.values.values()
        return sum(isinstance(value, OpenValue) and value.is_blank for value in values)
