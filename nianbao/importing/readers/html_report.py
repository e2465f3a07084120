"""Find the report on a web page by its headings, for any web site."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from nianbao.importing.readers.builder import EDGES
from nianbao.importing.readers.headings import section_number
from nianbao.importing.readers.html_blocks import RawParagraph, RawRemark, RawTable
from nianbao.importing.vocabulary import is_table_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element

    from nianbao.importing.readers.html_blocks import RawBlock

_TITLE: Final = re.compile(r"[^。；>»]{0,60}(?:年度?报告?|报告)\s*(?:[（(][^（()）]{0,20}[)）])?$")
_ABOUT: Final = re.compile("公开|年度报告|年报")
_PATH: Final = re.compile("首页|当前位置|所在位置|所在的位置")
_SIGNED: Final = re.compile(
    r"\d{1,4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日$|[一二〇○零]{4}年.{1,3}月.{1,3}日$"
)
# What sites print around an article, in lines of their own.
_FURNITURE: Final = re.compile(
    r"(?:[【\[〖]|(?:信息|文章)?(?:发布|公开|更新|生成|成文|发文)(?:时间|日期|机构|机关)\s*[:：]|时间\s*[:：]"
    r"|日期\s*[:：]|(?:文章|信息|稿件)?(?:来源|出处)\s*[:：]|作者\s*[:：]|(?:责任)?编辑\s*[:：]|索\s*引\s*号"
    r"|(?:浏览|点击|阅读|访问)(?:次数|量|数|率)?\s*[:：]|字\s*[号体]\s*[:：【\[]?|打\s*印|关\s*闭|分享|收藏|上一[篇条]"
    r"|下一[篇条]|相关(?:链接|阅读|文章|附件|稿件|信息|文档)|返回(?:顶部|首页|上一?[页级])|扫一扫|当前位置"
    r"|您?(?:所|现)?在的?位置|首页\s*[>»]|主办(?:单位)?\s*[:：]|承办(?:单位)?\s*[:：]|技术支持|版权所有|友情链接"
    r"|.{0,30}(?:ICP备|公网安备|网站标识码|网站地图|版权所有|Copyright|copyright|©))"
)
_LONGEST_FURNITURE: Final = 120
_SHORTEST_NAME: Final = 3
_LONGEST_NAME: Final = 40
_LONGEST_SIGNATURE: Final = 60
_FEWEST: Final = 3  # headings that make a report
_MOST_LEAD: Final = 60  # blocks between the title and the first heading
_MOST_CLOSING: Final = 12  # blocks between the end of the node and the signature


def find_report(
    blocks: Sequence[RawBlock], page_title: str = ""
) -> tuple[Sequence[RawBlock], bool]:
    """Return the blocks of the report on a page, and True if one was found.

    `page_title`: the title in the head of the page, or "".
        It becomes the first block if the text has no title.

    If no report is found, return all blocks and False.
    """
    found = _headings(blocks)
    if len(set().union(*found.values())) < _FEWEST:
        return blocks, False
    first, last = _extent(blocks, found)
    # The smallest element that contains all headings and tables of the report. A report without
    # a title begins with this element; without a signature, it ends there.
    node = _common_element([blocks[n].element for n in range(first, last + 1)])
    inside = [n for n, block in enumerate(blocks) if _is_inside(block.element, node)]
    title = _title(blocks, first)
    start = inside[0] if title is None else title
    signed = _signature(blocks, range(last + 1, inside[-1] + 1))
    if signed is None:
        end, certain = _unsigned_end(blocks, last, inside[-1]), last
    else:
        end, certain = _first_furniture(blocks, range(signed + 1, inside[-1] + 1)), signed
    kept = [
        block
        for n, block in enumerate(blocks[start:end], start)
        if first <= n <= certain or n == start or not _is_aside(block, before=n < inside[0])
    ]
    contact = [block for block in blocks[end : end + 1] if _is_contact(block)]
    above = [RawParagraph(page_title, node)] if page_title and title is None else []
    return [*above, *kept, *contact], True


def report_parts(blocks: Sequence[RawBlock]) -> tuple[int, bool]:
    """Count the sections with a heading on a page, and look for tables of the form.

    Return the number of sections, and True if there is such a table.
    """
    return len(set().union(*_headings(blocks).values())), any(map(_is_form_table, blocks))


def _headings(blocks: Sequence[RawBlock]) -> dict[int, set[int]]:
    """Find the headings of sections in the blocks of a page.

    Return, by the index of the block, the numbers of the sections that have a heading in the block.
    Blocks without headings, and blocks in navigation, are left out.
    """
    found = {
        position: set(map(section_number, block.text.split("\n"))) - {0}
        for position, block in enumerate(blocks)
        if isinstance(block, RawParagraph) and not block.furniture and not block.linked
    }
    return {position: kinds for position, kinds in found.items() if kinds}


def _extent(blocks: Sequence[RawBlock], found: dict[int, set[int]]) -> tuple[int, int]:
    """Return the first and the last position of the report's headings and tables.

    `found`: by the index of the block, the numbers of the sections that have a heading in the
    block. A table of contents has the same headings as the report, so the last sequence that has
    all headings counts.
    """
    tables = [n for n, block in enumerate(blocks) if _is_form_table(block)]
    before = [n for n in found if not tables or n < tables[0]] or [min(found)]
    first = before[0]
    missing = set().union(*found.values())
    for n in reversed(found):
        missing -= found[n]
        if not missing and n <= before[-1]:
            first = n
            break
    last = first
    missing = set().union(*(kinds for n, kinds in found.items() if n >= first))
    for last in (n for n in found if n >= first):
        missing -= found[last]
        if not missing:
            break
    return first, max([last, *(n for n in tables if n > first)])


def _is_form_table(block: RawBlock) -> bool:
    return isinstance(block, RawTable) and sum(is_table_label(c.text) for c in block.cells) > 1


def _title(blocks: Sequence[RawBlock], first: int) -> int | None:
    """Return the position of the title, which stands before the first heading; None without one.

    `first`: the position of the first heading.
    """
    for position in range(first - 1, max(first - _MOST_LEAD, -1), -1):
        block = blocks[position]
        if isinstance(block, RawParagraph) and _is_title(block):
            return _with_name(blocks, position)
    return None


def _is_title(block: RawParagraph) -> bool:
    is_shown = not block.furniture and (block.level > 0 or not block.linked)
    return is_shown and is_report_title(block.text)


def is_report_title(text: str) -> bool:
    """Return True if a text may be the title of a report.

    The path at the top of a web page (首页 > 信息公开年报) is no title.
    """
    bare = "".join(text.split())
    return bool(_TITLE.match(bare) and _ABOUT.search(bare)) and not _PATH.search(bare)


def _with_name(blocks: Sequence[RawBlock], title: int) -> int:
    """Return the position at which the title begins, including a line above with the body's name.

    `title`: the position of the line with the title. Only a title that begins with the year or with
    政府信息 can have the name in a line above.
    """
    below, above = blocks[title], blocks[max(title - 1, 0)]
    if (
        not isinstance(below, RawParagraph)
        or not isinstance(above, RawParagraph)
        or below is above
        or not re.match(r"[（(]?\s*[12]\d{3}|政府信息", below.text)
    ):
        return title
    same_heading = 0 < above.level == below.level
    is_name = re.fullmatch(rf"[^。：:>]{{{_SHORTEST_NAME},{_LONGEST_NAME}}}", above.text)
    is_other = section_number(above.text) or _is_furniture(above)
    return title - 1 if same_heading or (is_name is not None and not is_other) else title


def _unsigned_end(blocks: Sequence[RawBlock], last: int, inside: int) -> int:
    """Return the position after a report that has no signature in its element.

    The signature may follow after the element. `last`: the position of the last heading or table.
    `inside`: the last position in the element.
    """
    end = _first_furniture(blocks, range(last + 1, inside + 1))
    if end <= inside:
        return end
    signed = _signature(blocks, range(end, min(end + _MOST_CLOSING, len(blocks))))
    return end if signed is None else signed + 1


def _first_furniture(blocks: Sequence[RawBlock], positions: range) -> int:
    return next((n for n in positions if _is_furniture(blocks[n])), positions.stop)


def _signature(blocks: Sequence[RawBlock], positions: range) -> int | None:
    """Return the first of `positions` at which a line consists of a date, or None."""
    for position in positions:
        block = blocks[position]
        if isinstance(block, RawParagraph) and not _is_furniture(block):
            line = block.text.strip(EDGES).split("\n")[-1]
            if len(line) <= _LONGEST_SIGNATURE and _SIGNED.search(line):
                return position
    return None


def _is_furniture(block: RawBlock) -> bool:
    if block.furniture:
        return True
    if isinstance(block, RawRemark):
        return False
    if isinstance(block, RawTable):
        return bool(re.search("索\\s*引\\s*号|发文机[关构]|主题分类", block.text))
    text = block.text.strip(EDGES)
    return block.linked or (len(text) <= _LONGEST_FURNITURE and bool(_FURNITURE.match(text)))


def _is_aside(block: RawBlock, *, before: bool) -> bool:
    """Return True if a block around the report does not belong to it.

    `before`: True if the block stands before the element of the report. There, only prose belongs
    to the report.
    """
    if before and isinstance(block, RawParagraph) and not _TITLE.match("".join(block.text.split())):
        return "。" not in block.text or _is_furniture(block)
    return _is_furniture(block)


def _is_contact(block: RawBlock) -> bool:
    """Return True for the line 联系方式：, the only line of a footer that belongs to a report."""
    return isinstance(block, RawParagraph) and block.text.startswith("联系方式：")


def _common_element(elements: Sequence[_Element]) -> _Element:
    """Return the smallest element that contains all `elements`."""
    path = [elements[0], *elements[0].iterancestors()]
    depth = {element: n for n, element in enumerate(path)}
    common = 0
    for element in elements[1:]:
        while element not in depth:
            parent = element.getparent()
            if parent is None:
                return path[-1]
            element = parent
        common = max(common, depth[element])
    return path[common]


def _is_inside(element: _Element, node: _Element) -> bool:
    return element is node or any(above is node for above in element.iterancestors())
