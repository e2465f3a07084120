"""Benchmarks of checking within one process: many reports, and pathological texts."""

from __future__ import annotations

import random
import tempfile
import time
from pathlib import Path

from bench.reports import SEED, make_report, write_reports, write_yaml
from nianbao.checks.checker import check_file
from nianbao.model.form import load_form
from nianbao.workspace.discovery import find_reports
from nianbao.workspace.settings import Settings

_PATHOLOGICAL = {
    "一句一百万字": "收到申请" * 250_000,
    "一百万个左括号": "[" * 1_000_000,
    "没有句号的数字": "收到3件，" * 200_000,
    "一个个数字": "1 " * 500_000,
    "否定连着否定": "未收到申请、" * 160_000,
    "四十万个引用的开头": "{{" * 400_000,
}


def bench_check(count: int) -> None:
    """Check `count` generated reports in this process, and print the time."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write_reports(root, count)
        files = find_reports(root, ())
        start = time.perf_counter()
        found = sum(len(check_file(file, Settings()).findings) for file in files)
        seconds = time.perf_counter() - start
    each = seconds / count * 1000
    print(f"检查 {count} 份报告：{seconds:.2f} 秒，每份 {each:.2f} 毫秒（{found} 处）")


def bench_pathological() -> None:
    """Check reports with texts of one megabyte that are slow to parse, and print the times."""
    form, rng = load_form(2021), random.Random(SEED)
    for name, text in _PATHOLOGICAL.items():
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            file = root / "reports" / "2022.yaml"
            file.parent.mkdir()
            data = make_report(form, rng, 1)
            data[str(form.lead.pointer[0])] = text
            file.write_text(write_yaml(data, form), "utf-8")
            start = time.perf_counter()
            found = len(check_file(find_reports(root, ())[0], Settings()).findings)
            print(f"{name}：{time.perf_counter() - start:.2f} 秒（{found} 处）")
