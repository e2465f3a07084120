"""`build --draft`: unfinished reports as HTML and PDF."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pdfplumber
import pytest

from tests.support import SEED, run_cli, write_repo

if TYPE_CHECKING:
    from pathlib import Path


def test_a_new_report_is_drafted_with_draft_on_every_page(tmp_path: Path) -> None:
    root = write_repo(tmp_path)
    assert run_cli(["new", "2022"], root).returncode == 0
    done = run_cli(["build", "--draft"], root)
    assert done.returncode == 1
    assert "已生成 output/2022.draft.html" in done.stdout
    with pdfplumber.open(root / "output/2022.draft.pdf") as pdf:
        texts = [page.extract_text() for page in pdf.pages]
    assert len(texts) > 4
    assert all("草稿" in text for text in texts)
    assert "检查结果" in (root / "output/2022.draft.html").read_text("utf-8")
    assert {file.name for file in (root / "output").iterdir()} == {
        "2022.draft.html",
        "2022.draft.pdf",
    }


def test_a_draft_exits_as_check_does_and_is_no_output_of_a_build(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2022": SEED.read_bytes()})
    done = run_cli(["build", "--draft", "--to", "html"], root)
    assert done.returncode == run_cli(["check"], root).returncode == 0
    assert run_cli(["build", "--draft", "--strict", "--to", "html"], root).returncode == 1
    built = run_cli(["build", "--to", "html"], root)
    assert "已生成 output/2022.html" in built.stdout
    assert "草稿" not in (root / "output/2022.html").read_text("utf-8")
    assert "草稿" in (root / "output/2022.draft.html").read_text("utf-8")


@pytest.mark.parametrize("content", ["机关: [", "一行字"])
def test_a_file_that_cannot_be_read_has_no_draft(content: str, tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2022": content})
    done = run_cli(["build", "--draft"], root)
    assert done.returncode == 1
    assert "没有生成 reports/2022.yaml 的草稿" in done.stdout
    assert not (root / "output").exists()


def test_what_killed_commands_left_is_removed(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2022": SEED.read_bytes()})
    left = root / "output/.nianbao-abcdefgh.tmp"
    left.parent.mkdir()
    left.write_text("half", "utf-8")
    run_cli(["build", "--draft", "--to", "html"], root)
    assert [file.name for file in left.parent.iterdir()] == ["2022.draft.html"]


def test_a_draft_has_no_markdown(tmp_path: Path) -> None:
    done = run_cli(["build", "--draft", "--to", "md"], write_repo(tmp_path, **{"2022": "x"}))
    assert (done.returncode, done.stdout) == (2, "")
    assert "草稿只有 html 和 pdf" in done.stderr


def test_without_fonts_the_web_page_is_drafted_and_the_pdf_is_missed(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2022": SEED.read_bytes()})
    done = run_cli(["build", "--draft"], root, NIANBAO_FONTS=str(tmp_path / "none"))
    assert done.returncode == 1
    assert "没有生成 PDF" in done.stderr
    assert [file.name for file in (root / "output").iterdir()] == ["2022.draft.html"]
