"""`check` of several reports reports the texts that units have copied from each other."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from tests.county.test_similarity import text_of
from tests.support import SEED, run_cli, write_repo

if TYPE_CHECKING:
    from pathlib import Path

BODY = "古县文化和旅游局"
ORIGINAL = SEED.read_text("utf-8")


def report(body: str, seed: int, *, problems: int | None = None, year: int = 2022) -> str:
    """Return a report with a text of its own; `problems`: the seed of its section of problems."""
    head, _, rest = ORIGINAL.partition("总体情况:\n")
    tables = rest[rest.index("主动公开政府信息情况:\n") : rest.index("存在的主要问题及改进情况:")]
    return (
        (
            f"{head}总体情况:\n  主动公开: |\n    {text_of(seed)}\n{tables}"
            f"存在的主要问题及改进情况: |\n    {text_of(problems or seed + 500, sentences=15)}\n"
            "其他需要报告的事项: 无\n"
        )
        .replace(BODY, body)
        .replace("年度: 2022", f"年度: {year}")
    )


def alike(root: Path, *arguments: str) -> list[tuple[str, str, str]]:
    """Return rule, path and pointer of the findings about texts that are alike."""
    done = run_cli(["check", "--rule", "H607,H608", "--format", "json", *arguments], root)
    assert done.stderr == ""
    return [
        (each["rule"], each["path"], each["pointer"])
        for each in json.loads(done.stdout)["findings"]
    ]


def test_a_copied_report_is_reported_with_the_places_in_both(tmp_path: Path) -> None:
    copy = report("古县水利局", 1)
    root = write_repo(
        tmp_path, a__2022=report(BODY, 1), b__2022=report("古县交通局", 2), c__2022=copy
    )
    pointer = "/总体情况/主动公开"
    assert alike(root) == [
        ("H607", "reports/a/2022.yaml", pointer),
        ("H607", "reports/c/2022.yaml", pointer),
    ]
    shown = run_cli(["check", "--rule", "H607"], root).stdout
    lines = (root / "reports" / "c" / "2022.yaml").read_text("utf-8").split("\n")
    line = lines.index("  主动公开: |") + 2
    assert re.search("正文和古县水利局的有 9[0-9]% 的字句相同，例如“", shown)
    assert f"（reports/c/2022.yaml:{line}）" in shown


def test_copied_problems_are_reported_if_the_rest_is_not_copied(tmp_path: Path) -> None:
    root = write_repo(
        tmp_path,
        a__2022=report(BODY, 1, problems=7),
        b__2022=report("古县水利局", 2, problems=7),
        c__2022=report("古县交通局", 3),
    )
    pointer = "/存在的主要问题及改进情况"
    assert alike(root) == [
        ("H608", "reports/a/2022.yaml", pointer),
        ("H608", "reports/b/2022.yaml", pointer),
    ]


def test_only_reports_of_one_year_that_are_checked_together_are_compared(tmp_path: Path) -> None:
    root = write_repo(
        tmp_path,
        a__2021=report(BODY, 1, year=2021),
        a__2022=report(BODY, 1),
        b__2021=report("古县水利局", 1, year=2021),
    )
    assert {path for _, path, _ in alike(root)} == {"reports/a/2021.yaml", "reports/b/2021.yaml"}
    assert alike(root, "reports/a/2021.yaml") == []
    assert alike(root, "reports/a") == []


def test_no_waiver_accepts_a_copy(tmp_path: Path) -> None:
    waiver = (
        "豁免:\n  - 规则: H607\n    位置: /总体情况/主动公开\n    原文: 无\n    理由: 一起写的\n"
    )
    root = write_repo(tmp_path, a__2022=report(BODY, 1) + waiver, b__2022=report("古县水利局", 1))
    assert len(alike(root)) == 2
    assert "W904" in run_cli(["check", "reports/a/2022.yaml"], root).stdout
