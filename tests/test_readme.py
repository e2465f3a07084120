"""The READMEs and guides are true: every command is run, in order, in a copy of the tree.

A line that is only … stands for any lines. `python tests/test_readme.py` writes what the commands
print now into the pages; read the diff before you commit it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
READMES = ("README.md", "README.zh-CN.md")
GUIDES = tuple(
    f"docs/{name}.md"
    for name in (
        "writing",
        "checking",
        "building",
        "data",
        "comparing",
        "editor",
        "settings",
        "commands",
        "county",
    )
)
PAGES = READMES + GUIDES
# What a clone holds as far as the commands go.
TREE = ("build.py", "schema.json", "pyproject.toml", "Makefile", "nianbao", "templates")
BLOCK = re.compile(r"^```(?:console|sh)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ELIDED = "…"
FONTS_SHOWN = "/home/me/nianbao/.fonts"


@dataclass(frozen=True, slots=True)
class Step:
    """A command of a page and the output shown below it."""

    command: str
    shown: tuple[str, ...]


def steps(block: str) -> Iterator[Step]:
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, *shown = part.rstrip("\n").split("\n")
        yield Step(command, tuple(shown))


def blocks(page: str) -> list[str]:
    return BLOCK.findall((ROOT / page).read_text("utf-8"))


class Shell:
    """A copy of the tree in which commands run one after another with this Python."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "nianbao"
        self.root.mkdir()
        for name in TREE:
            if (ROOT / name).is_dir():
                skip = shutil.ignore_patterns("__pycache__")
                shutil.copytree(ROOT / name, self.root / name, ignore=skip)
            else:
                shutil.copy(ROOT / name, self.root)
        for name in ("reports", "output"):
            (self.root / name).mkdir()
        shutil.copy(ROOT / "reports" / "2022.yaml", self.root / "reports")
        for words in ("init --quiet", "add reports", "commit --quiet --message x"):
            who = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
            subprocess.run(["git", *who, *words.split()], cwd=self.root, check=True)
        programs = folder / "bin"
        programs.mkdir()
        # A link would lose the virtual environment.
        (programs / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
        (programs / "python").chmod(0o755)
        self._fonts = os.environ.get("NIANBAO_FONTS", str(ROOT / ".fonts"))
        self._environment = {
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(folder),
            "LC_ALL": "C.UTF-8",
            "NIANBAO_FONTS": self._fonts,
        }
        self._code = 0

    def run(self, command: str) -> tuple[str, ...]:
        """Return both output streams of a command; `$?` is the exit code of the previous one."""
        done = subprocess.run(
            ["sh", "-c", f"(exit {self._code}); {command}"],
            cwd=self.root,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
            timeout=120,
        )
        self._code = done.returncode
        printed = done.stdout.replace(self._fonts, FONTS_SHOWN).rstrip("\n")
        return tuple(line.rstrip() for line in printed.split("\n")) if printed else ()


def agrees(shown: tuple[str, ...], printed: tuple[str, ...]) -> bool:
    pattern = "".join(
        r"(?:.*\n)*" if line == ELIDED else re.escape(line.rstrip()) + r"\n" for line in shown
    )
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in printed)) is not None


@pytest.mark.skipif(os.name == "nt", reason="the commands are those of a POSIX shell")
@pytest.mark.parametrize("page", PAGES)
def test_commands_print_what_the_page_shows(page: str, tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    for block in blocks(page):
        for step in steps(block):
            if not step.command.startswith("make"):
                printed = shell.run(step.command)
                assert agrees(step.shown, printed), f"{step.command}\n" + "\n".join(printed)


@pytest.mark.parametrize("page", READMES)
def test_make_targets_of_the_readme_exist(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    used = {s.command for block in blocks(page) for s in steps(block)}
    used |= set(re.findall(r"`(make(?: [a-z]+)?)`", text))
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    made = [command.split()[1:] for command in used if command.startswith("make")]
    assert made
    assert {word for words in made for word in words} <= set(targets)


@pytest.mark.parametrize("page", PAGES)
def test_yaml_and_toml_examples_can_be_parsed(page: str) -> None:
    from nianbao.parsing.reader import parse_source
    from nianbao.workspace.toml import parse_toml

    text = (ROOT / page).read_text("utf-8")
    examples = re.findall(r"^```yaml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert examples or page not in READMES
    for example in examples:
        assert parse_source(example.encode(), page).findings == ()
    for example in re.findall(r"^```toml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        assert parse_toml(example)


@pytest.mark.parametrize("page", ["docs/settings.md", "README.zh-CN.md"])
def test_settings_examples_are_valid(page: str, tmp_path: Path) -> None:
    from nianbao.workspace.settings import FILE_NAME, read_settings

    text = (ROOT / page).read_text("utf-8")
    examples = re.findall(r"^```toml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    (tmp_path / FILE_NAME).write_text("\n".join(examples), "utf-8")
    settings, findings = read_settings(tmp_path)
    assert findings == []
    assert settings.contact
    assert settings.site["ColumnName"]
    assert settings.style.accent


@pytest.mark.parametrize("page", ["docs/checking.md", "README.zh-CN.md"])
def test_the_waiver_example_silences_one_finding_of_the_sample_report(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    (waiver,) = re.findall(r"^```yaml\n(豁免:.*?)^```$", text, re.MULTILINE | re.DOTALL)
    with tempfile.TemporaryDirectory() as folder:
        shell = Shell(Path(folder))
        report = shell.root / "reports" / "2022.yaml"
        before = "\n".join(shell.run("python build.py check"))
        report.write_text(report.read_text("utf-8") + waiver, "utf-8")
        after = "\n".join(shell.run("python build.py check"))
    warnings = int(re.findall("([0-9]+) 个警告", before)[0])
    assert f"{warnings - 1} 个警告" in after
    assert "1 个已豁免\n" in after


def mistakes() -> list[tuple[str, str, str]]:
    """Return the table of typical mistakes: what was written, the message, what is right."""
    text = (ROOT / "README.zh-CN.md").read_text("utf-8")
    rows = re.findall(r"^\| `([^`]+)` \| ([^`\n]+) \| `([^`]+)` \|$", text, re.MULTILINE)
    return [
        (wrong.replace("\\|", "|"), said, right.replace("\\|", "|")) for wrong, said, right in rows
    ]


def test_the_table_of_mistakes_is_found() -> None:
    assert len(mistakes()) > 15


@pytest.mark.parametrize(("wrong", "said", "right"), mistakes())
def test_a_typical_mistake_is_reported_and_fixed_as_the_table_says(
    wrong: str, said: str, right: str
) -> None:
    from nianbao.checks.structure import check_structure
    from nianbao.parsing.reader import parse_source

    def messages(line: str) -> list[str]:
        key = right.split(":")[0]
        text = (ROOT / "reports" / "2022.yaml").read_text("utf-8")
        changed, count = re.subn(
            rf"^( *){key}: .*$", lambda m: m[1] + line, text, count=1, flags=re.MULTILINE
        )
        assert count == 1
        source = parse_source(changed.encode(), "2022.yaml")
        structural = check_structure(source)[1] if source.data is not None else []
        return [finding.message for finding in (*source.findings, *structural)]

    assert any(said in message for message in messages(wrong)), messages(wrong)
    assert messages(right) == []


def test_the_documented_options_are_those_of_the_program() -> None:
    from nianbao.cli.options import nianbao

    text = (ROOT / "docs" / "commands.md").read_text("utf-8")
    rows = re.findall(r"^\| (`-[^|]+) \| ([a-z, ]+) \|", text, re.MULTILINE)
    documented = {
        (command, option)
        for options, commands in rows
        for command in commands.split(", ")
        for option in re.findall(r"`(--?[a-z][a-z-]*)", options)
    }
    real = {
        (name, option)
        for name, command in nianbao.commands.items()
        for parameter in command.params
        for option in parameter.opts
        if option.startswith("-")
    }
    assert documented == real


def test_numbers_in_the_readme_are_right() -> None:
    from nianbao.cli.options import FORMATS
    from nianbao.model.form import load_form

    readme = (ROOT / "README.md").read_text("utf-8")
    cells = sum(len(row.columns) for row in load_form(2021).rows)
    assert f"retypes {cells} numbers" in readme
    assert f"`--to {FORMATS}`" in (ROOT / "docs" / "commands.md").read_text("utf-8")


def test_the_readme_is_short() -> None:
    assert (ROOT / "README.md").read_text("utf-8").count("\n") <= 200


def main() -> None:
    """Write what the commands print now into the pages, except where lines are elided."""
    for page in PAGES:
        with tempfile.TemporaryDirectory() as folder:
            shell = Shell(Path(folder))

            def renew(match: re.Match[str], shell: Shell = shell) -> str:
                out = []
                for step in steps(match[1]):
                    printed = () if step.command.startswith("make") else shell.run(step.command)
                    kept = step.shown if ELIDED in step.shown else printed
                    out += [f"$ {step.command}", *kept]
                return match[0].split("\n")[0] + "\n" + "".join(f"{line}\n" for line in out) + "```"

            file = ROOT / page
            file.write_text(BLOCK.sub(renew, file.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
