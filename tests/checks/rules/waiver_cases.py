"""Waivers as YAML: one of a claim, one of a wrong sum."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.checks.rules.report_cases import Changes

CLAIM = "我局收到1件政府信息公开申请"
BLOCK = "/总体情况/依申请公开"
CASES = "/行政复议行政诉讼情况/行政复议/总计"
FIELDS = {"规则": "P301", "位置": BLOCK, "原文": CLAIM, "理由": "含口头咨询"}
NUMBERS = {"规则": "A101", "位置": CASES, "数值": "[3, 2]", "理由": "已按此公布"}


def waiver(**fields: str) -> str:
    """Return a waiver as one line of YAML."""
    return "{" + ", ".join(f"{key}: {value}" for key, value in fields.items()) + "}"


def marked_waiver(fields: dict[str, str]) -> str:
    """Return a waiver with markers around its rule, where it is reported."""
    return waiver(**fields | {"规则": f"⟦{fields['规则']}⟧"})


def waived(*waivers: str) -> Changes:
    return {"豁免": list(waivers)}
