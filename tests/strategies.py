"""Hypothesis strategies for reports, built from the form, so that they follow every edition."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any

import yaml
from hypothesis import strategies as st

from nianbao.model.form import CellKind, Form, Row, load_form
from nianbao.model.schema import editions
from tests.support import fixture_reports, put

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

EDITIONS = editions()

# Many characters special to YAML or Markdown, no references and no merge conflict markers.
_SNIPPETS = st.text(alphabet="年报公开件数12 ，。、“”（）:#-*_|>'\"{&!%@`~\\/[]<.+", max_size=30)
_LINES = _SNIPPETS.map(
    lambda text: re.sub(r"<{7,}|>{7,}", "<", text.replace("{{", "{")).strip() or "无"
)
_PROSE = st.lists(_LINES, min_size=1, max_size=3).map(lambda lines: "\n".join(lines) + "\n")

_BLOCKS = st.lists(st.fixed_dictionaries({"标题": _LINES, "正文": _PROSE}), max_size=3)
_NOTES = st.lists(_LINES, max_size=3)


def _numbers(count: int, change: int) -> dict[CellKind, st.SearchStrategy[int | Decimal]]:
    """Draw the numbers of each kind of cell; `count`, `change`: the largest ones."""
    counts = st.integers(0, 10) | st.integers(0, count)
    amounts = counts | st.decimals(0, 10**6, allow_nan=False, places=4)
    return {"count": counts, "amount": amounts, "signed": st.integers(-change, change)}


_NUMBERS = _numbers(999_999_999_999, 100)


def cells(
    kind: CellKind,
    numbers: Mapping[CellKind, st.SearchStrategy[int | Decimal]] = _NUMBERS,
    notes: st.SearchStrategy[str] = _LINES,
) -> st.SearchStrategy[Any]:
    """Draw the value of a cell: mostly a number, else `/` or a number with a note."""
    number = numbers[kind]
    noted = st.builds(lambda value, note: {"数值": value, "注": note}, number, notes)
    return st.one_of(number, number, number, st.just("/"), noted)


@st.composite
def report_data(
    draw: st.DrawFn,
    form: Form,
    prose: st.SearchStrategy[str] = _PROSE,
    blocks: st.SearchStrategy[Any] = _BLOCKS,
    notes: st.SearchStrategy[Any] = _NOTES,
    cells_of: Callable[[CellKind], st.SearchStrategy[Any]] = cells,
) -> dict[str, Any]:
    """Draw a valid report: every required cell, half of the totals and of the optional texts.

    The other arguments are what its texts, further blocks, notes under tables and cells may be.
    """
    data: dict[str, Any] = {"格式": form.edition, "年度": draw(st.integers(2008, 2100))}
    data |= {"机关": draw(_LINES), "成文日期": draw(st.dates().map(lambda day: day.isoformat()))}
    rows: list[Row] = []
    for section in form.sections:
        if (
            not section.grids
            and len(section.texts) == 1
            and section.texts[0].pointer == (section.key,)
        ):
            data[section.key] = draw(prose | st.none())
            continue
        data[section.key] = {}
        for text in section.texts:
            if draw(st.booleans()):
                put(data, text.pointer, draw(blocks if text.kind == "extra" else prose))
        if section.notes and draw(st.booleans()):
            put(data, section.notes.pointer, draw(notes))
        rows += section.rows
    # There are a few hundred cells: their possible values are drawn, a seed distributes them.
    pools = {kind: draw(st.lists(cells_of(kind), min_size=4, max_size=12)) for kind in _NUMBERS}
    chance = Random(draw(st.integers(0, 2**32)))
    for row in rows:
        if not row.total or chance.random() < 0.5:
            for pointer, column in row.cells():
                if not column.total or chance.random() < 0.5:
                    put(data, pointer, chance.choice(pools[column.kind]))
    return data


def reports() -> st.SearchStrategy[dict[str, Any]]:
    """Draw a valid report of any edition."""
    return st.sampled_from(EDITIONS).flatmap(lambda edition: report_data(load_form(edition)))


# ── reports as offices write them

_SENTENCES = (
    "2022年，本机关收到政府信息公开申请124件，上年结转3件，均已按期答复。",
    "通过门户网站公开信息1,286条，其中“政策解读”45条（含图解12条），阅读量超过20万次",
    "一是健全机制。明确分管领导1名、专职人员2名；二是加强审查，做到“先审查、后公开”；三是强化培训。",
    "1.政策解读不够及时，形式单一。",
    "2.部分栏目更新不到位，专业力量薄弱。",
    "（1）加大培训力度，提高依申请公开的办理质量，杜绝超期答复、答非所问等问题。",
    "无。",
    "本年度无其他需要报告的事项。",
    "咨询电话：010-88888888，电子邮箱：xxgk@example.gov.cn。",
    "依据《中华人民共和国政府信息公开条例》（国令第711号）第五十条的规定，现公布本报告。",
    "《关于规范性文件的通知》（示政办发〔2022〕15号）已废止，全年较上年下降12.5%，满意率达99.8％。",
    "收费0元；按《政府信息公开信息处理费管理办法》执行，A4纸1~2页×3份＝6份，<公开>与[不公开]分列。",
    "未发生因政府信息公开引起的行政复议、行政诉讼。",
    "主动公开方面仍有差距",
)
_SPECIAL_SENTENCES = (
    "**集中公开**：规章库与政府公报*同源*发布，编号GB/T_33190-2016。",
    "网址为 [示例市人民政府](https://www.example.gov.cn/zwgk/)，每日更新。",
    "新收{{ 收到和处理政府信息公开申请情况.本年新收.自然人 }}件。",
    "- 便民查询：按主题、对象和办事场景分类",
    "1. 推进政务公开标准化",
    "| 事项 | 数量 |\n| --- | --- |\n| 网站 | 120 |\n| 新媒体 | 35 |",
    "| 类别 | 2021年 | 2022年 |\n| --- | --- | --- |\n| 规章 | 1 | 0 |\n| 合计 | 13 | 9 |",
)
_LONG_SENTENCE = st.integers(3, 30).map(
    lambda count: "推进决策、执行、管理、服务、结果公开，回应群众关切，" * count + "取得实效。"
)
_WRITTEN_LINES = st.one_of(
    st.sampled_from(_SENTENCES),
    st.sampled_from(_SENTENCES),
    st.sampled_from(_SPECIAL_SENTENCES),
    _LONG_SENTENCE,
)
_WRITTEN_PROSE = st.lists(_WRITTEN_LINES, min_size=1, max_size=4).map(
    lambda lines: "\n".join(f"\n{line}\n" if line[:1] == "|" else line for line in lines) + "\n"
)
_WRITTEN_BLOCKS = st.lists(
    st.fixed_dictionaries(
        {
            "标题": st.sampled_from(("政务公开标准化规范化", "重点领域信息公开", "建议提案办理")),
            "正文": _WRITTEN_PROSE,
        }
    ),
    max_size=3,
    unique_by=lambda block: block["标题"],
)
_CELL_NOTES = st.sampled_from(
    ("其中修订16件", "含上年结转3件", "为并案审理", "机构改革后职能划转，由市审批局统计")
)
_TABLE_NOTES = st.lists(
    st.sampled_from(
        (
            "行政规范性文件本年废止件数含清理中宣布失效的文件。",
            "本表数据由市审批局提供，截至2022年12月31日。",
            "行政事业性收费按入库口径统计：不含滞纳金。",
        )
    ),
    max_size=3,
    unique=True,
)
_BODIES = st.sampled_from(
    ("示例市人民政府办公室", "示例县文化广电和旅游局", "国家税务总局示例市税务局", "示例镇人民政府")
)

_written_cells = partial(cells, numbers=_numbers(99_999_999, 9999), notes=_CELL_NOTES)


@st.composite
def written_reports(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a report of any edition as offices write them, with everything a report may have."""
    form = load_form(draw(st.sampled_from(EDITIONS)))
    data = draw(report_data(form, _WRITTEN_PROSE, _WRITTEN_BLOCKS, _TABLE_NOTES, _written_cells))
    data["机关"] = draw(_BODIES)
    data["年度"] = draw(st.integers(2008, 2030))
    data["成文日期"] = draw(st.dates(date(2009, 1, 1), date(2031, 12, 31))).isoformat()
    if draw(st.booleans()):
        data["文号"] = f"示文旅〔{data['年度'] + 1}〕{draw(st.integers(1, 300))}号"
    if draw(st.booleans()):
        data["联系方式"] = "示例县人民路1号，邮编100000，电话010-88888888"
    return data


# ── YAML


class _Writer(yaml.CSafeDumper):
    """Dumper for what our reader accepts: no aliases, `|` blocks, plain decimals."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - the base class asks
        return True


def _text(writer: yaml.CSafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style)


def _decimal(writer: yaml.CSafeDumper, number: Decimal) -> yaml.ScalarNode:
    return writer.represent_scalar("tag:yaml.org,2002:float", f"{number:f}")


_Writer.add_representer(str, _text)
_Writer.add_representer(Decimal, _decimal)


def write_yaml(data: object) -> str:
    """Return data as the YAML of a report."""
    return yaml.dump(data, Dumper=_Writer, allow_unicode=True, width=10_000, sort_keys=False)


# ── damage

_PIECES = [
    *(
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "|",
        ">",
        "-",
        "?",
        "#",
        "&",
        "*",
        "!",
        "%",
        "@",
        "`",
        '"',
        "'",
    ),
    *(
        "\n",
        " ",
        "\t",
        "：",
        "，",
        "｛",
        "｝",
        "\u3000",
        "\xa0",
        "\u200b",
        "\u2028",
        "\x00",
        "\ufeff",
    ),
    *("{{", "}}", "{{ 年度 }}", "---\n", "...\n", "<<: ", "!!int ", "&a ", "*a ", "\r\n", "/", "0"),
    *("null", "数值", "注", "总计", "格式: 2019\n", "|2\n", "|-\n", "%YAML 9\n", "\U00020000"),
]


@st.composite
def damaged_reports(draw: st.DrawFn) -> str:
    """Draw a sample report with a few ranges inserted, deleted or doubled."""
    files = fixture_reports()
    text = files[draw(st.sampled_from(sorted(files)))].read_text(encoding="utf-8")
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        end = start + draw(st.integers(0, 30))
        piece = draw(st.sampled_from(_PIECES) | st.just(text[start:end] * 2))
        text = text[:start] + piece + text[end if draw(st.booleans()) else start :]
    return text
