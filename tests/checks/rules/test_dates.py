"""F: deadlines, the edition, and the statistical period."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nianbao.workspace.settings import Settings
from tests.checks.rules.examples import base_report
from tests.checks.rules.report_cases import (
    Changes,
    base_report_2019,
    changed,
    check_case,
    check_written,
    extract_markers,
    report_yaml,
)

if TYPE_CHECKING:
    from pathlib import Path

PERIOD = "本报告所列数据的统计期限"


# ── deadlines


@pytest.mark.parametrize(
    ("kind", "day", "late"),
    [
        (None, "2023-01-31", False),
        (None, "2023-02-01", True),
        ("县级以上部门", "2023-01-31", False),
        ("县级以上部门", "2023-02-01", True),
        ("国务院部门", "2023-01-31", False),
        ("国务院部门", "2023-02-01", True),
        ("县级以上政府", "2023-03-31", False),
        ("县级以上政府", "2023-04-01", True),
        ("乡镇街道", "2023-12-31", False),
    ],
)
def test_deadline_depends_on_the_kind_of_body(
    tmp_path: Path, kind: str | None, day: str, late: bool
) -> None:
    changes: Changes = {"成文日期": f"⟦{day}⟧" if late else day}
    outcome = check_case(tmp_path, changes | ({"机关类型": kind} if kind else {}))
    assert outcome.reported == outcome.expected(*["F401"] * late)


@pytest.mark.parametrize(
    ("body", "day", "late"),
    [
        ("示例县人民政府", "2023-03-31", False),
        ("示例县人民政府", "2023-04-01", True),
        ("景德镇市人民政府", "2023-04-01", True),
        ("示例县人民政府办公室", "2023-02-01", True),
        ("示例县城关镇人民政府", "2023-06-01", False),
        ("示例县白石民族乡人民政府", "2023-06-01", False),
        ("示例市和平区新华街道办事处", "2023-06-01", False),
        ("示例县街道工作局", "2023-02-01", True),
    ],
)
def test_kind_of_body_follows_from_its_name(
    tmp_path: Path, body: str, day: str, late: bool
) -> None:
    outcome = check_case(tmp_path, {"机关": body, "成文日期": day})
    assert outcome.rules == ["F401"] * late


def test_kind_is_taken_from_report_then_settings_then_name(
    tmp_path: Path,
) -> None:
    town: Changes = {"机关": "示例县城关镇人民政府", "成文日期": "2023-02-01"}
    settings = Settings(body_kind="县级以上部门")
    assert check_case(tmp_path, town, settings=settings).rules == ["F401"]
    with_kind = town | {"机关类型": "乡镇街道"}
    assert check_case(tmp_path, with_kind, settings=settings).rules == []


@pytest.mark.parametrize(
    ("deadline", "kind", "day", "late"),
    [
        ("01-20", "县级以上部门", "2023-01-20", False),
        ("01-20", "县级以上部门", "2023-01-21", True),
        ("02-28", "乡镇街道", "2023-03-01", True),
        ("02-28", "县级以上政府", "2023-03-01", True),
        ("无", "县级以上部门", "2023-12-01", False),
    ],
)
def test_deadline_of_the_settings_overrides_that_of_the_kind(
    tmp_path: Path, deadline: str, kind: str, day: str, late: bool
) -> None:
    changes = {"机关类型": kind, "成文日期": day}
    outcome = check_case(tmp_path, changes, settings=Settings(deadline=deadline))
    assert outcome.rules == ["F401"] * late
    if late:
        assert f"过了 2023-{deadline} 的期限（{kind}）" in outcome.only().message


def test_late_publication_is_reported_at_its_date(tmp_path: Path) -> None:
    outcome = check_case(tmp_path, {"成文日期": "2023-01-30", "发布日期": "⟦2023-02-06⟧"})
    assert outcome.reported == outcome.expected("F401")
    assert outcome.only().message.startswith("发布日期是 2023-02-06，过了 2023-01-31 的期限")


@pytest.mark.parametrize("day", ["2022-01-31", "2022-12-31", "2021-01-20"])
def test_report_signed_before_the_end_of_its_year_is_reported(tmp_path: Path, day: str) -> None:
    outcome = check_case(tmp_path, {"成文日期": f"⟦{day}⟧"})
    assert outcome.reported == outcome.expected("F402")
    assert outcome.only().help == "多半应为 2023 年"


# ── the edition


@pytest.mark.parametrize("year", [2021, 2022, 2025])
def test_old_edition_is_reported_since_2021(tmp_path: Path, year: int) -> None:
    text, markers = extract_markers(
        report_yaml(changed(base_report_2019(year), {"格式": "⟦2019⟧"}))
    )
    outcome = check_written(tmp_path, text, markers, str(year))
    assert outcome.expected("F403")[0] in outcome.reported
    finding = next(f for f in outcome.findings if f.rule == "F403")
    assert finding.message == f"{year} 年度的报告用了 2019 年的格式"
    assert finding.help.startswith("改成 格式: 2021，")


@pytest.mark.parametrize("year", [2018, 2019, 2020])
def test_new_edition_is_reported_before_2021(tmp_path: Path, year: int) -> None:
    outcome = check_case(tmp_path, {"格式": "⟦2021⟧"}, year=year, name=str(year))
    assert outcome.reported == outcome.expected("F403")


def test_any_edition_is_accepted_before_the_first_one(tmp_path: Path) -> None:
    assert check_case(tmp_path, year=2015, name="2015").rules == []


@pytest.mark.parametrize("year", [2019, 2020])
def test_old_edition_is_accepted_in_its_years(tmp_path: Path, year: int) -> None:
    assert check_written(tmp_path, report_yaml(base_report_2019(year)), name=str(year)).rules == []


# ── the period


@pytest.mark.parametrize(
    "words",
    [
        f"{PERIOD}自2022年1月1日起至2022年12月31日止。",
        f"{PERIOD}为2022年1月1日至2022年12月31日。",
        f"{PERIOD}为2022年1月1日至12月31日。",
        f"{PERIOD}从2022年1月1日起，至12月31日止。",
        f"{PERIOD}为2022年1月1日—12月31日。",
        f"{PERIOD}：2022年1月1日-2022年12月31日。",
        f"{PERIOD}：2022年01月01日 - 2022年12月31日。",
        f"{PERIOD}为 2022 年 1 月 1 日至 2022 年 12 月 31 日。",
        f"{PERIOD}，自２０２２年１月１日起，至２０２２年１２月３１日止。",
        "报告中所列数据自2022年1月1日至12月31日。",
        "报告期限为2022年1月1日—12月31日。",
        # Dates that are not the statistical period.
        "2022年3月1日至5月31日开展专项检查，数据质量明显提高。",
        "数据显示，2022年3月1日至5月31日公开信息30条。",
        "报告期内，2022年6月1日至6月30日开展政务公开宣传月。",
        "统计数据由局办公室汇总，2022年6月1日至6月30日开展了培训。",
        "本报告于2023年1月20日至2023年2月20日在公开栏张贴。",
        "统计数据截至2022年12月31日。",
    ],
)
def test_right_period_is_accepted_in_any_wording(tmp_path: Path, words: str) -> None:
    assert check_case(tmp_path, {"引言": words}).rules == []


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (
            f"{PERIOD}自⟦2021年1月1日起至2021年12月31日⟧止。",
            "2021年1月1日起至2021年12月31日",
        ),
        (f"{PERIOD}为⟦2021年1月1日至12月31日⟧。", "2021年1月1日至12月31日"),
        (f"{PERIOD}为⟦2022年1月1日至2021年12月31日⟧。", "2022年1月1日至2021年12月31日"),
        (f"{PERIOD}为⟦2021年1月1日至2022年12月31日⟧。", "2021年1月1日至2022年12月31日"),
        (f"{PERIOD}为⟦2022年1月1日至12月30日⟧。", "2022年1月1日至12月30日"),
        (f"{PERIOD}为⟦2022年3月1日至12月31日⟧。", "2022年3月1日至12月31日"),
        (f"{PERIOD}为⟦2023年1月1日—12月31日⟧。", "2023年1月1日—12月31日"),
        (f"{PERIOD}为⟦2021 年 1 月 1 日至 12 月 31 日⟧。", "2021 年 1 月 1 日至 12 月 31 日"),
        (f"{PERIOD}为⟦２０２１年１月１日至１２月３１日⟧。", "２０２１年１月１日至１２月３１日"),
        ("所列数据自⟦2021年1月1日起，至12月31日⟧止。", "2021年1月1日起，至12月31日"),
    ],
)
def test_wrong_period_is_reported_at_its_dates(tmp_path: Path, words: str, shown: str) -> None:
    outcome = check_case(tmp_path, {"引言": words})
    assert outcome.reported == outcome.expected("F404")
    assert outcome.only().message == f"统计期限写的是“{shown}”"
    assert outcome.only().help == "改成 2022年1月1日至2022年12月31日"


def test_wrong_period_in_a_literal_block_is_reported_at_its_line(tmp_path: Path) -> None:
    words = f"第一段。\n{PERIOD}为⟦2021年1月1日至12月31日⟧。\n第三段。"
    outcome = check_case(tmp_path, {"引言": words})
    assert outcome.reported == outcome.expected("F404")


def test_period_with_a_reference_is_checked_as_printed(tmp_path: Path) -> None:
    words = f"“{PERIOD}为{{{{ 年度 }}}}年1月1日至12月31日。”"
    assert check_case(tmp_path, {"引言": words}).rules == []


def test_period_is_compared_with_the_year_of_the_report(tmp_path: Path) -> None:
    words = f"{PERIOD}为2021年1月1日至12月31日。"
    right = report_yaml(changed(base_report(2021), {"引言": words}))
    assert check_written(tmp_path, right, name="2021").rules == []


@pytest.mark.parametrize(
    ("signed", "published", "rules"),
    [
        ("2023-01-20", "2023-01-19", ["F406"]),
        ("2023-01-20", "2023-01-20", []),
        ("2023-01-20", "2023-01-28", []),
        ("2023-01-20", "2022-01-25", ["F406"]),
    ],
)
def test_publication_before_signing_is_reported(
    tmp_path: Path, signed: str, published: str, rules: list[str]
) -> None:
    changes: Changes = {"成文日期": signed, "发布日期": f"⟦{published}⟧" if rules else published}
    outcome = check_case(tmp_path, changes)
    assert outcome.reported == outcome.expected(*rules)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("截止⟦2022  12  31 日⟧。", ["F407"]),
        ("自⟦2018年11日⟧起施行。", ["F407"]),
        ("⟦２０１８年１１日⟧公布。", ["F407"]),
        ("统计到⟦20221231日⟧。", ["F407"]),
        ("⟦202年⟧，我局主动公开信息20条。", ["F407"]),
        ("⟦20222年⟧，我局主动公开信息20条。", ["F407"]),
        ("截至⟦2022年11月31日⟧。", ["F407"]),
        ("2018 年 1 月 11 日公布；2022年12个工作日；2022年3日内办结。", []),
        ("2020年2月29日公布；12022年；建校202年来。", []),
    ],
)
def test_a_date_that_lost_its_month_is_reported(
    tmp_path: Path, text: str, expected: list[str]
) -> None:
    outcome = check_case(tmp_path, {"总体情况/监督保障": text})
    assert [f.rule for f in outcome.findings if f.rule == "F407"] == expected
