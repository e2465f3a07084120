"""Compute SHA-256 digests of everything that a build depends on.

File dates are not used, because a checkout changes all of them.
"""

from __future__ import annotations

import os
import sys
from hashlib import sha256
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING, Final

import nianbao
from nianbao.model.schema import SUM_KEY
from nianbao.rendering import DATA_FORMATS, fonts
from nianbao.utils.resources import resource
from nianbao.workspace.previous_year import DiskFolders, FileAccess, find_previous_year
from nianbao.workspace.settings import FILE_NAME
from nianbao.workspace.units import with_all_below

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from nianbao.rendering import Format
    from nianbao.workspace.discovery import ReportFile
    from nianbao.workspace.settings import Settings
    from nianbao.workspace.units import UnitPlace

CHECK: Final = "check"
_DISK: Final = DiskFolders()
_PACKAGE: Final = Path(nianbao.__file__).parent
_PIECE: Final = 1 << 20  # bytes of a file that are in memory at a time
_CODE_SUFFIXES: Final = (".py", ".toml", ".txt", ".json")


def file_digest(path: Path, files: FileAccess = _DISK) -> str | None:
    """Return the SHA-256 of a file in hexadecimal.

    Return None for a symbolic link or an unreadable file.
    """
    if files is not _DISK:
        content = files.content(path)
        return None if content is None else sha256(content).hexdigest()
    whole = sha256()
    try:
        if not S_ISREG(path.lstat().st_mode):
            return None
        with path.open("rb", buffering=0) as file:
            while piece := file.read(_PIECE):
                whole.update(piece)
    except OSError:
        return None
    return whole.hexdigest()


def environment_digests(
    root: Path, settings: Settings, formats: Sequence[Format]
) -> Mapping[str, str]:
    """Return digests of the program, the settings, the templates and the fonts.

    If a digest changes, results that were made with the old digest are out of date. The digest for
    findings has the key CHECK. The digest for an output has its format as key.

    `root`: the folder of the repository.
    `formats`: the outputs to make.
    """
    # Findings depend on the program, the schema, the libraries and nianbao.toml.
    check = _digest([*_program(), *_named_content(root / FILE_NAME)])
    own = root / "templates"
    # Formats other than json and csv depend on the templates of the program and the repository.
    output = _digest(
        [
            check.encode(),
            *(
                piece
                for folder in dict.fromkeys((own, resource("templates")))
                for piece in _tree(folder)
            ),
        ]
    )
    digests: dict[str, str] = {CHECK: check}
    digests.update({to: check if to in DATA_FORMATS else output for to in formats})
    # The web page links to the outputs in `formats`.
    if "html" in digests:
        digests["html"] = _digest([output.encode(), *map(str.encode, formats)])
    # The PDF depends on the fonts and on the system libraries that use fonts.
    if "pdf" in digests:
        digests["pdf"] = _digest([output.encode(), *_fonts(uses_any_font(own, settings))])
    return digests


def uses_any_font(templates: Path, settings: Settings) -> bool:
    """Return True if the PDFs can use any font of the system.

    The settings or a template of the repository can allow this.

    `templates`: the repository's templates folder, which need not exist.
    """
    # A template of the repository can name any font.
    shipped = resource("templates")
    return settings.system_fonts or (
        templates.exists() and templates.resolve() != shipped.resolve()
    )


def input_digest(
    file: ReportFile,
    year: int | None,
    environment_digest: str,
    content: bytes | None = None,
    place: UnitPlace | None = None,
    files: FileAccess = _DISK,
) -> str | None:
    """Return a digest of everything that the findings of a report depend on.

    `year`: the report's year, to find last year's report; None if it is unknown.
    `environment_digest`: the digest with the key CHECK from `environment_digests`.
    `content`: the bytes of the report, or None to read them.
    `place`: the unit of the report and its position in the roster, or None.
    `files`: reads the files.

    Return None if a file can't be read.
    """
    content = files.content(file.path) if content is None else content
    pieces = [environment_digest.encode(), file.shown.encode(errors="surrogateescape"), content]
    if year is not None:
        last = find_previous_year(file.path, year, files)
        pieces.append(
            f"{last.name} {last.has_older} {last.year_in_name}".encode(errors="surrogateescape")
        )
        pieces.append(b"" if last.path is None else files.content(last.path))
        if place is not None and content is not None:
            pieces += _units(place, content, files)
    return None if None in pieces else _digest(piece for piece in pieces if piece is not None)


def _units(place: UnitPlace, content: bytes, files: FileAccess) -> Iterator[bytes]:
    """Yield the unit's entry in the roster, and the reports of the units below it, as bytes.

    The findings of a report depend on these, too. The reports below are yielded only if the report
    may add them up. `content`: the bytes of the report.
    """
    yield repr((place.unit, place.is_listed, place.is_parent)).encode(errors="surrogateescape")
    if place.is_parent or SUM_KEY.encode() in content:
        for each in with_all_below(place.below):
            digest = file_digest(each.file.path, files) if each.file else None
            yield repr((each.unit, each.file and each.file.shown, digest)).encode(
                errors="surrogateescape"
            )


def add_to_digest(digest: str, *inputs: object) -> str:
    """Return a new digest, made from `digest` and further inputs.

    `inputs`: values whose `repr` shows all of their content.
    """
    return _digest([digest.encode(), *(repr(each).encode("utf-8", "replace") for each in inputs)])


def _digest(pieces: Iterable[bytes]) -> str:
    """Return one digest of all pieces and of their lengths, in hexadecimal."""
    whole = sha256()
    for piece in pieces:
        whole.update(len(piece).to_bytes(8, "big"))
        whole.update(piece)
    return whole.hexdigest()


def _named_content(path: Path) -> Iterator[bytes]:
    """Yield the name of a file, then `+` and its content, or `-` if it is missing or a link."""
    yield path.name.encode(errors="surrogateescape")
    content = _DISK.content(path)
    yield b"-" if content is None else b"+" + content


def program_digest() -> str:
    """Return a digest of the program, its schema and its templates.

    A checkout and an installed copy have the same digest.
    """
    schema, templates = resource("schema.json"), resource("templates")
    code = _tree(_PACKAGE, _CODE_SUFFIXES, {schema.name, templates.name})
    return _digest([*code, *_named_content(schema), *_tree(templates)])


def _tree(
    folder: Path, suffixes: tuple[str, ...] = ("",), skipped: Collection[str] = ()
) -> Iterator[bytes]:
    """Yield paths, link targets and contents of the files below a folder, in a stable order.

    `suffixes`: files with other suffixes are left out; by default no file is. `skipped`: the names
    of files and folders to leave out, if they are directly in `folder`.
    """
    for base, folders, names in os.walk(folder):
        left_out = {"__pycache__", *(skipped if Path(base) == folder else ())}
        folders[:] = sorted(name for name in folders if name not in left_out)
        for name in sorted(names):
            if name.endswith(suffixes) and name not in left_out:
                path = Path(base, name)
                yield str(path.relative_to(folder)).encode(errors="surrogateescape")
                yield os.fsencode(path.readlink()) if path.is_symlink() else b""
                yield from _named_content(path)


def _program() -> Iterator[bytes]:
    """Yield Python's version, the program's files, the schema, and the libraries' versions."""
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
    """Yield the versions of text libraries and the digests of fonts.

    `any_font`: True to include the fonts of the system.
    """
    from nianbao.rendering.fonts.system import library_versions, system_fonts

    yield "\0".join(library_versions()).encode()
    try:
        # Use the digests taken at installation, because reading 25 MB of fonts takes too long.
        yield from (f"{face.path.name} {face.sha256}".encode() for face in fonts.installed_faces())
    except fonts.FontsMissingError as missing:
        yield str(missing).encode()
    yield from _named_content(fonts.font_folder() / fonts.COVERAGE)
    yield from (os.fsencode(each) for each in (system_fonts() if any_font else ()))
