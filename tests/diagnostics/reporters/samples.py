"""Sample findings for the tests of the formats: one of each kind, and one with hostile text."""

from __future__ import annotations

from typing import Any

from nianbao.diagnostics.finding import Finding, Severity, Span

PATH = "reports/某局/2022.yaml"
LINES = {
    PATH: (
        "格式: 2021",
        "  本年新收: {自然人: 2, 总计: 3}",
        "    2022年，我局收到1条政府信息公开申请。",
    )
}
# Control characters for terminals and text direction, and commands of build logs.
CONTROLS = "\x1b[31m\x07\x9b2J\u202e\u2066\u2028\r\n"
HOSTILE = f"::error::x%0A##[add-mask]密{CONTROLS}::stop-commands::x,y:z%"


def finding(
    rule: str = "A101", message: str = "“总计”是 3，各项之和是 2", **changes: Any
) -> Finding:
    """Return a finding at 总计 of the second line, with changed fields."""
    values: dict[str, Any] = {
        "severity": Severity.ERROR,
        "path": PATH,
        "span": Span.at(2, 22, 1),
        "pointer": ("收到和处理政府信息公开申请情况", "本年新收", "总计"),
        "help": "改成 2",
        "numbers": (3, 2),
    }
    return Finding(rule, message=message, **{**values, **changes})


ERROR = finding()
WARNING = finding(
    "P301",
    "正文说“收到1条”，表里是 0",
    severity=Severity.WARNING,
    span=Span.at(3, 15, 1),
    pointer=("总体情况", "依申请公开"),
    help="核对后改正文或改表",
    quote="收到1条",
)
INFO = finding("F417", "没有写", severity=Severity.INFO, span=Span(2, 3, 3, 5), help="")
WAIVED = finding("A103", "两边不等", waived=True)
ALL = (ERROR, WARNING, INFO, WAIVED)
HOSTILE_FINDING = finding(
    "F415",
    HOSTILE,
    severity=Severity.WARNING,
    path=f"reports/{HOSTILE}.yaml",
    help=HOSTILE,
    quote=HOSTILE,
    pointer=("总体情况", HOSTILE),
)
