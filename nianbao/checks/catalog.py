"""Everything that can be found: the rules' pages, and those of structure and of waivers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nianbao.checks.rules import RULES
from nianbao.checks.rules.documentation import parse_rule_doc
from nianbao.checks.rules.waivers import WAIVER_DOCS
from nianbao.checks.structure.pages import STRUCTURE_DOCS
from nianbao.diagnostics.finding import FindingKind, Severity

if TYPE_CHECKING:
    from nianbao.checks.rules.rule import Rule

# The families by the first letter of an ID, in the order in which they are told.
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
    found = [
        *(_structural(id_, *page) for id_, page in STRUCTURE_DOCS.items()),
        *(_of_rule(rule) for rule in RULES),
        *(_of_waiver(id_, page) for id_, page in WAIVER_DOCS.items()),
    ]
    families = list(FAMILIES)
    return tuple(sorted(found, key=lambda kind: (families.index(kind.id[0]), kind.id)))


def _structural(id_: str, meaning: str, mend: str) -> FindingKind:
    words = f"改法：{mend}。"
    plain = [part.replace("`", "") for part in (meaning, words)]
    return FindingKind(id_, Severity.ERROR, plain[0], plain[1], words)


def _of_rule(rule: Rule) -> FindingKind:
    page = parse_rule_doc(rule.documentation)
    text = rule.documentation.partition("\n")[2].strip()
    return FindingKind(rule.id, rule.severity, page.title, text, page.markdown)


def _of_waiver(id_: str, page: str) -> FindingKind:
    title, _, rest = page.partition("。")
    return FindingKind(id_, Severity.WARNING, title, rest, rest)
