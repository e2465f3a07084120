"""The option `--notes` of `check`: write a note to each unit whose reports were checked."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from nianbao.county.notes import CheckedReport, make_note
from nianbao.errors import UsageError, UserError
from nianbao.model.form import load_form
from nianbao.rendering.errors import TemplateError
from nianbao.utils.files import (
    create_file,
    display_path,
    ensure_folder,
    reject_symlinks,
    remove_temporary_files,
)
from nianbao.utils.os_errors import describe_os_error
from nianbao.workspace.discovery import is_importable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from nianbao.diagnostics.finding import Finding
    from nianbao.diagnostics.store import FileFindings
    from nianbao.rendering.document import Document
    from nianbao.workspace.settings import Settings

NoteFormat = Literal["docx", "html", "md"]
NOTE_FORMATS: Final[tuple[NoteFormat, ...]] = ("docx", "html", "md")
_FLAT: Final = "本单位"  # the note about reports that lie directly in reports/


def write_notes(
    root: Path,
    files: Iterable[FileFindings],
    folder: Path,
    formats: Sequence[NoteFormat],
    settings: Settings,
    counts: Callable[[Finding], bool],
) -> int:
    """Write a note to each unit into `folder`, and return the number of units.

    `root`: the folder of the repository. `files`: the findings of each file. `counts`: returns True
    for the findings to list. Files that are no reports have no note. Raises UsageError if two units
    have the same name, UserError if a file exists already or can't be written.
    """
    templates = root / "templates"
    units: dict[str, list[CheckedReport]] = {}
    for file in files:
        if file.year:
            form = load_form(file.edition) if file.edition else None
            found = list(filter(counts, file.findings))
            # Without a year in its name, the field has the name of the file.
            year = file.year if file.year.isdigit() else ""
            checked = CheckedReport(file.body, year, form, found)
            units.setdefault(file.unit, []).append(checked)
    targets = _targets(units, folder)
    taken = [
        path
        for target in targets.values()
        for to in formats
        if os.path.lexists(path := _with_suffix(target, to))
    ]
    if taken:
        raise UserError(f"已有 {display_path(taken[0])}，没有动：换个文件夹，或删掉它")
    try:
        for unit, reports in units.items():
            target = targets[unit]
            reject_symlinks(root, target.parent)
            ensure_folder(target.parent)
            note = make_note(target.name, reports, settings.style)
            for to in formats:
                path = _with_suffix(target, to)
                if not create_file(path, _render(note, to, templates)):
                    raise UserError(f"已有 {display_path(path)}，没有动：换个文件夹，或删掉它")
        remove_temporary_files({target.parent for target in targets.values()})
    except TemplateError as error:
        raise UserError(str(error)) from error
    except OSError as error:
        raise UserError(f"意见写不到 {folder}：{describe_os_error(error)}") from error
    return len(units)


def _targets(units: Iterable[str], folder: Path) -> dict[str, Path]:
    """Return, by the name of each unit, the path of the unit's note without suffix."""
    targets: dict[str, Path] = {}
    for unit in units:
        name = Path(unit).stem if is_importable(unit) else _FLAT if unit == "." else unit
        target = folder / name
        if target in targets.values():
            raise UsageError(f"有两个单位的意见都叫 {name}：分两次检查，写到两个文件夹")
        targets[unit] = target
    return targets


def _with_suffix(target: Path, to: NoteFormat) -> Path:
    return target.with_name(f"{target.name}.{to}")


def _render(note: Document, to: NoteFormat, templates: Path) -> bytes:
    if to == "docx":
        from nianbao.rendering.docx import render_docx

        return render_docx(note, templates)
    from nianbao.rendering.templates import render

    if to == "html":
        return render(templates, "note.html", "html", note).encode()
    return (render(templates, "report.md", "markdown", note).strip() + "\n").encode()
