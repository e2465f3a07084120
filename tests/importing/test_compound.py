"""The directory of compound files."""

from __future__ import annotations

import random

from nianbao.importing.compound import top_level_names
from tests.importing.compound_files import compound_file


def test_names_of_the_top_level_are_read_without_those_of_embedded_objects() -> None:
    data = compound_file("WordDocument", "1Table", "Data", embedded=("Workbook", "CompObj"))
    assert top_level_names(data) == {"WordDocument", "1Table", "Data", "ObjectPool"}


def test_a_directory_that_refers_to_itself_ends() -> None:
    data = bytearray(compound_file("WordDocument", "1Table"))
    data[0x4C + 436 + 4 : 0x4C + 436 + 8] = b"\1\0\0\0"  # sector 1 is followed by sector 1
    assert "WordDocument" in top_level_names(bytes(data))


def test_damaged_directories_raise_nothing() -> None:
    whole = compound_file("WordDocument", "1Table", embedded=("Workbook",))
    chance = random.Random(3)
    for _ in range(500):
        data = bytearray(whole[: chance.randrange(8, len(whole) + 1)])
        for _ in range(20):
            data[chance.randrange(8, len(data) + 1) - 1] = chance.randrange(256)
        top_level_names(bytes(data))
