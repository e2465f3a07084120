"""Read the directory of an OLE2 compound file (.doc, .xls, encrypted .docx), after [MS-CFB]."""

from __future__ import annotations

import struct
from typing import Final, NamedTuple

MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKS: Final = 0xFFFFFFFA  # sector numbers from here on are marks: free, end of chain
_ENTRY: Final = struct.Struct("<64sHBBLLL")  # name, its length, type, colour, left, right, child
_ENTRY_SIZE: Final = 128
_MAX_SECTORS: Final = 2_000  # of the directory


class _DirectoryEntry(NamedTuple):
    name: str
    left: int
    right: int
    child: int


def top_level_names(data: bytes) -> frozenset[str]:
    """Return the names of the top-level streams (files) and storages (folders).

    A damaged file may give fewer names, or none.

    `data`: the bytes of a compound file (.doc, .xls).
    """
    try:
        entries = _read_directory(data)
    except (struct.error, IndexError):
        return frozenset()
    names = set[str]()
    visited = set[int]()
    waiting = [entries[0].child] if entries else []
    while waiting:
        number = waiting.pop()
        if number not in visited and number < len(entries):
            visited.add(number)
            entry = entries[number]
            names.add(entry.name)
            # Not entry.child: the streams of an embedded object are in a storage of its own.
            waiting += entry.left, entry.right
    return frozenset(names)


def _read_directory(data: bytes) -> list[_DirectoryEntry]:
    """Return the entries of the directory. The first entry is the root."""
    size = 1 << min(struct.unpack_from("<H", data, 30)[0], 16)
    sector = struct.unpack_from("<L", data, 48)[0]
    # The first 109 sectors of the allocation table, enough for 7 MB; the directory is near them.
    tables = struct.unpack_from("<109L", data, 76)
    entries: list[_DirectoryEntry] = []
    for _ in range(_MAX_SECTORS):
        if sector >= _MARKS:
            break
        start = (sector + 1) * size
        entries += (_read_entry(data, offset) for offset in range(start, start + size, _ENTRY_SIZE))
        table, index = divmod(sector, size // 4)
        if table >= len(tables) or tables[table] >= _MARKS:
            break
        sector = struct.unpack_from("<L", data, (tables[table] + 1) * size + index * 4)[0]
    return entries


def _read_entry(data: bytes, offset: int) -> _DirectoryEntry:
    name, length, _, _, left, right, child = _ENTRY.unpack_from(data, offset)
    return _DirectoryEntry(
        name[: max(length - 2, 0)].decode("utf-16-le", "replace"), left, right, child
    )
