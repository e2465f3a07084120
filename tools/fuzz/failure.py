"""A check that does not hold."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(eq=False)
class FailedCheckError(Exception):
    """The step, what is wrong, the same for every failure of its kind, and a log."""

    step: str
    message: str
    log: str = ""

    def __str__(self) -> str:
        return f"{self.step}：{self.message}"

    @property
    def signature(self) -> str:
        """What failures of the same kind share: the text without numbers."""
        return re.sub("[0-9]+", "#", str(self))


def require(step: str, holds: bool, message: str, *log: object) -> None:
    """Raise FailedCheckError with a message, and a log of some values, unless a check holds."""
    if not holds:
        raise FailedCheckError(step, message, "\n".join(map(repr, log)))
