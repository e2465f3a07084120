"""Read nianbao.toml, the settings for all reports of a repository."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nianbao.diagnostics.finding import FILE_START, Finding, Problem, Severity, Span
from nianbao.model.schema import edition_schema
from nianbao.utils.characters import UNPRINTABLE
from nianbao.utils.patterns import lazy_pattern
from nianbao.utils.text import shorten
from nianbao.workspace.style import (
    STYLE_KEYS,
    STYLE_RULE,
    Style,
    explain_contrast,
    explain_style,
    make_style,
    replaced_styles,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

FILE_NAME = "nianbao.toml"
_MAX_BYTES = 16 * 1024  # tomllib takes quadratic time for dotted keys
_LONGEST = 40  # characters that a message quotes
_KEYS = ("联系方式", "机关类型", "期限", "字体", "网址")
_FONTS = ("开放", "系统")
_UNPRINTABLE = lazy_pattern(f"[{UNPRINTABLE}]")
NO_DEADLINE = "无"
# Scheme, host, perhaps a port, and a path without query: it is the beginning of other addresses.
_ADDRESS = lazy_pattern(
    r"https?://[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?(?::[0-9]{1,5})?"
    r"(?:/(?:[A-Za-z0-9._~-]|%[0-9A-Fa-f]{2}){1,100}){0,20}/?"
)
_DEADLINE = lazy_pattern(
    r"无|(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    r"|02-(?:0[1-9]|1[0-9]|2[0-8])"
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a repository.

    A text that is not set is "".

    `contact`: 联系方式 for reports that have none.
    `body_kind`: 机关类型.
    `site`: the meta tags of the web pages, by name.
    `system_fonts`: True to make PDFs with the fonts of GB/T 9704-2012, False for open fonts.
    `deadline`: the last day to publish a report: MM-DD, or 无 for none.
    `style`: the look of the web pages.
    `address`: the address of the web site with all reports, with `/` at its end.
    """

    contact: str = ""
    body_kind: str = ""
    site: Mapping[str, str] = field(default_factory=dict)
    # The fonts of GB/T 9704-2012 are used only if this machine has them.
    system_fonts: bool = False
    deadline: str = ""
    style: Style = field(default_factory=Style)
    address: str = ""


def read_settings(root: Path) -> tuple[Settings, list[Finding]]:
    """Return the settings of a repository, and findings about nianbao.toml and style sheets.

    If nianbao.toml is missing or has an error, the settings are the defaults.
    """
    settings, findings = _read_file(root)
    return settings, [*findings, *replaced_styles(root)]


def _read_file(root: Path) -> tuple[Settings, list[Finding]]:
    file = root / FILE_NAME
    if not file.is_symlink() and not file.is_file():
        return Settings(), []
    from nianbao.workspace.toml import TomlError, parse_toml, read_toml_text

    text = ""
    try:
        text = read_toml_text(file, _MAX_BYTES) or ""
        data = parse_toml(text)
    except TomlError as error:
        place = error.span(text.split("\n")[error.line - 1])
        return Settings(), [_finding(error.problem.message, error.problem.help, place)]
    findings = list(_check(data, text))
    if findings:
        return Settings(), findings
    contact, kind, deadline = (data.get(key, "") for key in ("联系方式", "机关类型", "期限"))
    fonts = data.get("字体") == _FONTS[1]
    look = data.get("样式", {})
    address = data.get("网址", "")
    address = address and address.rstrip("/") + "/"
    site, style = data.get("网站", {}), make_style(look)
    settings = Settings(contact, kind, site, fonts, deadline, style, address)
    weak = explain_contrast(look)
    if weak is None:
        return settings, []
    place, warning = _span_of_key(STYLE_KEYS[0], text), Severity.WARNING
    return settings, [Finding(STYLE_RULE, warning, FILE_NAME, place, (), weak.message, weak.help)]


def _finding(message: str, fix: str, span: Span = FILE_START) -> Finding:
    return Finding("S301", Severity.ERROR, FILE_NAME, span, (), message, fix)


def _span_of_key(key: str, text: str) -> Span:
    """Return the span of a key in the text of nianbao.toml, or of line 1 if it is not found.

    `key`: a section, or a key after the name of its section.
    """
    section = r"(?:[\w-][\w\"' \t-]*(?:\.|=[ \t]*\{.*?)[ \t\"']*)?"
    pattern = rf"^[ \t\"'\[]*{section}(?P<key>{re.escape(key)})(?![\w-])"
    found = re.search(pattern, text, re.MULTILINE)
    if found is None:
        return Span.at(1, 1, 0)
    start = found.start("key") - (text[found.start("key") - 1 : found.start("key")] in ("'", '"'))
    return Span.at(text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start), 0)


def _check(data: dict[str, Any], text: str) -> Iterator[Finding]:
    """Yield a finding for each wrong key or value; the schema for reports defines the right values.

    `data`: the parsed nianbao.toml. `text`: its text.
    """
    shared = edition_schema(None)
    choices = {"字体": _FONTS, "机关类型": shared.node_at(("机关类型",))["enum"]}
    tags = shared.properties_at(("网站",))

    sections = {
        "网站": (tuple(tags), explain_line, "标签"),
        "样式": (STYLE_KEYS, explain_style, "样式"),
    }

    def wrong(key: str, message: str, fix: str) -> Finding:
        return _finding(message, fix, _span_of_key(key, text))

    for key, value in data.items():
        nested = isinstance(value, (dict, list))  # perhaps nested too deep for str()
        shown = "一组" if nested else shorten(str(value), _LONGEST)
        if key in choices:
            if value not in choices[key]:
                yield wrong(key, f"“{key}”不认识：{shown}", f"只能是：{'、'.join(choices[key])}")
        elif key in _LINES:
            if problem := _LINES[key](key, value):
                yield wrong(key, problem.message, problem.help)
        elif key not in sections:
            known = "、".join([*_KEYS, *(f"[{section}]" for section in sections)])
            yield wrong(key, f"不认识的键“{shorten(key, _LONGEST)}”", f"可以写：{known}")
        elif not isinstance(value, dict):
            noun = sections[key][2]
            yield wrong(key, f"“{key}”要写成一节 [{key}]", f"[{key}] 下面每行一个{noun}")
        else:
            names, explain, _ = sections[key]
            for name, content in value.items():
                if name in _KEYS:
                    message = f"“{name}”写在了 [{key}] 里面"
                    yield wrong(name, message, f"移到 [{key}] 这一行的上面")
                elif name not in names:
                    message = f"[{key}] 里没有“{shorten(name, _LONGEST)}”这个键"
                    yield wrong(name, message, f"可以写：{'、'.join(names)}")
                elif problem := explain(name, content):
                    yield wrong(name, problem.message, problem.help)


def explain_deadline(key: str, value: object) -> Problem | None:
    """Return a problem if a value is not a deadline (MM-DD or 无), else None.

    `key`: the key of the value in the file, for the message.
    """
    if isinstance(value, str) and _DEADLINE.fullmatch(value):
        return None
    nested = isinstance(value, (dict, list))
    shown = "一组" if nested else shorten(str(value), _LONGEST)
    return Problem(f"“{key}”写的是 {shown}", '写成 "03-31" 这样的月-日，或者 "无"')


def explain_address(key: str, value: object) -> Problem | None:
    """Return a problem if a value is not a web address, else None.

    A valid address begins with http:// or https:// and has no query.

    `key`: the key of the value in the file, for the message.
    """
    if isinstance(value, str) and _ADDRESS.fullmatch(value):
        return None
    nested = isinstance(value, (dict, list))
    shown = "一组" if nested else shorten(str(value), _LONGEST)
    help_ = (
        '写成 "https://www.example.gov.cn/nianbao/" 这样；'
        "汉字在路径里的写成 %E5 这样的编码，在域名里的写成 xn-- 开头的编码"
    )
    return Problem(f"“{key}”写的是 {shown}", help_)


def explain_line(key: str, value: object) -> Problem | None:
    """Return a problem if a value can't be printed as a line of text, else None.

    `key`: the key of the value in the file, for the message.
    """
    if not isinstance(value, str):
        return Problem(f"“{key}”要写文字", "加上引号")
    hidden = _UNPRINTABLE.search(value)
    if hidden is None:
        return None
    return Problem(f"“{key}”里有看不见的字符 U+{ord(hidden.group()):04X}", "删掉它")


_LINES = {"期限": explain_deadline, "联系方式": explain_line, "网址": explain_address}
