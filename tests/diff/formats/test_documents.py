"""json and html: everything that changed, and nothing of it acts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from lxml import html

from nianbao.diff.formats import format_changes
from nianbao.errors import UserError
from tests.diff.formats.test_markdown import HOSTILE, change
from tests.diff.report_pairs import GOOD, changed, with_prose
from tests.rendering.rendered_reports import NO_TEMPLATES

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.diff.formats import ChangeFormat

EDITED = with_prose("收到22件。").replace("结果维持: 0", "结果维持: {数值: 3, 注: 含1件}", 1)


def test_json_has_every_change_whole() -> None:
    document = format_changes([changed(GOOD, EDITED)], to="json", templates=NO_TEMPLATES)
    reported = json.loads(document)
    (report,) = reported["reports"]
    assert reported["changed"] is True
    assert report["cells"] == [
        {
            "pointer": "/行政复议行政诉讼情况/行政复议/结果维持",
            "table": "四、政府信息公开行政复议、行政诉讼情况",
            "row": ["行政复议"],
            "column": ["结果维持"],
            "old": {"text": "0", "number": 0, "note": ""},
            "new": {"text": "3", "number": 3, "note": "含1件"},
            "difference": 3,
            "computed": False,
        }
    ]
    assert report["prose"][0]["new"] == "/其他需要报告的事项"
    assert "A101" in [finding["rule"] for finding in report["findings"]["new"]]
    same = json.loads(format_changes([changed(GOOD, GOOD)], to="json", templates=NO_TEMPLATES))
    assert same == {"changed": False, "verdict": "没有变化", "reports": []}


def test_the_page_shows_old_next_to_new_and_needs_no_other_file() -> None:
    page = format_changes([changed(GOOD, EDITED)], to="html", templates=NO_TEMPLATES)
    root: Any = html.document_fromstring(page)
    (row,) = root.xpath("//table//tr[td]")
    assert [cell.text_content() for cell in row] == ["行政复议 › 结果维持", "0", "3（含1件）", "+3"]
    assert row.xpath(".//del/text()|.//ins/text()") == ["0", "3（含1件）"]
    assert root.xpath("//*[@src]|//link[@href]|//script") == []


@pytest.mark.parametrize("words", HOSTILE)
def test_a_strangers_words_are_words_on_the_page(words: str) -> None:
    def tags(text: str) -> list[str]:
        page = format_changes([change(text)], to="html", templates=NO_TEMPLATES)
        return [str(element.tag) for element in html.document_fromstring(page).iter()]

    assert tags(words) == tags("字")


@pytest.mark.parametrize("form", ["text", "markdown", "html", "json"])
def test_a_name_that_is_no_text_can_be_reported(form: ChangeFormat) -> None:
    reported = format_changes([change("\udcff")], to=form, templates=NO_TEMPLATES)
    if form == "html":
        reported.encode()
    assert reported


def test_a_template_that_cannot_be_used_is_reported(tmp_path: Path) -> None:
    (tmp_path / "changes.html").write_text("{{ nothing.at_all }}")
    with pytest.raises(UserError, match=r"changes\.html:1"):
        format_changes([changed(GOOD, EDITED)], to="html", templates=tmp_path)
