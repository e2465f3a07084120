"""Links and names of files that an untrusted pull request can bring."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.parsing.fault_cases import change, seed
from tests.support import (
    create_symlink,
    run_cli,
    write_repo,
)

NASTY = "a\x1b[2J\x1b]0;x\x07\r\n已生成 b\u202e\u2066\x9b1m"
CONTROL_CHARACTERS = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
)


@pytest.mark.parametrize("name", ["reports", "templates", "output"])
def test_a_linked_folder_of_the_repository_is_refused(tmp_path: Path, name: str) -> None:
    root = write_repo(tmp_path, **{"2022": seed()})
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "2022.yaml").write_text(seed(), encoding="utf-8")
    if name == "reports":
        shutil.rmtree(root / name)
    create_symlink(root / name, elsewhere)
    done = run_cli(["--to", "html"], root)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"{name} 是一个链接，不跟着它走。换成文件夹本身\n"
    assert [path.name for path in elsewhere.iterdir()] == ["2022.yaml"]
    assert not (root / "output" / "2022.html").exists()


def test_templates_linked_to_the_repository_itself_are_refused(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2022": seed()})
    (root / ".git").mkdir()
    (root / ".git" / "config").write_text("token = SECRET", encoding="utf-8")
    (root / "report.md").write_text('{% include ".git/config" %}', encoding="utf-8")
    create_symlink(root / "templates", Path())
    done = run_cli(["--to", "md"], root)
    assert done.returncode == 1
    assert "templates 是一个链接" in done.stderr
    assert not (root / "output").exists()


def test_a_linked_folder_among_the_outputs_is_refused_and_the_rest_is_built(tmp_path: Path) -> None:
    root = write_repo(tmp_path, unit__2022=seed(), good=seed())
    (root / "output").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "mine").write_text("mine", encoding="utf-8")
    create_symlink(root / "output" / "unit", tmp_path / "elsewhere")
    create_symlink(root / "output" / "good.html", tmp_path / "mine")
    done = run_cli(["--to", "html"], root)
    assert done.returncode == 1
    assert done.stderr == "output/unit 是一个链接，不跟着它走。换成文件夹本身\n"
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert (tmp_path / "mine").read_text(encoding="utf-8") == "mine"
    assert "古县文化和旅游局" in (root / "output" / "good.html").read_text(encoding="utf-8")


def test_an_output_folder_named_by_the_user_may_be_a_link(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2022": seed()})
    (tmp_path / "elsewhere").mkdir()
    create_symlink(root / "linked", tmp_path / "elsewhere")
    assert run_cli(["--to", "md", "-o", "linked"], root).returncode == 0
    assert (tmp_path / "elsewhere" / "2022.md").is_file()


def test_a_linked_folder_of_reports_is_a_finding_and_not_read(tmp_path: Path) -> None:
    root = write_repo(tmp_path, good=seed())
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "2022.yaml").write_text("SECRET", encoding="utf-8")
    create_symlink(root / "reports" / "unit", tmp_path / "elsewhere")
    done = run_cli(["--to", "md"], root)
    assert (done.returncode, done.stderr) == (1, "")
    assert "reports/unit:1:1: 错误 S001 是指向文件夹的链接，不读取" in done.stdout
    assert "SECRET" not in done.stdout
    assert [path.name for path in (root / "output").iterdir()] == ["good.md"]


def test_the_previous_years_file_is_not_read_through_a_link(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2022": seed()})
    last = change(seed(), "年度: 2022", "年度: 2021")
    last = re.sub(r"(现行有效件数: )0", r"\g<1>987", last)
    (tmp_path / "secret").write_text(last, encoding="utf-8")
    create_symlink(root / "reports" / "2021.yaml", tmp_path / "secret")
    assert "987" not in run_cli(["check", "reports/2022.yaml"], root).stdout
    (root / "reports" / "2021.yaml").unlink()
    (root / "reports" / "2021.yaml").write_text(last, encoding="utf-8")
    assert "987" in run_cli(["check", "reports/2022.yaml"], root).stdout


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["check"], 1),
        (["--to", "md"], 1),
        (["--to", "md", f"reports/{NASTY}.yaml"], 0),
        (["check", f"reports/{NASTY}2.yaml"], 1),
        (["build", f"reports/{NASTY}.yaml", f"x/{NASTY}.yaml"], 2),
        (["check", f"empty{NASTY}"], 2),
        (["check", f"--{NASTY}"], 2),
        (["check", "--format", NASTY], 2),
        (["--to", NASTY], 2),
        (["rules", NASTY], 2),
        (["--to", "md", "-o", f"reports/{NASTY}.yaml"], 1),
        (["schema", "-o", f"{NASTY}.json"], 0),
        ([NASTY], 1),
    ],
)
def test_a_name_sends_no_control_characters_to_the_terminal(
    arguments: list[str], code: int, tmp_path: Path
) -> None:
    root = write_repo(tmp_path)
    try:
        for name in (NASTY, f"broken{NASTY}"):
            text = seed() if name == NASTY else ""
            (root / "reports" / f"{name}.yaml").write_text(text, encoding="utf-8")
        (root / f"empty{NASTY}").mkdir()
    except OSError:
        pytest.skip("this file system takes no such names")
    done = run_cli(arguments, root)
    assert done.returncode == code
    output = done.stdout + done.stderr
    assert output
    assert "Traceback" not in output
    assert CONTROL_CHARACTERS.search(output) is None
    assert not any(line.startswith("已生成 b") for line in output.splitlines())
