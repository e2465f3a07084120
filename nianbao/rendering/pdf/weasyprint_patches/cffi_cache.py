"""Use precompiled C declarations: saves 0.4 seconds at each start.

WeasyPrint 70 declares the functions of Pango as C text, which cffi parses at each start; if a
library has another name than expected, cffi runs a compiler to find it. `ffi_tables.py`, written by
`tools/ffi_tables.py`, holds the parsed tables. Remove this when WeasyPrint ships such tables.
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

# Functions that our patches call in addition to those of WeasyPrint.
EXTRA_DECLARATIONS: Final = "PangoAttribute * pango_attr_allow_breaks_new (gboolean allow_breaks);"


def declarations_file() -> Path | None:
    """Return the file with WeasyPrint's C declarations; None if it is not installed."""
    spec = find_spec("weasyprint")
    return Path(spec.origin).parent / "text" / "ffi.py" if spec and spec.origin else None


@contextlib.contextmanager
def cached_declarations() -> Iterator[None]:
    """Replace cffi by the cached tables while WeasyPrint is imported.

    Only on Linux, where the names of the libraries are known, and only if the declarations are
    those of the tables; otherwise nothing is changed.
    """
    from nianbao.rendering.pdf.weasyprint_patches import ffi_tables

    file = declarations_file()
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
            """Do nothing: everything is declared, `EXTRA_DECLARATIONS` included."""

    fake_cffi: Any = ModuleType("cffi")
    fake_cffi.FFI = lambda: FFI("weasyprint", **ffi_tables.TABLES)
    sys.modules["cffi"] = fake_cffi
    try:
        yield
    finally:
        del sys.modules["cffi"]
