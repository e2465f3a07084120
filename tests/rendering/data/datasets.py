"""Datasets for the tests: records of reports, written to a folder and read back."""

from __future__ import annotations

import csv
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from nianbao.rendering.data.csv import unescape_text
from nianbao.rendering.data.dataset import DATASET_FORMATS, Dataset
from nianbao.rendering.data.records import DataRecord, make_record
from tests.rendering.rendered_reports import NAMES, built, changed, compiled

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from nianbao.rendering.data.dataset import DatasetFormat

REQUESTS = "收到和处理政府信息公开申请情况"
HOSTILE = ("=1+1", "+1", "-1", "@SUM(A1)", "＝1", "http://example.org/")
NEW = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")


def fixture_records() -> list[DataRecord]:
    """The records of the three sample reports, of both editions."""
    return [make_record(f"甲县/{name}", "甲县", built(name).report) for name in NAMES]


def hostile_record() -> DataRecord:
    """A record with texts that a spreadsheet program could run or change, and `/`, in its cells."""
    cells: dict[Any, Any] = {
        (REQUESTS, "上年结转", key): {"数值": 0, "注": note}
        for key, note in zip(NEW, HOSTILE, strict=False)
    }
    cells |= {(REQUESTS, "本年新收", "其他"): "/"}
    cells |= {("机关",): HOSTILE[0], ("文号",): HOSTILE[3]}
    return make_record("=2+3/2025", "=2+3", compiled(changed(2021, cells)))


def write_dataset(
    folder: Path,
    records: Iterable[DataRecord],
    formats: Sequence[DatasetFormat] = DATASET_FORMATS,
) -> list[str]:
    """Write a dataset as the command does; return the names of its files."""
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        dataset = Dataset(folder, formats, stack)
        for record in records:
            dataset.add(record)
        dataset.close()
    dataset.remove_outdated()
    assert dataset.problems == []
    return dataset.names


def read_csv(file: Path) -> list[dict[str, str]]:
    """The lines of a CSV file, with its texts as they were before they were escaped."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return [
            {name: unescape_text(value) for name, value in line.items()}
            for line in csv.DictReader(lines)
        ]
