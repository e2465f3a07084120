"""A: every equation of the form, for every cell of a large city's tables and of random reports."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.checks.rules import RULES, run_rules
from nianbao.checks.rules.body_kinds import BODY_KINDS
from nianbao.checks.rules.equations import Equation
from nianbao.checks.rules.rule import Context, PreviousReport
from nianbao.checks.structure import check_structure
from nianbao.diagnostics.finding import Severity
from nianbao.model.form import load_form
from nianbao.model.report import Value, compile_report
from nianbao.parsing.reader import parse_source
from tests.checks.claims.corpus import empty_report
from tests.checks.rules.report_cases import report_yaml
from tests.support import FIXTURES, put

if TYPE_CHECKING:
    from nianbao.diagnostics.finding import Finding, Pointer
    from nianbao.model.form import Form, Row, Section

ARITHMETIC = tuple(rule for rule in RULES if rule.id.startswith("A"))
CITY = (FIXTURES / "large-city-2025.yaml").read_text("utf-8")


def arithmetic(text: str) -> tuple[Finding, ...]:
    """Return the findings of the A rules for a report without errors of structure."""
    source = parse_source(text.encode(), "report.yaml")
    form, structural = check_structure(source)
    assert form is not None
    assert not structural, structural[0]
    report, faults = compile_report(source, form)
    assert not faults
    nothing = PreviousReport("", exists=False, has_older=False, report=None)
    results = run_rules(Context(report, nothing, BODY_KINDS["县级以上部门"], None), ARITHMETIC)
    assert not results.failures, results.failures
    return tuple(finding for finding in results.findings if finding.rule.startswith("A"))


def tables(form: Form) -> list[Pointer]:
    """Return every cell of tables 三 and 四."""
    sections = [section for section in form.sections if any(_adds_up(row) for row in section.rows)]
    return [cell for section in sections for row in section.rows for cell, _ in row.cells()]


def _adds_up(row: Row) -> bool:
    return any(column.total for column in row.columns)


# ── the tables of a large city


def city_with(cell: Pointer, change: int) -> str:
    """Return the large city's report with one cell changed by `change`."""
    source = parse_source(CITY.encode(), "city")
    data: Any = source.data
    for key in cell:
        data = data[key]
    span = source.location_of(cell).value
    lines = list(source.lines)
    line = lines[span.line - 1]
    assert int(line[span.column - 1 : span.end_column - 1]) == data
    new = str(data + change)
    lines[span.line - 1] = line[: span.column - 1] + new + line[span.end_column - 1 :]
    return "\n".join(lines)


def test_tables_of_a_large_city_have_no_findings() -> None:
    assert arithmetic(CITY) == ()


def test_all_cells_of_tables_three_and_four_are_parametrized() -> None:
    assert len(tables(load_form(2021))) == 25 * 7 + 3 * 5
    assert len(tables(load_form(2019))) == (25 - 2) * 7 + 3 * 5


@pytest.mark.parametrize("change", [1, -1])
@pytest.mark.parametrize("cell", tables(load_form(2021)), ids="/".join)
def test_changed_cell_is_reported_in_its_row_or_column(cell: Pointer, change: int) -> None:
    source = parse_source(CITY.encode(), "city")
    value: Any = source.data
    for key in cell:
        value = value[key]
    if value + change < 0:
        change = 1
    findings = arithmetic(city_with(cell, change))
    form = load_form(2021)
    row, column = _words(form, cell)
    assert findings
    for finding in findings:
        message = finding.message
        assert finding.severity is Severity.ERROR
        assert row in message or column in message
    # If both its row and its column are reported, only this cell explains both.
    if len(findings) > 1:
        help_ = f"由 {value + change} 改成 {value}，行列就都平了"
        assert all(help_ in finding.help for finding in findings)
        assert all(f"{row} › {column}”" in finding.help for finding in findings)


def _words(form: Form, cell: Pointer) -> tuple[str, str]:
    for row in form.rows:
        for pointer, column in row.cells():
            if pointer == cell:
                return row.path[-1].title, column.path[-1].title
    raise AssertionError(cell)


def test_every_changed_cell_of_table_three_breaks_two_equations() -> None:
    """Every cell of 三 is part of two equations, so that the help can always name it."""
    for cell in tables(load_form(2021)):
        if cell[0] == "收到和处理政府信息公开申请情况":
            assert len(arithmetic(city_with(cell, 1))) >= 2, cell


# ── random reports that add up


@st.composite
def balanced(draw: st.DrawFn, edition: int) -> dict[str, Any]:
    """Return a report for which all equations hold, totals included."""
    data = empty_report(edition, 2022 if edition == 2021 else 2020)
    for section in load_form(edition).sections:
        rows = [row for row in section.rows if _adds_up(row)]
        cells: dict[Pointer, int] = {}
        for row in rows:
            for cell, column in row.cells():
                if not column.total:
                    cells[cell] = draw(st.integers(0, 50))
        for total in (row for row in rows if row.total):
            _balance(section, total, cells)
        for row in rows:
            of_row = [cells[cell] for cell, column in row.cells() if not column.total]
            for cell, column in row.cells():
                put(data, cell, sum(of_row) if column.total else cells[cell])
    return data


def _balance(section: Section, total: Row, cells: dict[Pointer, int]) -> None:
    """Set the total row and what came in, so that the columns add up and balance."""
    (left, right), *_ = section.identities
    new, carried, after = (
        next(row.pointer for row in section.rows if row.role == role) for role in (*left, right[1])
    )
    group = total.pointer[:-1]
    for key in [column.key for column in total.columns if not column.total]:
        below = [cell for cell in cells if cell[: len(group)] == group and cell[-1] == key]
        done = sum(cells[cell] for cell in below if cell[:-1] != total.pointer)
        cells[*total.pointer, key] = done
        cells[*carried, key] = min(cells[*carried, key], done)
        cells[*new, key] = done + cells[*after, key] - cells[*carried, key]


@given(st.data(), st.sampled_from([2019, 2021]))
def test_only_a_changed_cell_of_a_balanced_report_is_reported(
    data: st.DataObject, edition: int
) -> None:
    report = data.draw(balanced(edition))
    assert arithmetic(report_yaml(report)) == ()
    form = load_form(edition)
    cell = data.draw(st.sampled_from(tables(form)))
    place: Any = report
    for key in cell[:-1]:
        place = place[key]
    old = place[cell[-1]]
    place[cell[-1]] = old + data.draw(st.sampled_from([1, -1] if old else [1]))
    findings = arithmetic(report_yaml(report))
    row, column = _words(form, cell)
    assert findings
    for finding in findings:
        assert row in finding.message or column in finding.message
        if len(findings) > 1:
            assert f"由 {place[cell[-1]]} 改成 {old}，" in finding.help


@given(st.data(), st.sampled_from([2019, 2021]))
def test_missing_totals_are_computed(data: st.DataObject, edition: int) -> None:
    report = data.draw(balanced(edition))
    for row in load_form(edition).rows:
        place: Any = report
        for key in row.pointer[:-1]:
            place = place[key]
        if row.total and data.draw(st.booleans()):
            del place[row.pointer[-1]]
        elif _adds_up(row) and data.draw(st.booleans()):
            del place[row.pointer[-1]]["总计"]
    assert arithmetic(report_yaml(report)) == ()


# ── decimals


def test_decimals_are_summed_exactly() -> None:
    """0.1 + 0.2 = 0.3. No edition has sums of amounts, so the equation is made here."""
    section = load_form(2021).sections[2]
    cells: list[Pointer] = [("a",), ("b",), ("c",)]
    values = {
        cell: Value(Decimal(text)) for cell, text in zip(cells, ("0.3", "0.1", "0.2"), strict=True)
    }
    assert Equation("row", section, cells[0], (cells[0],), tuple(cells[1:])).gap(values) == 0
    values[cells[2]] = Value(Decimal("0.2000001"))
    assert Equation("row", section, cells[0], (cells[0],), tuple(cells[1:])).gap(values) == Decimal(
        "-1E-7"
    )
