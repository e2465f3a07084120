"""Cache the patterns of the HTML parser: saves half of its time.

tinyhtml5 2.1 stores the pattern of a character set under another key than it looks for, and
compiles it again for each piece of text. Remove this when that is fixed.
"""

from __future__ import annotations

import re


class PatternCache(dict[tuple[frozenset[str], bool], re.Pattern[str]]):
    """Replacement of tinyhtml5.inputstream.characters_until_regex that compiles on first use.

    A key is a set of characters, and whether to match these or all others.
    """

    def __missing__(self, key: tuple[frozenset[str], bool]) -> re.Pattern[str]:
        """Compile the pattern for a run of such characters."""
        characters, matches_these = key
        sign = "" if matches_these else "^"
        pattern = re.compile(f"[{sign}{re.escape(''.join(sorted(characters)))}]+")
        self[key] = pattern
        return pattern
