"""Read the look of the web pages from nianbao.toml and the repository's style sheets."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from nianbao.diagnostics.finding import FILE_START, Finding, Problem, Severity
from nianbao.utils.colours import MIN_CONTRAST, contrast, long_form, readable
from nianbao.utils.patterns import lazy_pattern
from nianbao.utils.resources import resource
from nianbao.utils.text import shorten

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

# The grounds of templates/report.css on which text is hardest to read (--tint in both schemes).
LIGHT_GROUND: Final = "#eef2f6"
DARK_GROUND: Final = "#262b31"
# Style sheets that replace ours, and those that are added to ours.
ADDED_STYLES: Final = {"report.css": "extra.css", "print.css": "extra-print.css"}
STYLE_RULE: Final = "S304"
_ACCENT, _WIDTH, _EMBLEM = STYLE_KEYS = ("强调色", "宽度", "徽标文字")
_LONGEST: Final = 40  # characters that a message quotes
_MAX_EMBLEM: Final = 24  # characters, which fit on a line of a phone
_COLOUR: Final = lazy_pattern("#(?:[0-9a-fA-F]{3}){1,2}")
_LENGTH: Final = lazy_pattern(r"([1-9][0-9]{1,3})(px|rem)")
_LIMITS: Final = {"px": (480, 2400), "rem": (30, 150)}
# What stands in names besides letters, marks and digits; the last one between Tibetan syllables.
_JOINTS: Final = " ·・-—（）、་"


@dataclass(frozen=True, slots=True)
class Style:
    """The look of the web pages; "" means not set.

    `accent`: the accent colour (#rrggbb) in light mode, dark enough for text.
    `dark_accent`: the accent colour in dark mode, light enough for text.
    `width`: the largest width of the text, as a CSS length.
    `emblem`: a line of text at the top of the page.
    """

    accent: str = ""
    dark_accent: str = ""
    width: str = ""
    emblem: str = ""


def make_style(data: Mapping[str, str]) -> Style:
    """Return the style that the values of [样式] describe.

    `data`: the values by key, already checked with `explain_style`.
    """
    accent = long_form(data[_ACCENT]) if _ACCENT in data else ""
    return Style(
        accent and readable(accent, LIGHT_GROUND),
        accent and readable(accent, DARK_GROUND),
        data.get(_WIDTH, ""),
        data.get(_EMBLEM, ""),
    )


def explain_style(key: str, value: object) -> Problem | None:
    """Return a problem if a value in [样式] can't be used, else None."""
    text = value if isinstance(value, str) else ""
    if key == _ACCENT:
        is_valid, help_ = bool(_COLOUR.fullmatch(text)), '写成 "#1f4e8c" 这样的颜色'
    elif key == _WIDTH:
        is_valid, help_ = _is_width(text), '写成 "60rem" 或 "960px"，30rem 到 150rem'
    else:
        is_valid = 0 < len(text) <= _MAX_EMBLEM and all(map(_is_in_names, text))
        help_ = f"写单位或网站的名称，不超过 {_MAX_EMBLEM} 个字，不用别的符号"
    if is_valid:
        return None
    shown = "一组" if isinstance(value, (dict, list)) else shorten(str(value), _LONGEST)
    return Problem(f"“{key}”不能写 {shown}", help_)


def explain_contrast(data: Mapping[str, str]) -> Problem | None:
    """Return a problem if the accent colour of [样式] is too light for text, else None.

    In place of such a colour, the web page uses a darker colour.

    `data`: the values of [样式], already checked with `explain_style`.
    """
    accent = long_form(data[_ACCENT]) if _ACCENT in data else ""
    used = accent and readable(accent, LIGHT_GROUND)
    if used == accent:
        return None
    ratio = f"{int(contrast(accent, LIGHT_GROUND) * 10) / 10}"
    message = f"“{_ACCENT}”{accent} 在浅色底上看不清（对比度 {ratio}，要 {MIN_CONTRAST}）"
    return Problem(f"{message}，网页用了 {used}", f'写成 "{used}"，或者深一些的颜色')


def own_templates(root: Path) -> Path | None:
    """Return the folder with a repository's own templates, or None.

    In the program's own repository there are none.
    """
    folder = root / "templates"
    return folder if folder.is_dir() and not folder.samefile(resource("templates")) else None


def replaced_styles(root: Path) -> Iterator[Finding]:
    """Yield a warning for each of the program's style sheets that the repository replaces."""
    folder = own_templates(root)
    if folder is None:
        return
    for name, added in ADDED_STYLES.items():
        if (folder / name).is_file():
            message = "整个替换了自带的样式，自带样式以后的改进用不上"
            help_ = f"只改几处的，写在 templates/{added} 里，它加在自带样式的后面"
            path = f"templates/{name}"
            yield Finding(STYLE_RULE, Severity.WARNING, path, FILE_START, (), message, help_)


def _is_width(text: str) -> bool:
    found = _LENGTH.fullmatch(text)
    if not found:
        return False
    least, most = _LIMITS[found[2]]
    return least <= int(found[1]) <= most


def _is_in_names(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN" or character in _JOINTS
