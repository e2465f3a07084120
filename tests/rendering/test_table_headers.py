"""The tables of the web page: merged headers, and which of them each cell names."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from lxml import html

from tests.rendering.parsed_outputs import find, labels_of_form
from tests.rendering.rendered_reports import NAMES, built


def tables(name: str) -> list[Any]:
    """The tables of a report's web page."""
    return find(html.document_fromstring(built(name).html), "//table")


def occupied(table: Any) -> list[dict[int, Any]]:
    """Return the cell at each column of each row. A merged cell is in all the places it covers."""
    rows: list[dict[int, Any]] = [{} for _ in find(table, ".//tr")]
    for index, row in enumerate(find(table, ".//tr")):
        column = 0
        for cell in find(row, "th|td"):
            while column in rows[index]:
                column += 1
            for below in range(int(cell.get("rowspan", 1))):
                for next_to in range(int(cell.get("colspan", 1))):
                    assert column + next_to not in rows[index + below], "two cells in one place"
                    rows[index + below][column + next_to] = cell
    return rows


@pytest.mark.parametrize("name", NAMES)
def test_rows_are_full_and_no_cell_reaches_out_of_its_table(name: str) -> None:
    for table in tables(name):
        widths = {tuple(sorted(row)) for row in occupied(table)}
        assert widths == {tuple(range(len(find(table, "colgroup/col"))))}


@pytest.mark.parametrize("name", NAMES)
def test_a_cell_names_exactly_the_headers_above_it_and_to_its_left(name: str) -> None:
    for table in tables(name):
        rows = occupied(table)
        head = len(find(table, "thead/tr"))
        for line in rows[head:]:
            labels = {cell.get("id") for cell in line.values() if cell.tag == "th"}
            for column, cell in line.items():
                if cell.tag == "th":
                    continue
                above = {row[column].get("id") for row in rows[:head]}
                named = cell.get("headers").split()
                assert len(named) == len(set(named))
                assert set(named) == labels | above


@pytest.mark.parametrize("name", NAMES)
def test_the_headers_read_as_the_labels_of_the_form(name: str) -> None:
    report = built(name)
    read = [
        tuple(header.text_content() for header in headers)
        for table in tables(name)
        for headers in (
            [find(table, f".//th[@id='{one}']")[0] for one in cell.get("headers").split()]
            for cell in find(table, ".//td[@headers]")
        )
    ]
    assert read == [labels for labels, _ in labels_of_form(report)]


@pytest.mark.parametrize("name", NAMES)
def test_ids_are_unique_and_every_id_that_is_named_exists(name: str) -> None:
    tree = html.document_fromstring(built(name).html)
    ids = Counter(find(tree, "//@id"))
    assert [one for one, times in ids.items() if times > 1] == []
    named = " ".join(find(tree, "//@headers|//@aria-labelledby")).split()
    named += [href[1:] for href in find(tree, "//@href[starts-with(., '#')]")]
    assert set(named) <= set(ids)


@pytest.mark.parametrize("name", NAMES)
def test_a_header_names_the_headers_above_it_and_its_scope_is_its_reach(name: str) -> None:
    for table in tables(name):
        rows = occupied(table)
        head = len(find(table, "thead/tr"))
        for index, row in enumerate(rows):
            for column, cell in row.items():
                if cell.tag != "th":
                    continue
                wide, high = int(cell.get("colspan", 1)), int(cell.get("rowspan", 1))
                if index < head:
                    scope = "colgroup" if wide > 1 and cell.get("class") != "stub" else "col"
                    above = {rows[up][column] for up in range(index)} - {cell}
                else:
                    scope = "rowgroup" if high > 1 else "row"
                    above = {row[left] for left in range(column)} - {cell}
                assert cell.get("scope") == scope
                # What stands above the labels of a table laid out by rows is no header of theirs.
                expected = {one.get("id") for one in above if one.tag == "th"}
                assert set((cell.get("headers") or "").split()) == expected


@pytest.mark.parametrize("name", NAMES)
def test_every_table_has_a_caption_of_its_own_that_begins_with_its_section(name: str) -> None:
    captions = [find(table, "string(caption)") for table in tables(name)]
    texts = ["".join(caption) for caption in captions]
    titles = [section.title for section in built(name).form.sections]
    assert len(set(texts)) == len(texts)
    assert all(text.startswith(tuple(titles)) for text in texts)


def test_the_corner_is_no_header() -> None:
    (corner,) = [cell for table in tables("2022") for cell in find(table, ".//td[@class='corner']")]
    assert not corner.get("headers")
    assert "第一项加第二项之和" in corner.text_content()
