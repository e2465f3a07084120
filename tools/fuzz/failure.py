"""Report a check that failed."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(eq=False)
class FailedCheckError(Exception):
    """A check failed.

    `step`: the step of the case. `message`: what is wrong, in Chinese. `log`: details that differ
    from failure to failure.
    """

    step: str
    message: str
    log: str = ""

    def __str__(self) -> str:
        return f"{self.step}：{self.message}"

    @property
    def signature(self) -> str:
        """The text with # for numbers, which is the same for all failures of the same kind."""
        return re.sub("[0-9]+", "#", str(self))


def require(step: str, holds: bool, message: str, *log: object) -> None:
    """Raise FailedCheckError unless `holds` is True; `log`: values to log in the error."""
    if not holds:
        raise FailedCheckError(step, message, "\n".join(map(repr, log)))
