"""ZIP files are opened within limits."""

from __future__ import annotations

import contextlib
import io
import struct
import zipfile
import zlib

import pytest

from nianbao.errors import UserError
from nianbao.importing import archives
from nianbao.importing.archives import Archive


def _zip(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytearray:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return bytearray(stream.getvalue())


def _declare_size(data: bytearray, size: int) -> bytes:
    """Change the size and checksum of the only part, zeros, in both places that say them."""
    start = data.index(b"PK\1\2")
    for place in (14, start + 16):
        data[place : place + 4] = struct.pack("<L", zlib.crc32(bytes(size)))
        data[place + 8 : place + 12] = struct.pack("<L", size)
    return bytes(data)


def test_parts_are_read() -> None:
    archive = Archive(bytes(_zip({"a.xml": b"1", "b/c.xml": b"2" * 3_000_000})))
    assert archive.names == {"a.xml", "b/c.xml"}
    assert archive.read("b/c.xml") == b"2" * 3_000_000
    archive.verify()


def test_a_bomb_is_refused_by_the_size_it_declares() -> None:
    with pytest.raises(UserError, match="解压后太大"):
        Archive(bytes(_zip({f"{n}": bytes(60_000_000) for n in range(4)})))


def test_a_part_larger_than_allowed_is_refused_when_it_is_read() -> None:
    archive = Archive(bytes(_zip({"a": bytes(61 * 1024 * 1024)})))
    with pytest.raises(UserError, match="解压后太大"):
        archive.read("a")


@pytest.mark.parametrize("declared", [10, 3_000_000])
def test_a_part_that_is_not_as_large_as_declared_is_refused(declared: int) -> None:
    archive = Archive(_declare_size(_zip({"a": bytes(2_000_000)}), declared))
    with pytest.raises(UserError, match="损坏"):
        archive.read("a")
    with pytest.raises(UserError, match="损坏"):
        archive.verify()


def test_methods_of_compression_that_no_office_program_uses_are_refused() -> None:
    with pytest.raises(UserError, match="损坏"):
        Archive(bytes(_zip({"a": bytes(1000)}, zipfile.ZIP_BZIP2)))


def test_encrypted_parts_are_named() -> None:
    data = _zip({"a": b"1"})
    data[data.index(b"PK\1\2") + 8] |= 1
    with pytest.raises(UserError, match="密码"):
        Archive(bytes(data))


def test_truncated_and_changed_files_raise_only_user_errors() -> None:
    whole = _zip({"a.xml": b"<a/>" * 100, "b": b"x" * 50})
    for cut in range(0, len(whole), 7):
        with pytest.raises(UserError):
            Archive(bytes(whole[:cut])).verify()
    for place in range(len(whole)):
        data = bytearray(whole)
        data[place] ^= 0xFF
        with contextlib.suppress(UserError):
            Archive(bytes(data)).verify()


def test_too_many_parts_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_PARTS", 3)
    with pytest.raises(UserError, match="太大"):
        Archive(bytes(_zip({str(n): b"" for n in range(4)})))
