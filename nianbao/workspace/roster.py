"""Read units.toml, the roster: the reporting units, and whose figures each unit adds up."""

from __future__ import annotations

import re
import unicodedata
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from nianbao.diagnostics.finding import (
    FILE_START,
    MAX_FINDINGS,
    Finding,
    Problem,
    Severity,
    Span,
    limit_findings,
)
from nianbao.errors import UsageError
from nianbao.model.schema import edition_schema
from nianbao.utils.suggestions import closest
from nianbao.utils.text import shorten
from nianbao.workspace.discovery import ROSTER_NAME, SUFFIXES, TOP, reject_unportable
from nianbao.workspace.settings import explain_deadline, explain_line
from nianbao.workspace.toml import TomlError, parse_toml, read_toml_text
from nianbao.workspace.unit_tree import Roster, Unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

ROSTER_RULE: Final = "S305"
SECTION: Final = "单位"
_MAX_BYTES: Final = 32 * 1024 * 1024
_MAX_LINE: Final = 500  # characters of a line that is not plain; tomllib reads it
_LONGEST: Final = 40  # characters that a message quotes
_MAX_TEXT: Final = 200  # characters of a name or an id
_MAX_FOLDER: Final = 80  # characters of the name of a folder, which has at most 255 bytes
# Ids that are certainly folders: each part has a Chinese character, and only letters and digits.
_COMMON_ID: Final = re.compile(r"(?:(?:^|/)[\w-]*[\u4e00-\u9fff][\w-]*)+")
_MAX_GUESSES: Final = 5  # findings that guess what was meant
_HEAD: Final = re.compile(r'[ \t]*\[\[[ \t]*(?:单位|"单位"|\'单位\')[ \t]*\]\][ \t]*(?:#.*)?')
_PLAIN: Final = re.compile(
    r'[ \t]*(?:"([^"\\]*)"|\'([^\']*)\'|([\w-]+))[ \t]*=[ \t]*'
    r'(?:"([^"\\]*)"|\'([^\']*)\'|([0-9]{1,9})|(true|false))[ \t]*(?:#.*)?'
)
_KEY: Final = re.compile(r'[ \t]*(?P<key>"[^"\n]*"|\'[^\'\n]*\'|[^\s=.]+)[ \t]*=?[ \t]*')
_COMMENT: Final = re.compile(r"[ \t]*#.*")
_HELP: Final = "每个单位一节 [[单位]]，下面每行是 键 = 值"


class Key(NamedTuple):
    """A key that a unit can have in units.toml.

    `type`: the type of the key's value in JSON Schema, such as string.
    `text`: the explanation of the key that editors show.
    """

    type: str
    text: str


KEYS: Final[Mapping[str, Key]] = {
    "编号": Key("string", "reports 下面这个单位的文件夹，例如 青山县/水利局；reports 本身写 ."),
    "名称": Key("string", "全称，和报告里的“机关”一样。"),
    "上级": Key("string", "汇总它的单位的编号；不写就由 reports 下面的那份汇总。"),
    "机关类型": Key("string", "决定发布期限等；报告里写了的，按报告里的。"),
    "起始年度": Key("integer", "从哪一年度起要有报告；不写就一直要有。"),
    "终止年度": Key("integer", "到哪一年度为止要有报告，例如撤销、合并的单位。"),
    "期限": Key("string", "这个单位发布报告的期限，写成 01-31；没有期限写 无。"),
    "本级": Key("boolean", "写 true：这是上级自己的数，汇总时加进去，不单独公布。"),
}
_REQUIRED: Final = ("编号", "名称")
_FIRST_YEAR: Final = 2000


def read_roster(root: Path) -> tuple[Roster | None, list[Finding]]:
    """Return the roster of a repository, and findings (S305) about units.toml.

    The roster is None if units.toml is missing or has errors.
    """
    file = root / ROSTER_NAME
    try:
        text = read_toml_text(file, _MAX_BYTES) if file.is_symlink() or file.is_file() else None
    except TomlError as error:
        return None, [_finding(FILE_START, error.problem.message, error.problem.help)]
    return (None, []) if text is None else parse_roster(text)


def parse_roster(text: str) -> tuple[Roster | None, list[Finding]]:
    """Return the roster that the text of units.toml describes, and findings about errors.

    The roster is None if the text has errors.
    """
    parser = _Parser(text)
    found = list(islice(parser.findings(), MAX_FINDINGS + 1))
    if found:
        return None, limit_findings(found)
    children: dict[str, list[str]] = {}
    for unit in parser.units.values():
        if unit.id != TOP:
            children.setdefault(unit.parent, []).append(unit.id)
    return Roster(parser.units, children), []


def make_units_schema() -> dict[str, Any]:
    """Return the JSON Schema of units.toml, for editors."""
    kinds = _kinds()
    fields: dict[str, Any] = {
        name: {"type": key.type, "description": key.text}
        | ({"enum": list(kinds)} if name == "机关类型" else {})
        for name, key in KEYS.items()
    }
    unit = {
        "type": "object",
        "properties": fields,
        "required": list(_REQUIRED),
        "additionalProperties": False,
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",  # Taplo knows no later one
        "title": ROSTER_NAME,
        "description": "单位名单：谁要有报告，谁汇总谁。",
        "type": "object",
        "properties": {SECTION: {"type": "array", "description": _HELP, "items": unit}},
        "additionalProperties": False,
    }


def _kinds() -> Sequence[str]:
    kinds: Sequence[str] = edition_schema(None).node_at(("机关类型",))["enum"]
    return kinds


def _finding(span: Span, message: str, help_: str) -> Finding:
    return Finding(ROSTER_RULE, Severity.ERROR, ROSTER_NAME, span, (), message, help_)


# A section while it is read: by key, the value and the number of its line from 0.
_Section = dict[str, tuple[Any, int]]


# tomllib gives no positions, takes seconds for 100,000 units, and takes quadratic time for dotted
# keys. Therefore the file is read line by line: each section [[单位]] has a plain `key = value` on
# each line. Only single lines that are not plain are passed to tomllib.
class _Parser:
    """Reads the text of units.toml.

    `units`: the units by id; all of them only after `findings` has been iterated to its end.
    """

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self._folded: dict[str, int] = {}  # ids as file systems may compare them, with their lines
        self._parents: dict[str, int] = {}  # by id, the line of its 上级
        self._unusable: set[Any] = set()  # ids of units with errors
        self._guesses = 0
        self._kinds = frozenset(_kinds())
        self.units: dict[str, Unit] = {}

    def findings(self) -> Iterator[Finding]:
        """Read the text and yield findings: those of each section, then those about parents."""
        section: _Section | None = None
        head = 0
        is_whole = True  # every line of the section could be read
        for number, line in enumerate(self._lines):
            plain = _PLAIN.fullmatch(line)
            if plain is None:
                if not line or line.isspace() or _COMMENT.fullmatch(line):
                    continue
                if _HEAD.fullmatch(line):
                    if section is not None:
                        yield from self._add(section, head, is_whole=is_whole)
                    section, head, is_whole = {}, number, True
                    continue
            name, value, problem = self._entry(line, plain)
            if section is None and problem is None:
                problem = Problem("键写在了第一节 [[单位]] 的上面", _HELP, 1)
            if problem is not None:
                is_whole = False
                yield self._at(number, problem)
            elif section is not None and name in section:
                yield self._at_key(number, f"“{name}”写了两次", "删掉一个；别的单位另起一节")
            elif section is not None:
                section[name] = value, number
        if section is None:
            yield _finding(FILE_START, "名单里没有单位", _HELP)
        else:
            yield from self._add(section, head, is_whole=is_whole)
        yield from self._check_parents()

    def _entry(self, line: str, plain: re.Match[str] | None) -> tuple[str, Any, Problem | None]:
        """Return the key and the value of a line, and the problem of the line or None.

        `plain`: the match of a plain `key = value`, or None if the line is not plain.
        """
        if plain is not None:
            double, single, bare, text, literal, number, flag = plain.groups()
            name = double or single or bare or ""
            if number:
                return name, int(number), None
            return name, flag == "true" if flag else text if text is not None else literal, None
        if len(line) > _MAX_LINE:
            return "", None, Problem(f"这一行超过 {_MAX_LINE} 个字符", _HELP, 1)
        try:
            data = parse_toml(line)
        except TomlError as error:
            return "", None, error.problem
        name, value = next(iter(data.items()))
        if line.lstrip().startswith("["):
            help_ = "写成 [[单位]]，两层方括号" if name == SECTION else _HELP
            return "", None, Problem(f"不认识的节“{shorten(name, _LONGEST)}”", help_, 1)
        if not isinstance(value, (str, int)):
            return "", None, Problem(f"“{shorten(name, _LONGEST)}”的值不能这样写", _HELP, 1)
        return name, value, None

    def _add(self, section: _Section, head: int, *, is_whole: bool) -> Iterator[Finding]:
        """Check a section, and add its unit if it has no errors.

        `head`: the index of the section's first line, counted from 0. `is_whole`: False if some
        line of the section could not be read.
        """
        wrong = not is_whole
        for name, (value, number) in section.items():
            problem = self._explain(name, value)
            if problem is not None:
                wrong = True
                place = self._at_key if name not in KEYS else self._at_value
                yield place(number, problem.message, problem.help)
        for name in _REQUIRED:
            if name not in section and is_whole:
                wrong = True
                yield self._at_key(head, f"这个单位没有写“{name}”", f'加一行 {name} = "……"')
        if wrong:
            self._unusable.add(section.get("编号", (None, 0))[0])
            return
        get = {name: value for name, (value, _) in section.items()}
        unit = Unit(
            unicodedata.normalize("NFC", get["编号"]),
            get["名称"],
            get.get("机关类型", ""),
            unicodedata.normalize("NFC", get.get("上级", TOP)),
            get.get("起始年度", 0),
            get.get("终止年度", 9999),
            get.get("期限", ""),
            get.get("本级", False),
        )
        if unit.id == TOP and "上级" in section:
            yield self._at_key(section["上级"][1], "reports 本身没有上级", "删掉这一行")
        if unit.first > unit.last:
            message = f"起始年度 {unit.first} 在终止年度 {unit.last} 之后"
            yield self._at_value(section["起始年度"][1], message, "改对其中一个")
        number = section["编号"][1]
        folded = unit.id.casefold()
        if folded in self._folded:
            message = f"编号“{unit.id}”和第 {self._folded[folded] + 1} 行的重复"
            yield self._at_value(number, message, "每个单位一个文件夹；改掉或删掉一个")
            return
        self._folded[folded] = number
        self._parents[unit.id] = section.get("上级", section["编号"])[1]
        self.units[unit.id] = unit

    def _explain(self, name: str, value: Any) -> Problem | None:
        """Return the problem of a key or of its value, or None."""
        key = KEYS.get(name)
        if key is None:
            near = closest(name, KEYS, 0.5) if self._may_guess() else ""
            help_ = f"是不是“{near}”？" if near else f"可以写：{'、'.join(KEYS)}"
            return Problem(f"不认识的键“{shorten(name, _LONGEST)}”", help_)
        if key.type == "boolean":
            return (
                None
                if isinstance(value, bool)
                else Problem(f"“{name}”要写 true 或 false", "不加引号")
            )
        if key.type == "integer":
            is_year = type(value) is int and _FIRST_YEAR <= value < _FIRST_YEAR + 100
            return None if is_year else Problem(f"“{name}”要写年份", "例如 2023，不加引号")
        if isinstance(value, str) and len(value) > _MAX_TEXT:
            return Problem(f"“{name}”超过 {_MAX_TEXT} 个字", "写短一些")
        if name == "期限":
            return explain_deadline(name, value)
        if name == "机关类型":
            if value in self._kinds:
                return None
            known = "、".join(_kinds())
            return Problem(f"“{name}”不认识：{shorten(str(value), _LONGEST)}", f"只能是：{known}")
        if name == "名称":
            empty = value == "" or (isinstance(value, str) and value.isspace())
            return Problem("“名称”是空的", "写全称") if empty else explain_line(name, value)
        return explain_line(name, value) or explain_id(name, value)

    def _check_parents(self) -> Iterator[Finding]:
        """Yield findings about unknown parents, circles, and parents with two units for 本级."""
        own: dict[str, str] = {}
        for unit in self.units.values():
            number = self._parents[unit.id]
            if unit.parent not in self.units and unit.parent not in {TOP, *self._unusable}:
                near = self._near_id(unit.parent)
                help_ = f"是不是“{near}”？" if near else "写另一个单位的编号，或者加上这个单位"
                yield self._at_value(
                    number, f"没有编号是“{shorten(unit.parent, _LONGEST)}”的单位", help_
                )
            if unit.is_own and own.setdefault(unit.parent, unit.id) != unit.id:
                message = f"本级有两个：“{own[unit.parent]}”和“{unit.id}”"
                yield self._at_value(number, message, "一个上级只能有一个本级")
        safe: set[str] = {TOP}
        for start in self.units:
            path: dict[str, None] = {}
            id_ = start
            while id_ in self.units and id_ not in safe and id_ not in path:
                path[id_] = None
                id_ = self.units[id_].parent
            if id_ in path:
                circle = [*list(path)[list(path).index(id_) :], id_]
                shown = " → ".join(f"“{each}”" for each in circle[:6]) + (
                    " → ……" if len(circle) > 6 else ""
                )
                message = f"上级转了一圈：{shown}"
                yield self._at_value(self._parents[id_], message, "改对其中一个的上级")
            safe.update(path)

    def _near_id(self, id_: str) -> str:
        """Return the id that the unknown id `id_` probably stands for, or ""."""
        if not self._may_guess():
            return ""
        by_name = next((each.id for each in self.units.values() if each.name == id_), "")
        return by_name or closest(id_, islice(self.units, 2000))

    def _may_guess(self) -> bool:
        """Return True at the first calls only, because each guess takes time."""
        self._guesses += 1
        return self._guesses <= _MAX_GUESSES

    def _at(self, number: int, problem: Problem) -> Finding:
        error = TomlError(number + 1, problem)
        return _finding(error.span(self._lines[number]), problem.message, problem.help)

    def _at_key(self, number: int, message: str, help_: str) -> Finding:
        line = self._lines[number]
        start = len(line) - len(line.lstrip())
        found = _KEY.match(line)
        end = found.end("key") if found and "=" in line else len(line.rstrip())
        return _finding(Span.at(number + 1, start + 1, max(end - start, 0)), message, help_)

    def _at_value(self, number: int, message: str, help_: str) -> Finding:
        line = self._lines[number]
        found = _KEY.match(line)
        start = found.end() if found else 0
        value = re.match(r'"[^"\\]*+(?:\\.[^"\\]*+)*"|\'[^\']*\'|[^\s#]*', line[start:])
        length = value.end() if value else 0
        return _finding(Span.at(number + 1, start + 1, length), message, help_)


def explain_id(name: str, value: str) -> Problem | None:
    """Return a problem if a text can't be the folder of a unit, else None.

    `name`: the key of the text in units.toml, for the message.
    `value`: the text, a path relative to reports/.
    """
    if value == TOP or _COMMON_ID.fullmatch(value):
        return None
    parts = value.split("/")
    shown = shorten(value, _LONGEST)
    if "\\" in value or value.startswith(("/", "~")):
        return Problem(
            f"“{name}”不是 reports 下面的文件夹：{shown}", "写成 青山县/水利局 这样，用 / 隔开"
        )
    if any(part in ("", ".", "..") or part != part.strip() for part in parts):
        return Problem(
            f"“{name}”里有空的一段、空格，或者 . 和 ..：{shown}", "写成 青山县/水利局 这样"
        )
    if any(part.startswith(".") or part.lower().endswith(SUFFIXES) for part in parts):
        return Problem(f"“{name}”里有以点开头或像报告文件的名字：{shown}", "换一个文件夹的名字")
    if max(map(len, parts)) > _MAX_FOLDER:
        return Problem(f"“{name}”里有超过 {_MAX_FOLDER} 个字的名字", "换一个短的")
    try:
        reject_unportable(Path(value))
    except UsageError as error:
        message, _, help_ = str(error).rpartition("，")
        return Problem(message, help_)
    return None


def format_units(rows: Iterable[Mapping[str, str | int | bool]]) -> str:
    """Return the text of units.toml.

    `rows`: the keys and values of each unit.
    """
    lines = ["# 单位名单：每个单位一节", "#:schema ./units.schema.json"]
    for row in rows:
        lines += ["", f'[["{SECTION}"]]']
        # Editors reject bare Chinese keys.
        lines += (f'"{name}" = {_toml(value)}' for name, value in row.items())
    return "\n".join(lines) + "\n"


def _toml(value: str | int | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
