"""The watcher: what counts as a change, and when it is reported."""

from __future__ import annotations

import os
import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from nianbao.preview.watcher import (
    INTERVAL,
    FolderPoll,
    RecordingReader,
    files_in,
    folders_below,
    stamps,
    watch,
)
from nianbao.workspace.previous_year import find_previous_year
from tests.support import SEED

if TYPE_CHECKING:
    import pytest

A, B = Path("a"), Path("b")


class Script:
    """Looks that were written down beforehand; the last one stays."""

    def __init__(self, *looks: dict[Path, int]) -> None:
        self._looks = list(looks)
        self.waits: list[float] = []
        self.taken = 0

    def look(self) -> dict[Path, tuple[int, ...]]:
        self.taken += 1
        now = self._looks[0] if len(self._looks) == 1 else self._looks.pop(0)
        return {path: (stamp,) for path, stamp in now.items()}

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)


def test_what_changes_comes_or_goes_is_reported() -> None:
    script = Script({A: 2}, {A: 2}, {A: 2, B: 1}, {A: 2, B: 1}, {B: 1}, {B: 1})
    reported = watch(script.look, {A: (1,)}, script.wait)
    assert [next(reported) for _ in range(3)] == [{A}, {B}, {A}]


def test_several_saves_are_one_change() -> None:
    script = Script({A: 2}, {A: 3}, {}, {A: 4, B: 1}, {A: 4, B: 1})
    reported = watch(script.look, {A: (1,)}, script.wait)
    assert next(reported) == {A, B}
    assert script.taken == 5


def test_a_file_that_is_as_it_was_has_not_changed() -> None:
    script = Script({A: 2}, {A: 1}, {A: 1}, {A: 1, B: 1}, {A: 1, B: 1})
    reported = watch(script.look, {A: (1,)}, script.wait)
    assert next(reported) == {B}


def test_a_file_that_never_rests_is_reported_all_the_same() -> None:
    script = Script(*({A: number} for number in range(2, 1000)))
    reported = watch(script.look, {A: (1,)}, script.wait)
    assert next(reported) == {A}
    assert script.taken < 20


def test_there_is_a_pause_between_looks() -> None:
    script = Script({A: 1}, {A: 1}, {A: 2}, {A: 2})
    assert next(watch(script.look, {A: (1,)}, script.wait)) == {A}
    assert len(script.waits) >= 3
    assert min(script.waits) >= INTERVAL


def test_every_way_of_saving_gives_another_stamp(tmp_path: Path) -> None:
    file, other = tmp_path / "2022.yaml", tmp_path / ".2022.yaml.swp"
    known = []
    file.write_text("1")
    known.append(stamps([file]))
    file.write_text("12")
    known.append(stamps([file]))
    # The same length, at the same moment as the system reports it, by another name first.
    other.write_text("21")
    os.utime(other, ns=(file.stat().st_atime_ns, file.stat().st_mtime_ns))
    other.replace(file)
    known.append(stamps([file]))
    file.unlink()
    known.append(stamps([file]))
    assert [each for each in known if known.count(each) > 1] == []
    assert known[-1] == {file: ()}


def test_folders_that_are_not_there_hold_nothing_and_links_are_not_followed(
    tmp_path: Path,
) -> None:
    assert files_in(tmp_path / "no") == []
    assert folders_below(tmp_path / "no") == [tmp_path / "no"]
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "in" / "a").touch()
    (tmp_path / "link").symlink_to("in")
    assert folders_below(tmp_path) == [tmp_path, tmp_path / "in", tmp_path / "in" / "deep"]
    assert sorted(files_in(tmp_path / "in")) == [tmp_path / "in" / "a", tmp_path / "in" / "deep"]
    assert folders_below(tmp_path / "link") == [tmp_path / "link"]
    assert files_in(tmp_path / "link") == []


def test_a_folder_is_polled_after_a_pause(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    at_once, later = FolderPoll(0), FolderPoll(60)
    first = at_once.stamp([tmp_path]), later.stamp([tmp_path])
    (tmp_path / "a").unlink()
    os.utime(tmp_path, ns=(1, 1))
    assert at_once.stamp([tmp_path]) != first[0]
    assert later.stamp([tmp_path]) == first[1]


def test_a_folder_that_has_just_changed_is_reported_once_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    poll = FolderPoll(0)
    now = tmp_path.stat().st_mtime_ns
    found = []
    for seconds in 0, 1, 3, 4, 60:
        monkeypatch.setattr(time, "time_ns", lambda: now + seconds * 10**9)  # noqa: B023
        found.append(poll.stamp([tmp_path, tmp_path / "no"]))
    assert [one == other for one, other in pairwise(found)] == [True, False, True, True]


def test_what_a_report_depends_on_is_recorded_as_it_was_before(tmp_path: Path) -> None:
    reader = RecordingReader()
    file = tmp_path / "2022.yaml"
    file.write_bytes(SEED.read_bytes())
    before = stamps([file])
    assert reader.read(file, "2022.yaml").data
    file.write_text("", "utf-8")
    assert not reader.read(file, "2022.yaml").data
    assert reader.stamps == before
    assert find_previous_year(file, 2022, reader).path is None
    assert reader.stamps[tmp_path / "2021.yaml"] == ()
    assert reader.stamps[tmp_path] == stamps([tmp_path])[tmp_path]
