"""List all kinds of findings with their help pages: about structure, from rules, about waivers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nianbao.checks.rules import RULES
from nianbao.checks.rules.documentation import parse_rule_doc
from nianbao.checks.rules.waivers import WAIVER_DOCS
from nianbao.checks.structure.pages import STRUCTURE_DOCS, STRUCTURE_WARNINGS
from nianbao.diagnostics.finding import FindingKind, Severity

if TYPE_CHECKING:
    from nianbao.checks.rules.rule import Rule

# The families of findings by the first letter of an ID, in the order in which they are listed.
FAMILIES: Final = {
    "S": "文件和结构",
    "A": "勾稽关系",
    "Y": "和上一年比",
    "P": "正文和表格比",
    "F": "格式和习惯",
    "W": "豁免",
}


def finding_kinds() -> tuple[FindingKind, ...]:
    """Return all kinds of findings, ordered by family and ID."""
    kinds = [
        *(_structure_kind(id_, *page) for id_, page in STRUCTURE_DOCS.items()),
        *(_rule_kind(rule) for rule in RULES),
        *(_waiver_kind(id_, page) for id_, page in WAIVER_DOCS.items()),
    ]
    families = list(FAMILIES)
    return tuple(sorted(kinds, key=lambda kind: (families.index(kind.id[0]), kind.id)))


def _structure_kind(id_: str, meaning: str, help_: str) -> FindingKind:
    text = f"改法：{help_}。"
    title, plain = (part.replace("`", "") for part in (meaning, text))
    severity = Severity.WARNING if id_ in STRUCTURE_WARNINGS else Severity.ERROR
    return FindingKind(id_, severity, title, plain, text)


def _rule_kind(rule: Rule) -> FindingKind:
    page = parse_rule_doc(rule.documentation)
    text = rule.documentation.partition("\n")[2].strip()
    return FindingKind(rule.id, rule.severity, page.title, text, page.markdown)


def _waiver_kind(id_: str, page: str) -> FindingKind:
    title, _, text = page.partition("。")
    return FindingKind(id_, Severity.WARNING, title, text, text)
