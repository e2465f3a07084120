"""Guess the encoding of a file that is not UTF-8, and detect its line ends."""

from __future__ import annotations

from nianbao.diagnostics.finding import Problem

_BOM = b"\xef\xbb\xbf"
_ENCODINGS = (("gb18030", "GBK（GB 18030）"), ("big5hkscs", "Big5 "))


def explain_encoding(raw: bytes) -> Problem:
    """Return a problem that names the probable encoding of a file that is not UTF-8."""
    name = _encoding_name(raw)
    message = f"文件是 {name}编码，要用 UTF-8" if name else "文件不是 UTF-8 编码的文字"
    return Problem(message, "在编辑器里另存为 UTF-8")


def _encoding_name(raw: bytes) -> str:
    if raw[:4] in (b"\xff\xfe\0\0", b"\0\0\xfe\xff"):
        return "UTF-32 "
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "UTF-16 "
    if b"\0\0\0" in raw[:8]:  # no BOM; a report begins with ASCII
        return "UTF-32 "
    if raw.count(b"\0") * 8 > len(raw):
        return "UTF-16 "
    # Big5 bytes are valid GB 18030 too, but then decode to few common characters.
    likely = [(_count_common(raw, code), name) for code, name in _ENCODINGS]
    count, name = max(likely, key=lambda each: each[0])
    return name if count >= 0 else ""


def _count_common(raw: bytes, code: str) -> int:
    """Return the number of very common characters in `raw`, decoded with the encoding `code`.

    Return -1 if decoding fails.
    """
    try:
        text = raw.decode(code)
    except UnicodeDecodeError:
        return -1
    return sum(map(text.count, "的年一和在不情政公情關机機"))


def line_end(raw: bytes) -> str:
    """Return the most frequent line end of a file: \\r\\n or \\n."""
    return "\r\n" if raw.count(b"\r\n") * 2 > raw.count(b"\n") else "\n"


def encode_like(text: str, raw: bytes) -> bytes:
    """Return a text as UTF-8, with a byte order mark if the original file has it.

    `raw`: the bytes of the original file.
    """
    return (_BOM if raw.startswith(_BOM) else b"") + text.encode()
