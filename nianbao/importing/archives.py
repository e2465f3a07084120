"""Open ZIP files (docx, xlsx, ods …); refuse files that are too large when unpacked."""

from __future__ import annotations

import zipfile
import zlib
from copy import copy
from io import BytesIO
from typing import TYPE_CHECKING, Final

from nianbao.errors import UserError
from nianbao.importing.limits import MAX_BYTES, MAX_PART, MAX_PARTS, MAX_UNPACKED, refuse_size

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DAMAGED: Final = "文件不完整或已损坏，打不开。在 Word 或 WPS 里打开，另存一份再导入"
ENCRYPTED: Final = "文件有密码，读不了。在 Word 或 WPS 里取消密码，另存后再导入"
_CHUNK: Final = 1024 * 1024
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_EARLIEST: Final = (1980, 1, 1, 0, 0, 0)
_KEPT: Final = (
    "date_time", "compress_type", "comment", "create_system", "internal_attr", "external_attr",
)  # fmt: skip
# What zipfile raises for damaged parts.
_ZIP_ERRORS: Final = (
    KeyError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError,
    ValueError, OSError,
)  # fmt: skip


class Archive:
    """A ZIP file in memory.

    `names`: the paths of the parts (the files in the ZIP file).
    """

    def __init__(self, data: bytes) -> None:
        """Read the list of parts. Raises UserError if `data` is damaged, encrypted or too large."""
        if len(data) > MAX_BYTES:
            raise refuse_size(f"文件超过 {MAX_BYTES // 1024**2} MB")
        try:
            self._file = zipfile.ZipFile(BytesIO(data))
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError) as error:
            raise UserError(DAMAGED) from error
        parts = self._file.infolist()
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise refuse_size("文件解压后太大")
        if any(part.flag_bits & 1 for part in parts):
            raise UserError(ENCRYPTED)
        if any(part.compress_type not in _METHODS for part in parts):  # Office writes no other
            raise UserError(DAMAGED)
        self.names: Final = frozenset(part.filename for part in parts)

    def read(self, name: str) -> bytes:
        """Return the content of a part (a file in the archive).

        Raises UserError if the part is missing, damaged or too large.
        """
        return b"".join(self._chunks(name))

    def with_parts(self, parts: Mapping[str, bytes]) -> bytes:
        """Return the bytes of the archive after some parts are replaced or added.

        A part is a file in the archive. Parts that are not in `parts` do not change.

        `parts`: the new content of each part by its name.

        Raises UserError if a part is damaged or too large.
        """
        known = {part.filename: part for part in self._file.infolist()}
        date = max((part.date_time for part in known.values()), default=_EARLIEST)
        stream = BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
            target.comment = self._file.comment
            for name in [*known, *(name for name in parts if name not in known)]:
                info = zipfile.ZipInfo(name, date)
                info.compress_type = zipfile.ZIP_DEFLATED
                if old := known.get(name):
                    for attribute in _KEPT:
                        setattr(info, attribute, getattr(old, attribute))
                target.writestr(info, parts[name] if name in parts else self.read(name))
        return stream.getvalue()

    def verify(self) -> None:
        """Unpack every file of the archive once, to check it.

        Raises UserError if a file is damaged, or larger than the archive declares.
        """
        for name in self.names:
            for _ in self._chunks(name):
                pass

    def _chunks(self, name: str) -> Iterator[bytes]:
        """Yield the content of a part in chunks.

        Raises UserError if its size is not the one that the directory gives.
        """
        try:
            info = copy(self._file.getinfo(name))
            left = info.file_size
            if left > MAX_PART:
                raise refuse_size("文件解压后太大")
            info.file_size = MAX_UNPACKED  # else zipfile stops in silence at the declared size
            with self._file.open(info) as stream:
                while chunk := stream.read(_CHUNK):
                    left -= len(chunk)
                    if left < 0:
                        break
                    yield chunk
        except _ZIP_ERRORS as error:
            raise UserError(DAMAGED) from error
        if left:
            raise UserError(DAMAGED)
