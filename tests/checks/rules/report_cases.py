"""A desk for testing rules: a report without fault, changed in a few places, and checked.

A change is a place and the YAML that stands there. ⟦ and ⟧ in it mark where a finding must point;
they are taken out before the file is written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nianbao.checks.checker import CheckResult, check_file
from nianbao.diagnostics.finding import Span
from nianbao.workspace.discovery import ReportFile
from nianbao.workspace.settings import Settings
from tests.checks.claims.corpus import empty_report, put
from tests.checks.rules.examples import base_report

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from nianbao.diagnostics.finding import Finding

Changes = dict[str, Any]
_MARK = re.compile("⟦([^⟧]*)⟧")


@dataclass(frozen=True)
class CheckedCase:
    """What was found, and the markers that were marked."""

    checked: CheckResult
    markers: tuple[Span, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything found, waived findings included."""
        return self.checked.findings

    @property
    def rules(self) -> list[str]:
        """The IDs of what was found and not waived, in the order of the file."""
        return [finding.rule for finding in self.findings if not finding.waived]

    @property
    def reported(self) -> list[tuple[str, Span]]:
        """IDs and spans of what was found and not waived, in the order of the file."""
        return [(finding.rule, finding.span) for finding in self.findings if not finding.waived]

    def expected(self, *rules: str) -> list[tuple[str, Span]]:
        """What `placed` must be where these rules speak of the marked markers and none else does."""
        return list(zip(rules, self.markers, strict=True))

    def only(self) -> Finding:
        """The one finding."""
        assert len(self.findings) == 1, self.findings
        return self.findings[0]


def check_case(
    folder: Path,
    changes: Changes | None = None,
    last: Changes | None = None,
    *,
    name: str = "2022",
    last_name: str = "2021",
    year: int = 2022,
    settings: Settings | None = None,
) -> CheckedCase:
    """Check a report with these changes, beside last year's if `last` is given."""
    if last is not None:
        before, _ = extract_markers(report_yaml(changed(base_report(year - 1), last)))
        (folder / f"{last_name}.yaml").write_text(before, "utf-8")
    text, markers = extract_markers(report_yaml(changed(base_report(year), changes or {})))
    return check_written(folder, text, markers, name, settings)


def check_written(
    folder: Path,
    text: str,
    markers: tuple[Span, ...] = (),
    name: str = "2022",
    settings: Settings | None = None,
) -> CheckedCase:
    """Write a report and check it; a rule that fails fails the test."""
    path = folder / f"{name}.yaml"
    path.write_text(text, "utf-8")
    checked = check_file(ReportFile(path, path.name, path), settings or Settings())
    assert not checked.failures, checked.failures
    return CheckedCase(checked, markers)


def base_report_2019(year: int = 2020) -> dict[str, Any]:
    """A report of the 2019 edition without fault: zeros, and the texts that it must have."""
    data, texts = empty_report(2019, year), base_report(year)
    for key in data:
        data[key] = data[key] or texts[key]
    return data


def changed(data: dict[str, Any], changes: Changes) -> dict[str, Any]:
    """Put in the changes. A place is the end of a path, `不予公开/重复申请`; where it names no one
    place of the report, it is a path from the top. A mapping changes some cells of a row, None
    takes the place out.
    """
    for place, value in changes.items():
        wanted = tuple(place.strip("/").split("/"))
        paths = [path for path in _paths(data) if path[-len(wanted) :] == wanted]
        assert len(paths) <= 1, (place, paths)
        path = paths[0] if paths else wanted
        if value is None:
            _take_out(data, path)
        elif isinstance(value, dict):
            put(data, path, {**_at(data, path), **value})
        else:
            put(data, path, value)
    return data


def _paths(data: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for key, value in data.items():
        yield (*above, key)
        if isinstance(value, dict):
            yield from _paths(value, (*above, key))


def _at(data: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        data = data.get(key, {})
    return data


def _take_out(data: Any, path: tuple[str, ...]) -> None:
    for key in path[:-1]:
        data = data[key]
    del data[path[-1]]


def report_yaml(data: Mapping[str, Any], indent: str = "") -> str:
    """A report as clerks have it: a row on one line, a text of several lines below its key."""
    lines = []
    for key, value in data.items():
        if isinstance(value, dict) and any(isinstance(each, dict) for each in value.values()):
            lines.append(f"{indent}{key}:\n{report_yaml(value, indent + '  ')}".rstrip("\n"))
        elif isinstance(value, dict) and indent:
            cells = ", ".join(f"{name}: {cell}" for name, cell in value.items())
            lines.append(f"{indent}{key}: {{{cells}}}")
        elif isinstance(value, dict):
            lines.append(f"{key}:\n{report_yaml(value, '  ')}".rstrip("\n"))
        elif isinstance(value, str) and "\n" in value:
            below = [f"{indent}  {line}" for line in value.rstrip("\n").split("\n")]
            lines.append("\n".join([f"{indent}{key}: |", *below]))
        elif isinstance(value, list):
            lines += [f"{indent}{key}:", *(f"{indent}  - {item}" for item in value)]
        else:
            lines.append(f"{indent}{key}: {'' if value is None else value}".rstrip())
    return "\n".join(lines) + "\n"


def extract_markers(text: str) -> tuple[str, tuple[Span, ...]]:
    """The text without marks, and the marked markers in order."""
    markers = []
    lines = []
    for number, line in enumerate(text.split("\n"), 1):
        while match := _MARK.search(line):
            markers.append(Span.at(number, match.start() + 1, len(match.group(1))))
            line = line[: match.start()] + match.group(1) + line[match.end() :]
        lines.append(line)
    return "\n".join(lines), tuple(markers)
