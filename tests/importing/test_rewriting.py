"""A line of prose is rewritten, and what stays keeps its references and marks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.diff.words import Budget
from nianbao.importing.rewriting import printed_text, rewrite, split_line


def _rewritten(line: str, new: str, value: str = "12") -> str | None:
    """Return a line in which every reference is printed as `value`, rewritten to print `new`."""
    starts = [at for at in range(len(line)) if line.startswith("{{", at)]
    pieces = split_line(line, dict.fromkeys(starts, value))
    return rewrite(pieces, printed_text(pieces), new, Budget())


@pytest.mark.parametrize(
    ("line", "new", "expected"),
    [
        ("新收{{ a.b }}件，办结3件。", "共新收12件，办结4件。", "共新收{{ a.b }}件，办结4件。"),
        ("新收{{ a.b }}件。", "新收13件。", "新收13件。"),
        ("甲乙{{ a }}丁戊", "子丑12卯辰", "子丑{{ a }}卯辰"),
        ("收到12件，退回{{ a }}次", "12月收到5件", "12月收到5件"),
        ("甲**乙**丙", "甲丁丙", "甲**丁**丙"),
        ("甲**乙**丙", "甲子乙丑丙", "甲子**乙**丑丙"),
        ("甲**乙**丙", "甲丙", "甲丙"),
        (
            "见[网站](https://a.cn/)，每日更新",
            "见网站，每周更新",
            "见[网站](https://a.cn/)，每周更新",
        ),
        ("1. 甲", "1.乙", "1. 乙"),
        ("  - 甲 乙", "- 甲 丙", "  - 甲 丙"),
        ("## 甲乙", "甲丙", "## 甲丙"),
        ("a\\*b", "a*b*c", "a\\*b\\*c"),
        ("甲", "# 乙", "\\# 乙"),
    ],
)
def test_a_line_prints_the_new_text_and_keeps_its_markup(
    line: str, new: str, expected: str
) -> None:
    assert _rewritten(line, new) == expected


def test_a_line_that_prints_something_else_is_not_rewritten() -> None:
    pieces = split_line("甲乙", {})
    assert rewrite(pieces, "甲丙", "甲丁", Budget()) is None


_TEXTS = st.text(alphabet="甲乙丙12 ，。件", max_size=12).map(lambda text: text.strip() or "甲")


@given(st.lists(st.sampled_from(["甲", "12", "**乙**", "{{ a }}", "[丙](x)", "，", " "])), _TEXTS)
def test_every_rewritten_line_prints_the_new_text(parts: list[str], new: str) -> None:
    line = _rewritten("丁" + "".join(parts), new)
    assert line is not None
    starts = [at for at in range(len(line)) if line.startswith("{{", at)]
    printed = printed_text(split_line(line, dict.fromkeys(starts, "12")))
    assert "".join(printed.split()) == "".join(new.split())
