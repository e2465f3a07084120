"""Decode the bytes of web pages, Markdown and text files."""

from __future__ import annotations

import codecs
from typing import Final

from nianbao.errors import UserError
from nianbao.importing.limits import MAX_BYTES, refuse_size
from nianbao.importing.readers.radicals import without_radicals

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# A declared name counts only if it is one of these: Python knows codecs that are no charsets.
_DECLARED: Final = {
    **dict.fromkeys(("gb2312", "gbk", "gb18030", "gb_2312-80", "x-gbk", "cp936"), "gb18030"),
    **dict.fromkeys(("big5", "big5-hkscs", "x-x-big5"), "big5hkscs"),
}


def decode_text(data: bytes, declared: str = "") -> tuple[str, str]:
    """Return the text of a file, and a warning in Chinese.

    The line ends of the text are "\\n". The warning is "" if every byte was decoded.

    `declared`: the charset that the file itself names, or "".

    Raises UserError if the file is empty or too large.
    """
    if len(data) > MAX_BYTES:
        raise refuse_size(f"文件超过 {MAX_BYTES // 1024**2} MB")
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise UserError("文件是空的。换成有内容的文件")
    text, warning = _decode(data, _DECLARED.get(declared.strip().lower(), ""))
    return without_radicals(text.replace("\r\n", "\n").replace("\r", "\n")), warning


def _decode(data: bytes, declared: str) -> tuple[str, str]:
    # The order: byte order mark, UTF-16 without a mark, the declared charset, UTF-8, GB 18030.
    for mark, name in _BOMS:
        if data.startswith(mark):
            return _replacing(data[len(mark) :], name)
    if wide := _utf16_without_mark(data):
        return _replacing(data, wide)
    for name in dict.fromkeys((declared, "utf-8", "gb18030")):
        try:
            if name:
                return data.decode(name), ""
        except UnicodeDecodeError:
            continue
    # A single damaged byte must not change the charset: the one that loses least is taken.
    return min(
        (_replacing(data, name) for name in ("utf-8", "gb18030")),
        key=lambda result: result[0].count("\ufffd"),
    )


def _replacing(data: bytes, name: str) -> tuple[str, str]:
    text = data.decode(name, "replace")
    damaged = text.count("\ufffd")
    return text, f"有 {damaged} 处字节不是文字，读成了“\ufffd”" if damaged else ""


def _utf16_without_mark(data: bytes) -> str:
    """Return utf-16-be or utf-16-le for UTF-16 text without a byte order mark; "" for other text.

    In UTF-16, every ASCII character has a zero byte.
    """
    start = data[:4000]
    even, odd = start[::2].count(0), start[1::2].count(0)
    if (even + odd) * 16 < len(start):
        return ""
    return "utf-16-be" if even > odd else "utf-16-le"
