"""Pairs of versions of a report, for the tests of comparison and of its formats."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from nianbao.checks.checker import CheckResult, check_file
from nianbao.diff.compare import compare
from nianbao.diff.side import make_side
from nianbao.parsing.reader import parse_source
from nianbao.workspace.discovery import ReportFile
from nianbao.workspace.settings import Settings
from tests.support import SEED

if TYPE_CHECKING:
    from nianbao.diff.model import Change, ProseChange
    from nianbao.model.source import Source

GOOD = SEED.read_text("utf-8")


class Memory:
    """A reader of one report that lies on no disk."""

    def __init__(self, text: str) -> None:
        self._text = text

    def read(self, path: Path, shown: str) -> Source:
        return parse_source(self._text.encode(), shown) if path.name == "r.yaml" else _missing()

    def exists(self, path: Path) -> bool:
        return path.name == "r.yaml"

    def earliest_years(self, folder: Path) -> dict[str, int]:  # noqa: ARG002 - as in Reader
        return {}


def _missing() -> Source:
    raise AssertionError("nothing else is read")


def checked(text: str, name: str = "r.yaml") -> CheckResult:
    """A report of this text, checked."""
    return check_file(ReportFile(Path("r.yaml"), name, Path("r")), Settings(), reader=Memory(text))


def changed(old: str, new: str) -> Change:
    """Return the changes from one text to another."""
    before, after = checked(old, "old.yaml"), checked(new, "new.yaml")
    return compare(make_side(before, "old.yaml"), make_side(after, "new.yaml"))


def with_prose(*lines: str, key: str = "其他需要报告的事项") -> str:
    """The seed with these lines under a key of the top that is prose."""
    head, _, rest = GOOD.partition(f"\n{key}: |\n")
    after = "\n".join(line for line in rest.split("\n") if not line.startswith("  "))
    return f"{head}\n{key}: |\n" + "".join(f"  {line}\n" for line in lines) + after


def marks(prose: ProseChange) -> list[str]:
    """The paragraphs that did not stay, as text: fate: [-old-]{+new+}."""
    signs = {"equal": "{}", "delete": "[-{}-]", "insert": "{{+{}+}}"}
    return [
        f"{paragraph.status}: {''.join(signs[run.kind].format(run.text) for run in paragraph.runs)}"
        for paragraph in prose.paragraphs
        if paragraph.status != "equal"
    ]
