"""Write the objects of a PDF once, with normal compression, and with unambiguous stream ends.

pydyf 0.13 serialises all objects, and once more for the identifier of the file, which compresses
every stream twice; and it uses the highest level, which takes twice the time for 0.5 % of the size.
This saves a tenth of a PDF's time. Remove it when pydyf keeps what it has written.

Stream ends (ISO 19005-3, 6.1.7.1): if the last byte of a compressed stream is a carriage return, it
merges with the line end before `endstream`, and the length written by pydyf is wrong. Such a stream
is left uncompressed. Remove it when pydyf ends its streams with CR LF.
"""

from __future__ import annotations

import zlib
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def default_compression() -> SimpleNamespace:
    """Return a replacement for the zlib of pydyf with the default level of zlib."""
    return SimpleNamespace(
        compress=zlib.compress, compressobj=lambda level: zlib.compressobj(min(level, 6))
    )


def write_once(write: Callable[..., None]) -> Callable[..., None]:
    """Wrap pydyf.PDF.write: each object is serialised once."""
    import pydyf

    class SerializedObject(pydyf.Object):  # type: ignore[misc]
        """An object with its bytes."""

        def __init__(self, original: Any) -> None:
            super().__init__()
            self.number, self.offset = original.number, original.offset
            self.generation, self.free = original.generation, original.free
            self.bytes: bytes = b"" if original.free == "f" else original.data
            self.whole: bool = original.compressible

        @property
        def data(self) -> bytes:
            return self.bytes

        @property
        def compressible(self) -> bool:
            return self.whole

    def write_serialized(self: Any, *args: Any, **kwargs: Any) -> None:
        self.objects = [SerializedObject(each) for each in self.objects]
        write(self, *args, **kwargs)

    return write_serialized


def with_unambiguous_end(data: property) -> property:
    """Wrap the property pydyf.Stream.data."""

    def get(self: Any) -> bytes:
        written: bytes = data.__get__(self)
        if self.compress and written.endswith(b"\r\nendstream"):
            self.compress = False
            written = data.__get__(self)
        return written

    return property(get)
