"""Records that the manifest keeps, and damage to it."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

import pytest

from nianbao.build.manifest import (
    ManifestWriter,
    ReportRecord,
    manifest_file,
    read_manifest,
)
from tests.build.built_repository import (
    MD,
    outputs,
    recorded_reports,
    written,
)
from tests.support import (
    run_cli,
)

if TYPE_CHECKING:
    from pathlib import Path


def test_a_deleted_report_is_dropped_and_its_outputs_stay(root: Path) -> None:
    before = outputs(root)
    (root / "reports/甲/2022.yaml").unlink()
    done = run_cli(MD, root)
    assert "甲" not in done.stdout
    assert outputs(root) == before
    names = recorded_reports(root)
    assert names == ["丙/2022", "乙/2022"]


def test_a_build_of_one_report_keeps_the_records_of_the_others(root: Path) -> None:
    run_cli([*MD, "--force", "reports/甲"], root)
    assert written(run_cli(MD, root).stdout) == []


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"version":1}', "\ud800", "x" * 99])
def test_with_a_damaged_manifest_everything_is_built(root: Path, content: str) -> None:
    manifest_file(root / "output").write_bytes(content.encode(errors="surrogatepass"))
    assert len(written(run_cli(MD, root).stdout)) == 2
    assert written(run_cli(MD, root).stdout) == []


def test_with_a_damaged_line_only_its_report_is_built(root: Path) -> None:
    file = manifest_file(root / "output")
    head, *lines = file.read_bytes().splitlines(keepends=True)
    others = [line for line in lines if json.loads(line[65:])[0] != "乙/2022"]
    (line,) = set(lines) - set(others)
    rng = random.Random(1)
    damaged_lines = [
        line[:position] for position in (1, len(line) - 9)
    ]  # as a killed build may leave it
    damaged_lines += [
        line[:position] + bytes([line[position] ^ 1]) + line[position + 1 :]
        for position in [0, len(line) - 2, *rng.sample(range(len(line)), 4)]
    ]
    for damaged in damaged_lines:
        file.write_bytes(head + b"".join(others) + damaged)
        assert written(run_cli(MD, root).stdout) == ["乙/2022.md"]
        assert sorted(recorded_reports(root)) == ["丙/2022", "乙/2022", "甲/2022"]


def test_lines_may_be_repeated_and_in_any_order(root: Path) -> None:
    file = manifest_file(root / "output")
    head, *lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(head + b"".join([*reversed(lines), head, *lines]))
    assert written(run_cli(MD, root).stdout) == []


def test_a_build_works_if_the_manifest_cannot_be_written(root: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = run_cli(MD, root, XDG_CACHE_HOME=str(tmp_path / "file"))
    assert (done.returncode, done.stderr) == (1, "")
    assert len(written(done.stdout)) == 2


def test_a_build_goes_on_recording_in_the_manifest_that_another_build_has_replaced(
    tmp_path: Path,
) -> None:
    first = ManifestWriter(tmp_path, {})
    record = ReportRecord("digest", 2022, failed=False, encoded_findings="", outputs={})
    first.record("甲", record)
    second = ManifestWriter(tmp_path, read_manifest(tmp_path))
    first.record("乙", record)
    second.record("丙", record)
    assert sorted(read_manifest(tmp_path)) == ["丙", "乙", "甲"]


def test_files_of_killed_builds_in_the_folder_of_the_manifest_are_removed(tmp_path: Path) -> None:
    left = manifest_file(tmp_path).with_name(".nianbao-a1b2c3_d.tmp")
    left.parent.mkdir(exist_ok=True)
    left.touch()
    ManifestWriter(tmp_path, {})
    assert not left.exists()
