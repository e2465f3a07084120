"""Minimal OLE2 compound files: a header, one sector of the allocation table, a directory."""

from __future__ import annotations

import struct

_END, _FREE, _TABLE, _NONE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF
_STORAGE, _STREAM, _ROOT = 1, 2, 5


def compound_file(*names: str, embedded: tuple[str, ...] = ()) -> bytes:
    """Return a file with empty streams; those of `embedded` are in a storage of their own."""
    top = [*names, "ObjectPool"] if embedded else list(names)
    entries = [_entry("Root Entry", _ROOT, child=1 if top else _NONE)]
    for number, name in enumerate(top, 1):
        right = number + 1 if number < len(top) else _NONE
        child = len(top) + 1 if name == "ObjectPool" else _NONE
        kind = _STORAGE if name == "ObjectPool" else _STREAM
        entries.append(_entry(name, kind, right=right, child=child))
    for number, name in enumerate(embedded, len(top) + 1):
        right = number + 1 if number < len(top) + len(embedded) else _NONE
        entries.append(_entry(name, _STREAM, right=right))
    entries += [bytes(128)] * (-len(entries) % 4)
    directory = [
        *range(2, 1 + len(entries) // 4),
        _END,
    ]  # each sector of it is followed by the next
    table = [_TABLE, *directory]
    table += [_FREE] * (128 - len(table))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<LLLLLLLLL", 0, 1, 1, 0, 4096, _END, 0, _END, 0)
    header += struct.pack("<109L", 0, *[_FREE] * 108)
    return header + struct.pack("<128L", *table) + b"".join(entries)


def _entry(name: str, kind: int, *, right: int = _NONE, child: int = _NONE) -> bytes:
    text = name.encode("utf-16-le")
    start = struct.pack("<64sHBBLLL", text, len(text) + 2, kind, 1, _NONE, right, child)
    return start + bytes(36) + struct.pack("<LQ", _END, 0)
