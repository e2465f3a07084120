"""Cache the patterns of the HTML parser, which saves half of its time."""

# tinyhtml5 2.1 stores the pattern of a character set under one key but looks for another key, so it
# compiles the pattern again for each piece of text. Remove this when tinyhtml5 is fixed.

from __future__ import annotations

import re


class PatternCache(dict[tuple[frozenset[str], bool], re.Pattern[str]]):
    """A cache of patterns; replaces tinyhtml5.inputstream.characters_until_regex.

    A key is a set of characters and a flag: False to match all other characters.
    """

    def __missing__(self, key: tuple[frozenset[str], bool]) -> re.Pattern[str]:
        """Compile and store the pattern of a key, which matches a run of characters."""
        characters, matches_these = key
        sign = "" if matches_these else "^"
        pattern = re.compile(f"[{sign}{re.escape(''.join(sorted(characters)))}]+")
        self[key] = pattern
        return pattern
