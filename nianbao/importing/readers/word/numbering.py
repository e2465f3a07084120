"""Compute the automatic numbers of paragraphs, which the text of a Word file does not contain."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from nianbao.importing.limits import MAX_DEFINITIONS, refuse_size
from nianbao.importing.readers.word.number_formats import format_number
from nianbao.importing.readers.word.package import W, integer, is_on, value_of

if TYPE_CHECKING:
    from lxml import etree

LEVELS: Final = 9
_LONGEST_LABEL: Final = 50
_PLACEHOLDER: Final = re.compile("%([1-9])")
_PRIVATE_USE: Final = re.compile("[\ue000-\uf8ff]")  # bullets of symbol fonts
_TIGHT_ENDS: Final = "、。．）】：，〕」"  # their glyph has the gap that a tab would make


@dataclass(frozen=True, slots=True)
class _Level:
    """One level of a list.

    `start`: the first number.
    `number_format`: the name of the format of the numbers, such as chineseCounting.
    `text`: the printed text, with %1 for the number of the first level and so on.
    `suffix`: tab, space or nothing.
    `restart`: the number of a level, counted from 1; after an item of this level or a higher one,
        the numbers begin again. 0 means never.
    `decimal`: True if the numbers of higher levels are shown in Arabic digits, too.
    `style`: the id of the paragraph style that uses this level, or "".
    """

    start: int = 0
    number_format: str = "decimal"
    text: str = ""
    suffix: str = "tab"
    restart: int = LEVELS
    decimal: bool = False  # numbers of higher levels too are shown in Arabic digits
    style: str = ""


@dataclass(slots=True)
class _NumberedList:
    """An abstract list. All lists that refer to it share its counters.

    `levels`, `counters`: by level, counted from 0; a counter is the last number printed.
    """

    levels: dict[int, _Level]
    counters: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Instance:
    """A list that paragraphs refer to.

    `levels`: by level, counted from 0. `starts`: by level, the number with which the level begins
    again at the first paragraph of this list.
    """

    list: _NumberedList
    levels: dict[int, _Level]
    starts: dict[int, int]


class Numbering:
    """The numbered lists of a Word file.

    Call `label` once for each numbered paragraph, from first to last.
    """

    def __init__(self, root: etree._Element | None, style_lists: dict[str, str]) -> None:
        """Read numbering.xml.

        `root`: its root element, or None. `style_lists`: the list numbers (`w:numId`) of styles, by
        the id of the style.
        """
        self._instances: dict[str, _Instance] = {}
        if root is None:
            return
        abstracts = {node.get(f"{W}abstractNumId"): node for node in root.iter(f"{W}abstractNum")}
        numbers = {node.get(f"{W}numId") or "": node for node in root.iter(f"{W}num")}
        if len(numbers) > MAX_DEFINITIONS:
            raise refuse_size("自动编号的列表太多")
        lists: dict[str, _NumberedList] = {}
        for number, node in numbers.items():
            key = value_of(node, "abstractNumId")
            abstract = abstracts.get(key)
            linked = value_of(abstract, "numStyleLink") if abstract is not None else ""
            if linked:  # the levels are those of the list of a list style
                key = value_of(numbers.get(style_lists.get(linked, "")), "abstractNumId")
                abstract = abstracts.get(key)
            if abstract is None:
                continue
            if key not in lists:
                lists[key] = _NumberedList(_read_levels(abstract))
            self._instances[number] = _read_instance(node, lists[key])

    def level_of_style(self, list_number: str, style: str) -> int | None:
        """Return the level of a list that belongs to a paragraph style, counted from 0.

        `list_number`: the `w:numId` of the list.
        `style`: the ID of the style.

        Return None if no level belongs to the style.
        """
        instance = self._instances.get(list_number)
        levels = instance.levels if instance else {}
        return next((depth for depth, level in levels.items() if level.style == style), None)

    def label(self, list_number: str, depth: int) -> str:
        """Return the number or bullet before the next paragraph of a list, or "".

        Each call counts one paragraph.

        `list_number`: the `w:numId` of the list.
        `depth`: the level of the paragraph, counted from 0.
        """
        instance = self._instances.get(list_number)
        if instance is None or depth not in instance.levels:
            return ""
        level, counters = instance.levels[depth], instance.list.counters
        if depth in instance.starts:
            counters[depth] = instance.starts.pop(depth)
        else:
            counters[depth] = counters.get(depth, level.start - 1) + 1
        for deeper, other in instance.levels.items():
            if deeper > depth and depth < other.restart:
                counters.pop(deeper, None)
        text = _PLACEHOLDER.sub(
            lambda match: self._shown(instance, int(match[1]) - 1, level), level.text
        )
        text = _PRIVATE_USE.sub("•", text)
        # A tab after the number becomes a blank, or nothing after 、 and the like.
        if not text or level.suffix == "nothing" or text.endswith(tuple(_TIGHT_ENDS)):
            return text
        return f"{text} "

    @staticmethod
    def _shown(instance: _Instance, depth: int, level: _Level) -> str:
        """Return the number of the level `depth`, as it is printed in a number of `level`.

        `level`: the same level or a lower one.
        """
        other = instance.levels.get(depth)
        if other is None:
            return ""
        number = instance.list.counters.get(depth, other.start)
        style = other.number_format
        return format_number(number, "decimal" if level.decimal and style != "none" else style)


def _read_instance(node: etree._Element, shared: _NumberedList) -> _Instance:
    levels, starts = dict(shared.levels), dict[int, int]()
    for override in node.iter(f"{W}lvlOverride"):
        depth = integer(override.get(f"{W}ilvl"))
        if not 0 <= depth < LEVELS:
            continue
        own = override.find(f"{W}lvl")
        if own is not None:
            levels[depth] = _read_level(own, depth)
        if start := value_of(override, "startOverride"):
            starts[depth] = integer(start)
            levels[depth] = replace(levels.get(depth, _Level()), start=starts[depth])
    return _Instance(shared, levels, starts)


def _read_levels(abstract: etree._Element) -> dict[int, _Level]:
    depths = ((integer(node.get(f"{W}ilvl")), node) for node in abstract.iterfind(f"{W}lvl"))
    return {depth: _read_level(node, depth) for depth, node in depths if 0 <= depth < LEVELS}


def _read_level(node: etree._Element, depth: int) -> _Level:
    number_format = next(node.iter(f"{W}numFmt"), None)  # it may be in an AlternateContent
    name = number_format.get(f"{W}val") if number_format is not None else ""
    restart = value_of(node, "lvlRestart")
    legal = node.find(f"{W}isLgl")
    return _Level(
        start=integer(value_of(node, "start")),
        number_format=name or "decimal",
        text=value_of(node, "lvlText")[:_LONGEST_LABEL],
        suffix=value_of(node, "suff") or "tab",
        restart=integer(restart) if restart else depth,
        decimal=legal is not None and is_on(legal.get(f"{W}val")),
        style=value_of(node, "pStyle"),
    )
