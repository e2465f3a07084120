"""Describe the programs, libraries and fonts that determine the bytes of an output.

Machines with equal descriptions make equal files.
"""

from __future__ import annotations

import importlib.metadata
import platform
import re
import sys
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from nianbao import __version__
from nianbao.build.digests import program_digest
from nianbao.rendering import fonts
from nianbao.rendering.fonts.system import library_versions, system_fonts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

_SHOWN: Final = 12  # digits of a digest
# The name of a library in a requirement, and the extras to install with it: fonttools[woff].
_REQUIREMENT: Final = re.compile(r"([A-Za-z0-9._-]+)\s*(?:\[([^\]]*)\])?")
_EXTRA: Final = re.compile(r"""extra\s*==\s*['"]([^'"]+)['"]""")


def describe_environment(formats: Collection[str], *, any_font: bool) -> dict[str, str]:
    """Return the versions of all software that determines the bytes of outputs.

    The keys are names for messages, such as Python or 字体. The value is "" for a library that is
    not installed.

    `formats`: the outputs to make; a file to import has the format "import".
    `any_font`: True if the PDF can use any font of the system.
    """
    described = {
        "nianbao": f"{__version__} ({program_digest()[:_SHOWN]})",
        "系统": sys.platform,
        "Python": platform.python_version(),
    }
    extras = frozenset(("", *formats))
    described |= {name: _version(name) for name in sorted(set(_required("nianbao", extras)))}
    if "pdf" in formats:
        described |= zip(("Pango", "HarfBuzz", "fontconfig"), library_versions(), strict=True)
        described["字体"] = _fonts()
        if any_font:
            files = [each.rsplit(" ", 1)[0] for each in system_fonts()]  # without dates
            described["系统的字体"] = _digest(files)
    return described


def find_differences(wanted: Mapping[str, str], found: Mapping[str, str]) -> list[str]:
    """Return a Chinese phrase for each program, library or font whose versions differ.

    `wanted`, `found`: results of `describe_environment`.
    """
    return [
        f"{name} 是 {found.get(name) or '没有装'}（这里是 {value or '没有装'}）"
        for name, value in wanted.items()
        if found.get(name, "") != value
    ]


def _required(
    name: str, extras: Collection[str], known: frozenset[str] = frozenset()
) -> Iterator[str]:
    """Yield the names of the installed libraries that a library needs, directly or indirectly.

    `name`: the library.
    `extras`: its extras that are wanted.
    `known`: libraries to leave out.
    """
    try:
        requirements = importlib.metadata.requires(name) or ()
    except importlib.metadata.PackageNotFoundError:
        return
    if known:
        yield name
    for requirement in requirements:
        extra = _EXTRA.search(requirement)
        found = _REQUIREMENT.match(requirement)
        if found and (extra is None or extra[1] in extras) and found[1].lower() not in known:
            more = frozenset(re.split(r"[,\s]+", found[2] or ""))
            yield from _required(found[1].lower(), more, known | {name, found[1].lower()})


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _fonts() -> str:
    try:
        return _digest([each.sha256 for each in fonts.installed_faces()])
    except fonts.FontsMissingError:
        return ""


def _digest(words: Collection[str]) -> str:
    return sha256("\n".join(words).encode(errors="surrogateescape")).hexdigest()[:_SHOWN]
