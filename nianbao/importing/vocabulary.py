"""Recognize labels and headings by their words, with the variants listed in vocabulary.toml."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from nianbao.model.form import load_form
from nianbao.model.schema import editions
from nianbao.utils.characters import half_width

if TYPE_CHECKING:
    from collections.abc import Mapping

_VOCABULARY: Final = Path(__file__).with_name("vocabulary.toml")
_CHINESE_DIGITS: Final = "一二三四五六七八九十"
NUMBERING: Final = re.compile(
    rf"\s*(?:[(（]\s*(?:[{_CHINESE_DIGITS}]{{1,3}}|[0-9]{{1,2}})\s*[)）]"
    rf"|[{_CHINESE_DIGITS}]{{1,3}}\s*[、.．，,]|[0-9]{{1,2}}\s*[.．、](?![0-9])|[①-⑳㈠-㈩])\s*[、.．]?\s*"
)
_REMARK = re.compile(r"[(（](?:[^()（）]{4,}|单位[^()（）]*|[见如附]?[下附]表)[)）]?")
HIDDEN: Final = re.compile("[\u00ad\u200b\u2060\ufeff]")  # soft hyphen, zero width
NOT_WORDS: Final = re.compile(r"[\W_]+")


@lru_cache(4096)
def words(text: str) -> str:
    """Return a label without blanks, punctuation, numbering and remarks in brackets."""
    text = half_width(HIDDEN.sub("", "".join(text.split())))
    bare = NUMBERING.sub("", text, count=1) if NUMBERING.match(text) else text
    return NOT_WORDS.sub("", _REMARK.sub("", bare))


@cache
def vocabulary() -> Mapping[str, Any]:
    """Return the content of vocabulary.toml."""
    return tomllib.loads(_VOCABULARY.read_text("utf-8"))


@cache
def _headings() -> Mapping[str, str]:
    """Return the keys of the sections by their headings.

    These are the headings of all editions and those listed in vocabulary.toml, without blanks,
    punctuation and numbering.
    """
    listed = {
        words(name): key
        for key, entry in vocabulary()["sections"].items()
        for name in entry.get("same", ())
    }
    forms = [load_form(edition) for edition in editions()]
    return listed | {words(each.title): each.key for form in forms for each in form.sections}


@cache
def _table_labels() -> frozenset[str]:
    """Return all labels of tables, in all editions and as listed variants.

    They are without blanks, punctuation and numbering.
    """
    grids = [
        grid
        for edition in editions()
        for section in load_form(edition).sections
        for grid in section.grids
    ]
    titles = [
        heading.title
        for grid in grids
        for row in grid.rows
        for path in (row.path, *(column.path for column in row.columns))
        for heading in path
    ]
    titles += [text for grid in grids for text in (grid.title, grid.stub) if text]
    listed = [name for names in vocabulary()["labels"].values() for name in names]
    return frozenset(map(words, (*titles, *listed)))


def is_table_label(text: str) -> bool:
    """Return True if a text is a label of a table in any edition.

    The variants of labels in vocabulary.toml are accepted.
    """
    return words(text) in _table_labels()


def begins_table_label(text: str) -> bool:
    """Return True if a table label of any edition begins with `text`.

    The variants of labels in vocabulary.toml are accepted.
    """
    bare = words(text)
    return bool(bare) and any(label.startswith(bare) for label in _table_labels())


@cache
def _opening_labels() -> frozenset[str]:
    """Return the first label of each section's tables, in all editions."""
    forms = [load_form(edition) for edition in editions()]
    grids = [section.grids[0] for form in forms for section in form.sections if section.grids]
    paths = [grid.rows[0].path if grid.sideways else grid.columns[0].path for grid in grids]
    return frozenset(
        words(grid.title or path[0].title) for grid, path in zip(grids, paths, strict=True)
    )


def opens_tables(text: str) -> bool:
    """Return True if a text is the first label of a section's tables, in any edition."""
    return words(text) in _opening_labels()


def is_title(text: str) -> bool:
    """Return True if a heading is the title of a section in any edition.

    Numbering and punctuation are ignored.
    """
    forms = [load_form(edition) for edition in editions()]
    return words(text) in {words(section.title) for form in forms for section in form.sections}


def section_key(text: str, *, guess: bool) -> str | None:
    """Return the key of the section that a heading names, or None.

    Titles of the form and headings listed in vocabulary.toml are accepted.

    `guess`: True to accept any heading that contains the keywords of exactly one section.
    """
    bare = words(text)
    key = _headings().get(bare)
    return guessed_key(bare, "sections") if key is None and guess else key


def guessed_key(bare: str, kind: str) -> str | None:
    """Return the key of the section or block whose keywords a heading contains.

    vocabulary.toml lists groups of keywords. A heading matches if all keywords of a group occur.
    Return None if there is no match, or more than one.

    `bare`: the heading without blanks, punctuation and numbering.
    `kind`: the table of vocabulary.toml to search: `sections` or `blocks`.
    """
    found = [
        key
        for key, entry in vocabulary()[kind].items()
        if any(all(word in bare for word in group) for group in entry.get("words", ()))
    ]
    return found[0] if len(found) == 1 else None
