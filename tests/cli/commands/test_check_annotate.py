"""`check --annotate`: copies of Word files with the findings as comments."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

import docx
import pytest

from import_quality import word_xml
from import_quality.printed import make_printed
from nianbao.cli.main import main
from tests.importing.annotated import read_comments
from tests.support import create_symlink

if TYPE_CHECKING:
    from pathlib import Path


def run(*arguments: str) -> int:
    """Run `check` and return its exit code."""
    with pytest.raises(SystemExit) as exited:
        main(["check", *arguments])
    return int(exited.value.code or 0)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working folder, with a report that has a wrong total and a gap."""
    monkeypatch.chdir(tmp_path)
    data = word_xml.plain(make_printed(random.Random(5)))
    (tmp_path / "right.docx").write_bytes(data)
    body = word_xml.body(make_printed(random.Random(5)))
    body = body.replace(">128</w:t>", ">129</w:t>", 1).replace("（初审", "（XX初审", 1)
    (tmp_path / "报告.docx").write_bytes(word_xml.package(body))
    return tmp_path


def test_the_copy_has_the_findings_and_its_path_is_printed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (folder / "报告.docx").read_bytes()
    assert run("报告.docx", "--annotate", "批注") == 1
    printed = capsys.readouterr()
    assert printed.out.splitlines()[-1] == "批注写在 批注/报告.docx"
    copy = (folder / "批注" / "报告.docx").read_bytes()
    comments = read_comments(copy)
    rules = {comment.text.split("：")[0].split()[1]: comment.words for comment in comments}
    assert rules["A101"] == "129"
    assert rules["F415"] == "XX"
    assert len(comments) == printed.out.count("报告.docx 第")
    assert (folder / "报告.docx").read_bytes() == before
    assert docx.Document(str(folder / "批注" / "报告.docx")).paragraphs


@pytest.mark.usefixtures("folder")
def test_the_exit_code_is_that_of_check() -> None:
    assert run("right.docx", "--annotate", "批注") == run("right.docx") == 0
    assert run("right.docx", "--annotate", "批注", "--strict") == 1


def test_the_copy_has_what_is_listed_and_no_more(folder: Path) -> None:
    run("报告.docx", "--annotate", "批注", "--rule", "F415")
    (comment,) = read_comments((folder / "批注" / "报告.docx").read_bytes())
    assert comment.words == "XX"
    run("报告.docx", "--annotate", "批注", "--quiet")
    comments = read_comments((folder / "批注" / "报告.docx").read_bytes())
    assert {comment.text[:2] for comment in comments} == {"错误"}


@pytest.mark.usefixtures("folder")
def test_json_on_stdout_stays_json(capsys: pytest.CaptureFixture[str]) -> None:
    run("报告.docx", "--annotate", "批注", "--format", "json")
    printed = capsys.readouterr()
    assert json.loads(printed.out)["findings"]
    assert printed.err == "批注写在 批注/报告.docx\n"


def test_the_copy_of_an_earlier_run_is_replaced_and_no_other_file(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = folder / "批注" / "报告.docx"
    run("报告.docx", "--annotate", "批注")
    first = target.read_bytes()
    run("报告.docx", "--annotate", "批注", "--rule", "F415")
    assert target.read_bytes() != first
    other = (folder / "right.docx").read_bytes()
    for content in (other, b"notes"):
        target.write_bytes(content)
        capsys.readouterr()
        assert run("报告.docx", "--annotate", "批注") == 1
        printed = capsys.readouterr()
        assert "已有 批注/报告.docx，里面没有本程序的批注，没有动" in printed.err
        assert "A101" in printed.out
        assert target.read_bytes() == content


def test_a_file_is_never_written_over_itself(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (folder / "报告.docx").read_bytes()
    assert run("报告.docx", "--annotate", ".") == 2
    assert "报告.docx 就是要批注的文件" in capsys.readouterr().err
    assert (folder / "报告.docx").read_bytes() == before


def test_links_are_not_followed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    outside = folder / "outside"
    outside.mkdir()
    create_symlink(folder / "批注", outside)
    assert run("报告.docx", "--annotate", "批注") == 1
    assert "批注 是一个链接" in capsys.readouterr().err
    assert not list(outside.iterdir())
    create_symlink(folder / "copies" / "报告.docx", outside / "报告.docx")
    assert run("报告.docx", "--annotate", "copies") == 1
    assert "报告.docx 是一个链接" in capsys.readouterr().err
    assert not list(outside.iterdir())


def test_files_that_cannot_be_annotated_are_named_before_anything_is_done(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "报告.doc").write_bytes((folder / "报告.docx").read_bytes())
    assert run("报告.docx", "报告.doc", "--annotate", "批注") == 2
    assert "报告.doc 先在 Word 或 WPS 里另存为 .docx" in capsys.readouterr().err
    assert run("--annotate", "批注") == 2
    assert "写出要批注的 Word 文件" in capsys.readouterr().err
    (folder / "甲").mkdir()
    (folder / "甲" / "报告.docx").write_bytes((folder / "报告.docx").read_bytes())
    assert run("报告.docx", "甲/报告.docx", "--annotate", "批注") == 2
    assert "有两个文件都叫 报告.docx" in capsys.readouterr().err
    assert not (folder / "批注").exists()


def test_a_web_page_named_docx_is_checked_but_not_annotated(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from import_quality.pages import plain_page

    page = plain_page(make_printed(random.Random(5)))
    (folder / "page.docx").write_text(page, "utf-8")
    assert run("page.docx", "报告.docx", "--annotate", "批注") == 1
    printed = capsys.readouterr()
    assert "page.docx 不是 .docx，只是名字像" in printed.err
    assert [path.name for path in (folder / "批注").iterdir()] == ["报告.docx"]


def test_a_file_that_cannot_be_read_gets_no_copy(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "broken.docx").write_bytes((folder / "报告.docx").read_bytes()[:2000])
    assert run("broken.docx", "--annotate", "批注") == 1
    printed = capsys.readouterr()
    assert "S001" in printed.out
    assert not (folder / "批注").exists()


def test_what_fix_can_do_is_not_offered_for_a_word_file(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    body = word_xml.body(make_printed(random.Random(5))).replace("（初审", "，公开１２次（初审", 1)
    (folder / "report.docx").write_bytes(word_xml.package(body))
    run("report.docx")
    printed = capsys.readouterr().out
    assert "F432" in printed
    assert "fix" not in printed
