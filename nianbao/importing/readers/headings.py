"""Recognize headings of sections, even if an office uses its own wording."""

from __future__ import annotations

import re
from typing import Final

from nianbao.importing.readers.builder import EDGES
from nianbao.importing.vocabulary import HIDDEN, section_key
from nianbao.model.form import load_form
from nianbao.model.schema import editions

_NUMBER: Final = (
    r"(?:[一二三四五六七八]\s*[、，,.．:：]\s*|第[一二三四五六七八](?:部分|[章篇])\s*[、：:]?\s*)"
)
# The rows of table three are numbered like the sections.
_ROW: Final = r"(?!本年新收|上年结转|本年度?办理结果|结转下)"
_NUMBERED = re.compile(rf"{_NUMBER}{_ROW}")
_LONGEST: Final = 60


def section_number(text: str) -> int:
    """Return the number of the section that a heading belongs to, counted from 1.

    Return 0 if `text` is no heading of a section.
    """
    text = HIDDEN.sub("", text.strip(EDGES))
    if len(text) > _LONGEST or re.search("[。；]", text):
        return 0
    key = section_key(text, guess=bool(_NUMBERED.match(text)))
    sections = load_form(max(editions())).sections
    return next((n for n, section in enumerate(sections, 1) if section.key == key), 0)
