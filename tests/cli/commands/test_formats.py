"""Which format `check` and `build` choose, and what a build log reads from them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from nianbao.diagnostics.reporters import REPORT_FORMATS
from tests.support import SEED, run_cli, run_python, write_repo

if TYPE_CHECKING:
    from pathlib import Path

RUNNER = {"GITHUB_ACTIONS": "true"}


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    return write_repo(tmp_path, **{"2022": SEED.read_text("utf-8")})


def test_text_is_the_default(repo: Path) -> None:
    done = run_cli(["check"], repo)
    assert done.stdout == run_cli(["check", "--format", "text"], repo).stdout
    assert done.stdout.startswith("reports/2022.yaml:")
    assert "\x1b" not in done.stdout


def test_on_a_github_runner_the_default_is_annotations(repo: Path) -> None:
    done = run_cli(["check"], repo, **RUNNER)
    assert done.stdout == run_cli(["check", "--format", "github"], repo).stdout
    *annotations, count = done.stdout.rstrip("\n").split("\n")
    assert all(re.match(r"::(warning|notice) file=reports/2022\.yaml,", a) for a in annotations)
    assert count.startswith("0 个错误，")


@pytest.mark.parametrize("value", ["", "false", "1"])
def test_only_the_runners_own_word_counts(value: str, repo: Path) -> None:
    done = run_cli(["check"], repo, GITHUB_ACTIONS=value)
    assert done.stdout == run_cli(["check"], repo).stdout


@pytest.mark.parametrize("name", ["json", "gitlab", "sarif"])
def test_a_format_that_is_asked_for_wins_on_a_runner(name: str, repo: Path) -> None:
    done = run_cli(["check", "--format", name], repo, **RUNNER)
    assert done.stdout == run_cli(["check", "--format", name], repo).stdout
    assert json.loads(done.stdout)


def test_text_on_a_runner_stands_where_no_command_is_read(repo: Path) -> None:
    plain = run_cli(["check"], repo).stdout
    first, second = (
        run_cli(["check", "--format", "text"], repo, **RUNNER).stdout for _ in range(2)
    )
    token = first.split("\n")[0].removeprefix("::stop-commands::")
    assert re.fullmatch(r"[0-9a-f]{32}", token)
    assert first == f"::stop-commands::{token}\n{plain}::{token}::\n"
    assert token not in second


def test_build_prints_text_and_on_a_runner_annotations_too(repo: Path) -> None:
    plain = run_cli(["build", "--to", "md"], repo).stdout
    assert plain.endswith("已生成 output/2022.md\n")
    done = run_cli(["build", "--to", "md", "--force"], repo, **RUNNER)
    stop, *rest = done.stdout.split("\n")
    resume = rest.index(f"::{stop.removeprefix('::stop-commands::')}::")
    assert "\n".join(rest[:resume]) + "\n" == plain
    annotations = run_cli(["check"], repo, **RUNNER).stdout.rstrip("\n").split("\n")[:-1]
    assert rest[resume + 1 :] == [*annotations, ""]


@pytest.mark.parametrize("command", [["check"], ["build", "--to", "md"]])
def test_a_report_gives_no_command_to_a_runner(command: list[str], tmp_path: Path) -> None:
    text = SEED.read_text("utf-8") + '"::add-mask::##[add-mask]甲": 0\n'
    done = run_cli(command, write_repo(tmp_path, **{"2022": text}), **RUNNER)
    assert "没有“::add-mask::##[add-mask]甲”这个键" in done.stdout
    listening, token = True, "?"
    for line in done.stdout.split("\n"):
        if line.startswith("::stop-commands::"):
            listening, token = False, line.removeprefix("::stop-commands::")
        elif line == f"::{token}::":
            listening = True
        elif listening:
            assert re.match(r"::(error|warning|notice) file=|[0-9]+ 个错误|\Z", line), line
    assert listening


def test_an_unknown_format_is_answered_with_the_list(repo: Path) -> None:
    done = run_cli(["check", "--format", "xml"], repo)
    names = "、".join(REPORT_FORMATS)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"--format 不认识“xml”，可以写：{names}\n"


def test_the_help_names_every_format(repo: Path) -> None:
    shown = run_cli(["check", "--help"], repo).stdout
    assert all(name in shown for name in REPORT_FORMATS)


@pytest.mark.parametrize("name", ["json", "gitlab", "sarif"])
def test_json_is_json_on_a_console_that_lacks_characters(name: str, tmp_path: Path) -> None:
    text = SEED.read_text("utf-8") + "𠮷é: 0\n"
    repo = write_repo(tmp_path, **{"2022": text})
    wide = run_cli(["check", "--format", name], repo)
    narrow = run_cli(["check", "--format", name], repo, PYTHONUTF8="0", PYTHONIOENCODING="gbk")
    assert "𠮷" in wide.stdout
    assert json.loads(narrow.stdout) == json.loads(wide.stdout)


def test_check_loads_no_pages_and_no_other_format(repo: Path) -> None:
    code = (
        "import sys, nianbao.cli.main\n"
        "try: nianbao.cli.main.main(['check'])\n"
        "except SystemExit: pass\n"
        "print([n for n in ('nianbao.checks.catalog', 'nianbao.checks.rules.documentation',"
        " *(f'nianbao.diagnostics.reporters.{n}' for n in ('sarif', 'gitlab', 'github')),"
        " 'weasyprint', 'jinja2')"
        " if n in sys.modules])"
    )
    assert run_python(code, repo).stdout.endswith("\n[]\n")
