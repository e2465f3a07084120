"""The faces that the PDF is set in: which, where they lie, and which characters they have.

Nothing here parses a font: what a run needs to know was written down when the fonts were set up
(``nianbao.rendering.fonts.install``), so asking costs milliseconds and loads no heavy library.
"""

from nianbao.rendering.fonts.coverage import uncovered
from nianbao.rendering.fonts.faces import FACES, Face, face_for, stack
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
    "Face",
    "FontsMissingError",
    "InstalledFace",
    "damaged_faces",
    "face_for",
    "font_face_css",
    "font_folder",
    "installed_faces",
    "stack",
    "uncovered",
]
