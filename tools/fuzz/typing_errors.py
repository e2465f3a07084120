"""Make typing errors as people do in the lines of a file, and damage that no person does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fuzz import prose

if TYPE_CHECKING:
    from random import Random

# A pattern, and what people type in its place.
_TYPING_ERRORS: Final = (
    (r": ", ("：", ":", " : ", "： ", " ", "=", ":  ", ":\t", "")),
    (r":$", ("：", "", ": |", ": >", ": -", ":{", ": &a", " :", "::")),
    (r", ", ("，", ",", "、", " ", ", , ", "；", "", "\n", ",\t")),
    (r"\{", ("｛", "（", "[", "{{", "", "{ ", "(", "{\n")),
    (r"\}", ("｝", "）", "]", "}}", "", " }", ")", "\n}", "},")),
    (r"\[", ("［", "{", "", "[[")),
    (r"\]", ("］", "}", "", "]]")),
    (
        r"[0-9]+",
        ("１２", "1,200", "1，200", "12件", "", "3.0", "-3", '"5"', "/", "／", "无", "O", "1 2"),
    ),
    (r"\|", ("", ">", "｜", "|2", "|-", "|+", "| 文字", "||", "｜ ")),
    (r"^  +", ("", " ", "\t", "　", "   ", "      ", "\xa0 ", "  　")),
    (r"- ", ("－ ", "-", "— ", "* ", "-- ", "· ", "-\t")),
    (r"#", ("＃", "", " #", "/")),
    (r"[\"']", ("“", "”", "‘", "", "＂")),
    (r"[\u4e00-\u9fff]{2}", ("", "况", " ", "\u200b", "况况", "：", "{", "“", "#")),
)


def mistype(text: str, random: Random) -> str:
    """Return a text with one to five typing errors."""
    lines = text.split("\n")
    for _ in range(random.choice([1, 1, 2, 5])):
        at = random.randrange(len(lines))
        chance = random.random()
        if chance < 0.65:
            lines[at] = _mistyped(lines[at], random)
        elif chance < 0.75:
            indent = random.choice(["", " ", "  ", "   ", "\t", "    "])
            lines[at] = indent + lines[at].lstrip()
        elif chance < 0.8:
            # A whole line with the Chinese input method on.
            lines[at] = lines[at].translate(str.maketrans(":,{}[]", "：，｛｝［］"))
        elif chance < 0.84:
            lines.insert(at, random.choice(lines))
        elif chance < 0.88 and len(lines) > 1:
            del lines[at]
        elif chance < 0.92:
            other = random.randrange(len(lines))
            lines[at], lines[other] = lines[other], lines[at]
        elif chance < 0.96:
            cut = random.randint(0, len(lines[at]))
            lines[at : at + 1] = [lines[at][:cut], lines[at][cut:]]
        elif at + 1 < len(lines):
            lines[at : at + 2] = [lines[at] + lines[at + 1]]
    return "\n".join(lines)


def _mistyped(line: str, random: Random) -> str:
    """Return a line with one or all places of a pattern mistyped."""
    possible = [each for each in _TYPING_ERRORS if re.search(each[0], line)]
    if not possible:
        return line + random.choice(prose.PIECES)
    pattern, wrong = random.choice(possible)
    if random.random() < 0.2:
        instead = random.choice(wrong)
        return re.sub(pattern, lambda _: instead, line)
    place = random.choice(list(re.finditer(pattern, line)))
    return line[: place.start()] + random.choice(wrong) + line[place.end() :]


def damage_text(text: str, random: Random) -> str:
    """Return a text with pieces inserted, ranges removed, doubled or moved, and long runs."""
    for _ in range(random.randint(1, 4)):
        start = random.randint(0, len(text))
        end = start + random.choice([0, 1, 5, 30, 300])
        chance = random.random()
        if chance < 0.45:
            piece = random.choice(prose.PIECES)
        elif chance < 0.6:
            piece = text[start:end] * 2
        elif chance < 0.75:
            other = random.randint(0, len(text))
            piece = text[other : other + random.choice([5, 50, 500])]
        elif chance < 0.85:
            piece = prose.long_run(random)
        else:
            piece = prose.noise(random)
        text = text[:start] + piece + text[end if random.random() < 0.5 else start :]
    return text[: random.randint(0, len(text))] if random.random() < 0.08 else text


def damage_bytes(content: bytes, random: Random) -> bytes:
    """Return bytes that are mostly no UTF-8: other encodings, cut, or with other bytes in them."""
    chance = random.random()
    if chance < 0.4:
        encoding = random.choice(["gbk", "utf-16", "utf-16-le", "utf-32", "gb18030", "big5"])
        return content.decode(errors="replace").encode(encoding, "replace")
    changed = bytearray(content)
    for _ in range(random.randint(1, 5)):
        at = random.randint(0, len(changed))
        changed[at : at + random.choice([0, 1, 1, 9])] = random.randbytes(random.randint(0, 4))
    return bytes(changed if chance < 0.8 else changed[: random.randint(0, len(changed))])
