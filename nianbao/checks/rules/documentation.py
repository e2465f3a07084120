"""Parse the help page of a rule, which is its docstring in the format of docs/adding-rules.md."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_WHY, _FAILS, _PASSES = "为什么：", "不通过：", "通过："
_PARTS: Final = re.compile(
    rf"(?P<title>.+)\n\n{_WHY}(?P<why>.+)\n\n{_FAILS}\n\n(?P<fails>.+)\n\n{_PASSES}\n\n(?P<passes>.+)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class RuleDoc:
    """The help page of a rule.

    `title`: the title, without a full stop.
    `why`: the reason for the rule.
    `fails`, `passes`: the lines of an example that fails, and of an example that passes.
    """

    title: str
    why: str
    fails: tuple[str, ...]
    passes: tuple[str, ...]

    @property
    def markdown(self) -> str:
        """The help page in Markdown, without its title."""
        fails, passes = ("\n".join(["```yaml", *e, "```"]) for e in (self.fails, self.passes))
        return f"**为什么**：{self.why}\n\n**不通过**：\n\n{fails}\n\n**通过**：\n\n{passes}"


def parse_rule_doc(docstring: str) -> RuleDoc:
    """Parse the docstring of a rule.

    Raises ValueError if it does not have the format of a help page.
    """
    match = _PARTS.fullmatch(docstring.strip())
    if match is None:
        raise ValueError(f"not a rule's page: {docstring[:40]!r}")
    examples = [
        tuple(line.strip() for line in match[part].split("\n") if line.strip())
        for part in ("fails", "passes")
    ]
    return RuleDoc(_join_lines(match["title"]).rstrip("。"), _join_lines(match["why"]), *examples)


def _join_lines(text: str) -> str:
    """Join the lines of a Chinese text into one line.

    Two lines are joined by a space only if there is a Latin word at one of the two ends.
    """
    joined = re.sub(r"\s*\n\s*", "\n", text.strip())
    joined = re.sub(r"(?<=[A-Za-z0-9])\n(?=[A-Za-z0-9])", " ", joined)
    joined = re.sub(r"(?<=[A-Za-z])([0-9]*)\n(?=[\u4e00-\u9fff])", r"\1 ", joined)
    joined = re.sub(r"(?<=[\u4e00-\u9fff])\n(?=[A-Za-z])", " ", joined)
    return joined.replace("\n", "")
