"""Setting the fonts up, with tiny fonts in place of the real packages."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from nianbao.rendering.fonts import (
    SCRIPTS,
    FontsMissingError,
    damaged_faces,
    font_face_css,
    installed_faces,
    scripts_in,
    stack,
    uncovered,
)
from nianbao.rendering.fonts import install as module
from nianbao.rendering.fonts import sources as sources_module
from nianbao.rendering.fonts.sources import (
    DEBIAN,
    DEBIAN_SCRIPTS,
    PYPI,
    Echo,
    FontDownloadError,
    FontFile,
)

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


def test_debian_has_the_faces_of_other_scripts() -> None:
    assert DEBIAN_SCRIPTS.keys() == {face.key for face in SCRIPTS}


@pytest.mark.usefixtures("folder")
def test_a_face_of_another_script_has_its_characters_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fetch(fetched: Path, _echo: Echo) -> Mapping[str, FontFile]:
        sources = tiny_sources(fetched, "年ꆈ")
        return {**sources, "yi": sources["song"]}

    offer(monkeypatch, fetch, fails)
    install()
    assert [installed.face.key for installed in installed_faces()][5:] == ["yi"]
    assert uncovered("年ꆈ", ["nianbao-yi"]) == ["年"]
    assert [face.key for face in scripts_in("年ꆈ")] == ["yi"]
    assert scripts_in("年") == ()
    assert "nianbao-yi" not in font_face_css()
    assert "nianbao-yi" in font_face_css(scripts_in("ꆈ"))


def test_without_a_package_of_other_scripts_the_five_faces_are_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def download(package: str, folder: Path) -> Path:
        if package == "fonts-hanazono":
            raise FontDownloadError("没有这个软件包")
        return folder / package

    def unpack(archive: Path, members: set[str], folder: Path) -> None:
        archive.touch()
        for name in members:
            (folder / name).touch()

    monkeypatch.setattr(sources_module, "has_apt", lambda: True)
    monkeypatch.setattr(sources_module, "_apt_download", download)
    monkeypatch.setattr(sources_module, "_unpack_deb", unpack)
    lines: list[str] = []
    fetched = sources_module.fetch_debian(tmp_path, lines.append)
    assert {*DEBIAN, *DEBIAN_SCRIPTS} - set(fetched) == {"rare-hanzi"}
    assert any("没有取得 fonts-hanazono" in line for line in lines)
