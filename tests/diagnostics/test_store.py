"""The findings of many files, most of them in a temporary file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nianbao.diagnostics.finding import Finding, Severity, Span
from nianbao.diagnostics.store import FileFindings, FindingStore, find_excerpts

if TYPE_CHECKING:
    from collections.abc import Iterator


def _found(number: int) -> FileFindings:
    path = f"reports/{number}/2022.yaml"
    severity = Severity.ERROR if number % 2 else Severity.INFO
    findings = [Finding("A101", severity, path, Span.at(3, 1), ("年度", number), "信息", "改法")]
    return FileFindings(str(number), "2022", path, findings, {3: f"第 {number} 份"})


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[FindingStore]:
    """A store of ten files, of which three are in memory, added in another order."""
    monkeypatch.setattr("nianbao.diagnostics.store._IN_MEMORY", 3)
    store = FindingStore()
    for number in (4, 1, 9, 0, 2, 8, 3, 7, 6, 5):
        store.add(number, _found(number))
    yield store
    store.close()


def test_the_files_come_back_whole_and_in_the_order_of_their_numbers(store: FindingStore) -> None:
    whole = [_found(number) for number in range(10)]
    assert list(store) == whole
    assert list(store) == whole


def test_findings_can_be_selected_again_and_again(store: FindingStore) -> None:
    errors = store.select(lambda finding: finding.severity is Severity.ERROR)
    for _ in range(2):
        assert [finding.pointer[1] for finding in errors] == [1, 3, 5, 7, 9]


def test_lines_are_read_while_the_findings_are_iterated(store: FindingStore) -> None:
    lines = [store.lines(finding.path)[2] for finding in store.select()]
    assert lines == [f"第 {number} 份" for number in range(10)]
    assert store.lines("nianbao.toml") == ()


def test_only_lines_with_findings_are_kept() -> None:
    findings = _found(1).findings
    assert find_excerpts(findings, ["一", "二", "三", "四"]) == {3: "三"}
    assert find_excerpts(findings, ["一"]) == {}
