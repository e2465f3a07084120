"""Everything that can be found: the rules' pages, and those of structure and of waivers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from nianbao.finding import Severity
from nianbao.rules import RULES
from nianbao.rules.page import read_page
from nianbao.rules.waivers import PAGES
from nianbao.structure_pages import STRUCTURE_PAGES

if TYPE_CHECKING:
    from nianbao.rules.rule import Rule

# The families by the first letter of an ID, in the order in which they are told.
FAMILIES: Final = {
    "S": "文件和结构",
    "A": "勾稽关系",
    "Y": "和上一年比",
    "P": "正文和表格比",
    "F": "格式和习惯",
    "W": "豁免",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One kind of finding: `text` is the rest of its page for a terminal, `markdown` for a page."""

    id: str
    severity: Severity
    title: str
    text: str
    markdown: str


def entries() -> tuple[Entry, ...]:
    """All kinds of findings, family by family, by their IDs."""
    found = [
        *(_structural(id_, *page) for id_, page in STRUCTURE_PAGES.items()),
        *(_of_rule(rule) for rule in RULES),
        *(_of_waiver(id_, page) for id_, page in PAGES.items()),
    ]
    families = list(FAMILIES)
    return tuple(sorted(found, key=lambda entry: (families.index(entry.id[0]), entry.id)))


def _structural(id_: str, meaning: str, mend: str) -> Entry:
    words = f"改法：{mend}。"
    plain = [part.replace("`", "") for part in (meaning, words)]
    return Entry(id_, Severity.ERROR, plain[0], plain[1], words)


def _of_rule(rule: Rule) -> Entry:
    page = read_page(rule.page)
    text = rule.page.partition("\n")[2].strip()
    return Entry(rule.id, rule.severity, page.title, text, page.markdown)


def _of_waiver(id_: str, page: str) -> Entry:
    title, _, rest = page.partition("。")
    return Entry(id_, Severity.WARNING, title, rest, rest)
