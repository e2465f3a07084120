"""Write JSON that cannot control a terminal or give commands to a build log."""

from __future__ import annotations

import json
import re
import unicodedata

from nianbao.utils.characters import CONTROL_CATEGORIES, MAYBE_CONTROL

_ESCAPED = {*CONTROL_CATEGORIES, "Cs"}
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


def dump_json(document: object) -> str:
    """Return JSON in which control characters and commands to build logs are escaped."""

    def escaped(match: re.Match[str]) -> str:
        character = match.group()
        is_control = character != "\n" and unicodedata.category(character) in _ESCAPED
        return escape(character) if is_control else character

    text = json.dumps(document, ensure_ascii=False, indent=2)
    # GitHub's runner takes ##[…] for a command wherever it stands in a line.
    return MAYBE_CONTROL.sub(escaped, text).replace("##[", "#\\u0023[")


def escape(text: str) -> str:
    r"""Return a text with every character as a JSON escape: \uXXXX for each UTF-16 unit."""
    return "".join(
        f"\\u{unit:04x}"
        for character in text
        for unit in memoryview(character.encode("utf-16-le", "surrogatepass")).cast("H")
    )


def only_ascii(document: str) -> str:
    """Escape the non-ASCII characters of JSON; a stream in GBK can't encode all of them."""
    return _NOT_ASCII.sub(lambda match: escape(match.group()), document)
