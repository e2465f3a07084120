"""Benchmarks: how long checking takes. Prints figures; nothing is asserted.

The reports are made from a fixed seed, so that runs can be compared.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path

import yaml

from nianbao.checking import check_file
from nianbao.files import find_reports
from nianbao.form import Form, load_form
from nianbao.settings import Settings

_SEED = 20211
_SENTENCES = (
    "2022年，我局收到政府信息公开申请{new}件，上年结转{old}件，已办结{done}件。",
    "全年通过门户网站公开信息{n}条，微信公众号推送{n}篇，阅读量{n}万余次。",
    "其中予以公开{done}件，不予公开0件，无法提供0件。",
    "制发行政规范性文件{n}件，废止{n}件，现行有效{n}件。",
    "未发生因政府信息公开引发的行政复议和行政诉讼。",
    "组织培训{n}次，参加{n}人次，开展检查{n}次，整改问题{n}个。",
    "办理12345热线工单{n}件，按时办结率100%，与上年相比增长{n}%。",
)
_PATHOLOGICAL = {
    "一句一百万字": "收到申请" * 250_000,
    "一百万个左括号": "[" * 1_000_000,
    "没有句号的数字": "收到3件，" * 200_000,
    "一个个数字": "1 " * 500_000,
    "否定连着否定": "未收到申请、" * 160_000,
    "四十万个引用的开头": "{{" * 400_000,
}


class _Dumper(yaml.SafeDumper):
    """Writes text of several lines as people do, as a | block."""


def _represent(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent)


def write_yaml(data: dict[str, object]) -> str:
    """A report file's text."""
    return yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10**9)


def make_report(form: Form, rng: random.Random, number: int) -> dict[str, object]:
    """A valid report whose identities hold, with prose of varied length."""
    new, old = rng.randrange(500), rng.randrange(50)
    data: dict[str, object] = {
        "格式": form.edition,
        "年度": 2022,
        "机关": f"示例县第{number}局",
        "成文日期": "2023-01-20",
    }
    for section in form.sections:
        data[section.key] = {} if section.grids or len(section.texts) > 1 else None
        for row in section.rows:
            place = data
            for key in row.pointer:
                place = place.setdefault(str(key), {})  # type: ignore[assignment]
            value = {"received.new": new, "received.carried": old, "results.total": new + old}
            amount = value.get(row.role, new + old if row.role == "results.granted" else 0)
            place.update({column.key: 0 for column in row.columns})
            for column in row.columns:
                if column.role in ("natural", "total"):
                    place[column.key] = amount
    texts = {
        str(text.pointer[-1]): "\n".join(
            rng.choice(_SENTENCES).format(new=new, old=old, done=new + old, n=rng.randrange(90))
            for _ in range(rng.randrange(2, 12))
        )
        for text in form.sections[0].texts
        if text.kind == "block"
    }
    data[form.sections[0].key] = texts
    return data


def bench_check(count: int) -> None:
    """Check `count` reports in one process, and print seconds."""
    form, rng = load_form(2021), random.Random(_SEED)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for number in range(count):
            file = root / "reports" / f"{number:05}" / "2022.yaml"
            file.parent.mkdir(parents=True)
            data = make_report(form, rng, number)
            file.write_text(write_yaml(data), "utf-8")
        files = find_reports(root, ())
        start = time.perf_counter()
        found = sum(len(check_file(file, Settings()).findings) for file in files)
        seconds = time.perf_counter() - start
    each = seconds / count * 1000
    print(f"检查 {count} 份报告：{seconds:.2f} 秒，每份 {each:.2f} 毫秒（{found} 处）")


def bench_pathological() -> None:
    """Check reports with a text of one megabyte that is meant to take long."""
    form, rng = load_form(2021), random.Random(_SEED)
    for name, text in _PATHOLOGICAL.items():
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            file = root / "reports" / "2022.yaml"
            file.parent.mkdir()
            data = make_report(form, rng, 1)
            data[str(form.lead.pointer[0])] = text
            file.write_text(write_yaml(data), "utf-8")
            start = time.perf_counter()
            found = len(check_file(find_reports(root, ())[0], Settings()).findings)
            print(f"{name}：{time.perf_counter() - start:.2f} 秒（{found} 处）")


if __name__ == "__main__":
    bench_check(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
    bench_pathological()
