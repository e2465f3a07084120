"""Number the changes in the web page of a redline (a report with marked changes).

Each change has links to the previous and the next change.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Iterator

# <ins> and <del> hold only text (nianbao/rendering/markdown/revisions.py); one with another class
# is no change. A link can't hold other links, so it is a change as a whole.
_MARKED: Final = r'<(?:ins|del)(?: class="moved")?>[^<]*</(?:ins|del)>'
_INLINE: Final = rf"<(?:strong|em|code|span)>(?:{_MARKED})+</(?:strong|em|code|span)>"
_IN_LINK: Final = r"(?:(?!</?a[ >]).)*"
# The first mark is looked for once, so that matching takes linear time.
_LINK: Final = rf"<a [^>]*>(?>{_IN_LINK}?<(?:ins|del)){_IN_LINK}+</a>"
_PIECE: Final = f"(?:{_MARKED}|{_INLINE}|{_LINK})"
# Deletions and insertions with only blanks between them are one change.
_CHANGE: Final = re.compile(rf"{_PIECE}(?:\s*{_PIECE})*", re.DOTALL)
# The place of the line that leads to the first change, in templates/redline.html.
_START_PLACE: Final = "<!-- steps -->"
_START: Final = Markup(
    '<p class="walk"><a href="#c1">从第一处改动看起</a>，共{}处'
    '<label hidden>；<input type="checkbox" checked>按 n 看下一处，按 p 看上一处</label>'
    '<span role="status"></span></p>'
)
_STEP: Final = Markup(
    '<span class="change" id="c{0}" tabindex="-1">{1}'
    '<span class="steps" hidden><span>第{0}处，共{2}处</span>{3}</span></span>'
)
_LINK_TO: Final = Markup('<a href="#c{}">{}</a>')


def add_steps(page: str) -> str:
    """Return the web page of a redline with links from change to change.

    Each change gets an ID (c1, c2 …) and links to the previous and the next change. A line above
    the report links to the first change.
    """
    head, body, content = page.partition("<body")
    total = sum(1 for _ in _CHANGE.finditer(content))
    numbers = iter(range(1, total + 1))

    def step(change: re.Match[str]) -> str:
        number = next(numbers)
        links = Markup().join(_links(number, total))
        return _STEP.format(number, Markup(change[0]), total, links)

    # The style sheet shows the links of a change while the change is the target of the URL.
    content = content.replace(_START_PLACE, _START.format(total) if total else "", 1)
    return head + body + _CHANGE.sub(step, content)


def _links(number: int, total: int) -> Iterator[Markup]:
    if number > 1:
        yield _LINK_TO.format(number - 1, "上一处")
    if number < total:
        yield _LINK_TO.format(number + 1, "下一处")
