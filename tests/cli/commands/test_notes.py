"""`check --notes` writes a note to each unit, and replaces nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nianbao.importing.readers import read_document
from tests.support import SEED, run_cli, write_repo

if TYPE_CHECKING:
    from pathlib import Path

TEXT = SEED.read_text("utf-8")
WRONG = TEXT.replace("尚未审结: 0, 总计: 0}", "尚未审结: 0, 总计: 7}", 1)


def test_each_unit_has_a_note_of_what_is_wrong_in_its_report(tmp_path: Path) -> None:
    renamed = TEXT.replace("古县文化和旅游局", "古县水利局")
    root = write_repo(tmp_path, 文旅局__2022=WRONG, 水利局__2022=renamed)
    done = run_cli(["check", "--rule", "A", "--notes", "意见", "--notes-to", "docx,html,md"], root)
    assert done.returncode == 1
    assert done.stdout.endswith("给 2 个单位的修改意见写在 意见\n")
    names = {path.name for path in (root / "意见").iterdir()}
    assert names == {f"{unit}局.{to}" for unit in ("文旅", "水利") for to in ("docx", "html", "md")}
    note = (root / "意见" / "文旅局.md").read_text("utf-8")
    assert "必须改正的1处" in note
    assert "没有需要修改的地方" in (root / "意见" / "水利局.md").read_text("utf-8")
    assert "必须改正的1处" in (root / "意见" / "文旅局.html").read_text("utf-8")


def test_the_word_file_of_a_note_says_what_its_markdown_says(tmp_path: Path) -> None:
    root = write_repo(tmp_path, 文旅局__2022=WRONG)
    run_cli(["check", "--notes", "意见", "--notes-to", "docx,md"], root)
    document = read_document((root / "意见" / "文旅局.docx").read_bytes(), "docx")
    words = "".join(str(document).split())
    for line in (root / "意见" / "文旅局.md").read_text("utf-8").split("\n"):
        if line.startswith("## "):
            assert line.removeprefix("## ") in words


def test_a_word_file_that_a_unit_sent_has_a_note_under_its_name(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2022": TEXT})
    assert run_cli(["build", "--to", "docx"], root).returncode == 0
    sent = root / "水利局报来.docx"
    (root / "output" / "2022.docx").rename(sent)
    run_cli(["check", sent.name, "--notes", "意见", "--notes-to", "md"], root)
    assert "需要核对的" in (root / "意见" / "水利局报来.md").read_text("utf-8")


@pytest.mark.parametrize("link", [False, True])
def test_nothing_is_replaced(tmp_path: Path, link: bool) -> None:
    root = write_repo(tmp_path, 文旅局__2022=TEXT)
    other = root / "other.docx"
    other.write_text("别人的", "utf-8")
    (root / "意见").mkdir()
    if link:
        (root / "意见" / "文旅局.docx").symlink_to(other)
    else:
        (root / "意见" / "文旅局.docx").write_text("别人的", "utf-8")
    done = run_cli(["check", "--notes", "意见"], root)
    assert "已有 意见/文旅局.docx，没有动" in done.stderr
    assert other.read_text("utf-8") == (root / "意见" / "文旅局.docx").read_text("utf-8")


def test_a_folder_that_leads_out_of_the_repository_is_not_written_to(tmp_path: Path) -> None:
    root = write_repo(tmp_path, 文旅局__2022=TEXT)
    outside = tmp_path / "outside"
    outside.mkdir()
    (root / "意见").symlink_to(outside)
    done = run_cli(["check", "--notes", "意见"], root)
    assert done.returncode != 0
    assert list(outside.iterdir()) == []


def test_an_unknown_format_is_refused(tmp_path: Path) -> None:
    root = write_repo(tmp_path, 文旅局__2022=TEXT)
    done = run_cli(["check", "--notes", "意见", "--notes-to", "pdf"], root)
    assert done.returncode == 2
    assert "docx、html、md" in done.stderr
