"""The store: snapshots follow the files."""

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
def store(root: Path) -> PreviewStore:
    return PreviewStore(root, (), folder_pause=0)


def settle(store: PreviewStore, known: dict[Path, tuple[int, ...]]) -> set[Path]:
    """Poll once, pass the changes to the store and return them."""
    changed = {file for file, _ in known.items() ^ store.file_stamps().items()}
    store.invalidate(changed)
    return changed


def snapshot(store: PreviewStore, name: str = NAME) -> Snapshot:
    found = store.snapshot(name)
    assert found is not None
    return found


def page(store: PreviewStore) -> str:
    shown = snapshot(store).page
    assert shown is not None
    return shown.decode()


def rules(store: PreviewStore) -> set[str]:
    return {finding.rule for finding in snapshot(store).findings}


def edit(file: Path, old: str, new: str) -> None:
    """Replace a text in a file, in one step: a waiting thread must not read half of it."""
    text = file.read_text("utf-8")
    assert old in text
    written = file.with_name(f"{file.name}.new")
    written.write_text(text.replace(old, new, 1), "utf-8")
    written.replace(file)


def test_a_snapshot_stays_while_nothing_changes(store: PreviewStore) -> None:
    first = snapshot(store)
    assert snapshot(store) is first
    store.invalidate(set())
    assert snapshot(store).version == first.version


def test_a_save_is_known_in_the_page_and_in_the_findings(root: Path, store: PreviewStore) -> None:
    assert "A101" not in rules(store)
    known = store.file_stamps()
    edit(root / NAME, "机关: 古县", "机关: 新县")
    edit(root / NAME, "总计: 0}", "总计: 7}")
    assert root / NAME in settle(store, known)
    assert "A101" in rules(store)
    known = store.file_stamps()
    edit(root / NAME, "总计: 7}", "总计: 0}")
    settle(store, known)
    assert "A101" not in rules(store)
    assert "新县文化和旅游局" in page(store)


@pytest.mark.parametrize("broken", ["机关: [", "", "一行字\n"])
def test_a_broken_file_keeps_the_last_good_page(
    broken: str, root: Path, store: PreviewStore
) -> None:
    good = snapshot(store)
    assert not good.stale
    known = store.file_stamps()
    (root / NAME).write_text(broken, "utf-8")
    settle(store, known)
    bad = snapshot(store)
    assert (bad.page, bad.stale) == (good.page, True)
    assert {finding.severity for finding in bad.findings} >= {"error"}
    assert bad.version != good.version
    known = store.file_stamps()
    (root / NAME).write_bytes(SEED.read_bytes())
    settle(store, known)
    assert snapshot(store).version == good.version


def test_a_file_that_never_was_good_has_no_page(root: Path) -> None:
    (root / NAME).write_text("机关: [", "utf-8")
    broken = snapshot(PreviewStore(root, (), folder_pause=0))
    assert (broken.page, broken.stale) == (None, False)


def test_a_file_that_goes_is_missed_and_its_page_kept(root: Path, store: PreviewStore) -> None:
    (root / "reports/other.yaml").write_bytes(SEED.read_bytes())
    assert snapshot(store).page
    known = store.file_stamps()
    (root / NAME).unlink()
    settle(store, known)
    assert store.reports == ["reports/other.yaml"]
    assert snapshot(store).stale
    assert [finding.message for finding in snapshot(store).findings] == ["没有这个文件"]


def test_the_year_before_is_watched_though_it_is_not_shown(root: Path) -> None:
    store = PreviewStore(root, (NAME,), folder_pause=0)
    assert "Y201" not in rules(store)
    known = store.file_stamps()
    text = SEED.read_text("utf-8").replace("年度: 2022", "年度: 2021")
    line = "结转下年度继续办理: {自然人: 0"
    assert line in text.replace("  {", " {")
    for number in "0", "4":
        old = text.replace("  {", " {").replace(line, line.replace("0", number))
        (root / "reports/2021.yaml").write_text(old, "utf-8")
        assert "2021.yaml" in {file.name for file in settle(store, known)}
        known = store.file_stamps()
        assert ("Y201" in rules(store)) == (number == "4")
    assert store.reports == [NAME]


def test_settings_and_templates_of_the_repository_are_watched(
    root: Path, store: PreviewStore
) -> None:
    assert "示例路1号" not in page(store)
    known = store.file_stamps()
    (root / "nianbao.toml").write_text('联系方式 = "示例路1号"\n', "utf-8")
    settle(store, known)
    assert "示例路1号" in page(store)
    known = store.file_stamps()
    (root / "nianbao.toml").write_text('样式.强调色 = "#7a1f1f"\n', "utf-8")
    settle(store, known)
    assert "--accent: #7a1f1f" in page(store)
    for name in "extra.css", "report.css":
        for colour in "red", "blue":
            known = store.file_stamps()
            (root / "templates").mkdir(exist_ok=True)
            (root / "templates" / name).write_text(f"h1 {{ color: {colour} }}", "utf-8")
            assert {root / "templates", root / "templates" / name} & settle(store, known)
            assert f"color: {colour}" in page(store)
        assert ("S304" in rules(store)) == (name == "report.css")
        known = store.file_stamps()
        (root / "templates" / name).unlink()
        settle(store, known)
        assert "color: blue" not in page(store)


@pytest.mark.parametrize(
    ("file", "content", "rule"),
    [
        ("templates/report.html", "\n{{ no }}", "S302"),
        ("templates/report.html", "{% if %}", "S302"),
    ],
)
def test_a_fault_next_to_the_report_keeps_the_page_too(
    file: str, content: str, rule: str, root: Path, store: PreviewStore
) -> None:
    good = snapshot(store)
    known = store.file_stamps()
    (root / file).parent.mkdir(exist_ok=True)
    (root / file).write_text(content, "utf-8")
    settle(store, known)
    assert snapshot(store).stale
    assert snapshot(store).page == good.page
    assert snapshot(store).findings[0].rule == rule


def test_wrong_settings_are_listed_and_the_report_is_shown(root: Path, store: PreviewStore) -> None:
    known = store.file_stamps()
    (root / "nianbao.toml").write_text("没有 = 1", "utf-8")
    settle(store, known)
    assert not snapshot(store).stale
    assert snapshot(store).findings[0].rule == "S301"
    assert "古县文化和旅游局" in page(store)


def test_a_report_that_has_only_begun_is_shown_with_what_is_missing(
    root: Path, store: PreviewStore
) -> None:
    known = store.file_stamps()
    (root / NAME).write_text("格式: 2021\n年度: 2023\n", "utf-8")
    settle(store, known)
    assert not snapshot(store).stale
    assert "还有 166 格" in page(store)


def test_a_bug_is_reported_with_its_log_and_costs_no_more_than_that(
    root: Path, store: PreviewStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    good = snapshot(store)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def broken(*_arguments: object) -> bytes:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("nianbao.preview.snapshot.render_draft", broken)
    store.invalidate({root / "nianbao.toml"})
    bad = snapshot(store)
    assert (bad.page, bad.stale, bad.findings) == (good.page, True, good.findings)
    assert "没有做完：reports/2022.yaml html。" in bad.failures[0]
    (log,) = tmp_path.glob("nianbao-*.log")
    assert "ZeroDivisionError: a bug" in log.read_text("utf-8")
    store.invalidate({root / "nianbao.toml"})
    assert snapshot(store).version == bad.version
    assert list(tmp_path.glob("nianbao-*.log")) == [log]
    monkeypatch.undo()


@pytest.mark.parametrize("folder", ["templates", "reports"])
def test_a_folder_that_becomes_a_link_is_not_followed(
    folder: str, root: Path, store: PreviewStore, tmp_path: Path
) -> None:
    good = snapshot(store)
    known = store.file_stamps()
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "report.html").write_text("SECRET", "utf-8")
    (outside / "2022.yaml").write_text("SECRET: 1", "utf-8")
    if folder == "reports":
        (root / folder).rename(root / "away")
    (root / folder).symlink_to(outside, target_is_directory=True)
    settle(store, known)
    assert snapshot(store).page == good.page
    assert "是一个链接" in snapshot(store).failures[0]
    assert "SECRET" not in repr(snapshot(store))


def test_reports_come_and_go(root: Path, store: PreviewStore) -> None:
    before = store.version("")
    known = store.file_stamps()
    (root / "reports/unit").mkdir()
    (root / "reports/unit/2022.yml").write_bytes(SEED.read_bytes())
    settle(store, known)
    assert store.reports == [NAME, "reports/unit/2022.yml"]
    assert store.version("") != before
    assert store.snapshot("reports/unit/2022.yml")
    assert store.snapshot("reports/none.yaml") is None


def test_only_the_files_of_open_reports_are_watched(root: Path, store: PreviewStore) -> None:
    write_repo(root.parent, **{f"unit{n}__2022": SEED.read_bytes() for n in range(30)})
    settle(store, {})
    assert len(store.reports) == 31
    assert [file for file in store.file_stamps() if file.suffix == ".yaml"] == []
    assert snapshot(store, "reports/unit7/2022.yaml").page
    watched = {file for file in store.file_stamps() if file.suffix == ".yaml"}
    unit = root / "reports/unit7"
    assert watched == {unit / "2022.yaml", unit / "2021.yaml"}


def test_a_report_that_is_not_watched_is_read_again_when_it_is_asked_for(
    root: Path, store: PreviewStore
) -> None:
    first = snapshot(store)
    edit(root / NAME, "机关: 古县", "机关: 新县")
    assert "新县文化和旅游局" in page(store)
    last = snapshot(store)
    assert last.version != first.version
    assert snapshot(store) is last


def test_reports_come_to_a_folder_that_is_named(root: Path) -> None:
    write_repo(root.parent, unit__2022=SEED.read_bytes())
    store = PreviewStore(root, ("reports/unit",), folder_pause=0)
    known = store.file_stamps()
    (root / "reports/unit/deep").mkdir()
    (root / "reports/unit/deep/2021.yaml").write_bytes(SEED.read_bytes())
    settle(store, known)
    assert store.reports == ["reports/unit/2022.yaml", "reports/unit/deep/2021.yaml"]
    known = store.file_stamps()
    (root / "reports/unit/deep/2021.yaml").unlink()
    settle(store, known)
    assert store.reports == ["reports/unit/2022.yaml"]


def test_who_waits_is_reported_of_a_newer_snapshot_alone(root: Path, store: PreviewStore) -> None:
    first = store.wait_for_update(NAME, "", 0)
    assert first == snapshot(store).version
    assert store.wait_for_update(NAME, first, 0) is None
    reported: list[str | None] = []
    waiting = threading.Thread(
        target=lambda: reported.append(store.wait_for_update(NAME, first, 60))
    )
    waiting.start()
    store.invalidate(set())  # nothing has changed, so nobody need know
    known = store.file_stamps()
    edit(root / NAME, "机关: 古县", "机关: 新县")
    settle(store, known)
    waiting.join(60)
    assert reported == [snapshot(store).version]
    assert reported != [first]


def test_who_waits_is_sent_away_at_the_end(store: PreviewStore) -> None:
    version = store.version(NAME)
    ended: list[bool] = []

    def wait() -> None:
        with pytest.raises(StoreClosedError):
            store.wait_for_update(NAME, version, 60)
        ended.append(True)

    waiting = threading.Thread(target=wait)
    waiting.start()
    store.close()
    waiting.join(60)
    assert ended == [True]
