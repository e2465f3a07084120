"""The desk: proofs that follow the files."""

from __future__ import annotations

import tempfile
import threading
from typing import TYPE_CHECKING

import pytest

from nianbao.preview.store import PreviewStore, StoreClosedError
from tests.support import SEED, write_repo

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.preview.snapshot import Snapshot

NAME = "reports/2022.yaml"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = write_repo(tmp_path, **{"2022": SEED.read_bytes()})
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def desk(root: Path) -> PreviewStore:
    return PreviewStore(root, ())


def settle(desk: PreviewStore, seen: dict[Path, tuple[int, ...]]) -> set[Path]:
    """What one look finds changed; the desk is told."""
    changed = {file for file, _ in seen.items() ^ desk.file_stamps().items()}
    desk.invalidate(changed)
    return changed


def proof(desk: PreviewStore, name: str = NAME) -> Snapshot:
    found = desk.snapshot(name)
    assert found is not None
    return found


def page(desk: PreviewStore) -> str:
    shown = proof(desk).page
    assert shown is not None
    return shown.decode()


def rules(desk: PreviewStore) -> set[str]:
    return {finding.rule for finding in proof(desk).findings}


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


def test_a_proof_stays_while_nothing_changes(desk: PreviewStore) -> None:
    first = proof(desk)
    assert proof(desk) is first
    desk.invalidate(set())
    assert proof(desk).version == first.version


def test_a_save_is_seen_in_the_page_and_in_the_findings(root: Path, desk: PreviewStore) -> None:
    assert "A101" not in rules(desk)
    seen = desk.file_stamps()
    edit(root / NAME, "机关: 古县", "机关: 新县")
    edit(root / NAME, "总计: 0}", "总计: 7}")
    assert settle(desk, seen) == {root / NAME}
    assert "A101" in rules(desk)
    seen = desk.file_stamps()
    edit(root / NAME, "总计: 7}", "总计: 0}")
    settle(desk, seen)
    assert "A101" not in rules(desk)
    assert "新县文化和旅游局" in page(desk)


@pytest.mark.parametrize("broken", ["机关: [", "", "格式: 2021\n"])
def test_a_broken_file_keeps_the_last_good_page(
    broken: str, root: Path, desk: PreviewStore
) -> None:
    good = proof(desk)
    assert not good.stale
    seen = desk.file_stamps()
    (root / NAME).write_text(broken, "utf-8")
    settle(desk, seen)
    bad = proof(desk)
    assert (bad.page, bad.stale) == (good.page, True)
    assert {finding.severity for finding in bad.findings} >= {"error"}
    assert bad.version != good.version
    seen = desk.file_stamps()
    (root / NAME).write_bytes(SEED.read_bytes())
    settle(desk, seen)
    assert proof(desk).version == good.version


def test_a_file_that_never_was_good_has_no_page(root: Path) -> None:
    (root / NAME).write_text("机关: [", "utf-8")
    broken = proof(PreviewStore(root, ()))
    assert (broken.page, broken.stale) == (None, False)


def test_a_file_that_goes_is_missed_and_its_page_kept(root: Path, desk: PreviewStore) -> None:
    (root / "reports/other.yaml").write_bytes(SEED.read_bytes())
    assert proof(desk).page
    seen = desk.file_stamps()
    (root / NAME).unlink()
    settle(desk, seen)
    assert desk.reports == ["reports/other.yaml"]
    assert proof(desk).stale
    assert [finding.message for finding in proof(desk).findings] == ["没有这个文件"]


def test_the_year_before_is_watched_though_it_is_not_shown(root: Path) -> None:
    desk = PreviewStore(root, (NAME,))
    assert "Y201" not in rules(desk)
    seen = desk.file_stamps()
    text = SEED.read_text("utf-8").replace("年度: 2022", "年度: 2021")
    line = "结转下年度继续办理: {自然人: 0"
    assert line in text.replace("  {", " {")
    for number in "0", "4":
        old = text.replace("  {", " {").replace(line, line.replace("0", number))
        (root / "reports/2021.yaml").write_text(old, "utf-8")
        assert {file.name for file in settle(desk, seen)} == {"2021.yaml"}
        seen = desk.file_stamps()
        assert ("Y201" in rules(desk)) == (number == "4")
    assert desk.reports == [NAME]


def test_settings_and_templates_of_the_repository_are_watched(
    root: Path, desk: PreviewStore
) -> None:
    assert "示例路1号" not in page(desk)
    seen = desk.file_stamps()
    (root / "nianbao.toml").write_text('联系方式 = "示例路1号"\n', "utf-8")
    settle(desk, seen)
    assert "示例路1号" in page(desk)
    for colour in "red", "blue":
        seen = desk.file_stamps()
        (root / "templates").mkdir(exist_ok=True)
        (root / "templates/report.css").write_text(f"h1 {{ color: {colour} }}", "utf-8")
        assert settle(desk, seen) == {root / "templates/report.css"}
        assert f"color: {colour}" in page(desk)
    seen = desk.file_stamps()
    (root / "templates/report.css").unlink()
    settle(desk, seen)
    assert "color: blue" not in page(desk)


@pytest.mark.parametrize(
    ("file", "content", "rule"),
    [
        ("templates/report.html", "\n{{ no }}", "S302"),
        ("templates/report.html", "{% if %}", "S302"),
        ("nianbao.toml", "没有 = 1", "S301"),
    ],
)
def test_a_fault_beside_the_report_keeps_the_page_too(
    file: str, content: str, rule: str, root: Path, desk: PreviewStore
) -> None:
    good = proof(desk)
    seen = desk.file_stamps()
    (root / file).parent.mkdir(exist_ok=True)
    (root / file).write_text(content, "utf-8")
    settle(desk, seen)
    assert proof(desk).stale
    assert proof(desk).page == good.page
    assert proof(desk).findings[0].rule == rule


def test_a_bug_is_told_with_its_log_and_costs_no_more_than_that(
    desk: PreviewStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    good = proof(desk)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def broken(*_arguments: object) -> bytes:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("nianbao.preview.snapshot.render_report", broken)
    desk.invalidate(set())
    bad = proof(desk)
    assert (bad.page, bad.stale, bad.findings) == (good.page, True, good.findings)
    assert "没有做完：reports/2022.yaml html。" in bad.failures[0]
    (log,) = tmp_path.glob("nianbao-*.log")
    assert "ZeroDivisionError: a bug" in log.read_text("utf-8")
    desk.invalidate(set())
    assert proof(desk).version == bad.version
    assert list(tmp_path.glob("nianbao-*.log")) == [log]
    monkeypatch.undo()


@pytest.mark.parametrize("folder", ["templates", "reports"])
def test_a_folder_that_becomes_a_link_is_not_followed(
    folder: str, root: Path, desk: PreviewStore, tmp_path: Path
) -> None:
    good = proof(desk)
    seen = desk.file_stamps()
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "report.html").write_text("SECRET", "utf-8")
    (outside / "2022.yaml").write_text("SECRET: 1", "utf-8")
    if folder == "reports":
        (root / folder).rename(root / "away")
    (root / folder).symlink_to(outside, target_is_directory=True)
    settle(desk, seen)
    assert proof(desk).page == good.page
    assert "是一个链接" in proof(desk).failures[0]
    assert "SECRET" not in repr(proof(desk))


def test_reports_come_and_go(root: Path, desk: PreviewStore) -> None:
    before = desk.version("")
    seen = desk.file_stamps()
    (root / "reports/unit").mkdir()
    (root / "reports/unit/2022.yml").write_bytes(SEED.read_bytes())
    settle(desk, seen)
    assert desk.reports == [NAME, "reports/unit/2022.yml"]
    assert desk.version("") != before
    assert desk.snapshot("reports/unit/2022.yml")
    assert desk.snapshot("reports/none.yaml") is None


def test_who_waits_is_told_of_a_newer_proof_alone(root: Path, desk: PreviewStore) -> None:
    first = desk.wait_for_update(NAME, "", 0)
    assert first == proof(desk).version
    assert desk.wait_for_update(NAME, first, 0) is None
    told: list[str | None] = []
    waiting = threading.Thread(target=lambda: told.append(desk.wait_for_update(NAME, first, 60)))
    waiting.start()
    desk.invalidate(set())  # nothing has changed, so nobody need know
    seen = desk.file_stamps()
    edit(root / NAME, "机关: 古县", "机关: 新县")
    settle(desk, seen)
    waiting.join(60)
    assert told == [proof(desk).version]
    assert told != [first]


def test_who_waits_is_sent_away_at_the_end(desk: PreviewStore) -> None:
    version = desk.version(NAME)
    ended: list[bool] = []

    def wait() -> None:
        with pytest.raises(StoreClosedError):
            desk.wait_for_update(NAME, version, 60)
        ended.append(True)

    waiting = threading.Thread(target=wait)
    waiting.start()
    desk.close()
    waiting.join(60)
    assert ended == [True]
