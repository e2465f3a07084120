"""Unfinished reports: cells without a valid value, and the marker of text to be rewritten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from nianbao.model.report import Report, Value

if TYPE_CHECKING:
    from nianbao.diagnostics.finding import Pointer

# `new` puts it before text that it copies from an earlier report.
DRAFT_MARK: Final = "待定稿"


@dataclass(frozen=True, slots=True)
class OpenValue(Value):
    """A cell without a valid value: blank, or with something else than a number in it.

    `quoted` is what is written, shortened; `is_missing`: its row or column is not in the file;
    `is_total`: a total that can't be computed as long as other cells are open.
    """

    quoted: str = ""
    is_missing: bool = False
    is_total: bool = False

    @property
    def text(self) -> str:
        """What is written in the cell."""
        return self.quoted

    @property
    def is_blank(self) -> bool:
        """True if a number is still to be filled in."""
        return not self.quoted and not self.is_total


@dataclass(frozen=True, slots=True)
class Draft:
    """An unfinished report: `report` has an OpenValue for each cell without a valid value.

    `report.signed` is only a stand-in if `is_signed` is False, and so are 机关 and 年度 if they are
    empty or 0. `open_texts` are the texts that must be written, or rewritten: those with a marker
    of `new`.
    """

    report: Report
    is_signed: bool
    open_texts: tuple[Pointer, ...]

    @property
    def open_cells(self) -> int:
        """The number of cells to be filled in; totals are computed."""
        values = self.report.values.values()
        return sum(isinstance(value, OpenValue) and value.is_blank for value in values)
