"""The watcher: what counts as a change, and when it is reported."""

from __future__ import annotations

import os
from pathlib import Path

from nianbao.preview.watcher import INTERVAL, files_below, files_in, stamps, watch

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
    assert known[-1] == {}


def test_folders_that_are_not_there_hold_nothing(tmp_path: Path) -> None:
    assert files_in(tmp_path / "no") == []
    assert files_below(tmp_path / "no") == []
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a").touch()
    assert files_below(tmp_path) == [tmp_path / "in" / "a"]
