"""A new edition of the form needs new definitions in the schema and nothing else.

The edition here is a copy of that of 2021 with one more row in a table, one more row in a nested
group, and a renamed column.
"""

import copy
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from nianbao.checks.checker import CheckResult
from nianbao.model.form import label, load_form
from nianbao.model.schema import load_schema
from nianbao.rendering import render_report
from nianbao.workspace.settings import Settings
from tests.strategies import write_yaml
from tests.support import check_text, fixture_reports, schema_in_use, structural_findings

EDITION = 2030
TABLES = ("主动公开政府信息情况", "收到和处理政府信息公开申请情况")
# Keys and titles of the additions; the column replaces 其他.
ROW = ("行政裁决", "行政裁决")
REASON = ("属于商业航天信息", "9.属于商业航天信息")
COLUMN = ("农业合作社", "农业合作社")


def renamed(node: Any, suffix: str, names: set[str]) -> Any:
    """Return definitions with references to the copies of others in place of the originals."""
    if isinstance(node, dict):
        return {key: renamed(child, suffix, names) for key, child in node.items()}
    if isinstance(node, list):
        return [renamed(child, suffix, names) for child in node]
    if isinstance(node, str) and node.removeprefix("#/$defs/") in names and node[0] == "#":
        return node + suffix
    return node


@pytest.fixture(scope="module", autouse=True)
def third_edition(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Add a third edition to the schema."""
    root = copy.deepcopy(load_schema())
    definitions = root["$defs"]
    names = set(definitions)
    for name in names:
        definitions[name + "新"] = renamed(copy.deepcopy(definitions[name]), "新", names)
    root["properties"]["格式"]["enum"].insert(0, EDITION)
    condition = {"properties": {"格式": {"const": EDITION}}, "required": ["格式"]}
    root["allOf"].append({"if": condition, "then": {"$ref": "#/$defs/2021版新"}})

    punishments = definitions["主动公开2021新"]["properties"]["第二十条第六项"]
    key, title = ROW
    penalty = punishments["properties"]["行政处罚"]
    punishments["properties"][key] = {**penalty, "title": title, "x-role": "rulings"}
    punishments["required"].append(key)

    refusals = definitions["不予公开新"]
    key, title = REASON
    refusals["properties"][key] = {**refusals["properties"]["属于国家秘密"], "title": title}
    refusals["required"].append(key)

    applicants = definitions["申请人新"]
    key, title = COLUMN
    applicants["properties"] = {
        (key if name == "其他" else name): ({**node, "title": title} if name == "其他" else node)
        for name, node in applicants["properties"].items()
    }
    for names_of in (applicants["required"], applicants["x-groups"][0]["columns"]):
        names_of[names_of.index("其他")] = key

    with schema_in_use(root, tmp_path_factory.mktemp("third")):
        yield


def report(old: bool = False) -> dict[str, Any]:
    """Return a report of the third edition without totals; `old`: with the tables of 2021."""
    form = load_form(2021)
    data: dict[str, Any] = {"格式": EDITION, "年度": 2030, "机关": "某县", "成文日期": "2031-01-05"}
    for section in form.sections:
        data[section.key] = None if not section.grids else {}
        for row in section.rows:
            if row.total:
                continue
            group = data
            for part in row.pointer:
                group = group.setdefault(str(part), {})
            for column in row.columns:
                if not column.total:
                    group[column.key] = 1
    if old:
        return data
    two, three = (data[key] for key in TABLES)
    two["第二十条第六项"][ROW[0]] = {"本年处理决定数量": 70001}
    reasons = three["本年度办理结果"]["不予公开"]
    reasons[REASON[0]] = dict(reasons["属于国家秘密"])
    rows = [three["本年新收"], three["上年结转"], three["结转下年度继续办理"]]
    for group in three["本年度办理结果"].values():
        rows += [group] if "自然人" in group else group.values()
    for row_data in rows:
        row_data[COLUMN[0]] = row_data.pop("其他")
    return data


def check(data: dict[str, Any], tmp_path: Path) -> CheckResult:
    return check_text(write_yaml(data), tmp_path)


def test_form_has_the_new_rows_and_the_renamed_column() -> None:
    form = load_form(EDITION)
    labels = [label(row.path) for row in form.rows]
    assert labels[labels.index("行政强制") + 1] == ROW[1]
    eighth = labels.index("三、本年度办理结果 / （三）不予公开 / 8.属于行政查询事项")
    assert labels[eighth + 1] == f"三、本年度办理结果 / （三）不予公开 / {REASON[1]}"
    columns = [label(column.path) for column in form.sections[2].grids[0].columns]
    assert columns[5] == f"申请人情况 / 法人或其他组织 / {COLUMN[1]}"
    assert len(form.rows) == len(load_form(2021).rows) + 2


def test_report_of_the_new_edition_is_accepted(tmp_path: Path) -> None:
    checked = check(report(), tmp_path)
    assert structural_findings(checked) == []
    assert checked.report is not None


def test_reports_of_other_editions_are_accepted(tmp_path: Path) -> None:
    for file in fixture_reports().values():
        assert structural_findings(check_text(file.read_bytes(), tmp_path)) == []


def test_missing_row_of_the_new_edition_is_reported_by_name(tmp_path: Path) -> None:
    findings = structural_findings(check(report(old=True), tmp_path))
    messages = "\n".join(finding.message for finding in findings)
    assert f"第二十条第（六）项”缺少“{ROW[1]}”" in messages
    # A renamed column in every row: the table is that of the edition before.
    assert "“三、收到和处理政府信息公开申请情况”是 2021 年格式的写法" in messages
    assert len(findings) == 2


@pytest.mark.parametrize(
    ("edition", "year", "in_force"),
    [
        (2021, 2029, None),
        (2021, 2030, 2030),
        (EDITION, 2029, 2021),
        (EDITION, 2030, None),
        (EDITION, 2031, None),
    ],
)
def test_edition_in_force_follows_from_the_schema(
    edition: int, year: int, in_force: int | None, tmp_path: Path
) -> None:
    data = report(old=edition != EDITION)
    data |= {"格式": edition, "年度": year, "成文日期": f"{year + 1}-01-05"}
    checked = check(data, tmp_path)
    assert checked.report is not None
    helps = [finding.help for finding in checked.findings if finding.rule == "F403"]
    assert helps == ([f"改成 格式: {in_force}，表格照新格式填"] if in_force else [])


def test_wrong_cell_of_a_new_row_is_reported_by_name(tmp_path: Path) -> None:
    data = report()
    data[TABLES[0]]["第二十条第六项"][ROW[0]] = {"本年处理决定数量": Decimal("2.5")}
    (finding,) = structural_findings(check(data, tmp_path))
    assert finding.rule == "S103"
    assert f"{ROW[1]} › 本年处理决定数量" in finding.message


def test_totals_include_the_new_rows(tmp_path: Path) -> None:
    compiled = check(report(), tmp_path).report
    assert compiled is not None
    parts = [row for row in compiled.form.sections[2].rows if row.path[0].key == "本年度办理结果"]
    total = (TABLES[1], "本年度办理结果", "总计")
    assert compiled.values[(*total, COLUMN[0])].number == len(parts) - 1 == 22
    assert compiled.values[(*total, "总计")].number == 22 * 6
    reason = (TABLES[1], "本年度办理结果", "不予公开", REASON[0], "总计")
    assert compiled.values[reason].number == 6


def test_web_page_shows_the_new_edition(tmp_path: Path) -> None:
    compiled = check(report(), tmp_path).report
    assert compiled is not None
    page = html.fromstring(render_report(compiled, "html", Settings(), tmp_path).decode())
    spans = {"".join(map(str, th.itertext())): th.get("rowspan") for th in page.iter("th")}
    assert spans["（三）不予公开"] == "9"
    assert spans["三、本年度办理结果"] == "23"
    assert {ROW[1], REASON[1], COLUMN[1]} <= spans.keys()
    assert "70001" in ["".join(map(str, td.itertext())) for td in page.iter("td")]


def test_markdown_shows_the_new_edition(tmp_path: Path) -> None:
    compiled = check(report(), tmp_path).report
    assert compiled is not None
    page = render_report(compiled, "md", Settings(), tmp_path).decode()
    assert f"| {ROW[1]} | 70001 |" in page
    assert f"法人或其他组织 / {COLUMN[1]} | 申请人情况 / 总计 |" in page
    assert f"（三）不予公开 / {REASON[1]} | 1 | 1 | 1 | 1 | 1 | 1 | 6 |" in page
