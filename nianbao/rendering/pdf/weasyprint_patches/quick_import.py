"""Import WeasyPrint quickly, without unneeded searches and modules."""

# WeasyPrint 70 tries several names for each library. For a name that does not exist, cffi runs a
# compiler to search for the library, which takes long. WeasyPrint also imports two modules that are
# not needed: `fontTools.subset`, which our module `subsetting` replaces, and
# `fontTools.varLib.instancer`, which is for variable fonts. Remove this when WeasyPrint tries the
# exact names first and imports fontTools only where it is used.

from __future__ import annotations

import contextlib
import ctypes.util
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def quick_import() -> Iterator[None]:
    """Speed up the import of WeasyPrint inside the `with` block."""
    find_library = ctypes.util.find_library
    instancer: Any = ModuleType("fontTools.varLib.instancer")
    instancer.instantiateVariableFont = _instantiate
    unused = [instancer, ModuleType("fontTools.subset")]
    replaced = {module.__name__: module for module in unused if module.__name__ not in sys.modules}
    sys.modules.update(replaced)
    if sys.platform == "linux":  # elsewhere only the search finds the libraries
        ctypes.util.find_library = lambda name: None  # noqa: ARG005
    try:
        yield
    finally:
        ctypes.util.find_library = find_library
        for name in replaced:
            del sys.modules[name]


def _instantiate(*args: Any, **kwargs: Any) -> Any:
    """Replacement for instantiateVariableFont: imports the real function and calls it."""
    from fontTools.varLib.instancer import instantiateVariableFont

    return instantiateVariableFont(*args, **kwargs)
