"""A pattern is compiled when it is first used."""

from __future__ import annotations

import re

import pytest

from nianbao.utils.patterns import lazy_pattern


def test_a_lazy_pattern_does_what_a_compiled_one_does() -> None:
    pattern = "(?P<count>[0-9]+)件"
    lazy, compiled = lazy_pattern(pattern), re.compile(pattern)
    text = "收到12件，办结9件"
    assert [match["count"] for match in lazy.finditer(text)] == ["12", "9"]
    assert lazy.sub("若干", text) == compiled.sub("若干", text)
    assert (lazy.pattern, lazy.flags) == (compiled.pattern, compiled.flags)


def test_a_pattern_is_not_compiled_before_its_first_use() -> None:
    wrong = lazy_pattern("(")
    with pytest.raises(re.error):
        wrong.match("")
