"""Spares WeasyPrint a tenth of a second at each start: fontTools, loaded when it is needed.

WeasyPrint 70 imports fontTools for WOFF, variable fonts and coloured ones, of which our faces are
none; a template of a repository may bring one in. This can go when WeasyPrint imports it there.
"""

from __future__ import annotations

import contextlib
import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

# What WeasyPrint imports from where.
_NAMES: Final = {
    "fontTools": ("subset",),
    "fontTools.ttLib": ("TTFont", "TTLibError", "ttFont", "woff2"),
    "fontTools.varLib.instancer": ("instantiateVariableFont",),
}
_USERS: Final = ("weasyprint.text.fonts", "weasyprint.pdf.fonts")


class Later:
    """Stands in for something of fontTools; its first use puts the real things in place."""

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
                    if isinstance(getattr(user, name, None), Later):
                        setattr(user, name, real)
        return _get(self._module, self._name)


def _get(module: str, name: str) -> Any:
    found = importlib.import_module(module)
    if not hasattr(found, name):
        importlib.import_module(f"{module}.{name}")
    return getattr(found, name)


@contextlib.contextmanager
def font_tools_later() -> Iterator[None]:
    """While WeasyPrint is imported, let it have stand-ins for fontTools."""
    if any(name.partition(".")[0] == "fontTools" for name in sys.modules):
        yield
        return
    packages = {".".join(name.split(".")[:n]) for name in _NAMES for n in (1, 2, 3)}
    for package in packages:
        module = ModuleType(package)
        module.__path__ = []
        for name in _NAMES.get(package, ()):
            setattr(module, name, Later(package, name))
        sys.modules[package] = module
    try:
        yield
    finally:
        for package in packages:
            del sys.modules[package]
