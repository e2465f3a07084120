"""Provide the fonts of the PDF: names, files and characters."""

from nianbao.rendering.fonts.coverage import scripts_in, uncovered
from nianbao.rendering.fonts.faces import FACES, SCRIPTS, Face, face_for, stack
from nianbao.rendering.fonts.store import (
    COVERAGE,
    FontsMissingError,
    InstalledFace,
    damaged_faces,
    font_face_css,
    font_folder,
    installed_faces,
)

__all__ = [
    "COVERAGE",
    "FACES",
    "SCRIPTS",
    "Face",
    "FontsMissingError",
    "InstalledFace",
    "damaged_faces",
    "face_for",
    "font_face_css",
    "font_folder",
    "installed_faces",
    "scripts_in",
    "stack",
    "uncovered",
]
