"""The folder of the fonts, and the message when they are missing or damaged."""

import json
import re
import sys
from pathlib import Path

import pytest

from nianbao.rendering.fonts import (
    FACES,
    FontsMissingError,
    damaged_faces,
    font_face_css,
    font_folder,
    store,
)
from nianbao.rendering.fonts import installed_faces as load
from tests.support import ROOT


def fill(folder: Path) -> dict[str, Path]:
    """Write a whole set whose fonts are a few bytes each."""
    folder.mkdir(parents=True)
    entries = {}
    for face in FACES:
        (folder / f"{face.key}.otf").write_bytes(b"OTTO")
        entries[face.key] = {
            "file": f"{face.key}.otf",
            "size": 4,
            "sha256": "e4a4fb9ed2af6d63ea1a5cdfe5e5b2c5" * 2,
            "source": "test",
        }
    (folder / "coverage.json").write_text("{}", encoding="utf-8")
    (folder / "manifest.json").write_text(json.dumps({"faces": entries}), encoding="utf-8")
    return {face.key: folder / f"{face.key}.otf" for face in FACES}


def test_the_variable_chooses_the_folder(folder: Path) -> None:
    assert font_folder() == folder


def test_a_checkout_keeps_its_fonts_to_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NIANBAO_FONTS", raising=False)
    assert font_folder() == ROOT / ".fonts"


def test_an_installed_nianbao_uses_the_users_data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NIANBAO_FONTS", raising=False)
    monkeypatch.setattr(store, "checkout", lambda: None)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert font_folder() == tmp_path / "data" / "nianbao" / "fonts"
    with pytest.raises(FontsMissingError, match="nianbao fonts"):
        load()


@pytest.mark.usefixtures("folder")
def test_without_fonts_the_message_names_the_folder_and_the_command() -> None:
    with pytest.raises(FontsMissingError, match=r"还没有装好.*请运行"):
        load()


def test_a_whole_set_is_loaded_in_the_order_of_the_faces(folder: Path) -> None:
    paths = fill(folder)
    assert [(found.face.key, found.path) for found in load()] == list(paths.items())


def test_a_font_cut_short_is_damaged(folder: Path) -> None:
    paths = fill(folder)
    paths["kai"].write_bytes(b"OT")
    with pytest.raises(FontsMissingError, match=rf"损坏：{re.escape(str(paths['kai']))}"):
        load()


@pytest.mark.parametrize("name", ["hei.otf", "coverage.json", "manifest.json"])
def test_a_file_that_is_gone_is_noticed(folder: Path, name: str) -> None:
    fill(folder)
    (folder / name).unlink()
    with pytest.raises(FontsMissingError, match="请运行"):
        load()


@pytest.mark.parametrize(
    "manifest", ["", "[]", '{"faces": 1}', '{"faces": {}}', '{"faces": {"fangsong": []}}']
)
def test_a_damaged_manifest_is_no_traceback(folder: Path, manifest: str) -> None:
    fill(folder)
    (folder / "manifest.json").write_text(manifest, encoding="utf-8")
    with pytest.raises(FontsMissingError, match="请运行"):
        load()


def test_changed_bytes_of_the_same_size_show_in_the_digest_only(folder: Path) -> None:
    fill(folder)
    assert len(load()) == len(FACES)
    assert [found.face.key for found in damaged_faces()] == [face.key for face in FACES]


def test_the_css_declares_each_family_with_a_file_url(folder: Path) -> None:
    fill(folder)
    css = font_face_css()
    assert re.findall(r'font-family:"([^"]+)"', css) == [face.family for face in FACES]
    assert re.findall(r'url\("([^"]+)"\)', css) == [
        (folder / f"{face.key}.otf").as_uri() for face in FACES
    ]
