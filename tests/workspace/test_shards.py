"""The division of reports among machines."""

from __future__ import annotations

from pathlib import Path

import pytest

from nianbao.errors import UsageError
from nianbao.workspace.discovery import ReportFile
from nianbao.workspace.shards import Shard, parse_shard
from tests.build.built_repository import TEXT, outputs, written
from tests.support import run_cli, write_repo


def _files(count: int) -> list[ReportFile]:
    stems = [Path(f"单位{number}", "2022") for number in range(count)]
    return [ReportFile(stem.with_suffix(".yaml"), str(stem), stem) for stem in stems]


def test_every_report_is_in_one_part_and_the_parts_are_alike_in_size() -> None:
    files = _files(1000)
    parts = [Shard(number, 4).select(files) for number in range(1, 5)]
    assert sorted(file.shown for part in parts for file in part) == sorted(f.shown for f in files)
    assert all(200 < len(part) < 300 for part in parts)


def test_a_new_report_moves_no_other_to_another_part() -> None:
    few, many = _files(50), _files(60)
    assert Shard(1, 3).select(few) == [f for f in Shard(1, 3).select(many) if f in few]


@pytest.mark.parametrize("wrong", ["", "3", "0/3", "4/3", "1/0", "-1/2", "1/2/3", "一/二"])
def test_a_wrong_part_is_a_usage_error(wrong: str) -> None:
    with pytest.raises(UsageError, match="--shard 不认识"):
        parse_shard(wrong)


def test_the_parts_of_a_build_together_are_the_whole(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{f"单位{number}__2022": TEXT for number in range(9)})
    command = ["build", "--to", "md"]
    run_cli([*command, "-o", "whole"], root)
    parts = [written(run_cli([*command, "--shard", f"{n}/3"], root).stdout) for n in (1, 2, 3)]
    assert sorted(name for part in parts for name in part) == sorted(outputs(root))
    assert all(parts)
    for name, content in outputs(root).items():
        assert (root / "whole" / name).read_bytes() == content
    assert written(run_cli(command, root).stdout) == []
