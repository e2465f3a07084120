"""Find the installed fonts, and check that they are complete and unchanged."""

import hashlib
import json
import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from nianbao.errors import UserError
from nianbao.rendering.fonts.faces import FACES, SCRIPTS, Face
from nianbao.utils.resources import checkout
from nianbao.utils.user_dirs import user_data_folder

# The font folder has one OpenType file for each font, the manifest, which lists these files with
# size and SHA-256, and the coverage (see coverage.py). File names contain the digest of the
# content, and the manifest is replaced last. So an interrupted or concurrent installation leaves
# either the old set of fonts or the new set.
MANIFEST: Final = "manifest.json"
COVERAGE: Final = "coverage.json"
FOLDER_VARIABLE: Final = "NIANBAO_FONTS"


class FontsMissingError(UserError):
    """The fonts are damaged or not installed. The message, in Chinese, says what to run."""


@dataclass(frozen=True, slots=True)
class InstalledFace:
    """An installed font and its file.

    `size`: the expected size of the file in bytes.
    `sha256`: the expected SHA-256 of the file.
    `source`: the font's full name, package and file name, in one text.
    """

    face: Face
    path: Path
    size: int
    sha256: str
    source: str


def font_folder() -> Path:
    """Return the folder of the installed fonts, which need not exist.

    The environment variable NIANBAO_FONTS can name the folder.
    """
    if chosen := os.environ.get(FOLDER_VARIABLE):
        return Path(chosen).expanduser().absolute()
    root = checkout()
    return root / ".fonts" if root else user_data_folder() / "fonts"


def how_to_install() -> str:
    """Return a sentence in Chinese that names the command to install the fonts."""
    return "请运行 python build.py fonts" if checkout() else "请运行 nianbao fonts"


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """Return the content of a font folder's manifest.json, or None if unreadable.

    The manifest lists the installed font files with size and SHA-256.
    """
    try:
        data = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return data if isinstance(data, dict) and isinstance(data.get("faces"), dict) else None


def installed_faces() -> tuple[InstalledFace, ...]:
    """Return the installed fonts, in the order of FACES, then of SCRIPTS.

    Only the size of each file is checked (see `damaged_faces`).

    Raises FontsMissingError if a file is missing or has another size.
    """
    folder = font_folder()
    manifest = read_manifest(folder)
    if manifest is None:
        raise FontsMissingError(f"PDF 所用的字体还没有装好（{folder}）。{how_to_install()}。")
    found = []
    for face in (*FACES, *SCRIPTS):
        # Fonts of other scripts can be missing.
        if face.blocks and face.key not in manifest["faces"]:
            continue
        try:
            entry = manifest["faces"][face.key]
            path = folder / entry["file"]
            installed = InstalledFace(face, path, entry["size"], entry["sha256"], entry["source"])
        except (KeyError, TypeError):
            raise FontsMissingError(
                f"字体清单缺少 {face.purpose_zh}。{how_to_install()}。"
            ) from None
        if not path.is_file() or path.stat().st_size != installed.size:
            raise FontsMissingError(f"字体文件缺失或损坏：{path}。{how_to_install()}。")
        found.append(installed)
    if not (folder / COVERAGE).is_file():
        raise FontsMissingError(f"字体文件缺失或损坏：{folder / COVERAGE}。{how_to_install()}。")
    return tuple(found)


def damaged_faces() -> list[InstalledFace]:
    """Return the installed fonts whose files have changed since the installation.

    The SHA-256 of each file is compared.

    Raises FontsMissingError if a file is missing or has another size.
    """
    return [
        installed
        for installed in installed_faces()
        if hashlib.sha256(installed.path.read_bytes()).hexdigest() != installed.sha256
    ]


def font_face_css(scripts: Collection[Face] = ()) -> str:
    """Return the @font-face rules of the five fonts in FACES, with file URLs.

    `scripts`: fonts of other scripts, whose rules are added.

    Raises FontsMissingError if a file is missing or has another size.
    """
    return "".join(
        f'@font-face{{font-family:"{installed.face.family}";'
        f'src:url("{installed.path.as_uri()}") format("opentype");'
        f"font-weight:{installed.face.weight};font-style:normal}}\n"
        for installed in installed_faces()
        if not installed.face.blocks or installed.face in scripts
    )
