"""The table of units in the preview: found in a thread, kept current, linked."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from nianbao.preview.board import Board, StatusBoard
from nianbao.preview.store import PreviewStore
from nianbao.preview.views import list_page
from nianbao.workspace.units import UnitIndex
from tests.county.counties import County, make_county, name_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PATIENCE = 30


def until(ready: Callable[[], bool]) -> None:
    """Wait until something is true."""
    end = time.monotonic() + PATIENCE
    while not ready():
        assert time.monotonic() < end
        time.sleep(0.02)


def whole(board: StatusBoard) -> Board:
    """Return the board once every state is known."""
    until(lambda: (view := board.view()) is not None and not view.unknown)
    view = board.view()
    assert view
    return view


def states(board: StatusBoard) -> list[str]:
    return [unit.state for unit in whole(board).status.units]


def test_states_are_found_and_follow_the_files(tmp_path: Path) -> None:
    county = make_county(tmp_path, 2)
    noticed = threading.Event()
    board = StatusBoard(county.root, noticed.set)
    board.set_index(UnitIndex(county.root))
    first = board.view()
    assert first is not None
    assert first.unknown == 3
    assert states(board) == ["未交", "可以公布", "可以公布"]
    assert noticed.wait(PATIENCE)
    version = board.version
    county.change(county.units[0], "维护栏目3个。", "【待定稿】")
    until(lambda: states(board)[1] == "草稿")
    until(lambda: board.version > version)  # it changes a moment after the state
    (county.root / "nianbao.toml").write_text('期限 = "01-10"\n', "utf-8")
    until(lambda: states(board)[2] == "迟交")
    county.file(county.units[1]).unlink()
    board.set_index(UnitIndex(county.root))
    until(lambda: states(board)[2] == "未交")
    board.close()


def test_without_a_roster_there_is_no_board(tmp_path: Path) -> None:
    county = make_county(tmp_path, 1, has_roster=False)
    board = StatusBoard(county.root, lambda: None)
    board.set_index(UnitIndex(county.root))
    assert board.view() is None
    assert list_page(["reports/a/2022.yaml"], "1", "x", None).count("<li>") == 1


def stored(county: County) -> PreviewStore:
    return PreviewStore(county.root, (), folder_pause=0)


def test_the_list_links_each_unit_and_lists_the_other_reports(tmp_path: Path) -> None:
    county = make_county(tmp_path, 2)
    unit = county.units[0]
    earlier = county.file(unit).with_name("2022.yaml")
    earlier.write_bytes(county.file(unit).read_bytes())
    store = stored(county)
    until(lambda: (board := store.board()) is not None and not board.unknown)
    page = list_page(store.reports, "1", "x", store.board())
    assert "2023 年度年报进度" in page
    assert "3 个单位，未交 1，可以公布 2" in page
    assert page.count('href="/report/') == 3  # the government has none yet
    name = next(each for each in store.reports if each.endswith(f"{unit}/2022.yaml"))
    assert page.index(name_of(unit)) < page.index("别的报告") < page.index(f">{name}</a>")
    store.close()


def test_a_roster_that_comes_brings_the_table(tmp_path: Path) -> None:
    county = make_county(tmp_path, 1)
    roster = county.root / "units.toml"
    text = roster.read_text("utf-8")
    roster.unlink()
    store = stored(county)
    assert store.board() is None
    version = store.version("")
    roster.write_text(text, "utf-8")
    store.invalidate({roster})
    assert store.board() is not None
    assert store.version("") != version
    store.close()


def test_a_sum_in_the_preview_follows_its_units(tmp_path: Path) -> None:
    from tests.county.test_summing import finish, summed

    county = make_county(tmp_path, 2)
    summed(county)
    finish(county.sum)
    store = stored(county)
    name = next(each for each in store.reports if each.endswith("reports/2023.yaml"))

    def rules() -> set[str]:
        snapshot = store.snapshot(name)
        assert snapshot
        return {finding.rule for finding in snapshot.findings if finding.rule[0] == "H"}

    assert rules() == set()
    row = "    行政许可: {本年处理决定数量: "
    county.change(county.units[0], row, row + "9")
    assert rules() == {"H601"}
    county.file(county.units[0]).unlink()
    store.invalidate({county.root / "reports"})
    assert rules() == {"H603"}
    store.close()
