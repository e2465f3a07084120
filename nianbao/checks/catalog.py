"""List all kinds of findings, each with its help page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nianbao.checks.rules import RULES
from nianbao.checks.rules.alike import ALIKE_DOCS
from nianbao.checks.rules.documentation import parse_rule_doc
from nianbao.checks.rules.waivers import WAIVER_DOCS
from nianbao.checks.structure.pages import STRUCTURE_DOCS, STRUCTURE_SEVERITIES
from nianbao.diagnostics.finding import FindingKind, Severity
from nianbao.errors import UsageError
from nianbao.utils.suggestions import closest_words

if TYPE_CHECKING:
    from nianbao.checks.rules.rule import Rule

# The families of findings by the first letter of an ID, in the order in which they are listed.
FAMILIES: Final = {
    "S": "文件和结构",
    "A": "勾稽关系",
    "Y": "和上一年比",
    "P": "正文和表格比",
    "F": "格式和习惯",
    "H": "上下级和单位之间",
    "W": "豁免",
}


def finding_kinds() -> tuple[FindingKind, ...]:
    """Return all kinds of findings, ordered by family and ID."""
    kinds = [
        *(_structure_kind(id_, *page) for id_, page in STRUCTURE_DOCS.items()),
        *(_rule_kind(rule) for rule in RULES),
        *(_page_kind(id_, page) for id_, page in (ALIKE_DOCS | WAIVER_DOCS).items()),
    ]
    families = list(FAMILIES)
    return tuple(sorted(kinds, key=lambda kind: (families.index(kind.id[0]), kind.id)))


def find_kinds(word: str) -> list[FindingKind]:
    """Return the kind with the ID `word` (A103), or all kinds of the family `word` (A).

    Raises UsageError if there is no such kind; its message lists similar IDs.
    """
    known = finding_kinds()
    wanted = word.strip().upper()
    found = [kind for kind in known if wanted in (kind.id, kind.id[0])]
    if not found:
        family = [kind.id for kind in known if kind.id[0] == wanted[:1]]
        near = closest_words(wanted, family or [kind.id for kind in known], 3, 0.5)
        guess = f"相近的有 {'、'.join(sorted(near))}" if near else "rules 列出全部的编号"
        raise UsageError(f"没有 {word} 这个编号，{guess}")
    return found


def _structure_kind(id_: str, meaning: str, help_: str) -> FindingKind:
    text = f"改法：{help_}。"
    title, plain = (part.replace("`", "") for part in (meaning, text))
    return FindingKind(id_, STRUCTURE_SEVERITIES.get(id_, Severity.ERROR), title, plain, text)


def _rule_kind(rule: Rule) -> FindingKind:
    page = parse_rule_doc(rule.documentation)
    text = rule.documentation.partition("\n")[2].strip()
    return FindingKind(rule.id, rule.severity, page.title, text, page.markdown)


def _page_kind(id_: str, page: str) -> FindingKind:
    title, _, text = page.partition("。")
    return FindingKind(id_, Severity.WARNING, title, text, text)
