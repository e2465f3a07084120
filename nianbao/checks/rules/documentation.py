"""A rule's page: its docstring, taken apart. docs/adding-rules.md says how one is written."""

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
    """Title, reason, and two examples, by lines: one that fails and one that passes."""

    title: str
    why: str
    fails: tuple[str, ...]
    passes: tuple[str, ...]

    @property
    def markdown(self) -> str:
        """The page below its title."""
        return "\n\n".join(
            [
                f"**为什么**：{self.why}",
                "**不通过**：",
                _fenced(self.fails),
                "**通过**：",
                _fenced(self.passes),
            ]
        )


def parse_rule_doc(docstring: str) -> RuleDoc:
    """Take a docstring apart; raises ValueError where it isn't written as a page."""
    match = _PARTS.fullmatch(docstring.strip())
    if match is None:
        raise ValueError(f"not a rule's page: {docstring[:40]!r}")
    examples = [
        tuple(line.strip() for line in match[part].split("\n") if line.strip())
        for part in ("fails", "passes")
    ]
    return RuleDoc(_one_line(match["title"]).rstrip("。"), _one_line(match["why"]), *examples)


def _one_line(text: str) -> str:
    """Join lines as Chinese is written: a space only before and after Latin words."""
    joined = re.sub(r"\s*\n\s*", "\n", text.strip())
    joined = re.sub(r"(?<=[A-Za-z0-9])\n(?=[A-Za-z0-9])", " ", joined)
    joined = re.sub(r"(?<=[A-Za-z])([0-9]*)\n(?=[\u4e00-\u9fff])", r"\1 ", joined)
    joined = re.sub(r"(?<=[\u4e00-\u9fff])\n(?=[A-Za-z])", " ", joined)
    return joined.replace("\n", "")


def _fenced(lines: tuple[str, ...]) -> str:
    return "\n".join(["```yaml", *lines, "```"])
