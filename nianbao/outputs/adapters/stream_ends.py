"""Keeps the length of every stream of the PDF beyond doubt (ISO 19005-3, 6.1.7.1).

A line end stands before `endstream`. Where the last byte of a compressed stream happens to be a
carriage return, as in one of 256, the two melt into one line end, and the length that pydyf 0.13
wrote no longer matches. That byte belongs to a checksum of the content, so compressing in another
way changes nothing: such a stream is left uncompressed. This can go when pydyf ends its streams
with CR LF.
"""

from __future__ import annotations

from typing import Any


def with_clear_end(data: property) -> property:
    """Stand in for the property pydyf.Stream.data, which is given."""

    def get(self: Any) -> bytes:
        written: bytes = data.__get__(self)
        if self.compress and written.endswith(b"\r\nendstream"):
            self.compress = False
            written = data.__get__(self)
        return written

    return property(get)
