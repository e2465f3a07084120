"""The option `--notes` of `check`: write a note to each unit whose reports were checked."""

from __future__ import annotations

import os
from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from nianbao.county.notes import NotedReport, make_note, make_reminder
from nianbao.county.status import find_status, status_jobs
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
from nianbao.workspace.discovery import REPORTS_FOLDER, TOP, is_importable
from nianbao.workspace.settings import read_settings
from nianbao.workspace.units import UnitIndex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from nianbao.diagnostics.finding import Finding
    from nianbao.diagnostics.store import FileFindings
    from nianbao.rendering.document import Document

NoteFormat = Literal["docx", "html", "md"]
NOTE_FORMATS: Final[tuple[NoteFormat, ...]] = ("docx", "html", "md")
_FLAT: Final = "本单位"  # the note about reports that lie directly in reports/


class Note(NamedTuple):
    """A note to a unit.

    `name`: the name of the note's file, without suffix.
    `is_reminder`: True if the report of the unit is missing.
    """

    name: str
    document: Document
    is_reminder: bool = False


def make_notes(
    root: Path,
    files: Iterable[FileFindings],
    counts: Callable[[Finding], bool],
    *,
    everything: bool,
) -> list[Note]:
    """Return the notes to all units whose reports were checked.

    `root`: the folder of the repository.
    `files`: the findings of each file.
    `counts`: returns True for the findings to list.
    `everything`: all reports were checked; units without a report get a reminder.
    """
    # Reports on earlier years were published long ago.
    index, (settings, _) = UnitIndex(root), read_settings(root)
    latest = max(index.years, default=0) if everything else 0
    units: dict[str, list[NotedReport]] = {}
    for file in files:
        # A file without a year is no report, for example nianbao.toml.
        if file.year and not (file.year.isdigit() and int(file.year) < latest):
            form = load_form(file.edition) if file.edition else None
            found = list(filter(counts, file.findings))
            # Without a year in its name, the field has the name of the file.
            year = file.year if file.year.isdigit() else ""
            checked = NotedReport(file.body, year, form, found)
            units.setdefault(file.unit, []).append(checked)
    names = {unit.id: unit.name for unit in index.roster.units.values()} if index.roster else {}
    notes = []
    for unit, reports in units.items():
        name = _file_name(unit)
        notes.append(Note(name, make_note(names.get(unit, name), reports, settings.style)))
    if latest and index.roster:
        for job in status_jobs(index, latest):
            due = job.report.unit
            if job.report.file is None and due.id != TOP and not due.is_own:
                written = find_status(job, settings, latest, date.min).deadline
                deadline = date.fromisoformat(written) if written else None
                reminder = make_reminder(due.name, latest, deadline, settings.style)
                notes.append(Note(f"{due.id}催报", reminder, is_reminder=True))
    return notes


def _file_name(unit: str) -> str:
    """Return the name of the file of a unit's notes, without suffix; it can have folders."""
    path = Path(unit)
    if is_importable(unit):
        return path.stem
    if path.name == REPORTS_FOLDER:
        return _FLAT
    return path.name if path.is_absolute() or ".." in path.parts else unit


def write_notes(
    root: Path, notes: Sequence[Note], folder: Path, formats: Sequence[NoteFormat]
) -> None:
    """Write each note into `folder`, in each format.

    Raises UsageError if two notes have the same name. Raises UserError if a file exists already or
    can't be written.
    """
    templates = root / "templates"
    twice = next((name for name, n in Counter(each.name for each in notes).items() if n > 1), None)
    if twice:
        raise UsageError(f"有两个单位的意见都叫 {twice}：分两次检查，写到两个文件夹")
    targets = [(note, to, _with_suffix(folder / note.name, to)) for note in notes for to in formats]
    taken = next((path for _, _, path in targets if os.path.lexists(path)), None)
    if taken:
        raise UserError(f"已有 {display_path(taken)}，没有动：换个文件夹，或删掉它")
    try:
        for note, to, path in targets:
            reject_symlinks(root, path.parent)
            ensure_folder(path.parent)
            if not create_file(path, _render(note.document, to, templates)):
                raise UserError(f"已有 {display_path(path)}，没有动：换个文件夹，或删掉它")
        remove_temporary_files({path.parent for _, _, path in targets})
    except TemplateError as error:
        raise UserError(str(error)) from error
    except OSError as error:
        raise UserError(f"意见写不到 {folder}：{describe_os_error(error)}") from error


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
