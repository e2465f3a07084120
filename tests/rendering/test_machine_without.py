"""Machines and reports that can't give a PDF still give the web page and the Markdown."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

from nianbao.rendering.pdf import renderer
from tests.diff.git_history import git
from tests.rendering.rendered_reports import changed
from tests.support import SEED, WITHOUT_PANGO, run_cli, run_python, write_repo

if TYPE_CHECKING:
    from pathlib import Path

RUN_WITHOUT_PANGO = (
    WITHOUT_PANGO
    + """
import sys
from nianbao.cli.main import main
main(sys.argv[1:])
"""
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with two reports, one of which has an earlier PDF."""
    text = SEED.read_text("utf-8")
    root = write_repo(tmp_path, **{"2022": text, "unit__2022": text})
    (root / "output").mkdir()
    (root / "output/2022.pdf").write_bytes(b"earlier")
    return root


def outputs(root: Path) -> list[str]:
    """Return the paths of all files in the output folder."""
    files = (root / "output").rglob("*.*")
    return sorted(file.relative_to(root / "output").as_posix() for file in files)


HALF = ["2022.html", "2022.md", "2022.pdf", "unit/2022.html", "unit/2022.md"]


def test_without_pango_one_message_says_what_to_install(root: Path) -> None:
    done = run_python(RUN_WITHOUT_PANGO, root, "--jobs", "1")
    assert done.returncode == 1
    assert outputs(root) == HALF
    assert (root / "output/2022.pdf").read_bytes() == b"earlier"
    (line,) = done.stderr.splitlines()
    assert line.startswith("没有生成 PDF：缺少排版 PDF 的系统库 Pango，或者太旧。请运行 ")
    assert "sudo apt-get install libpango-1.0-0" in line
    assert "Traceback" not in done.stdout
    assert "WeasyPrint" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("system", "command"),
    [
        ("linux", "sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0"),
        ("darwin", "brew install pango"),
        ("win32", "pacman -S mingw-w64-ucrt-x86_64-pango"),
    ],
)
@pytest.mark.parametrize(
    "error", [OSError("cannot load library"), AttributeError("undefined symbol")]
)
def test_the_command_for_pango_is_that_of_the_system(
    system: str, command: str, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert command in unavailable(error, monkeypatch, system)


@pytest.mark.parametrize(
    ("error", "name"),
    [
        (ModuleNotFoundError("No module named 'pydyf'", name="pydyf"), "pydyf"),
        (ImportError("DLL load failed", name="uharfbuzz._harfbuzz"), "uharfbuzz._harfbuzz"),
    ],
)
def test_a_package_that_cannot_be_imported_is_named_with_the_command(
    error: Exception, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert unavailable(error, monkeypatch) == (
        f"载入不了排版 PDF 的 Python 包 {name}。"
        f"请运行 {sys.executable} -m pip install weasyprint==70.0。"
    )


def unavailable(
    error: Exception, monkeypatch: pytest.MonkeyPatch, system: str = sys.platform
) -> str:
    """Return what is said to be missing for a PDF if WeasyPrint's import raises `error`."""

    def fail() -> None:
        raise error

    monkeypatch.setattr(renderer, "patched_weasyprint", fail)
    monkeypatch.setattr(renderer, "_load", renderer._load.__wrapped__)
    monkeypatch.setattr(sys, "platform", system)
    return renderer.pdf_problem()


@pytest.mark.parametrize("arguments", [["--jobs", "1"], ["--draft"], ["diff", "--to", "pdf"]])
def test_everything_that_a_pdf_lacks_stands_in_one_line(
    arguments: list[str], root: Path, tmp_path: Path
) -> None:
    for words in ("init --quiet", "add --all", "commit --quiet --message x"):
        git(root, *words.split())
    report = root / "reports" / "2022.yaml"
    report.write_text(report.read_text("utf-8").replace("收到1条", "收到3条〇𠀀"), "utf-8")
    (tmp_path / "empty").mkdir()
    done = run_python(RUN_WITHOUT_PANGO, root, *arguments, NIANBAO_FONTS=str(tmp_path / "empty"))
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("没有生成 PDF：缺少排版 PDF 的系统库 Pango")
    assert line.endswith("请运行 python build.py fonts。")


def test_without_pango_everything_but_the_pdf_is_as_ever(root: Path) -> None:
    assert run_python(RUN_WITHOUT_PANGO, root, "--to", "html,md").returncode == 0
    assert run_python(RUN_WITHOUT_PANGO, root, "check").returncode == 0


@pytest.mark.parametrize("arguments", [["check"], ["--to", "html,md"], ["--help"]])
def test_what_needs_no_pdf_loads_no_weasyprint(root: Path, arguments: list[str]) -> None:
    code = """
import sys
from nianbao.cli.main import main
try:
    main(sys.argv[1:])
finally:
    print("loaded", *sorted({"weasyprint", "fontTools", "uharfbuzz", "PIL"} & set(sys.modules)))
"""
    assert run_python(code, root, *arguments).stdout.splitlines()[-1] == "loaded"


def test_without_fonts_one_message_says_how_to_get_them(root: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = run_cli([], root, NIANBAO_FONTS=str(tmp_path / "empty"))
    assert done.returncode == 1
    assert outputs(root) == HALF
    (line,) = done.stderr.splitlines()
    assert line.startswith("没有生成 PDF：PDF 所用的字体还没有装好")
    assert "请运行" in line


# libyaml would write 🎉 as an escape; it takes the place of 某 in the file.
PLACES: dict[str, tuple[Any, Any]] = {
    "in prose": (("总体情况", "概述"), "第一行。\n第二行有某这个字某。\n"),
    "in the title of a block": (("总体情况", "补充"), [{"标题": "有某", "正文": "文字"}]),
    "in a note under a table": (("主动公开政府信息情况", "注"), ["有某"]),
    "in a note in a cell": (
        ("收到和处理政府信息公开申请情况", "本年新收", "其他"),
        {"数值": 32, "注": "有某"},
    ),
    "in the name of the body": (("机关",), "示例市某局"),
    "in the number": (("文号",), "示例某〔2026〕1号"),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_character_that_no_face_has_is_an_error_for_the_pdf_alone(
    tmp_path: Path, place: str
) -> None:
    pointer, value = PLACES[place]
    text = changed(2021, {pointer: value}).replace("某", "🎉")
    root = write_repo(tmp_path, report=text)
    (root / "output").mkdir()
    (root / "output/report.pdf").write_bytes(b"earlier")
    done = run_cli([], root)
    found = [line for line in done.stdout.splitlines() if "F501" in line]
    line, column = next(
        (number, line.index("🎉") + 1)
        for number, line in enumerate(text.splitlines(), 1)
        if "🎉" in line
    )
    assert found == [
        f"reports/report.yaml:{line}:{column}: 错误 F501 PDF 的字体里没有“🎉”（U+1F389）这个字"
    ]
    assert done.returncode == 1
    assert outputs(root) == ["report.html", "report.md", "report.pdf"]
    assert (root / "output/report.pdf").read_bytes() == b"earlier"
    assert "🎉" in (root / "output/report.html").read_text("utf-8")
    assert "🎉" in (root / "output/report.md").read_text("utf-8")
    checked = run_cli(["check"], root)
    assert checked.returncode == 0
    warning = found[0].replace("错误", "警告")
    assert [line for line in checked.stdout.splitlines() if "F501" in line] == [warning]
