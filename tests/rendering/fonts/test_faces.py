"""The faces and the order in which they stand in for one another."""

import pytest

from nianbao.rendering.fonts import FACES, face_for, stack


def test_keys_and_families_are_reported_apart() -> None:
    assert [face.key for face in FACES] == ["fangsong", "kai", "song", "xiaobiaosong", "hei"]
    assert [face.family for face in FACES] == [f"nianbao-{face.key}" for face in FACES]


def test_the_song_and_the_hei_close_every_stack() -> None:
    assert stack("fangsong") == ["nianbao-fangsong", "nianbao-song", "nianbao-hei"]
    assert stack("song") == ["nianbao-song", "nianbao-hei"]
    assert stack("hei") == ["nianbao-hei", "nianbao-song"]


def test_official_faces_go_first_only_on_request() -> None:
    families = stack("xiaobiaosong", system_first=True)
    assert families[0] == "方正小标宋简体"
    assert families[-3:] == ["nianbao-xiaobiaosong", "nianbao-song", "nianbao-hei"]


def test_an_unknown_purpose_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(KeyError):
        face_for("times")
