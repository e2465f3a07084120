"""What a build's inputs are, by content: a digest of each, so that equal ones are known again.

Nothing here asks for the time of a file: a checkout gives all files new ones, and a copy may keep
old ones.
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
_CODE: Final = (".py", ".toml", ".txt", ".json")


def digest_of(path: Path) -> str | None:
    """The SHA-256 of a file; None for a link, and for what can't be read."""
    content = _content(path)
    return None if content is None else sha256(content).hexdigest()


def environment_digests(
    root: Path, settings: Settings, formats: Sequence[Format]
) -> Mapping[str, str]:
    """A digest of all that makes the outputs of a repository, except for the reports themselves.

    By what is made: `check` for the findings, and each format. In it are the program, the schema,
    the libraries, nianbao.toml; for an output the templates, ours and the repository's; for a PDF
    the fonts and what of the machine sets them.
    """
    check = _digest([*_program(), *_whole(root / FILE_NAME)])
    folders = dict.fromkeys((root / "templates", resource("templates")))
    output = _digest([check.encode(), *(piece for folder in folders for piece in _tree(folder))])
    means: dict[str, str] = {CHECK: check}
    means.update(dict.fromkeys(formats, output))
    if "pdf" in means:
        # A template of the repository may name any font of the machine.
        own = root / "templates"
        ours = resource("templates").resolve()
        any_font = settings.system_fonts or (own.exists() and own.resolve() != ours)
        means["pdf"] = _digest([output.encode(), *_fonts(any_font)])
    return means


def input_digest(
    file: ReportFile, year: int | None, means: str, content: bytes | None = None
) -> str | None:
    """A digest of what a report's findings and outputs are made from, by what makes them.

    `year` is the report's, by which last year's file is found; None where it has none. `content`
    is what was read of the file, if it was. None is returned where a file can't be read: such a
    report is looked at each time.
    """
    content = _content(file.path) if content is None else content
    pieces = [means.encode(), file.shown.encode(errors="surrogateescape"), content]
    if year is not None:
        last = find_previous_year(file.path, year, DiskFolders())
        pieces.append(
            f"{last.name} {last.has_older} {last.year_in_name}".encode(errors="surrogateescape")
        )
        pieces.append(b"" if last.path is None else _content(last.path))
    return None if None in pieces else _digest(piece for piece in pieces if piece is not None)


def _digest(pieces: Iterable[bytes]) -> str:
    """One digest of some pieces, which also says where each ends."""
    whole = sha256()
    for piece in pieces:
        whole.update(len(piece).to_bytes(8, "big"))
        whole.update(piece)
    return whole.hexdigest()


def _content(path: Path) -> bytes | None:
    """The content of a plain file, or None."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return None
        return path.read_bytes()
    except OSError:
        return None


def _whole(path: Path) -> Iterator[bytes]:
    """The name and content of a file that may be missing or a link."""
    yield path.name.encode(errors="surrogateescape")
    content = _content(path)
    yield b"-" if content is None else b"+" + content


def _tree(folder: Path, suffixes: tuple[str, ...] = ("",)) -> Iterator[bytes]:
    """The names and contents of the files below a folder, in a stable order; links as such."""
    for base, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(names):
            if name.endswith(suffixes):
                path = Path(base, name)
                yield str(path.relative_to(folder)).encode(errors="surrogateescape")
                yield os.fsencode(path.readlink()) if path.is_symlink() else b""
                yield from _whole(path)


def _program() -> Iterator[bytes]:
    """The program itself, Python, and every library that is installed, by its version."""
    yield sys.version.encode()
    yield from _tree(_PACKAGE, _CODE)
    yield from _whole(resource("schema.json"))
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")  # noqa: PTH208 - no Path for each of a hundred names
        except OSError:
            continue
        # site-packages holds a folder `name-version.dist-info` for each.
        yield from sorted(name.encode() for name in names if name.endswith("-info"))


def _fonts(any_font: bool) -> Iterator[bytes]:
    from nianbao.rendering.fonts.system import library_versions, system_fonts

    yield "\0".join(library_versions()).encode()
    try:
        # By the digests that were taken when they were set up: reading 25 MB takes its time.
        yield from (f"{face.path.name} {face.sha256}".encode() for face in fonts.installed_faces())
    except fonts.FontsMissingError as missing:
        yield str(missing).encode()
    yield from _whole(fonts.font_folder() / fonts.COVERAGE)
    yield from (os.fsencode(each) for each in (system_fonts() if any_font else ()))
