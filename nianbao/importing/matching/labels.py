"""Recognise the labels and headings of the form in the words of a report.

Two texts are the same label if they are equal without blanks, punctuation, numbering and remarks
in brackets, or if `vocabulary.toml` lists one for the other.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from nianbao.model.form import Form, load_form
from nianbao.utils.characters import half_width

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from nianbao.diagnostics.finding import Pointer
    from nianbao.model.form import Column, Grid, Heading, Row, Section

_VOCABULARY: Final = Path(__file__).parent.with_name("vocabulary.toml")
_CHINESE_DIGITS: Final = "一二三四五六七八九十"
NUMBERING: Final = re.compile(
    rf"\s*(?:[(（]\s*(?:[{_CHINESE_DIGITS}]{{1,3}}|[0-9]{{1,2}})\s*[)）]"
    rf"|[{_CHINESE_DIGITS}]{{1,3}}\s*[、.．，,]|[0-9]{{1,2}}\s*[.．、](?![0-9])|[①-⑳㈠-㈩])\s*[、.．]?\s*"
)
_REMARK = re.compile(r"[(（][^()（）]{4,}[)）]?|[(（]单位[^()（）]*[)）]?")
_NOT_WORDS = re.compile(r"[\W_]+")
_CORNER = re.compile("[勾钩]稽|本列数据")
_JOINER = re.compile(r"\s/\s")  # between the labels of groups and rows, in our own Markdown
_LONGEST_LABEL = 80
_CLOSE = 0.84  # of difflib: one wrong character in six
_SHORTEST_GUESSED = 5


@dataclass(frozen=True, slots=True)
class FormCell:
    """A cell of the form with the labels that name it.

    `row`, `column`: the canonical labels of its row and of its column, outermost first; their last
    ones are never missing in a table. `title`: that of its grid, or "".
    """

    pointer: Pointer
    form_row: Row
    form_column: Column
    grid: Grid
    row: tuple[str, ...]
    column: tuple[str, ...]
    title: str

    @property
    def labels(self) -> tuple[str, ...]:
        """All labels that may stand over or before the cell."""
        return (*self.row, *self.column, *((self.title,) if self.title else ()))


@lru_cache(4096)
def words(text: str) -> str:
    """Return the words of a label: without blanks, punctuation, numbering, remarks in brackets."""
    text = half_width("".join(text.split()))
    bare = NUMBERING.sub("", text, count=1) if NUMBERING.match(text) else text
    return _NOT_WORDS.sub("", _REMARK.sub("", bare))


class FormLabels:
    """The labels of an edition of the form, and the cells that they name."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.cells = tuple(_cells(form))
        self._by_leaves: dict[tuple[str, str], list[FormCell]] = {}
        for cell in self.cells:
            self._by_leaves.setdefault((cell.row[-1], cell.column[-1]), []).append(cell)
        self.rows: dict[str, list[Row]] = {}
        for row in form.rows:
            self.rows.setdefault(words(row.path[-1].title), []).append(row)
        self.groups: dict[str, tuple[Row, ...]] = {}
        for row in form.rows:
            for depth, heading in enumerate(row.path[:-1]):
                group = row.path[: depth + 1]
                below = tuple(each for each in form.rows if each.path[: depth + 1] == group)
                self.groups[words(heading.title)] = below
        titles = [grid.title for section in form.sections for grid in section.grids]
        stubs = [grid.stub for section in form.sections for grid in section.grids]
        self._known = {label for cell in self.cells for label in cell.labels}
        self._known |= {words(text) for text in (*titles, *stubs) if text}
        self._variants = dict(_variants("labels", self._known))

    def lookup(self, text: str) -> tuple[str, ...]:
        """Return the canonical labels that a cell of a table holds, outermost first.

        () if the text is no label; a label that is none of the form's own but belongs to a table of
        the form (the corner) is "".
        """
        if not text or len(text) > _LONGEST_LABEL * 2:
            return ()
        labels = []
        for part in _JOINER.split(text):
            label = self._lookup(part)
            if label is None:
                return ()
            labels.append(label)
        return tuple(labels)

    def _lookup(self, text: str) -> str | None:
        bare = words(text)
        if bare in self._known:
            return bare
        if _CORNER.search(text):
            return ""
        return self._variants.get(bare) or self._guess(bare)

    def _guess(self, bare: str) -> str | None:
        """Return the one label that differs in a character or two, or None."""
        if not _SHORTEST_GUESSED <= len(bare) <= _LONGEST_LABEL or bare.isdigit():
            return None
        close = difflib.get_close_matches(bare, self._known, 2, _CLOSE)
        return close[0] if len(close) == 1 else None

    def is_exact(self, text: str) -> bool:
        """Return True if a text is a label in the form's own words or in a listed variant."""
        bare = words(text)
        return bare in self._known or bare in self._variants or bool(_CORNER.search(text))

    def named(self, row: str, column: str) -> Sequence[FormCell]:
        """Return the cells whose innermost labels are `row` and `column`."""
        return self._by_leaves.get((row, column), ())


@cache
def form_labels(edition: int) -> FormLabels:
    """Return the labels of an edition."""
    return FormLabels(load_form(edition))


@cache
def vocabulary() -> Mapping[str, Any]:
    """Return the content of vocabulary.toml."""
    return tomllib.loads(_VOCABULARY.read_text("utf-8"))


def _cells(form: Form) -> Iterator[FormCell]:
    for section in form.sections:
        for grid in section.grids:
            for row in grid.rows:
                for pointer, column in row.cells():
                    yield FormCell(
                        pointer,
                        row,
                        column,
                        grid,
                        _titles(row.path),
                        _titles(column.path),
                        words(grid.title),
                    )


def _titles(path: Sequence[Heading]) -> tuple[str, ...]:
    return tuple(words(heading.title) for heading in path)


def _variants(kind: str, known: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each listed variant, in bare words, with the label of the form that it stands for."""
    own = set(known)
    for label, others in vocabulary()[kind].items():
        for other in others:
            if label in own and words(other) not in own:
                yield words(other), label


def section_of(text: str, form: Form, *, guess: bool) -> Section | None:
    """Return the section that a heading names, or None.

    With `guess`, a heading that only holds the words of a section counts too.
    """
    bare = words(text)
    for section in form.sections:
        listed = vocabulary()["sections"].get(section.key, {})
        if bare == words(section.title) or bare in map(words, listed.get("same", ())):
            return section
    if guess:
        for section in form.sections:
            groups = vocabulary()["sections"].get(section.key, {}).get("words", ())
            if any(all(word in bare for word in group) for group in groups):
                return section
    return None
