"""Identify the system's text libraries and fonts, because a PDF depends on them."""

from __future__ import annotations

import ctypes
import os
import sys
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAMES: Final = {
    "pango": ("libpango-1.0.so.0", "libpango-1.0.dylib", "libpango-1.0-0.dll"),
    "harfbuzz": ("libharfbuzz.so.0", "libharfbuzz.0.dylib", "libharfbuzz-0.dll"),
    "fontconfig": ("libfontconfig.so.1", "libfontconfig.1.dylib", "libfontconfig-1.dll"),
}


class _FontSet(ctypes.Structure):
    _fields_ = (("count", ctypes.c_int), ("room", ctypes.c_int), ("fonts", ctypes.c_void_p))


def library_versions() -> tuple[str, ...]:
    """Return the versions of Pango, HarfBuzz and fontconfig; "" for a missing library."""
    pango, harfbuzz, fontconfig = map(_load, _NAMES)
    versions = ["", "", str(fontconfig.FcGetVersion()) if fontconfig else ""]
    for number, (library, name) in enumerate(
        ((pango, "pango_version_string"), (harfbuzz, "hb_version_string"))
    ):
        if library:
            ask = getattr(library, name)
            ask.restype = ctypes.c_char_p
            versions[number] = ask().decode()
    return tuple(versions)


def system_fonts() -> list[str]:
    """Return a sorted list of the font files that fontconfig knows.

    Each item is a text: path, size in bytes, time of change in nanoseconds.
    """
    # Reading the contents of the fonts would take seconds.
    return sorted(
        f"{file} {status.st_size} {status.st_mtime_ns}"
        for file in _font_files()
        if os.path.exists(file) and (status := os.stat(file))  # noqa: PTH110, PTH116 - bytes
    )


def _font_files() -> Iterator[str]:
    library = _load("fontconfig")
    if library is None:
        return
    library.FcInitLoadConfigAndFonts.restype = ctypes.c_void_p
    library.FcConfigGetFonts.restype = ctypes.POINTER(_FontSet)
    library.FcConfigGetFonts.argtypes = (ctypes.c_void_p, ctypes.c_int)
    library.FcPatternGetString.argtypes = (
        *(ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int),
        ctypes.POINTER(ctypes.c_char_p),
    )
    found = library.FcConfigGetFonts(library.FcInitLoadConfigAndFonts(), 0)
    if not found:
        return
    patterns = ctypes.cast(found[0].fonts, ctypes.POINTER(ctypes.c_void_p))
    name = ctypes.c_char_p()
    for number in range(found[0].count):
        if library.FcPatternGetString(patterns[number], b"file", 0, ctypes.byref(name)) == 0:
            yield os.fsdecode(name.value or b"")


def _load(key: str) -> Any:
    """Load a system library, or return None if it is not installed."""
    # Without WeasyPrint, whose import would take longer than all other steps of a build in which no
    # file has changed.
    for name in _NAMES[key]:
        if sys.platform == "win32" and not name.endswith(".dll"):
            continue
        try:
            return ctypes.CDLL(name)
        except OSError:
            continue
    return None
