"""The compiled report: cells as written, totals computed, prose rendered."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nianbao.checks.structure import check_structure
from nianbao.diagnostics.finding import Pointer
from nianbao.model.report import Prose, Report, Value, compile_report, summands
from nianbao.parsing.reader import parse_source
from tests.parsing.fault_cases import LICENCES, NEW, change, seed
from tests.strategies import reports, write_yaml
from tests.support import fixture_reports

TABLE = "收到和处理政府信息公开申请情况"


def compiled(text: str) -> Report:
    source = parse_source(text.encode(), "r.yaml")
    form, findings = check_structure(source)
    assert form is not None
    report, faults = compile_report(source, form)
    assert (list(source.findings), findings, faults) == ([], [], [])
    return report


def at(data: Any, pointer: Pointer) -> Any:
    for part in pointer:
        if isinstance(data, dict) and part not in data:
            return None
        data = data[part]
    return data


def number(value: Value) -> Any:
    return "/" if value.number is None else value.number


# ── any report of the form


@settings(max_examples=30)
@given(reports())
def test_written_values_are_read_exactly(data: dict[str, Any]) -> None:
    report = compiled(write_yaml(data))
    assert report.data == data
    assert report.year == data["年度"]
    assert report.body == data["机关"]
    assert report.signed == date.fromisoformat(data["成文日期"])
    for row in report.form.rows:
        for pointer, _ in row.cells():
            value, written = report.values[pointer], at(data, pointer)
            assert value.written is (written is not None)
            if isinstance(written, dict):
                assert (number(value), value.note) == (written["数值"], written["注"])
            elif written is not None:
                assert (number(value), value.note) == (written, "")
                assert type(number(value)) is type(written)
    for pointer, prose in report.texts.items():
        assert prose.rendered == prose.source_text == at(data, pointer)


@settings(max_examples=30)
@given(reports(), st.booleans())
def test_computed_totals_make_every_identity_true(data: dict[str, Any], bare: bool) -> None:
    if bare:
        data = without_totals(data)
    report = compiled(write_yaml(data))
    values = report.values
    for section in report.form.sections:
        for row in section.rows:
            parts = [values[pointer] for pointer, column in row.cells() if not column.total]
            for pointer, column in row.cells():
                if values[pointer].written:
                    continue
                if row.total and not column.total:
                    rows = summands(row, section.rows)
                    below = [values[(*part.pointer, column.key)] for part in rows]
                    assert values[pointer].amount == sum(part.amount for part in below)
                else:
                    assert values[pointer].amount == sum(part.amount for part in parts)
    # With nothing written, the total of totals is the same by rows and by columns.
    for section in report.form.sections if bare else ():
        for row in section.rows:
            if row.total:
                column = next(column for column in row.columns if column.total)
                below = [
                    values[(*part.pointer, column.key)] for part in summands(row, section.rows)
                ]
                assert values[(*row.pointer, column.key)].amount == sum(p.amount for p in below)


def without_totals(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: without_totals(value) for key, value in data.items() if key != "总计"}
    return data


@pytest.mark.parametrize("name", fixture_reports())
def test_the_identity_of_table_three_holds_in_the_sample_reports(name: str) -> None:
    report = compiled(fixture_reports()[name].read_text(encoding="utf-8"))
    for section in report.form.sections:
        by_role = {row.role: row for row in section.rows}
        for left, right in section.identities:
            for column in section.rows[0].columns:
                sums = [
                    sum(report.values[(*by_role[role].pointer, column.key)].amount for role in side)
                    for side in (left, right)
                ]
                assert sums[0] == sums[1]


# ── totals


def row(text: str) -> dict[str, Value]:
    """Return the values of the row 本年新收, written as `text`."""
    report = compiled(change(seed(), NEW, f"  本年新收: {{{text}}}"))
    return {
        str(pointer[-1]): value
        for pointer, value in report.values.items()
        if pointer[:-1] == (TABLE, "本年新收")
    }


OTHERS = "科研机构: 0, 社会公益组织: 0, 法律服务机构: 0, 其他: 0"


def test_a_missing_total_is_the_sum_of_its_row() -> None:
    total = row(f"自然人: 3, 商业企业: 4, {OTHERS}")["总计"]
    assert total == Value(7, "", written=False)


def test_a_written_total_is_kept_even_if_it_is_wrong() -> None:
    total = row(f"自然人: 3, 商业企业: 4, {OTHERS}, 总计: 8")["总计"]
    assert total == Value(8, "", written=True)


def test_not_applicable_counts_as_zero_in_sums_and_is_printed_unchanged() -> None:
    values = row(f"自然人: /, 商业企业: 4, {OTHERS}")
    assert (values["自然人"].number, values["自然人"].text) == (None, "/")
    assert values["总计"].number == 4


def test_the_note_of_a_cell_is_not_part_of_its_number() -> None:
    values = row("自然人: {数值: 3, 注: ' 含补正1件 '}, 商业企业: 4, " + OTHERS)
    assert values["自然人"] == Value(3, "含补正1件")
    assert values["总计"].number == 7


def test_a_missing_total_row_adds_up_the_nested_rows_of_every_column() -> None:
    text = fixture_reports()["edition-2019"].read_text(encoding="utf-8")
    report = compiled(text)
    total = {
        pointer[-1]: value.number
        for pointer, value in report.values.items()
        if pointer[:-1] == (TABLE, "本年度办理结果", "总计")
    }
    assert total == {
        "自然人": 19,
        "商业企业": 3,
        "科研机构": 0,
        "社会公益组织": 0,
        "法律服务机构": 2,
        "其他": 0,
        "总计": 24,
    }


def test_amounts_are_exact() -> None:
    report = compiled(change(seed(), "本年收费金额: 0", "本年收费金额: 4068.2080"))
    (value,) = [v for p, v in report.values.items() if p[-1] == "本年收费金额"]
    assert value.number == Decimal("4068.208")
    assert value.text == "4068.2080"


def test_the_summands_of_a_total_are_the_rows_of_its_group() -> None:
    form = compiled(seed()).form
    (total,) = [row for row in form.rows if row.total]
    parts = summands(total, form.rows)
    assert len(parts) == 21
    assert {part.pointer[:2] for part in parts} == {(TABLE, "本年度办理结果")}


# ── prose


def prose(text: str) -> str:
    report = compiled(change(seed(), "我局收到1条", text))
    return report.texts[("总体情况", "依申请公开")].rendered


def test_prose_may_use_the_numbers_of_the_report() -> None:
    assert "收到0件" in prose(f"收到{{{{ {TABLE}.本年新收.总计 }}}}件")
    assert "2022年，古县文化和旅游局" in prose("{{ 年度 }}年，{{ 机关 }}")


def test_prose_may_use_a_missing_total() -> None:
    text = change(seed(), NEW, f"  本年新收: {{自然人: 3, 商业企业: 4, {OTHERS}}}")
    text = change(text, "我局收到1条", f"我局收到{{{{ {TABLE}.本年新收.总计 }}}}条")
    assert "我局收到7条" in compiled(text).texts[("总体情况", "依申请公开")].rendered


def test_markdown_in_an_inserted_name_is_escaped() -> None:
    text = change(seed(), "机关: 古县文化和旅游局", '机关: "*古县*_[局](http://x)"')
    text = change(text, "我局收到1条", "{{ 机关 }}收到1条")
    rendered = compiled(text).texts[("总体情况", "依申请公开")].rendered
    assert r"\*古县\*\_\[局\](http://x)" in rendered


def test_the_note_of_a_cell_is_not_inserted_into_prose() -> None:
    text = change(seed(), LICENCES, change(LICENCES, ": 0}", ": {数值: 22, 注: 含不予许可}}"))
    name = "主动公开政府信息情况.第二十条第五项.行政许可.本年处理决定数量"
    text = change(text, "我局收到1条", f"许可{{{{ {name} }}}}件")
    assert "许可22件" in compiled(text).texts[("总体情况", "依申请公开")].rendered


def test_a_report_cannot_refer_to_its_own_prose() -> None:
    text = change(seed(), "我局收到1条", "{{ 总体情况.概述 }}")
    source = parse_source(text.encode(), "r.yaml")
    form, _ = check_structure(source)
    assert form is not None
    _, (finding,) = compile_report(source, form)
    assert finding.rule == "S201"


@pytest.mark.parametrize("blank", ["", " ~", ' ""', ' "  "', " |\n    \n"])
def test_blank_texts_are_left_out(blank: str) -> None:
    report = compiled(re.sub(r"  概述: \|\n(    .*\n)+", f"  概述:{blank}\n", seed()))
    assert ("总体情况", "概述") not in report.texts
    assert ("总体情况", "主动公开") in report.texts


def test_texts_are_in_the_order_of_the_form() -> None:
    report = compiled(fixture_reports()["large-city-2025"].read_text(encoding="utf-8"))
    assert list(report.texts) == [
        ("引言",),
        ("总体情况", "主动公开"),
        ("总体情况", "依申请公开"),
        ("总体情况", "政府信息管理"),
        ("总体情况", "平台建设"),
        ("总体情况", "监督保障"),
        ("总体情况", "补充", 0, "标题"),
        ("总体情况", "补充", 0, "正文"),
        ("主动公开政府信息情况", "注", 0),
        ("存在的主要问题及改进情况",),
        ("其他需要报告的事项",),
    ]


def test_the_title_has_body_and_year() -> None:
    assert compiled(seed()).title == (
        "古县文化和旅游局",
        "2022年政府信息公开工作年度报告",
    )


# ── from rendered text back to the source text


def text_of(written: str) -> Prose:
    report = compiled(
        change(seed(), "其他需要报告的事项: |\n", f"其他需要报告的事项: |\n  {written}\n")
    )
    return report.texts[("其他需要报告的事项",)]


@pytest.mark.parametrize(
    ("part", "source"),
    [
        ("全年收到", "全年收到"),
        ("0件申请", "{{ " + TABLE + ".本年新收.总计 }}件申请"),
        ("收到0", "收到{{ " + TABLE + ".本年新收.总计 }}"),
        ("2022年", "{{ 年度 }}年"),
        ("2022", "{{ 年度 }}"),
        ("02", "{{ 年度 }}"),
    ],
)
def test_a_rendered_range_maps_to_the_source_text(part: str, source: str) -> None:
    found = text_of("{{ 年度 }}年全年收到{{ " + TABLE + ".本年新收.总计 }}件申请，无。")
    start = found.rendered.index(part)
    begin, length = found.written_span(start, start + len(part))
    assert found.source_text[begin : begin + length] == source


PROSE = text_of("{{ 年度 }}年全年收到{{ " + TABLE + ".本年新收.总计 }}件申请，无。")


@given(st.integers(0, len(PROSE.rendered) - 1), st.integers(1, len(PROSE.rendered)))
def test_every_rendered_range_maps_into_the_source_text(start: int, length: int) -> None:
    begin, size = PROSE.written_span(start, min(start + length, len(PROSE.rendered)))
    assert 0 <= begin < begin + size <= len(PROSE.source_text)


def test_the_report_of_a_file_with_bom_and_crlf_is_the_same() -> None:
    plain = compiled(seed())
    source = parse_source(b"\xef\xbb\xbf" + seed().replace("\n", "\r\n").encode(), "r.yaml")
    report, findings = compile_report(source, plain.form)
    assert (report.values, report.texts, findings) == (plain.values, plain.texts, [])


def test_a_very_small_amount_is_printed_in_digits() -> None:
    assert Value(Decimal("0.0000001")).text == "0.0000001"
    assert Value(12345678).text == "12345678"
