"""Write a sample Word file that users can change into their own letterhead."""

from __future__ import annotations

from datetime import date
from typing import Final

from nianbao.rendering.docx.blocks import Block, DocxCell, DocxParagraph, DocxRow, DocxTable, Run
from nianbao.rendering.docx.package import Properties, official_look, write_package

_HINT: Final = (
    "这个文件的样式、页面、页眉和页脚用在每份报告的 Word 文件里，正文一个字也不用。"
    "在 Word 或 WPS 里改样式（不是直接改字），双击页眉、页脚来写，再保存。"
)
_PARAGRAPHS: Final = (
    ("Title", "标题"),
    ("Subtitle", "文号"),
    ("BodyText", _HINT),
    ("Heading1", "一级标题"),
    ("Heading2", "二级标题"),
    ("Heading3", "三级标题"),
    ("ListNumber", "1. 编号"),
    ("ListBullet", "项目"),
    ("Quote", "引用"),
)
_CELLS: Final = (
    ("TableTextLarge", "表格文字大"),
    ("TableText", "表格文字"),
    ("TableTextSmall", "表格文字小"),
)


def sample_letterhead() -> bytes:
    """Return a Word file with the look of GB/T 9704-2012 and one paragraph of each style."""
    cells = tuple(DocxCell(DocxParagraph(style, (Run(text),))) for style, text in _CELLS)
    blocks: list[Block] = [
        *(DocxParagraph(style, (Run(text),)) for style, text in _PARAGRAPHS),
        DocxTable("", "", (100 / len(cells),) * len(cells), (57, 57), (DocxRow(cells),)),
        DocxParagraph("TableNote", (Run("表注"),)),
        DocxParagraph("Signature", (Run("署名"),)),
        DocxParagraph("Date", (Run("日期"),)),
    ]
    properties = Properties("信纸", "Word 文件的样子", "nianbao", date(2000, 1, 1))
    return write_package(blocks, official_look(), properties)
