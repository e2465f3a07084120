"""Numbers in prose."""

from __future__ import annotations

from nianbao.checks.claims.numerals import find_numerals


def test_a_number_of_a_million_digits_is_no_number() -> None:
    text = f"收到申请{'9' * 1_100_000}万件，办结12件"
    assert [numeral.value for numeral in find_numerals(text)] == [12]
