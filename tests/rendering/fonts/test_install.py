"""Setting the fonts up, with tiny fonts in place of the real packages."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from nianbao.rendering.fonts import (
    FontsMissingError,
    damaged_faces,
    installed_faces,
    stack,
    uncovered,
)
from nianbao.rendering.fonts import install as module
from nianbao.rendering.fonts.sources import DEBIAN, PYPI, Echo, FontDownloadError, FontFile

from .conftest import tiny_sources

Fetch = Callable[[Path, Echo], Mapping[str, FontFile]]


def gives(characters: str) -> Fetch:
    return lambda fetched, _echo: tiny_sources(fetched, characters)


def fails(_fetched: Path, _echo: Echo) -> Mapping[str, FontFile]:
    raise FontDownloadError("连不上网络")


def offer(monkeypatch: pytest.MonkeyPatch, debian: Fetch, pypi: Fetch) -> None:
    monkeypatch.setattr(module, "_SOURCES", {"debian": debian, "pypi": pypi})


def install(force: bool = False) -> list[str]:
    lines: list[str] = []
    module.install(force, lines.append)
    return lines


def test_fonts_are_set_up_and_whole(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, gives("年报"), fails)
    assert install()[-1] == f"字体已装好：{folder}"
    assert len(installed_faces()) == 5
    assert damaged_faces() == []
    assert uncovered("年报告", stack("kai")) == ["告"]


def test_nothing_is_fetched_twice(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, gives("年"), fails)
    install()
    offer(monkeypatch, fails, fails)
    assert install() == [f"字体已备好：{folder}"]


def test_another_recipe_renews_the_fonts(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, gives("年"), fails)
    install()
    monkeypatch.setattr(module, "recipe", lambda: "another")
    offer(monkeypatch, gives("年报"), fails)
    install()
    assert uncovered("报", stack("song")) == []
    assert len(list(folder.glob("*.otf"))) == 5


def test_damaged_bytes_are_fixed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, gives("年"), fails)
    install()
    path = installed_faces()[0].path
    path.write_bytes(b"\0" * path.stat().st_size)
    assert install()[-1] == f"字体已装好：{folder}"
    assert damaged_faces() == []


@pytest.mark.usefixtures("folder")
def test_a_renewal_that_fails_leaves_the_old_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, gives("年"), fails)
    install()
    offer(monkeypatch, fails, fails)
    assert install(force=True) == ["字体没有更新，继续使用原有的：连不上网络；连不上网络"]
    assert damaged_faces() == []


@pytest.mark.usefixtures("folder")
def test_no_way_to_any_font_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, fails, fails)
    with pytest.raises(FontsMissingError, match="连不上网络"):
        install()


@pytest.mark.usefixtures("folder")
def test_stand_ins_are_used_with_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, fails, gives("年"))
    assert any("代替（连不上网络）" in line for line in install())
    assert uncovered("年", stack("kai")) == []


@pytest.mark.usefixtures("folder")
def test_stand_ins_give_way_once_debian_can_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, fails, gives("年"))
    install()
    monkeypatch.setattr(module, "has_apt", lambda: True)
    offer(monkeypatch, gives("年报"), fails)
    install()
    assert uncovered("报", stack("kai")) == []


@pytest.mark.usefixtures("folder")
def test_stand_ins_do_where_there_is_no_apt(monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, fails, gives("年"))
    install()
    monkeypatch.setattr(module, "has_apt", lambda: False)
    offer(monkeypatch, fails, fails)
    assert install()[0].startswith("字体已备好")


def test_both_origins_have_every_face() -> None:
    assert DEBIAN.keys() == PYPI.keys() == {"fangsong", "kai", "song", "xiaobiaosong", "hei"}
