"""The patterns of the parser of HTML, which it keeps."""

from __future__ import annotations

import tinyhtml5
from hypothesis import given
from hypothesis import strategies as st
from tinyhtml5 import inputstream

from nianbao.rendering.pdf.weasyprint_patches import patched_weasyprint
from nianbao.rendering.pdf.weasyprint_patches.html5_patterns import PatternCache

SETS = st.frozensets(st.characters(max_codepoint=0x7F), min_size=1)


@given(SETS, st.booleans(), st.text(st.characters(max_codepoint=0xFF)))
def test_a_pattern_finds_a_run_of_these_characters_or_of_all_others(
    characters: frozenset[str], of_these: bool, text: str
) -> None:
    found = PatternCache()[characters, of_these].match(text)
    run = 0
    while run < len(text) and (text[run] in characters) == of_these:
        run += 1
    assert (found.end() if found else 0) == run


def test_a_second_page_needs_no_further_patterns() -> None:
    patched_weasyprint()
    page = "<p class='a' id=b>话 &amp; <!-- x -->\n<b>话</b><style>a>b{}</style>"
    tinyhtml5.parse(page)
    patterns = inputstream.characters_until_regex
    known = dict(patterns)
    assert known
    tinyhtml5.parse(page + page)
    assert dict(patterns) == known
