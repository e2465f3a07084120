"""SHA-256 digests of everything that goes into a build, by content.

File dates are never used: a checkout gives all files new ones, and a copy may keep old ones.
"""

from __future__ import annotations

import os
import stat
import sys
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

import nianbao
from nianbao.rendering import fonts
from nianbao.utils.resources import resource
from nianbao.workspace.previous_year import DiskFolders, find_previous_year
from nianbao.workspace.settings import FILE_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from nianbao.rendering import Format
    from nianbao.workspace.discovery import ReportFile
    from nianbao.workspace.settings import Settings

CHECK: Final = "check"
_PACKAGE: Final = Path(nianbao.__file__).parent
_CODE_SUFFIXES: Final = (".py", ".toml", ".txt", ".json")


def file_digest(path: Path) -> str | None:
    """Return the SHA-256 of a file; None for a link and for a file that can't be read."""
    content = _content(path)
    return None if content is None else sha256(content).hexdigest()


def environment_digests(
    root: Path, settings: Settings, formats: Sequence[Format]
) -> Mapping[str, str]:
    """Return digests of everything but the reports that findings and outputs depend on.

    The key CHECK covers the findings: the program, the schema, the libraries, nianbao.toml. A
    format adds the templates of the program and of the repository; PDF adds the fonts and the
    system libraries that use them.
    """
    check = _digest([*_program(), *_named_content(root / FILE_NAME)])
    own, shipped = root / "templates", resource("templates")
    output = _digest(
        [
            check.encode(),
            *(piece for folder in dict.fromkeys((own, shipped)) for piece in _tree(folder)),
        ]
    )
    digests: dict[str, str] = {CHECK: check}
    digests.update(dict.fromkeys(formats, output))
    if "pdf" in digests:
        # A template of the repository may name any font of the system.
        any_font = settings.system_fonts or (own.exists() and own.resolve() != shipped.resolve())
        digests["pdf"] = _digest([output.encode(), *_fonts(any_font)])
    return digests


def input_digest(
    file: ReportFile, year: int | None, environment_digest: str, content: bytes | None = None
) -> str | None:
    """Return a digest of everything the findings of a report depend on.

    `year` is the report's, which names last year's file, or None if it has none; `content` is what
    was read of the file, if it was read. Returns None if a file can't be read: such a report is
    checked in every build.
    """
    content = _content(file.path) if content is None else content
    pieces = [environment_digest.encode(), file.shown.encode(errors="surrogateescape"), content]
    if year is not None:
        last = find_previous_year(file.path, year, DiskFolders())
        pieces.append(
            f"{last.name} {last.has_older} {last.year_in_name}".encode(errors="surrogateescape")
        )
        pieces.append(b"" if last.path is None else _content(last.path))
    return None if None in pieces else _digest(piece for piece in pieces if piece is not None)


def _digest(pieces: Iterable[bytes]) -> str:
    """Return one digest of several pieces; their lengths are part of it."""
    whole = sha256()
    for piece in pieces:
        whole.update(len(piece).to_bytes(8, "big"))
        whole.update(piece)
    return whole.hexdigest()


def _content(path: Path) -> bytes | None:
    """Return the content of a regular file, or None."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return None
        return path.read_bytes()
    except OSError:
        return None


def _named_content(path: Path) -> Iterator[bytes]:
    """Yield the name and the content of a file, which may be missing or a link."""
    yield path.name.encode(errors="surrogateescape")
    content = _content(path)
    yield b"-" if content is None else b"+" + content


def _tree(folder: Path, suffixes: tuple[str, ...] = ("",)) -> Iterator[bytes]:
    """Yield paths, link targets and contents of the files below a folder, in a stable order."""
    for base, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(names):
            if name.endswith(suffixes):
                path = Path(base, name)
                yield str(path.relative_to(folder)).encode(errors="surrogateescape")
                yield os.fsencode(path.readlink()) if path.is_symlink() else b""
                yield from _named_content(path)


def _program() -> Iterator[bytes]:
    """Yield what identifies Python, the program's own files and every installed library."""
    yield sys.version.encode()
    yield from _tree(_PACKAGE, _CODE_SUFFIXES)
    yield from _named_content(resource("schema.json"))
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")  # noqa: PTH208 - no Path for each of a hundred names
        except OSError:
            continue
        # site-packages holds a folder `name-version.dist-info` for each library.
        yield from sorted(name.encode() for name in names if name.endswith("-info"))


def _fonts(any_font: bool) -> Iterator[bytes]:
    """Yield what identifies fonts and font libraries; with `any_font` the system's fonts too."""
    from nianbao.rendering.fonts.system import library_versions, system_fonts

    yield "\0".join(library_versions()).encode()
    try:
        # The digests taken at installation: reading 25 MB of fonts takes too long.
        yield from (f"{face.path.name} {face.sha256}".encode() for face in fonts.installed_faces())
    except fonts.FontsMissingError as missing:
        yield str(missing).encode()
    yield from _named_content(fonts.font_folder() / fonts.COVERAGE)
    yield from (os.fsencode(each) for each in (system_fonts() if any_font else ()))
