"""Reading outputs back with parsers that had no part in making them."""

from __future__ import annotations

import re

import cmarkgfm
from cmarkgfm.cmark import Options
from lxml import html


def gfm(text: str) -> str:
    """Markdown to HTML as GitHub reads it, raw HTML included."""
    page: str = cmarkgfm.github_flavored_markdown_to_html(text, Options.CMARK_OPT_UNSAFE)
    return page


def words(page: str) -> str:
    """The text of a piece of HTML without white space, the numbers of lists included."""
    tree = html.fragment_fromstring(page or "<p></p>", create_parent="main")
    for numbered in tree.iter("ol"):
        number = int(numbered.get("start", 1))
        for item in numbered.findall("li"):
            number = int(item.get("value", number))
            item.text = f"{number}.{item.text or ''}"
            number += 1
    return squeeze(tree.text_content())


def squeeze(text: str) -> str:
    """Text without white space."""
    return re.sub(r"\s+", "", text)
