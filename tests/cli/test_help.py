"""Help and messages about wrong usage, in Chinese."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from nianbao.cli.options import nianbao
from nianbao.utils.text import display_width
from tests.parsing.fault_cases import seed
from tests.support import (
    run_cli,
    write_repo,
)

if TYPE_CHECKING:
    from pathlib import Path


COMMANDS = sorted(nianbao.commands)
ENGLISH = re.compile(
    r"\b(?:usage|options?|commands?|args?|arguments?|error|show|missing|try|exit)\b", re.IGNORECASE
)
CHINESE = re.compile("[一-鿿]")


def text_of(arguments: list[str], tmp_path: Path, code: int) -> str:
    done = run_cli(arguments, tmp_path)
    assert done.returncode == code
    text = done.stderr if code else done.stdout
    assert (done.stdout if code else done.stderr) == ""
    assert CHINESE.search(text)
    return text


@pytest.mark.parametrize("command", [None, *COMMANDS])
def test_help_is_in_chinese(command: str | None, tmp_path: Path) -> None:
    text = text_of([*([command] if command else []), "--help"], tmp_path, 0)
    assert text.startswith("用法：")
    assert ENGLISH.findall(re.sub(r"--?[a-z]+|\b[a-z]+\.[a-z]+\b", "", text)) == []
    if command is None:
        assert [line.split()[0] for line in text.splitlines() if line[2:].split(" ")[0] in COMMANDS]
    assert all(CHINESE.search(line) for line in text.splitlines() if line.startswith("  -"))


@pytest.mark.parametrize("command", [None, *COMMANDS])
def test_help_is_aligned_and_explains_every_argument(command: str | None, tmp_path: Path) -> None:
    text = text_of([*([command] if command else []), "--help"], tmp_path, 0)
    assert re.search(":$", text, re.MULTILINE) is None
    for section in re.split("^.+：\n", text, flags=re.MULTILINE)[1:]:
        rows = re.findall("^  (.+?  +)(?=[^ ])", section.split("\n\n")[0], re.MULTILINE)
        assert len({display_width(name) for name in rows}) == 1
        assert len(rows) == section.split("\n\n")[0].strip("\n").count("\n") + 1
    for argument in re.findall(r"\[(?!选项)[^\]]+\]", text.splitlines()[0]) if command else ():
        assert re.search(rf"^  {re.escape(argument)}  \S", text, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_listed_with_an_explanation(command: str, tmp_path: Path) -> None:
    lines = text_of(["-h"], tmp_path, 0).splitlines()
    (line,) = [line for line in lines if line.split()[:1] == [command]]
    assert CHINESE.search(line)
    assert "…" not in line
    assert "..." not in line


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--nope"], "没有 --nope 这个选项"),
        (["build", "--too", "md"], "是不是 --to？"),
        (["check", "--nope"], "没有 --nope 这个选项"),
        (["check", "-x"], "没有 -x 这个选项"),
        (["chekc"], "没有 chekc 这个命令，是不是 check？"),
        (["bild"], "没有 bild 这个命令，是不是 build？"),
        (["frobnicate"], "没有 frobnicate 这个命令，也没有这个文件"),
        (["build", "--to", "docs"], "“docs”，可以写：html"),
        (["build", "--to", ","], "--to 不认识"),
        (["build", "--to"], "--to 后面要写一个值"),
        (["check", "--format", "xml"], "“xml”，可以写：text"),
        (["check", "--format"], "--format 后面要写一个值"),
        (["check", "--strict=1"], "--strict 后面不能写一个值"),
        (["schema", "x"], "多了 x"),
        (["fonts", "x"], "多了 x"),
        (["check", "empty"], "empty 里没有报告"),
    ],
)
def test_wrong_usage_gives_a_chinese_message_and_exit_code_2(
    arguments: list[str], words: str, tmp_path: Path
) -> None:
    root = write_repo(tmp_path, a=seed())
    (root / "empty").mkdir()
    text = text_of(arguments, root, 2)
    assert words in text
    assert text.count("\n") == 1
    assert not ENGLISH.search(re.sub(r"--\w+", "", text))
    assert sorted(path.name for path in root.iterdir()) == ["empty", "reports"]


def test_the_version_is_shown(tmp_path: Path) -> None:
    assert re.fullmatch(r"nianbao \d+\.\d+\.\d+\n", run_cli(["--version"], tmp_path).stdout)
