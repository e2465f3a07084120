"""Install the fonts: download, subset, write the files, then replace the manifest."""

import hashlib
import json
import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, Final

from nianbao.errors import UserError
from nianbao.rendering.fonts import charset, subsetter
from nianbao.rendering.fonts.coverage import encode
from nianbao.rendering.fonts.faces import FACES, SCRIPTS, Face
from nianbao.rendering.fonts.sources import (
    Echo,
    FontDownloadError,
    FontFile,
    fetch_debian,
    fetch_pypi,
    has_apt,
)
from nianbao.rendering.fonts.store import (
    COVERAGE,
    MANIFEST,
    FontsMissingError,
    damaged_faces,
    font_folder,
    installed_faces,
    read_manifest,
)
from nianbao.utils.files import remove_temporary_files, write_atomically
from nianbao.utils.os_errors import describe_os_error

# Fallback fonts keep more characters, see charset.code_points_to_keep.
_WIDE: Final = frozenset({"song"})

_SOURCES: Final[Mapping[str, Callable[[Path, Echo], Mapping[str, FontFile]]]] = {
    "debian": fetch_debian,
    "pypi": fetch_pypi,
}


@cache
def recipe() -> str:
    """Return a digest of all settings and libraries that shape the installed fonts.

    Fonts that were installed with another digest are out of date.
    """
    import fontTools
    import uharfbuzz

    # The digest does not depend on the downloaded font files.
    ingredients = (
        *(uharfbuzz.__version__, fontTools.version),
        *(subsetter.FEATURES, subsetter.ASCENT, subsetter.DESCENT, subsetter.BASELINES),
        *((face.key, face.family, face.key in _WIDE) for face in FACES),
        *(sorted(charset.code_points_to_keep(wide)) for wide in (False, True)),
        *((face.key, face.blocks) for face in SCRIPTS),
    )
    return hashlib.sha256(repr(ingredients).encode()).hexdigest()


def install(force: bool, echo: Echo) -> None:
    """Install the fonts if they are missing, damaged or out of date.

    If an update fails, the old fonts stay in use.

    `force`: True to install in any case.
    `echo`: a function that prints a message.

    Raises FontsMissingError if the installation fails and there are no old fonts.
    """
    folder = font_folder()
    usable = _usable()
    if not force and is_ready():
        echo(f"字体已备好：{folder}")
        return
    folder.mkdir(parents=True, exist_ok=True)
    failures = []
    for origin, fetch in _SOURCES.items():
        if usable and not force and origin == "pypi" and _origin(folder) == "pypi":
            break  # the substitutes are installed, and Debian's packages are still not available
        with tempfile.TemporaryDirectory(prefix="nianbao-fonts-") as temporary:
            try:
                sources = fetch(Path(temporary), echo)
                _write(folder, origin, sources, Path(temporary), echo)
            except OSError as failure:
                failures.append(describe_os_error(failure))
                continue
            except (FontDownloadError, LookupError, UserError) as failure:
                failures.append(str(failure))
                continue
        if origin == "pypi":
            echo(
                "注意：没有取得仿宋、楷体和小标宋，暂以 Noto 宋体代替（"
                + failures[0]
                + "）。版面不变，字形不合公文习惯；网页和 Markdown 不受影响。"
            )
        echo(f"字体已装好：{folder}")
        return
    if not usable:
        raise FontsMissingError("字体没有装好：" + "；".join(failures))
    if failures:
        echo("字体没有更新，继续使用原有的：" + "；".join(failures))


def is_ready() -> bool:
    """Return True if the fonts are installed, undamaged and up to date."""
    return _usable() and _is_current(font_folder())


def _usable() -> bool:
    try:
        return not damaged_faces()
    except FontsMissingError:
        return False


def _origin(folder: Path) -> str:
    return str((read_manifest(folder) or {}).get("origin", ""))


def _is_current(folder: Path) -> bool:
    manifest = read_manifest(folder) or {}
    if manifest.get("recipe") != recipe():
        return False
    # The substitutes from PyPI are accepted only if Debian's fonts are not available.
    return manifest.get("origin") != "pypi" or not has_apt()


def _points(face: Face) -> frozenset[int]:
    """Return the code points to keep in a font."""
    if not face.blocks:
        return charset.code_points_to_keep(face.key in _WIDE)
    return frozenset(chain.from_iterable(range(a, b + 1) for a, b in face.blocks))


def _write(
    folder: Path, origin: str, sources: Mapping[str, FontFile], fetched: Path, echo: Echo
) -> None:
    remove_temporary_files([folder])
    faces: dict[str, Any] = {}
    coverage: dict[str, list[int]] = {}
    for face in (*FACES, *SCRIPTS):
        if face.blocks and face.key not in sources:
            continue
        source = sources[face.key]
        echo(f"裁剪 {face.purpose_zh.split('：')[0]}（{source.full_name}）…")
        font = subsetter.subset_font(
            fetched / source.file, source.full_name, _points(face), shaped=bool(face.blocks)
        )
        digest = hashlib.sha256(font.data).hexdigest()
        name = f"{face.key}-{digest[:12]}.otf"
        write_atomically(folder / name, font.data)
        faces[face.key] = {
            "file": name,
            "size": len(font.data),
            "sha256": digest,
            "source": f"{source.full_name} ({source.package}: {source.file})",
        }
        coverage[face.family] = encode(font.code_points)
    write_atomically(folder / COVERAGE, json.dumps(coverage, separators=(",", ":")).encode())
    manifest = {"recipe": recipe(), "origin": origin, "faces": faces}
    write_atomically(folder / MANIFEST, json.dumps(manifest, indent=1, ensure_ascii=False).encode())
    wanted = {entry["file"] for entry in faces.values()}
    for old in folder.glob("*.otf"):
        if old.name not in wanted:
            old.unlink(missing_ok=True)
    installed_faces()
