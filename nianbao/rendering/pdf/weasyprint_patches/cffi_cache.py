"""Spares WeasyPrint two fifths of a second at each start: its declarations of C, read already.

WeasyPrint 70 declares the functions of Pango to cffi as C, which cffi parses in Python at each
start; and where a library has another name than the one tried, cffi runs a compiler to look for
it. cffi can write its tables down (`tools/ffi_tables.py` did: `ffi_tables.py` beside this) and has
them ready at once. This can go when WeasyPrint does so itself.
"""

from __future__ import annotations

import contextlib
import sys
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

# What our own adapters call beside what WeasyPrint does.
FURTHER: Final = "PangoAttribute * pango_attr_allow_breaks_new (gboolean allow_breaks);"


def declarations() -> Path | None:
    """The file in which WeasyPrint declares what it calls; None where it isn't installed."""
    spec = find_spec("weasyprint")
    return Path(spec.origin).parent / "text" / "ffi.py" if spec and spec.origin else None


@contextlib.contextmanager
def ready_declarations() -> Iterator[None]:
    """While WeasyPrint is imported, give it an FFI that knows its declarations already.

    Only where they are the very ones of the tables, and on Linux, where the names of the libraries
    are known; otherwise all is as ever.
    """
    from nianbao.rendering.pdf.weasyprint_patches import ffi_tables

    file = declarations()
    if (
        sys.platform != "linux"
        or file is None
        or "cffi" in sys.modules
        or sha256(file.read_bytes()).hexdigest() != ffi_tables.DECLARATIONS
    ):
        yield
        return
    import _cffi_backend

    class FFI(_cffi_backend.FFI):  # type: ignore[misc]
        def cdef(self, _: str, override: bool = False) -> None:
            """Do nothing: it is declared, `FURTHER` too."""

    standing_in: Any = ModuleType("cffi")
    standing_in.FFI = lambda: FFI("weasyprint", **ffi_tables.TABLES)
    sys.modules["cffi"] = standing_in
    try:
        yield
    finally:
        del sys.modules["cffi"]
