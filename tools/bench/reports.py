"""Generate reports for benchmarks, from a fixed seed so that runs can be compared."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import yaml

from nianbao.formatting.parser import parse_tree
from nianbao.formatting.printer import print_tree
from nianbao.model.form import Form, load_form
from nianbao.parsing.reader import parse_source

if TYPE_CHECKING:
    from pathlib import Path

SEED = 20211
_SENTENCES = (
    "2022年，我局收到政府信息公开申请{new}件，上年结转{old}件，已办结{done}件。",
    "全年通过门户网站公开信息{n}条，微信公众号推送{n}篇，阅读量{n}万余次。",
    "其中予以公开{done}件，不予公开0件，无法提供0件。",
    "制发行政规范性文件{issued}件，废止{repealed}件，现行有效{effective}件。",
    "未发生因政府信息公开引发的行政复议和行政诉讼。",
    "组织培训{n}次，参加{n}人次，开展检查{n}次，整改问题{n}个。",
    "办理12345热线工单{n}件，按时办结率100%，与上年相比增长{n}%。",
)


class _Dumper(yaml.CSafeDumper):
    """YAML dumper that writes text of several lines as a | block."""


def _represent(dumper: yaml.CSafeDumper, text: str) -> yaml.Node:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent)


def write_yaml(data: dict[str, object], form: Form) -> str:
    """Return the text of a report file with this content, in the layout of the command `fmt`."""
    text = yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10**9)
    return print_tree(parse_tree(parse_source(text.encode(), "2022.yaml")), form)


def make_report(form: Form, rng: random.Random, number: int) -> dict[str, object]:
    """Return the content of a report with correct totals.

    `number`: names its body; if 10 divides it, the prose contradicts the tables.
    """
    new, old = rng.randrange(500), rng.randrange(50)
    documents = {role: rng.randrange(30) for role in ("issued", "repealed", "effective")}
    data: dict[str, object] = {
        "格式": form.edition,
        "年度": 2022,
        "机关": f"示例县第{number}局",
        "成文日期": "2023-01-20",
    }
    for section in form.sections:
        data[section.key] = {} if section.grids or len(section.texts) > 1 else None
        for row in section.rows:
            node = data
            for key in row.pointer:
                node = node.setdefault(str(key), {})  # type: ignore[assignment]
            value = {"received.new": new, "received.carried": old, "results.total": new + old}
            amount = value.get(row.role, new + old if row.role == "results.granted" else 0)
            node.update({column.key: 0 for column in row.columns})
            for column in row.columns:
                if column.role in ("natural", "total"):
                    node[column.key] = amount
                elif row.role == "normative":
                    node[column.key] = documents[column.role]
    numbers = {"new": new, "old": old, "done": new + old, **documents}
    if number % 10 == 0:
        numbers["done"] += 1
    texts = {
        str(text.pointer[-1]): "\n".join(
            rng.choice(_SENTENCES).format(**numbers, n=rng.randrange(90))
            for _ in range(rng.randrange(2, 12))
        )
        for text in form.sections[0].texts
        if text.kind == "block"
    }
    data[form.sections[0].key] = texts
    return data


def write_reports(root: Path, count: int) -> list[Path]:
    """Write a repository of `count` units with one report each; return the report files."""
    form, rng = load_form(2021), random.Random(SEED)
    files = [root / "reports" / f"{number:05}" / "2022.yaml" for number in range(count)]
    for number, file in enumerate(files):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(write_yaml(make_report(form, rng, number), form), "utf-8")
    return files
