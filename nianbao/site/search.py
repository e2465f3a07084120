"""Make the data of the search: scripts with units, headings and sentences.

The data is in scripts: a page that is opened from a disk can load no other data.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from nianbao.checks.visible_text import visible_text
from nianbao.model.form import load_form
from nianbao.model.report import BLOCK_KEYS, iter_texts
from nianbao.rendering.json_ld import script_json
from nianbao.utils.text import sanitize, shorten

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from nianbao.model.form import Form

# Each script calls a function of templates/site/parts.js, with the script's name and its data. The
# index contains units and headings; the sentences of a year are in other scripts. Texts are
# compared only in the browser (templates/site/search.js), so that the data contains them unchanged.
PAGE: Final = "search.html"
FOLDER: Final = "search"
INDEX: Final = f"{FOLDER}/index"
# The scripts of the page, which are templates too.
SCRIPTS: Final = ("parts.js", "search.js")
LARGEST: Final = 300_000  # bytes of a file
_LONGEST_HEADING: Final = 60  # characters
_LONGEST_SENTENCE: Final = 2_000  # characters, of which 6 bytes each are the most in JSON
_SENTENCE: Final = re.compile(r"[^。！？；\n]+[。！？；]*[”’」）]*")
_HEADING: Final = re.compile(r"^#{1,6}[ \t]+(.+)", re.MULTILINE)
_LINE_MARKS: Final = re.compile(r"^[ \t]*(?:[#>]+[ \t]*|[-+][ \t]+)|\|", re.MULTILINE)


class SearchPassage(NamedTuple):
    """A text of a report that the search can find.

    `anchor`: the id of the text's section on the report's page, or "".
    """

    anchor: str
    text: str


class SearchReport(NamedTuple):
    """A report that the search can find.

    `unit`: the name of the unit.
    `edition`: the edition of the form.
    `href`: the address of the report's page, relative to the folder of the site.
    """

    unit: str
    year: int
    edition: int
    href: str


def own_headings(data: Mapping[str, Any]) -> tuple[SearchPassage, ...]:
    """Return the headings that a report has in addition to the form's headings.

    `data`: the content of the report's JSON (`build --to json`).
    """
    form = load_form(data["格式"])
    anchors = _anchors(form.edition)
    found = []
    for pointer, text in iter_texts(data, form):
        is_title = pointer[-1] == BLOCK_KEYS[0] and len(pointer) > 2
        titles = [text] if is_title else _HEADING.findall(text)
        for title in map(_plain, titles):
            found += (
                [SearchPassage(anchors[pointer[0]], shorten(title, _LONGEST_HEADING))]
                if title
                else []
            )
    return tuple(found)


def sentences(data: Mapping[str, Any]) -> tuple[SearchPassage, ...]:
    """Return the sentences of a report: a passage for each section.

    Each line of a passage is a sentence.

    `data`: the content of the report's JSON (`build --to json`).
    """
    form = load_form(data["格式"])
    found: dict[str, list[str]] = {}
    for pointer, text in iter_texts(data, form):
        plain = visible_text(_LINE_MARKS.sub(" ", text)).text
        lines = (match.group().strip() for match in _SENTENCE.finditer(plain))
        pieces = (
            line[start : start + _LONGEST_SENTENCE]
            for line in lines
            for start in range(0, len(line), _LONGEST_SENTENCE)
        )
        found.setdefault(_anchors(form.edition)[pointer[0]], []).extend(map(sanitize, pieces))
    return tuple(SearchPassage(anchor, "\n".join(lines)) for anchor, lines in found.items())


def _plain(text: str) -> str:
    return " ".join(sanitize(visible_text(text).text).split())


def search_index(
    units: Iterable[tuple[str, str]],
    reports: Sequence[tuple[SearchReport, Sequence[SearchPassage]]],
) -> dict[str, bytes]:
    """Return the script with the index of the search: units, reports and headings.

    The script has at most LARGEST bytes; headings without room are left out.
    The result is a dictionary with one item: the path and the content.

    `units`: the name and the address of each unit.
    `reports`: each report with its own headings, the newest year first.
    """
    names = [list(each) for each in units]
    editions = sorted({report.edition for report, _ in reports})
    listed: list[list[object]] = [[*report, []] for report, _ in reports]
    index = {
        "units": names,
        "years": sorted({report.year for report, _ in reports}, reverse=True),
        "forms": {str(edition): _form_headings(load_form(edition)) for edition in editions},
        "reports": listed,
    }
    room = LARGEST - len(part_script(INDEX, index))
    for entry, (_, headings) in zip(listed, reports, strict=True):
        room -= len(script_json(headings).encode())
        if headings and room > 0:  # others are found among the sentences
            entry[-1] = headings
    return {f"{INDEX}.js": part_script(INDEX, index)}


def _form_headings(form: Form) -> list[SearchPassage]:
    """Return the headings that every report of the form has, in the order of the form."""
    anchors = _anchors(form.edition)
    found = [SearchPassage("", form.lead.title)]
    for section in form.sections:
        found.append(SearchPassage(anchors[section.key], section.title))
        blocks = (text.title for text in section.texts if text.kind == "block")
        grids = (grid.title for grid in section.grids if grid.title)
        found += (SearchPassage(anchors[section.key], title) for title in (*blocks, *grids))
    return found


@cache
def _anchors(edition: int) -> dict[str | int, str]:
    """Return the id of each section on the page of a report, by the section's key.

    The id is "" for the text before the first section.
    """
    form = load_form(edition)
    numbered: dict[str | int, str] = {
        section.key: f"s{number}" for number, section in enumerate(form.sections, 1)
    }
    return {form.lead.pointer[0]: "", **numbered}


def sentence_parts(
    year: int, reports: Iterable[tuple[SearchReport, Sequence[SearchPassage]]]
) -> Iterator[tuple[str, bytes]]:
    """Yield the path and the content of each script that contains sentences of a year.

    A script has at most LARGEST bytes. Each script says if another script follows.

    `reports`: each report with the result of `sentences`.
    """
    number, size = 1, 0
    entries: list[list[object]] = []
    for report, passages in reports:
        for passage in _pieces(passages):
            entry = [*report, passage]
            length = len(script_json(entry).encode()) + 1
            if size + length > LARGEST - 200:  # bytes around the entries
                yield _part(year, number, entries, is_last=False)
                number, size, entries = number + 1, 0, []
            entries.append(entry)
            size += length
    yield _part(year, number, entries, is_last=True)


def _pieces(passages: Iterable[SearchPassage]) -> Iterator[SearchPassage]:
    """Yield the passages; one that is too long for a script is split between sentences."""
    most = LARGEST // 10  # characters of three bytes, or at most six in an escape
    for anchor, text in passages:
        lines: list[str] = []
        length = 0
        for line in text.split("\n"):
            if lines and length + len(line) > most:
                yield SearchPassage(anchor, "\n".join(lines))
                lines, length = [], 0
            lines.append(line)
            length += len(line) + 1
        yield SearchPassage(anchor, "\n".join(lines))


def _part(year: int, number: int, entries: Sequence[object], *, is_last: bool) -> tuple[str, bytes]:
    name = f"{FOLDER}/{year}-{number}"
    return f"{name}.js", part_script(name, {"more": not is_last, "texts": entries})


def part_script(name: str, data: object) -> bytes:
    """Return a script that passes data to the page that loads the script.

    `name`: the path of the script without .js.
    `data`: a value that can be written as JSON.
    """
    return f"nianbaoPart({json.dumps(name)},{script_json(data)});\n".encode()
