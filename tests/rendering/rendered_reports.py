"""Reports for the tests of the outputs: compiled from files, changed, and rendered."""

from __future__ import annotations

import copy
import tempfile
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from nianbao.model.form import Form, load_form
from nianbao.model.report import Report, compile_report
from nianbao.parsing.reader import read_source
from nianbao.rendering import FORMATS, render_report
from nianbao.workspace.settings import Settings
from tests.strategies import write_yaml
from tests.support import fixture_reports, put

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nianbao.diagnostics.finding import Pointer

NO_TEMPLATES = Path("/nonexistent")
NAMES = tuple(fixture_reports())
EDITIONS = {2021: "large-city-2025", 2019: "edition-2019"}
EIGHT_DIGITS = 98999989


@dataclass(frozen=True)
class Built:
    """A report in its three forms, and the YAML as a plain library reads it."""

    report: Report
    data: dict[str, Any]
    html: str
    markdown: str
    pdf: bytes = field(repr=False)

    @property
    def form(self) -> Form:
        """The form of its edition."""
        return self.report.form


@cache
def built(name: str) -> Built:
    """One of the three reports of the tests."""
    return build(fixture_reports()[name].read_text("utf-8"))


def compiled(text: str) -> Report:
    """Compile a report; the rules have no say."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "report.yaml")
        file.write_text(text, "utf-8")
        source = read_source(file, "report.yaml")
    assert not source.findings, source.findings
    report, findings = compile_report(source, load_form(yaml.load(text, yaml.CSafeLoader)["格式"]))
    assert not findings
    return report


def build(text: str) -> Built:
    """Compile and render a report."""
    report = compiled(text)
    made = {to: render_report(report, to, Settings(), NO_TEMPLATES) for to in FORMATS}
    return Built(report, plain(text), made["html"].decode(), made["md"].decode(), made["pdf"])


def web_page(text: str, **site: str) -> str:
    """The web page of a report, with the meta tags of nianbao.toml."""
    return render_report(compiled(text), "html", Settings(site=site), NO_TEMPLATES).decode()


def plain(text: str) -> dict[str, Any]:
    """A report as a plain YAML library reads it."""
    data: dict[str, Any] = yaml.load(text, yaml.CSafeLoader)
    return data


def at(data: Any, pointer: Pointer) -> Any:
    """The value at a pointer."""
    for part in pointer:
        data = data[part]
    return data


def changed(edition: int, changes: Mapping[Any, Any]) -> str:
    """The report of an edition with other values at some places, as YAML."""
    data: Any = plain(fixture_reports()[EDITIONS[edition]].read_text("utf-8"))
    data["成文日期"] = str(data["成文日期"])
    for pointer, value in changes.items():
        put(data, pointer, copy.deepcopy(value))
    return write_yaml(data)


def cells_of_tables(edition: int, value: Any) -> dict[Pointer, Any]:
    """The same value for every cell of the tables, the one laid sideways aside."""
    return {
        pointer: value
        for section in load_form(edition).sections
        for grid in section.grids
        if not grid.sideways
        for row in grid.rows
        for pointer, _ in row.cells()
    }
