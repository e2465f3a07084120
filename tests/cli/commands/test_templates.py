"""`templates`: what a repository can replace, and a copy to begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nianbao.cli.commands.templates import TEMPLATES
from nianbao.workspace.style import ADDED_STYLES
from tests.rendering.docx.word_files import lines_of
from tests.support import ROOT, SEED, create_symlink, run_cli, write_repo

if TYPE_CHECKING:
    from pathlib import Path

_SITE = {f"site/{file.name}" for file in (ROOT / "templates/site").iterdir()}
SHIPPED = {file.name for file in (ROOT / "templates").iterdir() if file.is_file()} | _SITE


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_repo(tmp_path, **{"2022": SEED.read_bytes()})


def test_every_template_is_listed(root: Path) -> None:
    done = run_cli(["templates"], root)
    assert (done.returncode, done.stderr) == (0, "")
    added = {*ADDED_STYLES.values(), "site/extra.css"}
    assert set(TEMPLATES) == SHIPPED | added | {"report.docx"}
    for name, meaning in TEMPLATES.items():
        assert f"  {name} " in done.stdout
        assert meaning in done.stdout
    assert "已有自己的" not in done.stdout
    assert run_cli(["templates", "report.html"], root).returncode == 0
    assert "  网页（已有自己的）\n" in run_cli(["templates"], root).stdout
    assert not (root / "templates/report.css").exists()


def test_the_page_of_the_docs_names_every_template() -> None:
    page = (ROOT / "docs/templates.md").read_text("utf-8")
    assert [name for name in TEMPLATES if f"`{name}`" not in page] == []


@pytest.mark.parametrize("name", sorted(SHIPPED - _SITE))
def test_a_template_is_copied_as_it_is_and_the_page_stays_the_same(name: str, root: Path) -> None:
    assert run_cli(["--to", "html", "-o", "before"], root).returncode == 0
    done = run_cli(["templates", name], root)
    assert done.stdout.startswith(f"已写入 templates/{name}\n")
    assert (root / "templates" / name).read_bytes() == (ROOT / "templates" / name).read_bytes()
    assert run_cli(["--to", "html", "-o", "after"], root).returncode == 0
    before, after = (root / folder / "2022.html" for folder in ("before", "after"))
    assert before.read_bytes() == after.read_bytes()


def test_a_letterhead_to_begin_with_is_used_and_adds_no_word(root: Path) -> None:
    assert run_cli(["--to", "docx", "-o", "before"], root).returncode == 0
    done = run_cli(["templates", "report.docx"], root)
    assert done.stdout == "已写入 templates/report.docx\n"
    assert run_cli(["--to", "docx", "-o", "after"], root).returncode == 0
    before, after = ((root / each / "2022.docx").read_bytes() for each in ("before", "after"))
    assert before != after
    assert lines_of(before) == lines_of(after)


def test_a_copy_never_overwrites(root: Path) -> None:
    (root / "templates").mkdir()
    (root / "templates/report.html").write_text("我的", "utf-8")
    done = run_cli(["templates", "report.html"], root)
    assert (done.returncode, done.stdout) == (1, "已有 templates/report.html，没有动\n")
    assert (root / "templates/report.html").read_text("utf-8") == "我的"


def test_a_replacing_style_sheet_names_the_one_that_adds(root: Path) -> None:
    assert "改用 extra.css" in run_cli(["templates", "report.css"], root).stdout


@pytest.mark.parametrize("name", ADDED_STYLES.values())
def test_an_added_style_sheet_begins_with_an_example_that_changes_nothing(
    name: str, root: Path
) -> None:
    assert run_cli(["templates", name], root).returncode == 0
    text = (root / "templates" / name).read_text("utf-8")
    assert text.startswith("/*")
    assert text.rstrip().endswith("*/")
    assert "S30" not in run_cli(["check"], root).stdout


@pytest.mark.parametrize(
    "name", ["raport.css", "../extra.css", "/etc/passwd", ".env", "preview", ""]
)
def test_no_other_file_is_written(name: str, root: Path) -> None:
    done = run_cli(["templates", name], root)
    assert done.returncode == 2
    assert "这个模板" in done.stderr
    assert not (root / "templates").exists()


def test_nothing_is_written_through_a_link(root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    create_symlink(root / "templates", outside)
    done = run_cli(["templates", "extra.css"], root)
    assert (done.returncode, list(outside.iterdir())) == (1, [])
    assert "是一个链接" in done.stderr
    (root / "templates").unlink()
    create_symlink(root / "templates/extra.css", outside / "gone.css")
    assert run_cli(["templates", "extra.css"], root).returncode == 1
    assert list(outside.iterdir()) == []


def test_a_template_of_the_site_is_copied_into_its_folder(root: Path) -> None:
    done = run_cli(["templates", "site/home.html"], root)
    assert done.stdout.startswith("已写入 templates/site/home.html\n")
    written = (root / "templates/site/home.html").read_bytes()
    assert written == (ROOT / "templates/site/home.html").read_bytes()
