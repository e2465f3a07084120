"""Recognize labels and headings of the form, even if their wording differs.

Blanks, punctuation, numbering and remarks in brackets are ignored. vocabulary.toml lists further
variants of labels.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from nianbao.importing.vocabulary import NOT_WORDS, section_key, vocabulary, words
from nianbao.model.form import Form, load_form
from nianbao.utils.characters import half_width

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from nianbao.diagnostics.finding import Pointer
    from nianbao.importing.document import SourceTable
    from nianbao.model.form import Column, Grid, Heading, Row, Section

_CORNER = re.compile(
    r"[勾钩]稽|本列数据|\A\s*(?:类\s*[别型]|(?:统计)?(?:项\s*目|事\s*项|指\s*标))\s*\Z"
)
_JOINER = re.compile(r"\s/\s")  # between the labels of groups and rows, in our own Markdown
# The labels from the outermost to the innermost one in a single cell: （三）不予公开—2.重复申请; a
# number may also follow without any mark: （三）不予公开2.重复申请.
_PATH = re.compile(r"\s*[—–\-→>＞›»/／]+\s*|\s+|(?<=[^\W\d])(?=[0-9]{1,2}[.．、])")
_DIGITS = re.compile("[0-9]+")
_LONGEST_LABEL = 80
_SHORTEST_COMPOUND, _LONGEST_COMPOUND = 4, 30
_CLOSE = 0.84  # of difflib: one wrong character in six
_SHORTEST_GUESSED = 5


@dataclass(frozen=True, slots=True)
class FormCell:
    """A cell of the form with its labels.

    All labels are without blanks, punctuation and numbering.

    `form_row`, `form_column`, `grid`: the row, the column and the table of the cell.
    `row`, `column`: the labels of the row and of the column, outermost first.
    `title`: the title of the table, or "".
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
        """All labels that can be above the cell or to its left."""
        return (*self.row, *self.column, *((self.title,) if self.title else ()))


class FormLabels:
    """The labels of an edition of the form, and the cells with these labels.

    All labels are without blanks, punctuation and numbering. A row's innermost label is its own,
    without the label of its group.

    `known`: all labels of the form.
    `rows`: the rows by their innermost label.
    `groups`: the rows of each group, by the label of the group.
    `only_columns`: labels of columns that no row has.
    `only_rows`: labels of rows and groups that no column has.
    `spanning`: labels above several columns.
    `overall`: labels that all cells of a table have.
    """

    def __init__(self, form: Form) -> None:
        self.form = form
        self.cells = tuple(_cells(form))
        self._by_leaves: dict[str, dict[str, list[FormCell]]] = {}
        for cell in self.cells:
            by_column = self._by_leaves.setdefault(cell.row[-1], {})
            by_column.setdefault(cell.column[-1], []).append(cell)
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
        self.known = {label for cell in self.cells for label in cell.labels}
        self.known |= {words(text) for text in (*titles, *stubs) if text}
        leaves = {cell.row[-1] for cell in self.cells}
        columns = {cell.column[-1] for cell in self.cells}
        self._columns = columns
        self.only_columns = columns - leaves
        upright = (cell.row for cell in self.cells if not cell.grid.sideways)
        self.only_rows = {label for row in upright for label in row} - columns
        self.spanning = {label for cell in self.cells for label in (*cell.column[:-1], cell.title)}
        self.spanning |= {label for cell in self.cells if cell.grid.sideways for label in cell.row}
        self._cells_with: dict[str, set[int]] = {}
        for index, cell in enumerate(self.cells):
            for label in cell.labels:
                self._cells_with.setdefault(label, set()).add(index)
        self.spanning.discard("")
        self.overall: set[str] = set()
        for section in form.sections:
            for grid in section.grids:
                each = [set(cell.labels) for cell in self.cells if cell.grid is grid]
                self.overall |= set.intersection(*each)
        self._variants = dict(_variants("labels", self.known))
        own = {label: label for label in self.known}
        self._parts = dict(_variants("parts", self.known)) | self._variants | own

    def lookup(self, text: str) -> tuple[str, ...]:
        """Return the labels of the form in a cell's text, outermost first.

        不予公开—属于国家秘密 contains two labels. Return () if the text is no label. Return ("",)
        for the text in the corner of a table, such as 项目.
        """
        if not text or len(text) > _LONGEST_LABEL * 2:
            return ()
        labels: list[str] = []
        for part in _JOINER.split(text):
            found = self._lookup(part)
            if not found:
                return ()
            labels += found
        return tuple(labels)

    def _compound(self, text: str) -> tuple[str, ...]:
        """Split a text that consists of several labels, and return them; () for other texts."""
        bare = NOT_WORDS.sub("", half_width(text))
        if not _SHORTEST_COMPOUND <= len(bare) <= _LONGEST_COMPOUND:
            return ()
        # For each end within the text, the fewest labels up to it.
        ways: dict[int, tuple[str, ...]] = {0: ()}
        for end in range(1, len(bare) + 1):
            found = [
                (*ways[start], self._parts[bare[start:end]])
                for start in range(end)
                if start in ways and bare[start:end] in self._parts
            ]
            if found:
                ways[end] = min(found, key=len)
        *over, leaf = ways.get(len(bare), ("",))
        is_column = leaf in self._columns and all(label in self.spanning for label in over)
        is_group = self.spanning.issuperset((*over, leaf)) and self.fit_one_cell((*over, leaf))
        return (*over, leaf) if over and (is_column or is_group) else ()

    def _lookup(self, text: str) -> tuple[str, ...]:
        several = self._compound(text)
        bare = words(text)
        if bare in self.known and not (several and "(" in half_width(text)):
            return (bare,)
        if several:
            return several
        if _CORNER.search(text):
            return ("",)
        if path := self._path(text):
            return path
        found = self._variants.get(bare) or self._guess(bare)
        return (found,) if found else ()

    def _path(self, text: str) -> tuple[str, ...]:
        """Return the labels of a text such as （三）不予公开—2.重复申请; () for other texts."""
        parts = [words(part) for part in _PATH.split(text)]
        labels = tuple(part if part in self.known else self._variants.get(part) for part in parts)
        found = tuple(label for label in labels if label)
        return found if len(found) == len(parts) > 1 and self.fit_one_cell(found) else ()

    def _guess(self, bare: str) -> str | None:
        """Return the only label that nearly equals `bare`; None if there is not just one."""
        if not _SHORTEST_GUESSED <= len(bare) <= _LONGEST_LABEL or bare.isdigit():
            return None
        close = difflib.get_close_matches(bare, self.known, 2, _CLOSE)
        if len(close) != 1 or _DIGITS.findall(bare) != _DIGITS.findall(close[0]):
            return None  # 行政许可 0 is a label and its number
        earlier = tuple(vocabulary()["earlier"]["columns"])
        return None if bare.startswith(earlier) and not close[0].startswith(earlier) else close[0]

    def is_exact(self, text: str) -> bool:
        """Return True if a text is a label of the form or a listed variant.

        vocabulary.toml lists the variants. A similar text is not enough.
        """
        bare = words(text)
        listed = bare in self.known or bare in self._variants or bool(_CORNER.search(text))
        return listed or bool(self._compound(text) or self._path(text))

    def fit_one_cell(self, labels: Iterable[str]) -> bool:
        """Return True if one cell of the form has all of `labels`.

        Labels that no cell has are ignored. Return True if no label is left.
        """
        sets = [self._cells_with[label] for label in labels if label in self._cells_with]
        return not sets or bool(set.intersection(*sets))

    def leading_groups(self, texts: Iterable[str]) -> tuple[str, ...]:
        """Return the labels of groups (行政复议 …) at the beginning of `texts`.

        The first text without a group's label ends the search. If a text contains several labels,
        the innermost label comes first.
        """
        found: list[str] = []
        for text in texts:
            if not self.is_group(text):
                break
            found += reversed(self.lookup(text))
        return tuple(found)

    def is_group(self, text: str) -> bool:
        """Return True if a text names a group of rows or columns, or a table."""
        labels = self.lookup(text)
        return any(labels) and all(each in self.groups or each in self.spanning for each in labels)

    def has_only_labels(self, table: SourceTable) -> bool:
        """Return True if a table has texts, and each of them is a label of the form."""
        texts = [cell.text for cell in table.cells if cell.text.strip()]
        return bool(texts) and all(map(self.lookup, texts))

    def cells_in_row(self, row: str) -> Mapping[str, Sequence[FormCell]]:
        """Return the cells of all rows with the innermost label `row`, by column.

        The innermost label is the row's own: 属于国家秘密, not the label of its group, 不予公开.
        The keys are the innermost labels of the columns.
        """
        return self._by_leaves.get(row, {})


@cache
def form_labels(edition: int) -> FormLabels:
    """Return the labels of an edition of the form."""
    return FormLabels(load_form(edition))


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
    """Yield each listed variant of a label, and the label of the form that it stands for.

    `kind`: the table of vocabulary.toml. `known`: the labels of the form.
    """
    own = set(known)
    for label, others in vocabulary()[kind].items():
        for other in others:
            if label in own and words(other) not in own:
                yield words(other), label


@cache
def block_names(form: Form) -> Mapping[str, Pointer]:
    """Return the pointers of the text fields of 总体情况 by their headings.

    Headings are without blanks, punctuation and numbering. Variants in vocabulary.toml are
    included. The result is empty if the edition has none of these fields.
    """
    texts = [
        text
        for section in form.sections
        if any(each.kind == "block" for each in section.texts)
        for text in section.texts
        if text.kind != "extra"
    ]
    names = {words(text.title): text.pointer for text in texts}
    for text in texts:
        listed = vocabulary()["blocks"].get(str(text.pointer[-1]), {}).get("same", ())
        names |= {words(name): text.pointer for name in listed}
    return names


def section_of(text: str, form: Form, *, guess: bool) -> Section | None:
    """Return the section that a heading names, or None.

    `guess`: True to accept any heading with the keywords of exactly one section.
    """
    key = section_key(text, guess=guess)
    return next((section for section in form.sections if section.key == key), None)
