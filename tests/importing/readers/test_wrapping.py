"""Paragraphs of a Word file that are the lines of a PDF are joined."""

from __future__ import annotations

import textwrap

import pytest

from nianbao.importing.document import Place, SourceParagraph
from nianbao.importing.readers.wrapping import join_paragraphs

_TEXTS = [
    "一、总体情况",
    "为推进决策公开、执行公开、管理公开、服务公开和结果公开" * 5 + "，现将有关情况报告如下。",
    "本报告由示例县教育局按照政府信息公开条例规定编制，全文包括总体情况、主动公开政府信息情况等六部分，数据自2021年1月1日起至12月31日止。",
    "（一）主动公开",
    "全年通过门户网站主动公开政府信息1695条，其中政策文件13条、工作动态1682条，发布政策解读9篇，开展培训2次。",
    "（二）依申请公开",
    "2021年，我局共收到政府信息公开申请1件，均已按期答复，没有因政府信息公开引起的行政复议和行政诉讼案件发生。",
]


def _paragraphs(texts: list[str]) -> list[SourceParagraph]:
    return [SourceParagraph(text, Place(paragraph=number)) for number, text in enumerate(texts, 1)]


@pytest.mark.parametrize("width", [28, 32])
def test_lines_of_equal_length_are_paragraphs_again_and_that_is_named(width: int) -> None:
    lines = [line for text in _TEXTS for line in textwrap.wrap(text, width)]
    blocks, remarks = join_paragraphs(_paragraphs(lines))
    assert [block.text for block in blocks if isinstance(block, SourceParagraph)] == _TEXTS
    assert [remark.message for remark in remarks] == ["每行同样长的文字按段接了起来，请核对分段"]


def test_paragraphs_of_ordinary_length_stay_as_they_are() -> None:
    blocks, remarks = join_paragraphs(_paragraphs(_TEXTS))
    assert blocks == _paragraphs(_TEXTS)
    assert remarks == []
