"""The plan of a build: what is made again after a change."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.build.built_repository import (
    MD,
    TEXT,
    outputs,
    written,
)
from tests.support import (
    run_cli,
)

if TYPE_CHECKING:
    from pathlib import Path


def edit_keeping_date(file: Path, text: str) -> None:
    """Change a file but not its modification time."""
    status = file.stat()
    file.write_text(text, "utf-8")
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))


def test_only_a_changed_report_is_built(root: Path) -> None:
    file = root / "reports/甲/2022.yaml"
    edit_keeping_date(file, TEXT.replace("古县文化和旅游局", "古县文化和旅游厅"))
    assert written(run_cli(MD, root).stdout) == ["甲/2022.md"]
    assert "古县文化和旅游厅" in outputs(root)["甲/2022.md"].decode()


def test_file_dates_do_not_count(root: Path) -> None:
    for file in root.rglob("*.yaml"):
        os.utime(file)
    assert written(run_cli(MD, root).stdout) == []


def test_a_change_in_the_previous_years_report_counts(root: Path) -> None:
    before = TEXT.replace("年度: 2022", "年度: 2021")
    (root / "reports/甲/2021.yaml").write_text(before, "utf-8")
    assert written(run_cli(MD, root).stdout) == ["甲/2021.md", "甲/2022.md"]
    edit_keeping_date(root / "reports/甲/2021.yaml", before.replace("自然人: 0", "自然人: 1", 1))
    done = run_cli([*MD, "-v"], root)
    assert "已生成 output/甲/2022.md（内容有变化）" in done.stdout
    (root / "reports/甲/2021.yaml").unlink()
    assert written(run_cli(MD, root).stdout) == ["甲/2022.md"]


def test_a_change_in_settings_or_templates_makes_everything_due(root: Path) -> None:
    (root / "nianbao.toml").write_text('联系方式 = "电话"\n', "utf-8")
    assert len(written(run_cli(MD, root).stdout)) == 2
    (root / "templates").mkdir()
    (root / "templates/report.md").write_text("{{ document.title }}\n", "utf-8")
    assert len(written(run_cli(MD, root).stdout)) == 2
    for colour in "#123456", "#654321":
        (root / "nianbao.toml").write_text(f'[样式]\n强调色 = "{colour}"\n', "utf-8")
        assert len(written(run_cli(MD, root).stdout)) == 2
        (root / "templates/extra.css").write_text(f"h2 {{ color: {colour} }}\n", "utf-8")
        assert len(written(run_cli(MD, root).stdout)) == 2
    assert written(run_cli(MD, root).stdout) == []
    edit_keeping_date(root / "templates/report.md", "{{ document.title }}。\n")
    done = run_cli([*MD, "-v"], root)
    assert done.stdout.count("（模板、字体或程序有变化）") == 2


@pytest.mark.parametrize("what", ["edited", "missing", "a link"])
def test_an_output_that_was_changed_is_made_again(root: Path, what: str) -> None:
    file = root / "output/甲/2022.md"
    was = file.read_bytes()
    if what == "edited":
        edit_keeping_date(file, was.decode().replace("0", "1", 1))
    else:
        file.unlink()
    if what == "a link":
        file.symlink_to(root / "output/乙/2022.md")
    done = run_cli([*MD, "-v"], root)
    assert written(done.stdout) == ["甲/2022.md"]
    assert "没有变化 output/乙/2022.md" in done.stdout
    assert file.read_bytes() == was
    assert not file.is_symlink()


def test_only_a_new_format_is_written(root: Path) -> None:
    assert written(run_cli(["build", "--to", "html,md"], root).stdout) == [
        "乙/2022.html",
        "甲/2022.html",
    ]
    assert written(run_cli(["build", "--to", "html,md"], root).stdout) == []
