"""The command `units`: list and check the roster (units.toml), or make a new roster."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from nianbao.cli.printing import print_text
from nianbao.diagnostics.reporters import format_findings
from nianbao.errors import UsageError, UserError
from nianbao.utils.files import create_file, remove_temporary_files
from nianbao.utils.os_errors import describe_os_error
from nianbao.utils.text import align_columns, sanitize
from nianbao.workspace.discovery import ROSTER_NAME, TOP
from nianbao.workspace.roster import read_roster

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.cli.console import Console
    from nianbao.diagnostics.finding import Finding
    from nianbao.workspace.unit_tree import Roster, Unit

_MAX_INDENT: Final = 8  # levels that are indented
_MAX_LISTED: Final = 20  # problems of a list
_SPREADSHEETS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x09\x08")


def list_units(root: Path, console: Console) -> int:
    """Print the roster (units.toml) as a tree, or the findings about the roster.

    Return 1 if there are findings or there is no roster.
    """
    roster, findings = read_roster(root)
    if findings:
        print_text(format_roster_findings(root, findings, colour=console.colour), console)
        return 1
    if roster is None:
        console.warn(
            f"没有 {ROSTER_NAME}，reports 里的每个文件夹算一个单位。"
            "用 units --from 名单.xlsx 从名单做一份"
        )
        return 1
    rows = [("单位", "编号", "说明"), *_rows(roster)]
    depth = 1 + max(depth for depth, _ in roster.tree())
    total = f"{len(roster.units)} 个单位，{depth} 级"
    print_text("\n".join([*align_columns(rows, flexible=(0, 1)), total]), console)
    return 0


def format_roster_findings(root: Path, findings: Sequence[Finding], *, colour: bool) -> str:
    """Return findings about units.toml as text, each with its line of the file.

    `colour`: use terminal colours.
    """
    try:
        lines = (root / ROSTER_NAME).read_text("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError):
        lines = []
    return format_findings(findings, {ROSTER_NAME: lines}, to="text", colour=colour)


def _rows(roster: Roster) -> Iterator[tuple[str, str, str]]:
    for depth, unit in roster.tree():
        name = "  " * min(depth, _MAX_INDENT) + sanitize(unit.name)
        yield name, "reports" if unit.id == TOP else sanitize(unit.id), "，".join(_remarks(unit))


def _remarks(unit: Unit) -> Iterator[str]:
    if unit.is_own:
        yield "本级"
    if unit.kind:
        yield unit.kind
    if unit.first > 0:
        yield f"{unit.first} 年度起"
    if unit.last < 9999:
        yield f"到 {unit.last} 年度"
    if unit.deadline:
        yield f"期限 {unit.deadline}"


def make_roster(root: Path, name: str, console: Console) -> int:
    """Write units.toml from a list of units in a spreadsheet or CSV file.

    `name`: the path of the list.

    Return 1 if the list has problems, which are printed. Raises UserError if the list can't be read
    or units.toml exists.
    """
    from nianbao.county.roster_list import draft_roster

    remove_temporary_files([root])
    target = root / ROSTER_NAME
    if target.is_symlink() or target.exists():
        raise UserError(f"已经有 {ROSTER_NAME}，没有动。要重做，先把它改名")
    draft = draft_roster(_read_rows(Path(name)))
    if draft.problems:
        for row, problem in draft.problems[:_MAX_LISTED]:
            console.warn(f"{name} 第 {row} 行：{problem.message}。改法：{problem.help}")
        more = len(draft.problems) - _MAX_LISTED
        if more > 0:
            console.warn(f"还有 {more} 处")
        console.warn(f"没有写 {ROSTER_NAME}：先改好名单")
        return 1
    if not create_file(target, draft.text.encode()):
        raise UserError(f"已经有 {ROSTER_NAME}，没有动。要重做，先把它改名")
    print_text(f"已写入 {ROSTER_NAME}：{draft.units} 个单位", console)
    if draft.unused:
        console.warn(f"没有用到的列：{'、'.join(draft.unused)}")
    return 0


def _read_rows(path: Path) -> list[list[str]]:
    """Return the rows of a CSV file, or of the first table of a spreadsheet."""
    from nianbao.county.roster_list import read_csv
    from nianbao.importing.limits import MAX_BYTES

    try:
        if path.stat().st_size > MAX_BYTES:
            raise UserError(f"{path} 太大，不像一份名单")
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"读不了 {path}：{describe_os_error(error)}") from error
    if not data.startswith(_SPREADSHEETS):
        from nianbao.importing.readers.charset import decode_text

        text, warning = decode_text(data)
        if warning:
            raise UserError(f"{path} {warning}。另存为 UTF-8 或 .xlsx")
        return read_csv(text)
    from nianbao.importing.document import SourceTable
    from nianbao.importing.readers.spreadsheet import read_spreadsheet

    tables = [each for each in read_spreadsheet(data).blocks if isinstance(each, SourceTable)]
    if not tables:
        raise UserError(f"{path} 里没有表。第一行写各列的名称")
    largest = max(tables, key=lambda table: len(table.cells))
    first = min(cell.place.row for cell in largest.cells)
    rows = [[cell.text if cell else "" for cell in row] for row in largest.matrix()]
    return [[] for _ in range(first - 1)] + rows
