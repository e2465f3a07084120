"""The data of the search: complete, in files of limited size, and nothing but data."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from nianbao.model.form import load_form
from nianbao.model.report import iter_texts
from nianbao.site import comparison_data, search
from nianbao.site.search import LARGEST, SearchPassage, SearchReport, part_script
from nianbao.utils.resources import resource
from tests.site.small_site import many_reports, report_data, sample
from tests.support import fixture_reports

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

CALL = re.compile(r'nianbaoPart\("([^"]*)",(.*)\);\n', re.DOTALL)


def data_of(path: str, content: bytes) -> Any:
    """The data of a script, which is one call with its own path."""
    match = CALL.fullmatch(content.decode())
    assert match
    assert f"{match[1]}.js" == path
    return json.loads(match[2])


def parts(reports: Iterable[Any]) -> list[Any]:
    """The data of the parts of the year 2022."""
    found = dict(search.sentence_parts(2022, reports))
    assert list(found) == [f"search/2022-{number}.js" for number in range(1, len(found) + 1)]
    assert all(len(content) <= LARGEST for content in found.values())
    datas = [data_of(path, content) for path, content in found.items()]
    assert [data["more"] for data in datas] == [True] * (len(datas) - 1) + [False]
    return datas


@pytest.mark.parametrize("name", fixture_reports())
def test_every_word_of_a_report_is_in_its_sentences_by_section(name: str, tmp_path: Path) -> None:
    data = report_data(tmp_path, fixture_reports()[name].read_text("utf-8"))
    form = load_form(data["格式"])
    passages = search.sentences(data)
    assert [passage.anchor for passage in passages] == sorted({p.anchor for p in passages})
    written = "".join(text for _, text in iter_texts(data, form))
    # Without Markdown markers and blanks nothing is missing.
    assert letters("".join(passage.text for passage in passages)) == letters(written)
    assert max(len(line) for _, text in passages for line in text.split("\n")) < 600


def letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text)


def test_markdown_is_searched_as_it_is_read(tmp_path: Path) -> None:
    text = sample(2021).replace(
        "引言: |\n",
        "引言: |\n  ## 小标题**甲**\n\n  > 引**用**[链接](https://x.cn/)。\n  |一|二|\n  |--|--|\n",
        1,
    )
    data = report_data(tmp_path, text)
    (first, *_) = search.sentences(data)
    assert first.anchor == ""
    assert first.text.split("\n")[:3] == ["小标题甲", "引用链接。", "一二"]
    assert SearchPassage("", "小标题甲") in search.own_headings(data)
    assert SearchPassage("s1", "全面提升政务服务效能") in search.own_headings(data)


def test_the_index_of_five_hundred_reports_is_small_and_whole(tmp_path: Path) -> None:
    data = report_data(tmp_path, sample(2021))
    headings = (
        *search.own_headings(data),
        *(SearchPassage("s1", f"{n}、单位自己的标题") for n in range(6)),
    )
    units = [(f"某某县第{n:03}号人民政府工作部门", f"unit{n:03}/index.html") for n in range(100)]
    reports = [
        (SearchReport(name, year, 2021, href.replace("index", str(year))), headings)
        for year in range(2025, 2020, -1)
        for name, href in units
    ]
    (file,) = search.search_index(units, reports).items()
    assert len(file[1]) <= LARGEST
    index = data_of(*file)
    assert index["years"] == [2025, 2024, 2023, 2022, 2021]
    assert index["units"] == [list(unit) for unit in units]
    assert index["reports"][0] == [*reports[0][0], [list(each) for each in headings]]
    titles = [title for _, title in index["forms"]["2021"]]
    assert {"引言", "（五）监督保障", "六、其他需要报告的事项"} <= set(titles)


def test_headings_without_end_do_not_fit_into_the_index_but_units_do() -> None:
    headings = [SearchPassage("s1", "标题" * 30)] * 500
    reports = [(report, headings) for report, _ in many_reports(500, "")]
    ((path, content),) = search.search_index([("甲", "a")], reports).items()
    assert len(content) <= LARGEST
    index = data_of(path, content)
    assert len(index["reports"]) == 500
    assert index["reports"][0][-1]
    assert not index["reports"][-1][-1]


def test_sentences_stand_in_parts_of_limited_size() -> None:
    reports = many_reports(300, "这是很长的一句话，" * 400 + "完。")
    found = parts(reports)
    assert len(found) > 5
    texts = [entry for data in found for entry in data["texts"]]
    assert texts == [[*report, list(passage)] for report, (passage,) in reports]
    assert parts([]) == [{"more": False, "texts": []}]


@pytest.mark.parametrize("letter", ["字", "<", "\u2028", "😀", '"'])
def test_a_text_of_any_length_is_split_between_sentences(letter: str) -> None:
    sentence = letter * 1500
    text = "\n".join([sentence] * 150)
    found = parts([(SearchReport("甲", 2022, 2021, "a"), [SearchPassage("s1", text)])])
    assert "\n".join(entry[-1][1] for data in found for entry in data["texts"]) == text


def test_no_word_of_a_report_ends_a_script() -> None:
    evil = "</script><!--\u2028\u2029 ]]> &"
    content = part_script("x", {evil: evil}).decode()
    assert not re.search("[<>&\u2028\u2029]", content)
    assert data_of("x.js", content.encode()) == {evil: evil}


@pytest.mark.parametrize("name", sorted({*search.SCRIPTS, *comparison_data.SCRIPTS}))
def test_a_script_is_small_plain_and_its_own_template(name: str) -> None:
    text = (resource("templates") / "site" / name).read_text("utf-8")
    assert len(text.encode()) < 10_000
    assert text.startswith('"use strict";\n')
    assert not re.search(r"\{[{%#]", text), "Jinja would read this"
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval|fetch\(", text
    )
