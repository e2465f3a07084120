"""Regular expressions that are compiled when they are first used.

To compile all patterns at once would make each start of the program slower.
"""

from __future__ import annotations

import re
from typing import cast


# `re.compile` takes up to 3 ms for a pattern with many Chinese characters.
class _LazyPattern:
    """An object with the methods and attributes of a compiled pattern."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern

    def __getattr__(self, name: str) -> object:
        value = getattr(re.compile(self._pattern), name)
        setattr(self, name, value)  # later accesses do not come here
        return value


def lazy_pattern(pattern: str) -> re.Pattern[str]:
    """Return a pattern that is compiled only when it is first used.

    That first use raises `re.error` if the pattern is invalid.
    """
    return cast("re.Pattern[str]", _LazyPattern(pattern))
