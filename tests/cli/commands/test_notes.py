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


def test_units_of_the_roster_without_a_report_are_asked_for_it(tmp_path: Path) -> None:
    last = TEXT.replace("年度: 2022", "年度: 2021")
    root = write_repo(tmp_path, 文旅局__2022=WRONG, 水利局__2021=last, **{"2022": TEXT})
    roster = "".join(
        f'[[单位]]\n编号 = "{id_}"\n名称 = "古县{name}"\n{more}\n'
        for id_, name, more in (
            (".", "人民政府", ""),
            ("文旅局", "文旅局", ""),
            ("水利局", "水利局", ""),
            ("水利局/本级", "水利局", '上级 = "水利局"\n本级 = true'),
            ("旧局", "旧局", "终止年度 = 2021"),
        )
    )
    (root / "units.toml").write_text(roster, "utf-8")
    command = ["check", "--notes-to", "md", "--notes"]
    done = run_cli([*command, "意见"], root)
    assert done.stdout.endswith("给 2 个单位的修改意见、1 个单位的催报通知写在 意见\n")
    notes = {path.stem: path.read_text("utf-8") for path in (root / "意见").iterdir()}
    assert set(notes) == {"本单位", "文旅局", "水利局催报"}  # nothing about the year before
    assert "没有收到你单位2022年度的" in notes["水利局催报"]
    assert "2023年1月31日以前" in notes["水利局催报"]
    done = run_cli([*command, "一份", "reports/文旅局"], root)
    assert done.stdout.endswith("给 1 个单位的修改意见写在 一份\n")
    done = run_cli([*command, "去年", "reports/水利局"], root)
    assert done.stdout.endswith("给 1 个单位的修改意见写在 去年\n")


def test_a_report_that_cannot_be_read_has_a_note_with_the_name_of_its_unit(tmp_path: Path) -> None:
    unread = TEXT.replace("年度: 2022", "年度: 二〇二二")
    root = write_repo(tmp_path, 文旅局__2022=b"\xff\xfe", 水利局__2022=unread)
    (root / "units.toml").write_text('[[单位]]\n编号 = "文旅局"\n名称 = "古县文旅局"\n', "utf-8")
    run_cli(["check", "--notes", "意见", "--notes-to", "md"], root)
    assert "# 古县文旅局2022年" in (root / "意见" / "文旅局.md").read_text("utf-8")
    assert "# 古县文化和旅游局2022年" in (root / "意见" / "水利局.md").read_text("utf-8")


def test_notes_about_reports_elsewhere_stay_in_their_folder(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2022": TEXT})
    other = tmp_path / "other" / "reports"
    other.mkdir(parents=True)
    (other / "2022.yaml").write_text(TEXT, "utf-8")
    (tmp_path / "other" / "drafts").mkdir()
    (tmp_path / "other" / "drafts" / "2022.yaml").write_text(TEXT, "utf-8")
    files = ["../other/reports/2022.yaml", "../other/drafts/2022.yaml"]
    run_cli(["check", *files, "--notes", "意见", "--notes-to", "md"], root)
    assert {path.name for path in tmp_path.rglob("*.md")} == {"本单位.md", "drafts.md"}
    assert all(path.parent == root / "意见" for path in tmp_path.rglob("*.md"))


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
