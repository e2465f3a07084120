"""The form built from the schema: sections, rows, columns, and their labels."""

import pytest

from nianbao.model.form import Form, Row, Section, label, load_form
from nianbao.model.schema import editions

EDITIONS = editions()
APPLICANTS = [
    "申请人情况 / 自然人",
    *(
        f"申请人情况 / 法人或其他组织 / {name}"
        for name in ("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")
    ),
    "申请人情况 / 总计",
]


def section(form: Form, number: int) -> Section:
    return form.sections[number - 1]


def row(form: Form, *keys: str) -> Row:
    (found,) = [row for row in form.rows if row.pointer[-len(keys) :] == keys]
    return found


def test_the_sections_of_2021_have_the_standard_headings() -> None:
    assert [each.title for each in load_form(2021).sections] == [
        "一、总体情况",
        "二、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况",
        "四、政府信息公开行政复议、行政诉讼情况",
        "五、存在的主要问题及改进情况",
        "六、其他需要报告的事项",
    ]


def test_the_fifth_heading_of_2019_is_another() -> None:
    assert section(load_form(2019), 5).title == "五、政府信息公开工作存在的主要问题及改进情况"


def test_the_title_is_on_two_lines() -> None:
    assert load_form(2021).title == ("{机关}", "{年度}年政府信息公开工作年度报告")


def test_the_five_blocks_are_numbered_and_additional_ones_follow() -> None:
    texts = section(load_form(2021), 1).texts
    assert [(text.title, text.kind) for text in texts] == [
        ("概述", "lead"),
        ("（一）主动公开", "block"),
        ("（二）依申请公开", "block"),
        ("（三）政府信息管理", "block"),
        ("（四）政府信息公开平台建设", "block"),
        ("（五）监督保障", "block"),
        ("补充", "extra"),
    ]
    assert texts[-1].numbering == "（{}）"


def test_table_two_of_2021_is_four_tables_with_titles_and_a_stub() -> None:
    grids = section(load_form(2021), 2).grids
    assert [(grid.title, grid.stub, len(grid.rows)) for grid in grids] == [
        ("第二十条第（一）项", "信息内容", 2),
        ("第二十条第（五）项", "信息内容", 1),
        ("第二十条第（六）项", "信息内容", 2),
        ("第二十条第（八）项", "信息内容", 1),
    ]
    assert [label(column.path) for column in grids[0].columns] == [
        "本年制发件数",
        "本年废止件数",
        "现行有效件数",
    ]
    (fee,) = grids[3].columns
    assert (label(fee.path), fee.kind, fee.unit) == ("本年收费金额（单位：万元）", "amount", "万元")


def test_table_two_of_2019_has_signed_changes_and_procurement() -> None:
    grids = section(load_form(2019), 2).grids
    assert [(grid.title, len(grid.rows), len(grid.columns)) for grid in grids] == [
        ("第二十条第（一）项", 2, 3),
        ("第二十条第（五）项", 2, 3),
        ("第二十条第（六）项", 2, 3),
        ("第二十条第（八）项", 1, 2),
        ("第二十条第（九）项", 1, 2),
    ]
    assert [(label(column.path), column.kind) for column in grids[1].columns] == [
        ("上一年项目数量", "count"),
        ("本年增/减", "signed"),
        ("处理决定数量", "count"),
    ]


@pytest.mark.parametrize(("edition", "results"), [(2021, 22), (2019, 20)])
def test_table_three_has_the_rows_of_its_edition(edition: int, results: int) -> None:
    (grid,) = section(load_form(edition), 3).grids
    assert len(grid.rows) == results + 3
    assert [label(column.path) for column in grid.columns] == APPLICANTS
    assert sum(each.path[0].title == "三、本年度办理结果" for each in grid.rows) == results
    assert grid.rows[0].path[0].title == "一、本年新收政府信息公开申请数量"
    assert grid.rows[-1].path[0].title == "四、结转下年度继续办理"
    assert grid.corner.startswith("（本列数据的勾稽关系为：第一项加第二项之和")


def test_a_nested_row_carries_the_labels_and_the_role_of_its_groups() -> None:
    found = row(load_form(2021), "不予公开", "属于行政查询事项")
    assert label(found.path) == "三、本年度办理结果 / （三）不予公开 / 8.属于行政查询事项"
    assert found.group_role == "results.refused"


def test_the_single_row_of_2019_has_the_role_of_the_group_of_2021() -> None:
    assert row(load_form(2019), "其他处理").role == "results.otherwise"
    assert row(load_form(2021), "其他处理", "逾期不补正").group_role == "results.otherwise"


@pytest.mark.parametrize("edition", EDITIONS)
def test_table_four_is_fifteen_numbers_side_by_side(edition: int) -> None:
    (grid,) = section(load_form(edition), 4).grids
    assert grid.sideways
    assert [label(each.path) for each in grid.rows] == [
        "行政复议",
        "行政诉讼 / 未经复议直接起诉",
        "行政诉讼 / 复议后起诉",
    ]
    assert [label(column.path) for column in grid.columns] == [
        "结果维持",
        "结果纠正",
        "其他结果",
        "尚未审结",
        "总计",
    ]


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_cell_has_its_own_pointer(edition: int) -> None:
    pointers = [pointer for each in load_form(edition).rows for pointer, _ in each.cells()]
    assert len(pointers) == len(set(pointers)) > 150


@pytest.mark.parametrize("edition", EDITIONS)
def test_totals_are_marked(edition: int) -> None:
    form = load_form(edition)
    assert [each.path[-1].title for each in form.rows if each.total] == ["（七）总计"]
    for each in (*section(form, 3).rows, *section(form, 4).rows):
        assert [column.key for column in each.columns if column.total] == ["总计"]


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_identity_of_table_three_names_existing_rows(edition: int) -> None:
    third = section(load_form(edition), 3)
    (identity,) = third.identities
    assert identity == (
        ("received.new", "received.carried"),
        ("results.total", "carried.next"),
    )
    roles = [each.role for each in third.rows]
    assert all(roles.count(role) == 1 for side in identity for role in side)


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_role_names_at_most_one_cell(edition: int) -> None:
    for each in load_form(edition).sections:
        roles = [found.role for found in each.rows if found.role]
        assert len(roles) == len(set(roles))
        for found in each.rows:
            columns = [column.role for column in found.columns]
            assert len(columns) == len(set(columns))
            assert all(columns)


def test_labels_along_a_pointer_are_the_printed_titles() -> None:
    form = load_form(2021)
    assert form.labels(("收到和处理政府信息公开申请情况", "本年新收", "自然人")) == (
        "三、收到和处理政府信息公开申请情况",
        "一、本年新收政府信息公开申请数量",
        "自然人",
    )
    assert form.labels(("总体情况", "补充", 1, "正文")) == ("一、总体情况", "补充", "2", "正文")
    assert form.labels(("总体情况", "没有", 0)) == ("一、总体情况", "没有", "1")


def test_the_keys_under_a_pointer_are_in_order() -> None:
    form = load_form(2021)
    assert list(form.schema.properties_at(("总体情况", "补充", 0))) == ["标题", "正文"]
    assert list(form.schema.properties_at(("行政复议行政诉讼情况",))) == [
        "说明",
        "行政复议",
        "行政诉讼",
        "注",
    ]
    assert list(form.schema.properties_at(("没有",))) == []
