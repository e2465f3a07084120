"""The commands that write files, each with a repository in which it must write all of its files."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from bench.reports import write_reports

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Case:
    """A command, the folder it writes into, and how its repository is prepared.

    `arguments`: the command line. `folder`: where the command writes, below the repository.
    `prepare`: called with the repository and a function that runs the program in it. `is_build`:
    True if a second run must find nothing to do. `is_joint`: True if each output is made from all
    reports; if a report has vanished, the command leaves it out and says so. `codes_again`: the
    exit codes allowed when the command is run again.
    """

    name: str
    arguments: tuple[str, ...]
    folder: str
    prepare: Callable[[Path, Callable[..., object]], None]
    is_build: bool = False
    is_joint: bool = False
    codes_again: tuple[int, ...] = (0,)


def _prepare_build(
    root: Path, run: Callable[..., object], *, count: int, arguments: tuple[str, ...]
) -> None:
    """Build reports, then change every one, so that old and new outputs differ."""
    write_reports(root, count)
    run(*arguments)
    _edit(root, "2023-01-20", "2023-01-21")


def _prepare_fmt(root: Path, run: Callable[..., object]) -> None:
    write_reports(root, 8)
    run("fmt")
    _edit(root, ": ", ":   ")


def _prepare_new(root: Path, _run: Callable[..., object]) -> None:
    write_reports(root, 6)


def _prepare_sum(root: Path, run: Callable[..., object]) -> None:
    """Sum up reports, then change one, so that the sum is due again."""
    files = write_reports(root, 6)
    run("sum", "2022")
    row = "行政处罚: {本年处理决定数量: "
    files[0].write_text(files[0].read_text("utf-8").replace(row, row + "1"), "utf-8")


def _prepare_onto(root: Path, run: Callable[..., object]) -> None:
    """Print a report, then edit the print."""
    write_reports(root, 1)
    run("build", "--to", "md")
    printed = root / "output" / "00000" / "2022.md"
    printed.write_text(
        printed.read_text("utf-8").replace("2023年1月20日", "2023年1月21日"), "utf-8"
    )


def _prepare_redlines(
    root: Path, run: Callable[..., object], *, arguments: tuple[str, ...]
) -> None:
    """Write redlines of one change, then change the report again."""
    write_reports(root, 1)
    git = ("git", "-c", "user.name=faults", "-c", "user.email=faults@example.com")
    for step in (("init", "-q"), ("add", "reports"), ("commit", "-qm", "1")):
        subprocess.run([*git, *step], cwd=root, check=True)
    _edit(root, "2023-01-20", "2023-01-21")
    run(*arguments)
    _edit(root, "2023-01-21", "2023-01-28")


def _prepare_data(root: Path, run: Callable[..., object]) -> None:
    """Write the data of reports, then change every report."""
    write_reports(root, 4)
    run("data")
    _edit(root, "2023-01-20", "2023-01-21")


def _prepare_site(root: Path, run: Callable[..., object]) -> None:
    """Write the site, then change every report, and remove one, whose pages must go."""
    files = write_reports(root, 5)
    run("site")
    _edit(root, "2023-01-20", "2023-01-21")
    files[-1].unlink()


def _prepare_schema(root: Path, _run: Callable[..., object]) -> None:
    write_reports(root, 1)
    (root / "output").mkdir()
    (root / "output" / "schema.json").write_text("{}\n", "utf-8")


def _prepare_templates(root: Path, _run: Callable[..., object]) -> None:
    write_reports(root, 1)
    (root / "templates").mkdir()


def _edit(root: Path, old: str, new: str) -> None:
    for file in sorted((root / "reports").rglob("*.yaml")):
        file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")


def build_case(name: str, count: int, *arguments: str) -> Case:
    """Return a case of `build` with `count` reports."""
    command = ("build", *arguments)
    prepare = partial(_prepare_build, count=count, arguments=command)
    return Case(name, command, "output", prepare, is_build=True)


def redline_case(name: str, formats: str) -> Case:
    """Return a case of `diff --to` with one report."""
    command = ("diff", "--to", formats)
    return Case(name, command, "output", partial(_prepare_redlines, arguments=command))


CASES: Final = (
    build_case("batch", 2, "--jobs", "2"),
    build_case("single", 1),
    build_case("web", 12, "--to", "html,md", "--jobs", "2"),
    Case("fmt", ("fmt",), "reports", _prepare_fmt),
    Case(
        "onto",
        ("import", "output/00000/2022.md", "--onto", "reports/00000/2022.yaml", "--yes"),
        "reports",
        _prepare_onto,
    ),
    Case("new", ("new", "2023"), "reports", _prepare_new, codes_again=(0, 1)),
    redline_case("redlines", "html,pdf"),
    Case("sum", ("sum", "2022"), "reports", _prepare_sum, is_joint=True),
    Case("data", ("data",), "output/data", _prepare_data, is_joint=True),
    Case("site", ("site",), "output/site", _prepare_site, is_joint=True),
    Case("schema", ("schema", "-o", "output/schema.json"), "output", _prepare_schema),
    Case(
        "templates",
        ("templates", "report.html"),
        "templates",
        _prepare_templates,
        codes_again=(0, 1),
    ),
)
