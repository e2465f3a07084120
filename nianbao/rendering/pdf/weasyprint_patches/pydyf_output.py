"""Lets every object of a PDF be put into bytes once, not twice: a tenth of a PDF's time.

pydyf 0.13 writes all objects and then, for the identifier of the file, works them out again, and
compresses every stream a second time. It compresses as hard as it can, in twice the time for half
a hundredth of the size. This can go when pydyf keeps what it has written, and lets one choose.
"""

from __future__ import annotations

import zlib
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def ordinary_compression() -> SimpleNamespace:
    """Stand in for the zlib of pydyf: the level that zlib itself takes for the usual one."""
    return SimpleNamespace(
        compress=zlib.compress, compressobj=lambda level: zlib.compressobj(min(level, 6))
    )


def write_once(write: Callable[..., None]) -> Callable[..., None]:
    """Stand in for pydyf.PDF.write, which is given: its objects are bytes from here on."""
    import pydyf

    class Written(pydyf.Object):  # type: ignore[misc]
        """An object with its bytes."""

        def __init__(self, made: Any) -> None:
            super().__init__()
            self.number, self.offset = made.number, made.offset
            self.generation, self.free = made.generation, made.free
            self.bytes: bytes = b"" if made.free == "f" else made.data
            self.whole: bool = made.compressible

        @property
        def data(self) -> bytes:
            return self.bytes

        @property
        def compressible(self) -> bool:
            return self.whole

    def written(self: Any, *args: Any, **kwargs: Any) -> None:
        self.objects = [Written(made) for made in self.objects]
        write(self, *args, **kwargs)

    return written


def with_clear_end(data: property) -> property:
    """Stand in for the property pydyf.Stream.data, which is given."""

    def get(self: Any) -> bytes:
        written: bytes = data.__get__(self)
        if self.compress and written.endswith(b"\r\nendstream"):
            self.compress = False
            written = data.__get__(self)
        return written

    return property(get)
