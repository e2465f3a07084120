"""Guess the encoding of a file that is not UTF-8."""

from __future__ import annotations

_ENCODINGS = (("gb18030", "GBK（GB 18030）"), ("big5hkscs", "Big5 "))


def explain_encoding(raw: bytes) -> tuple[str, str]:
    """Name the encoding of bytes that are not UTF-8: message and mend."""
    name = _encoding_name(raw)
    message = f"文件是 {name}编码，要用 UTF-8" if name else "文件不是 UTF-8 编码的文字"
    return message, "在编辑器里另存为 UTF-8"


def _encoding_name(raw: bytes) -> str:
    if raw[:4] in (b"\xff\xfe\0\0", b"\0\0\xfe\xff"):
        return "UTF-32 "
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "UTF-16 "
    if b"\0\0\0" in raw[:8]:  # without a mark; a report begins with ASCII, a comment or a digit
        return "UTF-32 "
    if raw.count(b"\0") * 8 > len(raw):
        return "UTF-16 "
    # The bytes of Big5 make sense in GB 18030 too, but not as words.
    likely = [(_common(raw, code), name) for code, name in _ENCODINGS]
    count, name = max(likely, key=lambda each: each[0])
    return name if count >= 0 else ""


def _common(raw: bytes, code: str) -> int:
    """How many very common characters the bytes hold in a code; -1 where they hold none at all."""
    try:
        text = raw.decode(code)
    except UnicodeDecodeError:
        return -1
    return sum(map(text.count, "的年一和在不情政公情關机機"))
