"""The characters that the fonts are cut to."""

from nianbao.rendering.fonts import charset


def test_the_table_of_2013_has_its_8105_characters_in_order() -> None:
    table = charset.tongyong()
    assert len(table) == len(set(table)) == 8105
    # The first and last of the three levels, as the table numbers them.
    assert [table[i - 1] for i in (1, 3500, 3501, 6500, 6501, 8105)] == list("一矗乂齉亍蠼")


def test_the_table_reaches_beyond_the_basic_plane() -> None:
    assert {"㙍", "𬭎", "𫚭"} <= set(charset.tongyong())
    assert sum(ord(character) > 0xFFFF for character in charset.tongyong()) == 196


def test_gb2312_has_its_6763_hanzi() -> None:
    hanzi = charset.gb2312()
    assert len(hanzi) == len(set(hanzi)) == 6763
    assert hanzi[0] == "啊"
    assert hanzi[-1] == "齄"


def test_signs_of_office_documents_are_wanted() -> None:
    wanted = charset.code_points_to_keep(wide=False)
    signs = "“”‘’…—·、。《》〈〉〔〕【】（）％①⑳⑴⒈㈠㈩ⅠⅫ㎡㎏℃‰№→←×÷±≤≥□■○●△▲◇◆★☆√〇￥"
    assert not [sign for sign in signs if ord(sign) not in wanted]


def test_only_the_wide_set_has_traditional_characters_of_gbk() -> None:
    assert ord("陳") in charset.code_points_to_keep(wide=True)
    assert ord("陳") not in charset.code_points_to_keep(wide=False)
