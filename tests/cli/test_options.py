"""The repository and the output folder that a command works in."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.parsing.fault_cases import seed
from tests.support import (
    SEED,
    run_cli,
    run_python,
    write_repo,
)

if TYPE_CHECKING:
    from pathlib import Path


def test_outputs_go_to_the_named_folder(tmp_path: Path) -> None:
    root = write_repo(tmp_path, unit__2022=seed())
    assert run_cli(["build", "--to", "md", "-o", "a/b"], root).returncode == 0
    assert [path.relative_to(root).as_posix() for path in root.rglob("*.md")] == [
        "a/b/unit/2022.md"
    ]


def test_from_a_subfolder_the_whole_repository_is_built(tmp_path: Path) -> None:
    root = write_repo(tmp_path, unit__2022=seed())
    done = run_cli(["--to", "md"], root / "reports" / "unit")
    assert done.returncode == 0
    assert (root / "output" / "unit" / "2022.md").is_file()


def test_without_reports_the_message_says_what_to_do(tmp_path: Path) -> None:
    done = run_python("from nianbao.cli.main import main\nmain([])", tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "没有 reports 文件夹" in done.stderr
    (tmp_path / "reports").mkdir()
    done = run_cli(["check"], tmp_path)
    assert (done.returncode, "没有报告" in done.stderr) == (2, True)


def test_outside_a_repository_build_py_works_in_its_own(tmp_path: Path) -> None:
    done = run_cli(["check", "--format", "json"], tmp_path)
    # The checkout may hold other reports too.
    assert str(SEED) in {finding["path"] for finding in json.loads(done.stdout)["findings"]}


def test_a_named_report_outside_a_repository_is_built_there(tmp_path: Path) -> None:
    (tmp_path / "2022.yaml").write_text(seed(), encoding="utf-8")
    assert run_cli(["2022.yaml", "--to", "md"], tmp_path).returncode == 0
    assert (tmp_path / "output" / "2022.md").is_file()
