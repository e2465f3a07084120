"""`build --to docx` and `diff --to docx`: what is due, what is refused, what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.diff.git_history import git
from tests.rendering.docx.word_files import parts_of
from tests.support import SEED, run_cli, run_python, write_repo

if TYPE_CHECKING:
    from pathlib import Path

WITHOUT_PYTHON_DOCX = """
import sys
sys.modules["docx"] = None
from nianbao.cli.main import main
main(sys.argv[1:])
"""
WORD = ("--to", "docx")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_repo(tmp_path, **{"2022": SEED.read_bytes()})


def test_a_word_file_is_made_again_when_the_letterhead_changes_and_not_before(root: Path) -> None:
    assert "已生成 output/2022.docx" in run_cli([*WORD], root).stdout
    assert "没有变化的 1 个文件没有重做" in run_cli([*WORD], root).stdout
    run_cli(["templates", "report.docx"], root)
    done = run_cli([*WORD, "--verbose"], root)
    assert "已生成 output/2022.docx（模板、字体或程序有变化）" in done.stdout


def test_an_edited_word_file_is_made_again(root: Path) -> None:
    run_cli([*WORD], root)
    before = (root / "output/2022.docx").read_bytes()
    (root / "output/2022.docx").write_bytes(b"edited")
    assert "已生成 output/2022.docx" in run_cli([*WORD], root).stdout
    assert (root / "output/2022.docx").read_bytes() == before


def test_a_letterhead_that_cannot_be_used_is_one_finding_and_stops_no_other_output(
    root: Path,
) -> None:
    (root / "templates").mkdir()
    (root / "templates/report.docx").write_bytes(b"no Word file")
    done = run_cli(["--to", "html,docx"], root)
    assert done.returncode == 1
    assert "templates/report.docx:1:1: 错误 S302 模板不能用：打不开。" in done.stdout
    assert (root / "output/2022.html").is_file()
    assert not (root / "output/2022.docx").exists()


def test_without_python_docx_only_a_letterhead_is_not_possible(root: Path) -> None:
    assert run_python(WITHOUT_PYTHON_DOCX, root, *WORD).returncode == 0
    run_cli(["templates", "report.docx"], root)
    done = run_python(WITHOUT_PYTHON_DOCX, root, "--to", "html,docx", "--force")
    assert done.returncode == 1
    assert "已生成 output/2022.html" in done.stdout
    reason = "templates/report.docx 要用 python-docx 来读"
    remedy = "请运行 python -m pip install 'nianbao[docx]'"
    assert done.stderr == f"没有生成 Word 文件：{reason}。{remedy}\n"


def test_a_redline_is_written_with_tracked_changes(root: Path) -> None:
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-qm", "first")
    file = root / "reports/2022.yaml"
    file.write_text(file.read_text("utf-8").replace("收到1条", "收到3条"), "utf-8")
    done = run_cli(["diff", *WORD], root)
    assert "已生成 output/2022.redline.docx" in done.stdout
    body = parts_of((root / "output/2022.redline.docx").read_bytes())["word/document.xml"].decode()
    assert ">1</w:delText>" in body
    assert body.count("<w:ins ") == 1


def test_there_is_no_draft_as_a_word_file(root: Path) -> None:
    done = run_cli(["--draft", *WORD], root)
    assert (done.returncode, done.stderr) == (2, "草稿只有 html 和 pdf\n")
