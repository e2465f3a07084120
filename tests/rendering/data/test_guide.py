"""The examples of docs/data.md run, and its tables name what there is."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from nianbao.rendering.data.fields import STATUSES
from nianbao.rendering.data.records import CELLS, REPORTS
from tests.rendering.data.datasets import fixture_records, write_dataset
from tests.support import ROOT, run_python

if TYPE_CHECKING:
    from pathlib import Path

PAGE = (ROOT / "docs" / "data.md").read_text("utf-8")


def examples(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("guide")
    write_dataset(path / "output" / "data", fixture_records())
    return path


def test_the_examples_in_sql_give_what_the_page_says(root: Path) -> None:
    with closing(sqlite3.connect(root / "output/data/data.sqlite")) as connection:
        first, wrong_sums, wide = [
            connection.execute(example).fetchall() for example in examples("sql")
        ]
    assert first == [(2020, 23), (2022, 0), (2025, 14069)]
    assert wrong_sums == []
    assert len(wide) == 2


def test_the_example_in_pandas_prints_sums(root: Path) -> None:
    (example,) = examples("python")
    done = run_python(example, root)
    assert done.returncode == 0, done.stderr
    assert re.search("2025 +三、收到和处理政府信息公开申请情况 +[0-9.]+", done.stdout)


def test_the_columns_and_statuses_are_documented() -> None:
    section = PAGE.split("## The long table")[1].split("##")[0]
    documented = re.findall(r"^\| ([^|]+) \|", section, re.MULTILINE)[1:]
    assert ", ".join(documented).split(", ") == [column.name for column in CELLS]
    assert all(f"{status}: " in section for status in STATUSES)
    assert ", ".join(column.name for column in REPORTS[1:]) in PAGE
