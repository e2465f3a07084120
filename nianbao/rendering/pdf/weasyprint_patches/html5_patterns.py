"""Lets the parser of HTML keep its patterns: half of its time.

tinyhtml5 2.1 means to keep the pattern for a set of characters, but keeps it under another name
than it looks for, and so works it out again for each piece of text. This can go when it finds it.
"""

from __future__ import annotations

import re


class Patterns(dict[tuple[frozenset[str], bool], re.Pattern[str]]):
    """Stands in for tinyhtml5.inputstream.characters_until_regex: worked out when first asked for.

    A key is a set of characters, and whether those are looked for or all others.
    """

    def __missing__(self, key: tuple[frozenset[str], bool]) -> re.Pattern[str]:
        """The pattern of a run of such characters."""
        characters, of_these = key
        sign = "" if of_these else "^"
        pattern = re.compile(f"[{sign}{re.escape(''.join(sorted(characters)))}]+")
        self[key] = pattern
        return pattern
