"""The links of a web page to the other outputs: only to files that are there, in any order."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from lxml import html

from tests.build.built_repository import TEXT, outputs, run_with_fault, written
from tests.rendering.parsed_outputs import find
from tests.support import run_cli, write_repo

if TYPE_CHECKING:
    from pathlib import Path

NO_PDF = """
import nianbao.rendering.pdf.renderer as renderer
from nianbao.rendering.errors import PdfUnavailableError
def fail():
    raise PdfUnavailableError("没有")
renderer.ensure_pdf_available = fail
"""


def links(root: Path, page: str = "2022.html") -> list[str]:
    """The files that a page links to, which must all be there."""
    file = root / "output" / page
    tree: Any = html.document_fromstring(file.read_bytes())
    names = [unquote(each) for each in find(tree, "//p[@class='files']/a/@href")]
    assert all((file.parent / name).is_file() for name in names), names
    return [name.removeprefix("./") for name in names]


def clean_build(root: Path, *arguments: str) -> dict[str, bytes]:
    """The outputs of the same reports in a repository that was never built."""
    copy = root.parent / "clean"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(root / "reports", copy / "reports")
    run_cli(["build", *arguments], copy)
    return outputs(copy)


def test_a_page_links_to_the_outputs_of_its_build(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"单位__年 报 #2022": TEXT})
    run_cli(["build", "--to", "html,md,json,csv"], root)
    assert links(root, "单位/年 报 #2022.html") == [
        f"年 报 #2022.{suffix}" for suffix in ("md", "json", "csv")
    ]
    run_cli(["build", "--to", "html"], root)
    assert links(root, "单位/年 报 #2022.html") == []


def test_json_and_csv_are_built_again_only_if_the_report_changes(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2022": TEXT})
    build = ["build", "--to", "json,csv"]
    assert written(run_cli(build, root).stdout) == ["2022.json", "2022.csv"]
    (root / "templates").mkdir()
    (root / "templates/report.md").write_text("{{ document.title }}\n", "utf-8")
    assert written(run_cli(build, root).stdout) == []
    (root / "output/2022.csv").unlink()
    assert written(run_cli(build, root).stdout) == ["2022.csv"]
    (root / "reports/2022.yaml").write_text(TEXT.replace("古县", "青山县"), "utf-8")
    assert written(run_cli(build, root).stdout) == ["2022.json", "2022.csv"]
    assert written(run_cli(["build", "--to", "html,json,csv"], root).stdout) == ["2022.html"]
    assert links(root) == ["2022.json", "2022.csv"]


def test_a_page_does_not_link_to_a_pdf_that_the_machine_can_not_make(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2022": TEXT})
    arguments = ("build", "--to", "html,pdf,md")
    for _ in range(2):
        assert run_with_fault(NO_PDF, root, *arguments).returncode == 1
        assert links(root) == ["2022.md"]
    assert run_cli([*arguments], root).returncode == 0
    assert links(root) == ["2022.pdf", "2022.md"]
    assert outputs(root) == clean_build(root, *arguments[1:])


def test_a_page_does_not_link_to_a_pdf_that_can_not_be_printed(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2022": TEXT.replace("古县文化", "古县\U0001f600文化")})
    arguments = ["build", "--to", "html,pdf"]
    for _ in range(2):
        assert run_cli(arguments, root).returncode == 1
        assert links(root) == []
    (root / "reports/2022.yaml").write_text(TEXT, "utf-8")
    assert run_cli(arguments, root).returncode == 0
    assert links(root) == ["2022.pdf"]


def test_a_page_does_not_link_to_what_a_wrong_template_prevented(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2022": TEXT})
    (root / "templates").mkdir()
    (root / "templates/report.md").write_text("{{ missing }}", "utf-8")
    assert run_cli(["build", "--to", "html,md,csv"], root).returncode == 1
    assert links(root) == ["2022.csv"]
    (root / "templates/report.md").write_text("{{ document.body }}", "utf-8")
    assert run_cli(["build", "--to", "html,md,csv"], root).returncode == 0
    assert links(root) == ["2022.md", "2022.csv"]
