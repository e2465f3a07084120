"""Writes ffi_tables.py of weasyprint_patches: the C declarations of WeasyPrint as tables of cffi.

To be run when the pinned version of WeasyPrint changes; a test says so.
"""

from __future__ import annotations

import ast
import tempfile
from hashlib import sha256
from pathlib import Path

import cffi

from nianbao.rendering.pdf.weasyprint_patches.cffi_cache import (
    EXTRA_DECLARATIONS,
    declarations_file,
)

TARGET = (
    Path(__file__).resolve().parent.parent
    / "nianbao/rendering/pdf/weasyprint_patches/ffi_tables.py"
)
HEAD = '''"""What WeasyPrint declares to cffi, as cffi's own tables: written by tools/ffi_tables.py.

`DECLARATIONS` is the SHA-256 of the file whose declarations these are.
"""

from typing import Any, Final

'''


def tables() -> str:
    """Return the text of ffi_tables.py."""
    file = declarations_file()
    assert file is not None
    (source,) = (
        call.args[0].value
        for call in ast.walk(ast.parse(file.read_bytes()))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "cdef"
        and isinstance(call.args[0], ast.Constant)
    )
    ffi = cffi.FFI()
    ffi.cdef(source)
    ffi.cdef(EXTRA_DECLARATIONS)
    ffi.set_source("tables", None)
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / "tables.py"
        ffi.emit_python_code(str(written))
        (call,) = (n for n in ast.walk(ast.parse(written.read_bytes())) if isinstance(n, ast.Call))
    pieces = "".join(
        f"    {keyword.arg!r}: {_literal(keyword.value)},\n" for keyword in call.keywords
    )
    digest = sha256(file.read_bytes()).hexdigest()
    return (
        f'{HEAD}DECLARATIONS: Final = "{digest}"\nTABLES: Final[dict[str, Any]] = {{\n{pieces}}}\n'
    )


def _literal(node: ast.expr) -> str:
    value = ast.literal_eval(node)
    return hex(value) if isinstance(value, int) else repr(value)


if __name__ == "__main__":
    TARGET.write_text(tables(), "utf-8")
