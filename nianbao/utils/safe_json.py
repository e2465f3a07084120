"""JSON whose text cannot steer a terminal or a build log."""

from __future__ import annotations

import json
import re
import unicodedata

from nianbao.utils.text import STEERING, UNUSUAL

_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


def dump_json(document: object) -> str:
    """JSON in which every control character is an escape, as is what build logs act upon."""

    def escaped(match: re.Match[str]) -> str:
        character = match.group()
        steers = unicodedata.category(character) in {*STEERING, "Cs"} and character != "\n"
        return escape(character) if steers else character

    text = json.dumps(document, ensure_ascii=False, indent=2)
    # GitHub's runner takes ##[…] for a command wherever it stands in a line.
    return UNUSUAL.sub(escaped, text).replace("##[", "#\\u0023[")


def escape(text: str) -> str:
    """Every character of a text as JSON escapes it."""
    return "".join(
        f"\\u{unit:04x}"
        for character in text
        for unit in memoryview(character.encode("utf-16-le", "surrogatepass")).cast("H")
    )


def only_ascii(document: str) -> str:
    """The same JSON for a stream whose encoding lacks characters (GBK on Windows)."""
    return _NOT_ASCII.sub(lambda match: escape(match.group()), document)
