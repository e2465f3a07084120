"""Compress each stream of a PDF only once, and end it correctly."""

# pydyf 0.13 compresses every stream twice, the second time for the identifier of the file, and uses
# the highest level, which takes twice the time and saves 0.5 % of the size. Remove this when pydyf
# keeps the compressed stream.
#
# Stream ends (ISO 19005-3, 6.1.7.1): if the last byte of a compressed stream is a carriage return,
# this byte merges with the line end before `endstream`, and the length written by pydyf is wrong.
# Such a stream is left uncompressed. Remove this when pydyf ends its streams with CR LF.

from __future__ import annotations

import zlib
from types import SimpleNamespace
from typing import Any, Final

# Replacement for the module pydyf.zlib, with the default level.
ZLIB: Final = SimpleNamespace(compress=zlib.compress, compressobj=lambda **_: zlib.compressobj())


def written_once(data: property) -> property:
    """Return a wrapper of the property pydyf.Stream.data that compresses only once."""

    def get(self: Any) -> bytes:
        if "written" not in vars(self):
            self.written = data.__get__(self)
            if self.compress and self.written.endswith(b"\r\nendstream"):
                self.compress = False
                self.written = data.__get__(self)
        written: bytes = self.written
        return written

    return property(get)
