"""Check a report without findings after some changes.

A change is a path and the YAML to write there. ⟦ and ⟧ in it are markers of an expected span; they
are removed before the file is written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nianbao.checks.checker import CheckResult, check_file
from nianbao.checks.rules import PROOFREADING
from nianbao.diagnostics.finding import Span
from nianbao.workspace.discovery import ReportFile
from nianbao.workspace.settings import Settings
from tests.checks.claims.corpus import empty_report
from tests.checks.rules.examples import base_report
from tests.support import put

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from nianbao.diagnostics.finding import Finding

Changes = dict[str, Any]
_MARKER = re.compile("⟦([^⟧]*)⟧")


@dataclass(frozen=True)
class CheckedCase:
    """A checked report and the spans of its markers."""

    checked: CheckResult
    markers: tuple[Span, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, including waived ones, but not those of proofreading."""
        proofreading = {rule.id for rule in PROOFREADING}
        return tuple(f for f in self.checked.findings if f.rule not in proofreading)

    @property
    def rules(self) -> list[str]:
        """The rules of the findings that are not waived, in the order of the file."""
        return [finding.rule for finding in self.findings if not finding.waived]

    @property
    def reported(self) -> list[tuple[str, Span]]:
        """Rules and spans of the findings that are not waived, in the order of the file."""
        return [(finding.rule, finding.span) for finding in self.findings if not finding.waived]

    def expected(self, *rules: str) -> list[tuple[str, Span]]:
        """Return `reported` as it must be if these rules report the markers in their order."""
        return list(zip(rules, self.markers, strict=True))

    def only(self) -> Finding:
        """Return the only finding."""
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
    """Check a report with these changes; with `last`, last year's report exists, changed so."""
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
    """Write a report and check it; an exception in a rule fails the test."""
    path = folder / f"{name}.yaml"
    path.write_text(text, "utf-8")
    checked = check_file(ReportFile(path, path.name, path), settings or Settings())
    assert not checked.failures, checked.failures
    return CheckedCase(checked, markers)


def base_report_2019(year: int = 2020) -> dict[str, Any]:
    """Return a report of the 2019 edition without findings."""
    data, texts = empty_report(2019, year), base_report(year)
    for key in data:
        data[key] = data[key] or texts[key]
    return data


def changed(data: dict[str, Any], changes: Changes) -> dict[str, Any]:
    """Apply changes to a report and return it.

    A key of `changes` is the end of a path (不予公开/重复申请) or a new path from the root. A
    mapping changes some cells of a row, None deletes the value.
    """
    for name, value in changes.items():
        end = tuple(name.strip("/").split("/"))
        paths = [path for path in _paths(data) if path[-len(end) :] == end]
        assert len(paths) <= 1, (name, paths)
        path = paths[0] if paths else end
        if value is None:
            _delete(data, path)
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


def _delete(data: Any, path: tuple[str, ...]) -> None:
    for key in path[:-1]:
        data = data[key]
    del data[path[-1]]


def report_yaml(data: Mapping[str, Any], indent: str = "") -> str:
    """Return a report as YAML, each row on one line, texts of several lines in literal blocks."""
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
    """Return the text without markers, and their spans in order."""
    markers = []
    lines = []
    for number, line in enumerate(text.split("\n"), 1):
        while match := _MARKER.search(line):
            markers.append(Span.at(number, match.start() + 1, len(match.group(1))))
            line = line[: match.start()] + match.group(1) + line[match.end() :]
        lines.append(line)
    return "\n".join(lines), tuple(markers)
