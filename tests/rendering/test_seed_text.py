"""The words of the published report of 2022 stand in every output."""

from __future__ import annotations

import re

import pytest
from lxml import html

from tests.rendering.parsed_outputs import boxes, find, gfm, pages, squeeze
from tests.rendering.rendered_reports import built
from tests.support import ROOT

SEED = ROOT / "tests" / "fixtures" / "seed-2022.txt"

# The seed's own headings, which the national form words or numbers otherwise.
REPLACED = {
    "五、全面提升政务服务效能",
    "六、存在的主要问题及改进情况",
    "七、其他需要报告的事项",
}
# Numbers of headings that the form's own take the place of.
NUMBERS = re.compile(r"^（[二三四五六]）")
# The report is written with one form of the number of a list; the words after it are the same.
LIST_NUMBERS = re.compile(r"^([1-3])[.．]\s*")


def sentences() -> list[str]:
    """Every line of the seed by sentences, without white space; table cells are sentences too."""
    found = []
    for line in SEED.read_text("utf-8").splitlines():
        words = LIST_NUMBERS.sub("", NUMBERS.sub("", line.strip()))
        found += [squeeze(part) for part in re.split(r"(?<=[。；])", words) if part.strip()]
    return found


def in_html() -> str:
    tree = html.document_fromstring(built("2022").html)
    return squeeze("".join(find(tree, "//main//text()")))


def in_markdown() -> str:
    return squeeze(html.fragment_fromstring(gfm(built("2022").markdown), "main").text_content())


def in_pdf() -> str:
    """The text by pages without their numbers, then the cells of tables, which have lines too."""
    texts = [page.extract_text() for page in pages(built("2022").pdf)]
    texts = [re.sub(r"—\s*[0-9]+\s*—\s*$", "", text) for text in texts]
    return squeeze("".join(texts)) + "|".join(
        b.text for _, cells in boxes(built("2022").pdf) for b in cells
    )


OUTPUTS = {"html": in_html, "markdown": in_markdown, "pdf": in_pdf}


@pytest.mark.parametrize("output", OUTPUTS)
def test_every_sentence_of_the_seed_stands_in_the_output(output: str) -> None:
    text = OUTPUTS[output]()
    missing = [words for words in sentences() if words not in text and words not in REPLACED]
    assert missing == []


def test_what_is_excused_stands_in_the_seed_and_in_no_output() -> None:
    assert set(sentences()) >= REPLACED
    texts = [read() for read in OUTPUTS.values()]
    assert [words for words in REPLACED if any(words in text for text in texts)] == []


def test_the_seed_is_read_whole() -> None:
    read = "".join(sentences())
    assert len(sentences()) > 250
    assert "2022年，我局收到1条政府信息公开申请，并于20个工作日内给予书面回复。" in read
    assert read.endswith("2023年1月31日")


@pytest.mark.parametrize("output", OUTPUTS)
def test_prose_stands_in_the_order_of_the_form(output: str) -> None:
    text = OUTPUTS[output]()
    places = [
        text.index(words)
        for words in (
            "塑造了良好的部门形象",
            "一、总体情况",
            "（一）主动公开政府信息主动公开情况。",
            "（六）全面提升政务服务效能",
            "二、主动公开政府信息情况",
            "进行审批行政许可2件。",
            "三、收到和处理政府信息公开申请情况",
            "四、政府信息公开行政复议、行政诉讼情况",
            "五、存在的主要问题及改进情况",
            "六、其他需要报告的事项",
            "无其他需要报告的事项。古县文化和旅游局2023年1月31日",
        )
    ]
    assert places == sorted(places)
