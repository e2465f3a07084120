"""units.toml: what it says, and findings with line and column for every mistake in it."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.workspace.discovery import ROSTER_NAME, TOP
from nianbao.workspace.roster import (
    KEYS,
    format_units,
    make_units_schema,
    parse_roster,
    read_roster,
)
from nianbao.workspace.toml import parse_toml
from nianbao.workspace.unit_tree import Roster, Unit
from tests.support import create_symlink

COUNTY = """
# 名单
[[单位]]
编号 = "青山县"  # 政府
名称 = '青山县人民政府'
机关类型 = "县级以上政府"

[["单位"]]
"编号" = "青山县/水利局"
名称 = "青山县水利局"
上级 = "青山县"
起始年度 = 2021
终止年度 = 2023
期限 = "01-20"

[[单位]]
编号 = "青山县/办公室"
名称 = "青山县人民政府（本级）"
上级 = "青山县"
本级 = true
"""


def unit(*lines: str) -> str:
    return "\n".join(["[[单位]]", '编号 = "水利局"', '名称 = "青山县水利局"', *lines])


def roster_of(text: str) -> Roster:
    roster, findings = parse_roster(text)
    assert roster is not None, findings
    return roster


def found(text: str) -> list[tuple[int, int, str, str]]:
    """Line, column, marked text and message of the findings about a text."""
    roster, findings = parse_roster(text)
    assert roster is None
    lines = text.split("\n")
    return [
        (
            f.span.line,
            f.span.column,
            lines[f.span.line - 1][f.span.column - 1 : f.span.end_column - 1],
            f.message,
        )
        for f in findings
    ]


def test_a_roster_has_units_in_the_order_of_a_tree() -> None:
    roster = roster_of(COUNTY)
    government = Unit("青山县", "青山县人民政府", "县级以上政府")
    water = Unit("青山县/水利局", "青山县水利局", "", "青山县", 2021, 2023, "01-20")
    own = Unit("青山县/办公室", "青山县人民政府（本级）", parent="青山县", is_own=True)
    assert list(roster.tree()) == [(0, government), (1, water), (1, own)]
    assert [water.reports_in(year) for year in (2020, 2021, 2023, 2024)] == [0, 1, 1, 0]


def test_the_unit_of_the_folder_reports_is_above_those_without_a_parent() -> None:
    text = unit() + '\n[[单位]]\n编号 = "."\n名称 = "青山县"\n'
    assert [(depth, each.id) for depth, each in roster_of(text).tree()] == [(0, TOP), (1, "水利局")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (unit('上极 = "a"'), (4, 1, "上极", "不认识的键“上极”")),
        (unit('期限 = "02-30"'), (4, 6, '"02-30"', "“期限”写的是 02-30")),
        (unit("起始年度 = 99"), (4, 8, "99", "“起始年度”要写年份")),
        (unit('起始年度 = "2021"'), (4, 8, '"2021"', "“起始年度”要写年份")),
        (unit('本级 = "是"'), (4, 6, '"是"', "“本级”要写 true 或 false")),
        (unit('机关类型 = "局"'), (4, 8, '"局"', "“机关类型”不认识：局")),
        (unit('上级 = "教育局"'), (4, 6, '"教育局"', "没有编号是“教育局”的单位")),
        (unit('上级 = "水利局"'), (4, 6, '"水利局"', "上级转了一圈：“水利局” → “水利局”")),
        (unit('名称 = "a"'), (4, 1, "名称", "“名称”写了两次")),
        (
            unit("起始年度 = 2023", "终止年度 = 2021"),
            (4, 8, "2023", "起始年度 2023 在终止年度 2021 之后"),
        ),
        (unit("", unit()), (6, 6, '"水利局"', "编号“水利局”和第 2 行的重复")),
        (unit("期限 = “01-31”"), (4, 6, "“", "引号是全角的")),
        (unit("期限：01-31"), (4, 3, "：", "“：”是全角的")),
        (unit('名.称 = "a"'), (4, 1, "名", "“名”的值不能这样写")),
        (unit("[单位]"), (4, 1, "[", "不认识的节“单位”")),
        ('编号 = "a"\n' + unit(), (1, 1, "编", "键写在了第一节 [[单位]] 的上面")),
        ('[[单位]]\n编号 = "a"', (1, 1, "[[单位]]", "这个单位没有写“名称”")),
        ("# 空的", (1, 1, "", "名单里没有单位")),
    ],
)
def test_each_mistake_is_one_finding_at_its_place(
    text: str, expected: tuple[int, int, str, str]
) -> None:
    assert found(text) == [expected]


@pytest.mark.parametrize(
    "id_",
    [
        "/etc",
        "../x",
        "a/../b",
        "a//b",
        "",
        "a/",
        "~",
        "a\\\\b",
        "C:",
        "con",
        "a ",
        ".git",
        "a.yaml",
        "a*",
        "x" * 81,
    ],
)
def test_an_id_that_is_no_portable_folder_below_reports_is_refused(id_: str) -> None:
    ((line, column, _, _),) = found(f'[[单位]]\n编号 = "{id_}"\n名称 = "a"')
    assert (line, column) == (2, 6)


def test_ids_that_differ_in_case_or_composition_alone_are_the_same_folder() -> None:
    for one, other in (("abc", "ABC"), ("é局", "e\u0301局")):
        text = f'[[单位]]\n编号 = "{one}"\n名称 = "a"\n[[单位]]\n编号 = "{other}"\n名称 = "b"'
        assert [message for *_, message in found(text)] == [
            f"编号“{parse_toml(text)['单位'][1]['编号'] if one == 'abc' else one}”和第 2 行的重复"
        ]


def test_a_circle_of_parents_is_found_once() -> None:
    text = "\n".join(
        f'[[单位]]\n编号 = "{n}"\n名称 = "局"\n上级 = "{above}"'
        for n, above in enumerate([1, 2, 0, 0], 0)
    )
    ((line, _, _, message),) = found(text)
    assert (line, message) == (4, "上级转了一圈：“0” → “1” → “2” → “0”")


def test_a_wrong_unit_is_not_missed_as_a_parent() -> None:
    text = '[[单位]]\n编号 = "县"\n名称 = 1\n' + unit('上级 = "县"')
    assert [message for *_, message in found(text)] == ["“名称”要写文字"]


def test_the_remedy_names_the_near_key_and_the_unit_of_a_name() -> None:
    _, findings = parse_roster(unit('名秤 = "a"', '上级 = "a"'))
    assert findings[0].help == "是不是“名称”？"
    text = unit() + '\n[[单位]]\n编号 = "b"\n名称 = "乙"\n上级 = "青山县水利局"'
    assert parse_roster(text)[1][0].help == "是不是“水利局”？"


def test_a_link_another_encoding_and_a_large_file_are_refused(tmp_path: Path) -> None:
    file = tmp_path / ROSTER_NAME
    assert read_roster(tmp_path) == (None, [])
    for content, message in (
        (unit().encode("gbk"), "文件不是 UTF-8 编码"),
        (b"#" * (33 * 1024 * 1024), "文件太大"),
    ):
        file.write_bytes(content)
        assert [f.message for f in read_roster(tmp_path)[1]] == [message]
    file.write_bytes(b"\xef\xbb\xbf" + unit().replace("\n", "\r\n").encode())
    assert read_roster(tmp_path)[0] is not None
    file.unlink()
    create_symlink(file, "/etc/passwd")
    assert [f.message for f in read_roster(tmp_path)[1]] == ["是一个链接，不读取"]


LINES = "".join(
    f'[[单位]]\n编号 = "{{0}}{n}"\n名称 = "局"\n上级 = "{{1}}"\n' for n in range(20_000)
)


@pytest.mark.parametrize(
    "text",
    [
        LINES.format("县/局", "."),
        LINES.format("县", "没有"),
        "".join(f'[[单位]]\n编号 = "{n}"\n名称 = "a"\n上级 = "{n + 1}"\n' for n in range(20_000)),
        LINES.replace("上级", "上极").format("a", "b"),
        "[[单位]]\n" + "a." * 2_000_000 + "b = 1",
        "[[单位]]\n" + ("a." * 240 + "b = 1\n") * 5000,
        "[" * 4_000_000,
        '[[单位]]\n名称 = "' + "x" * 4_000_000 + '"\n编号 = "' + "a/" * 2_000_000 + 'b"',
        '[[单位]]\n编号 = "' + "县" * 199 + '*"\n名称 = "a"',
        " " * 4_000_000 + "x",
    ],
)
def test_a_hostile_or_a_large_file_costs_little_time(text: str) -> None:
    start = time.process_time()
    parse_roster(text)
    assert time.process_time() - start < 3


NAMES = st.text("县局“”\\'\"#=[]{} a1é", min_size=1, max_size=8).filter(lambda text: text.strip())


@given(st.lists(st.tuples(NAMES, st.sampled_from(["", "01-31", "无"])), min_size=1, max_size=4))
def test_what_is_written_is_read_again_and_is_toml(names: list[tuple[str, str]]) -> None:
    rows: list[dict[str, str | int | bool]] = [
        {"编号": f"第{n}局", "名称": name, **({"期限": day} if day else {}), "本级": n == 0}
        for n, (name, day) in enumerate(names)
    ]
    text = format_units(rows)
    assert parse_toml(text) == {"单位": rows}
    units = roster_of(text).units.values()
    assert [(u.name, u.deadline, u.is_own) for u in units] == [
        (name, day, n == 0) for n, (name, day) in enumerate(names)
    ]


def test_the_schema_for_editors_has_the_keys_and_kinds() -> None:
    from jsonschema import Draft7Validator

    validator = Draft7Validator(make_units_schema())
    assert not list(validator.iter_errors(parse_toml(COUNTY)))
    for wrong in ("上极 = 1", "本级 = 1", '机关类型 = "局"', '起始年度 = "a"'):
        assert list(validator.iter_errors(parse_toml(unit(wrong))))
    assert set(make_units_schema()["properties"]["单位"]["items"]["properties"]) == set(KEYS)
