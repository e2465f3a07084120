"""Measure the prose rules on condensed published reports, which are not part of the project.

The reports lie next to the repository (`../shared/cases/real`, or the folder that the environment
variable REAL_REPORTS names) with what a careful reader expects of each, and the script that
compares findings with it. Where the folder is missing, nothing is measured.

The reports are halved by a digest of their names, so that a report and its altered copies stay
together: 开发 to develop on, 留出 to be opened only for a measurement.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).parents[3]
FOLDER = Path(os.environ.get("REAL_REPORTS", _ROOT.parent / "shared" / "cases" / "real"))
PARTS = ("开发", "留出")
_COPY = re.compile(r"(?:mut|deny)-(.*)-\d+")
_RECALLS = {
    "recall_certain": "确定的矛盾",
    "recall_probable": "可能的矛盾",
    "recall_mutated": "改过的数",
    "recall_denial": "改过的否定",
}


def part_of(name: str) -> str:
    """Return the part that a report belongs to; `name`: its id, or that of an altered copy."""
    copy = _COPY.fullmatch(name)
    digest = hashlib.sha256((copy.group(1) if copy else name).encode()).digest()
    return PARTS[digest[0] % 2]


def measure_part(part: str) -> dict[str, Any]:
    """Check the reports of a part; return the scores, as evaluate.py in the folder gives them."""
    spec = importlib.util.spec_from_file_location("evaluate", FOLDER / "evaluate.py")
    assert spec is not None
    assert spec.loader is not None
    evaluate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(evaluate)
    expected = json.loads((FOLDER / "expected.json").read_text("utf-8"))
    expected["reports"] = [each for each in expected["reports"] if part_of(each["id"]) == part]
    paths = [str(FOLDER / "reports" / each["path"]) for each in expected["reports"]]
    command = [sys.executable, "-m", "nianbao", "check", *paths, "--format", "json"]
    checked = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=False)
    scores: dict[str, Any] = evaluate.score(expected, json.loads(checked.stdout)["findings"])
    scores["real"] = sum(each["source"] != "mutated" for each in expected["reports"])
    return scores


def print_part(part: str, *, each: bool) -> None:
    """Print the scores of a part; `each`: list the false alarms and the misses too."""
    scores = measure_part(part)
    alarms = [found for found in scores["false_positives"] if not _COPY.match(found["report"])]
    distinct = {(found["report"], found["rule"], found["quote"]) for found in alarms}
    precision = scores["precision"]
    print(f"实际年报·{part}：{scores['reports']} 份，其中未改动的 {scores['real']} 份")
    print(f"  提示 {precision['all']}，误报 {precision['all'] - precision['true']}，", end="")
    print(f"精确率 {(precision['precision'] or 1):.1%}")
    print(f"  未改动的年报：误报 {len(distinct)} 处，", end="")
    print(f"每百份 {100 * len(distinct) / scores['real']:.1f} 处")
    for key, label in _RECALLS.items():
        recall = scores[key]
        print(f"    {label}：{recall['found']}/{recall['of']}")
        if key == "recall_mutated":
            print("      " + "，".join(f"{k} {v}" for k, v in recall["by_metric"].items()))
    if each:
        for found in scores["false_positives"]:
            print(f"误报 {found['report']} {found['rule']} {found['message']}")
        for key in _RECALLS:
            for missed in scores[key]["missed"]:
                print(f"漏报 {missed['report']} {missed['metric']} {missed['quote']}", end=" ")
                print(f"正文 {missed['prose']}，表 {missed['table']}")
