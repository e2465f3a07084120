"""Import fontTools only when it is needed: saves 0.1 seconds at each start.

WeasyPrint 70 imports fontTools for WOFF, variable and colour fonts, which ours are not; a user's
template may use one. Remove this when WeasyPrint imports it lazily.
"""

from __future__ import annotations

import contextlib
import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

# The names that WeasyPrint imports, by module.
_NAMES: Final = {
    "fontTools": ("subset",),
    "fontTools.ttLib": ("TTFont", "TTLibError", "ttFont", "woff2"),
    "fontTools.varLib.instancer": ("instantiateVariableFont",),
}
_USERS: Final = ("weasyprint.text.fonts", "weasyprint.pdf.fonts")


class LazyAttribute:
    """Placeholder for an attribute of fontTools; the first use loads the real ones."""

    def __init__(self, module: str, name: str) -> None:
        self._module, self._name = module, name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._real()(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real(), name)

    def _real(self) -> Any:
        for module, names in _NAMES.items():
            for name in names:
                real = _get(module, name)
                for user in map(sys.modules.get, _USERS):
                    if isinstance(getattr(user, name, None), LazyAttribute):
                        setattr(user, name, real)
        return _get(self._module, self._name)


def _get(module: str, name: str) -> Any:
    loaded = importlib.import_module(module)
    if not hasattr(loaded, name):
        importlib.import_module(f"{module}.{name}")
    return getattr(loaded, name)


@contextlib.contextmanager
def lazy_fonttools() -> Iterator[None]:
    """Replace fontTools by placeholders while WeasyPrint is imported."""
    if any(name.partition(".")[0] == "fontTools" for name in sys.modules):
        yield
        return
    packages = {".".join(name.split(".")[:n]) for name in _NAMES for n in (1, 2, 3)}
    for package in packages:
        module = ModuleType(package)
        module.__path__ = []
        for name in _NAMES.get(package, ()):
            setattr(module, name, LazyAttribute(package, name))
        sys.modules[package] = module
    try:
        yield
    finally:
        for package in packages:
            del sys.modules[package]
