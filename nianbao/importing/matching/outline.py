"""Find the title, the sections and the signature of a report in a document."""

from __future__ import annotations

import difflib
import itertools
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from nianbao.importing.document import NOTES, Place, SourceParagraph, SourceTable
from nianbao.importing.doubts import Doubt, quoted
from nianbao.importing.matching.labels import block_names, section_of
from nianbao.importing.vocabulary import NUMBERING, is_title, words
from nianbao.model.numbers import chinese_value, read_date, read_year
from nianbao.model.schema import load_schema
from nianbao.utils.characters import half_width

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from nianbao.importing.matching.blocks import Block
    from nianbao.model.form import Form, Section

_NOT_IN_NAMES = re.compile("[：:]|报告|指南|制度")  # of bodies: 信息来源：示例县文物局
_FEWEST_NUMBERED: Final = 3  # sections with numbered headings
_LONGEST_HEADING: Final = 40
_MOST_FURNITURE: Final = 40  # lines after the signature
_LONGEST_TITLE: Final = 90
_CLOSE: Final = 0.85  # of difflib: a title with characters that are swapped or wrong
_TOP_NUMBER = re.compile(
    r"\s*(?:第\s*(?P<part>[一二三四五六七八九十]{1,2})\s*(?:部分|[章篇])\s*[、.．:：]?"
    r"|(?P<number>[一二三四五六七八九十]{1,2})\s*[、.．，,])\s*"
)
# The heading of a section as the title of a sheet: 某局2024年主动公开政府信息情况.
_LONG_HEADING = re.compile(r"(?P<body>[^\s，。；：:、\d]{2,30})(?P<year>20[0-9]{2})年度?")
_RUN_IN = re.compile(
    r"\s*(?P<head>\S[^：:。(（\n]{3,40}?)\s*(?:[：:。]|[ \t\u3000]{2,})\s*(?P<rest>\S[\s\S]*)"
)
_SHEET_YEAR = re.compile(r"(?<![0-9])(20[0-9]{2})(?![0-9])")
_SECOND_LEVEL = re.compile(r"\s*(?:[(（]|第)\s*[一二三四五六七八九十]{1,3}\s*[)）节]")
_ENDS_SENTENCE = re.compile(r"[。；，,;？！]\s*\Z")
_YEAR: Final = r"(?P<year>20[0-9]{2}|二[〇零○][〇零一二三四五六七八九○]{2})\s*年\s*度?"
_TITLE_YEAR = re.compile(_YEAR)
_REPORT_NAME = re.compile(
    r"(?:政府)?信息公开(?:的)?(?:工作)?(?:年度)?(?:工作)?(?:报告|年报)(?:情况)?"
)
_FILE_NUMBER = re.compile(
    r"[^\s，。；：]{1,14}[〔\[（(]\s*20[0-9]{2}\s*[〕\]）)]\s*[0-9]{1,5}\s*号"
)
_DATE_AT_END = re.compile(
    r"(?:20[0-9]{2}|二[〇零○O][一二三四五六七八九〇零○]{2})\s*(?:年|[-./])\s*[0-9一二三四五六七八九十]{1,3}"
    r"\s*(?:月|[-./])\s*[0-9一二三四五六七八九十]{1,3}(?:\s*[日号])?\s*+\Z"
)
_CONTENTS_LINE = re.compile(r"\s*\S[^。；]{1,45}?[\s.…·．_—-]*[0-9]{1,3}\s*")  # with its page
_APPENDIX = re.compile(
    r"\s*附\s*[件表]?\s*(?:[0-9一二三四五]{0,2}\s*[:：.、]|[0-9一二三四五]{0,2}\s*\Z)"
)
_ZEROS: Final = str.maketrans("○O", "〇〇")  # as they stand in years such as 二○二二
_PUBLISHED = re.compile(
    r"(?:发布|发文|公开|公布)(?:时间|日期)\s*[:：]\s*(?P<date>20[0-9]{2}\s*[-年/.]\s*[0-9]{1,2}\s*[-月/.]"
    r"\s*[0-9]{1,2}\s*日?)"
)
_FURNITURE = re.compile(
    r"(?:发布|发文|公开|公布|成文|生成|更新)(?:时间|日期|机构|机关|于)|来源|信息来源|作者|浏览|阅读|点击"
    r"|字体|字号|打印|索引号|分享|责任编辑|文号|主题分类|名称|体裁|有效性|扫一扫|【|\[|首页|当前位置"
)
_BODY_NAME = re.compile(r"(?:局|厅|委|委员会|办|办公室|政府|中心|处|所|站|院|队|校|会|行|部|署)\Z")
_PLACE_NAME = re.compile(r"(?:乡|镇|街道|县|区|市|公司)\Z")  # as lists call bodies, too
_FEWEST_BODIES: Final = 2
_FEWEST_NUMBERS: Final = 3  # next to the name of a body in a list of bodies
# How lines under a report begin that belong to the web page.
_FOOTER = re.compile(
    r"[【\[（(]?(?:打印|关闭|上一篇|下一篇|上一条|下一条|分享|相关(?:附件|文档|链接|文章|阅读)"
    r"|版权所有|主办|承办|责任编辑|网站标识|网站地图|关于我们|扫一扫|抄送|此件|附件下载|返回|浏览|.{0,4}ICP备)"
)
# Buttons of a web page after the date of the signature, as browsers print them.
_BUTTONS = re.compile(r"(?:\s*[【\[](?:打印|关闭|收藏|返回|分享)[^】\]]{0,4}[】\]])+\s*\Z")
_CONTACT = re.compile(r"\s*联系方式\s*[:：]\s*")


class Line(NamedTuple):
    """A line of prose as printed, with its place in the source document."""

    text: str
    place: Place


@dataclass(slots=True)
class Part:
    """A heading of a document, with the paragraphs and tables up to the next heading.

    `section`: None if the form has no section of this name.
    `heading`: None if the blocks are before the first heading.
    `blocks`: the paragraphs and tables.
    """

    section: Section | None
    heading: SourceParagraph | None
    blocks: list[Block] = field(default_factory=list)


@dataclass(slots=True)
class Outline:
    """The parts of a source document.

    `body`: the name of the reporting body, or "".
    `year`: 0 if it is not known.
    `number`: the document number (文号), or "".
    `contact`: 联系方式, or "".
    `signed`: 成文日期, or None.
    `dated`: the date under the title with its place, or None.
    `published`: 发布日期, or None.
    `places`: the places of the dates, 文号 and 联系方式, by their keys in a report file.
    `lead`, `tables`: the paragraphs and tables before the first section.
    `parts`: the sections with their content.
    """

    body: str = ""
    year: int = 0
    number: str = ""
    contact: str = ""
    signed: date | None = None
    dated: tuple[date, Place] | None = None
    published: date | None = None
    title_place: Place = field(default_factory=Place)
    places: dict[str, Place] = field(default_factory=dict)
    lead: list[SourceParagraph] = field(default_factory=list)
    tables: list[SourceTable] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)

    @property
    def sections(self) -> set[str]:
        """The keys of the sections that have a heading."""
        return {part.section.key for part in self.parts if part.section and part.heading}


def read_outline(blocks: Sequence[Block], form: Form) -> Outline:
    """Split a document into title, lead, sections and signature.

    The lead is the text before the first section.
    """
    result = Outline()
    blocks = list(_split_run_in(_newest_sheets(blocks, result), form))
    headings = _headings(blocks, form)
    first = min(headings, default=len(blocks))
    begin = first if _has_blocks(headings.values()) else _first_block(blocks[:first], form)
    rest = list(blocks[first:])
    _read_head(blocks[:begin], result)
    if begin < first:
        with_blocks = next(section for section in form.sections if _has_blocks([section]))
        result.parts.append(Part(with_blocks, None, list(blocks[begin:first])))
    for index, block in enumerate(rest, first):
        if index in headings:
            assert isinstance(block, SourceParagraph)
            result.parts.append(Part(headings[index], block))
        elif result.parts:
            result.parts[-1].blocks.append(block)
    _read_signature(result)
    for part in result.parts:
        if part.heading and (long := _LONG_HEADING.match(_joined(part.heading.text))):
            result.body, result.year = result.body or long["body"], result.year or int(long["year"])
    for part in result.parts:
        if part.heading and part.section and not _is_plain(part.heading, part.section, form):
            message = f"标题{quoted(part.heading.text)}当作“{part.section.title}”"
            result.doubts.append(Doubt((part.section.key,), part.heading.place, message))
    return result


def _newest_sheets(blocks: Sequence[Block], result: Outline) -> Sequence[Block]:
    """Return the blocks of the newest year, if the document has a sheet for each of several years.

    Sheets without a year are kept. A doubt is added to `result` if there are several years.
    """
    years: dict[str, int] = {}
    for block in blocks:
        part = block.place.part
        named = _SHEET_YEAR.search(part)
        title = _parse_title(_joined(_text(block)))
        year = int(named[1]) if named else title[1] if title else 0
        years[part] = years.get(part) or year
    if len({year for year in years.values() if year}) < 2:
        return blocks
    newest = max(years, key=years.__getitem__)
    shown = "、".join(f"“{part}”（{year} 年）" for part, year in years.items() if year)
    message = f"文件里有几个年度的表：{shown}；读的是 {years[newest]} 年的"
    place = next(block.place for block in blocks if block.place.part == newest)
    result.doubts.append(Doubt(("年度",), place, message))
    return [block for block in blocks if years[block.place.part] in (0, years[newest])]


def _split_run_in(blocks: Iterable[Block], form: Form) -> Iterator[Block]:
    """Yield all blocks; split a paragraph with a heading and the text after it into two paragraphs.

    Such a paragraph is 六、其他需要报告的事项：无。
    """
    for block in blocks:
        run_in = _RUN_IN.match(block.text.rstrip()) if isinstance(block, SourceParagraph) else None
        head = run_in["head"] if run_in else ""
        section = section_of(_bare_heading(head), form, guess=False) if head else None
        sure = top_number(head) or is_title(head)
        if section and run_in and sure and words(_bare_heading(head)) not in block_names(form):
            assert isinstance(block, SourceParagraph)
            yield SourceParagraph(head, block.place, block.level)
            yield SourceParagraph(run_in["rest"], block.place)
        else:
            yield block


def _joined(text: str) -> str:
    return half_width("".join(text.split()))


def _is_plain(heading: SourceParagraph, section: Section, form: Form) -> bool:
    return section_of(_bare_heading(heading.text), form, guess=False) is section


def _has_blocks(sections: Iterable[Section | None]) -> bool:
    """Return True if one of the sections is divided into blocks."""
    texts = [text for section in sections if section for text in section.texts]
    return any(text.kind == "block" for text in texts)


def _first_block(blocks: Sequence[Block], form: Form) -> int:
    """Return the index of the first numbered heading of a block.

    If there is none, return the number of blocks.
    """
    names = block_names(form)
    for index, block in enumerate(blocks):
        text = _text(block)
        if NUMBERING.match(text) and words(re.split("[。：:]", text, maxsplit=1)[0]) in names:
            return index
    return len(blocks)


def top_number(text: str) -> int:
    """Return the number at the beginning of a first-level heading (三、 → 3), or 0."""
    match = _TOP_NUMBER.match(text)
    return chinese_value(match["number"] or match["part"]) if match else 0


def _bare_heading(text: str) -> str:
    if long := _LONG_HEADING.match(text):
        return text[long.end() :].removesuffix("统计表")
    return without_number(text)


def without_number(text: str) -> str:
    """Return a heading without the number of its section (三、)."""
    match = _TOP_NUMBER.match(text)
    return text[match.end() :] if match else text


def _headings(blocks: Sequence[Block], form: Form) -> dict[int, Section | None]:
    """Return the section that each heading begins, by the index of the heading in `blocks`.

    The value is None if a heading names no section of the form.
    """
    found = ((index, _candidate(block, form)) for index, block in enumerate(blocks))
    candidates = {index: candidate for index, candidate in found if candidate}
    chosen: dict[int, Section | None] = {}
    order = sorted(candidates)
    ends: dict[int, int] = {}
    for index, after in reversed([*itertools.pairwise([*order, len(blocks)])]):
        # The caption of a section's only table repeats the heading.
        is_same = after in ends and candidates[after][0] is candidates[index][0]
        ends[index] = ends[after] if is_same else after
    numbered = {at for at in order if candidates[at][1] and top_number(_text(blocks[at]))}
    # Where sections are numbered, a title without number names a block of the first section.
    by_number = len({candidates[index][0].key for index in numbered}) >= _FEWEST_NUMBERED
    for section in form.sections:
        own = [index for index in order if candidates[index][0] is section]
        if by_number and numbered.intersection(own):
            own = [index for index in own if index in numbered]
        if own:
            best = max(candidates[index][1] for index in own)
            likely = [index for index in own if candidates[index][1] == best]
            # Of a table of contents and the section itself, the section has the content.
            chosen[max(likely, key=lambda index: (ends[index] - index > 1, -index))] = section
    chosen |= _foreign(blocks, chosen)
    return chosen


def _candidate(block: Block, form: Form) -> tuple[Section, int] | None:
    """Return the section whose heading a paragraph may be, and a number that says how sure it is.

    3: the words of the form. 2: listed words. 1: words that may also name a block. 0: a guess.
    """
    if not isinstance(block, SourceParagraph):
        return None
    text = block.text.strip()
    if not text or len(text) > _LONGEST_HEADING or _SECOND_LEVEL.match(text):
        return None
    numbered = bool(_TOP_NUMBER.match(text))
    named = section_of(_bare_heading(text), form, guess=False)
    if named is not None:
        if is_title(_bare_heading(text)):
            return named, 3
        if words(_bare_heading(text)) not in block_names(form):
            return named, 2
        return (named, 1) if numbered else None
    if not (numbered or block.level in (1, 2)) or _ENDS_SENTENCE.search(text):
        return None
    guessed = section_of(text, form, guess=True)
    return (guessed, 0) if guessed else None


def _foreign(blocks: Sequence[Block], chosen: dict[int, Section | None]) -> dict[int, None]:
    """Return the indexes of headings that the form does not have, as the keys of a dictionary.

    Their numbers continue the numbers of the other headings: 五、全面提升政务服务效能 after section
    four and before 六、存在的主要问题. `chosen`: the headings of the form's sections, by index.
    """
    found: dict[int, None] = {}
    order = sorted(chosen)
    for index, block in enumerate(blocks):
        if (
            index in chosen
            or not isinstance(block, SourceParagraph)
            or not order
            or index < order[0]
        ):
            continue
        text = block.text.strip()
        number = top_number(text)
        if not number or len(text) > _LONGEST_HEADING or _ENDS_SENTENCE.search(text):
            continue
        before = [at for at in [*order, *found] if at < index]
        after = [at for at in order if at > index]
        last = top_number(_text(blocks[max(before)]))
        following = top_number(_text(blocks[min(after)])) if after else number + 1
        if last and number == last + 1 and following > number:
            found[index] = None
    return found


def _text(block: Block) -> str:
    return block.text.strip() if isinstance(block, SourceParagraph) else ""


# ── title


def _read_head(blocks: Sequence[Block], result: Outline) -> None:
    """Read title, file number, dates and lead from the blocks before the first section."""
    paragraphs = [
        block for block in blocks if isinstance(block, SourceParagraph) and block.text.strip()
    ]
    for block in blocks:
        if isinstance(block, SourceTable) and (
            text := " ".join(c.text for c in block.cells).strip()
        ):
            published = _PUBLISHED.search(_joined(text))
            if published and _FURNITURE.match(_joined(text)):
                _set_published(published, block.place, result)
            else:
                result.tables.append(block)
    paragraphs = _without_contents(paragraphs, result)
    start = _find_title(paragraphs, result)
    for index, paragraph in enumerate(paragraphs):
        text = paragraph.text.strip()
        if published := _PUBLISHED.search(text):
            _set_published(published, paragraph.place, result)
        if not result.lead and _FILE_NUMBER.fullmatch(text):
            result.number = "".join(text.split())
            result.places["文号"] = paragraph.place
        elif index < start:
            continue
        elif not result.lead and (day := _date_under_title(text)):
            result.dated = day, paragraph.place
        elif not result.lead and len(text) < _LONGEST_TITLE and _FURNITURE.match(text):
            message = f"没有读入{quoted(text)}：不像报告的内容"
            if not published:
                result.doubts.append(Doubt((), paragraph.place, message, text))
        else:
            result.lead.append(paragraph)


def _without_contents(paragraphs: list[SourceParagraph], result: Outline) -> list[SourceParagraph]:
    """Return the paragraphs without a table of contents, and add a doubt about it."""
    start = next((at for at, each in enumerate(paragraphs) if words(each.text) == "目录"), -1)
    if start < 0:
        return paragraphs
    end = start + 1
    while end < len(paragraphs) and _CONTENTS_LINE.fullmatch(paragraphs[end].text):
        end += 1
    place = paragraphs[start].place
    result.doubts.append(Doubt((), place, f"目录没有读入：{end - start - 1}行"))
    return [*paragraphs[:start], *paragraphs[end:]]


def _date_under_title(text: str) -> date | None:
    """Return the date in a line that has nothing else, except brackets; None for other lines."""
    bare = "".join(text.split()).strip("()（）")
    return read_date(bare.translate(_ZEROS)) if _DATE_AT_END.fullmatch(bare) else None


def _set_published(match: re.Match[str], place: Place, result: Outline) -> None:
    result.published = read_date(match["date"])
    result.places["发布日期"] = place


def _find_title(paragraphs: Sequence[SourceParagraph], result: Outline) -> int:
    """Read the title; return the index of the first paragraph after it, or 0 without a title."""
    best, chosen = 0, ""
    for index in range(len(paragraphs)):
        for count in (1, 2, 3):
            title = paragraphs[index : index + count]
            if len(title) < count:
                continue
            text = "".join(_joined(each.text) for each in title)
            parsed = _parse_title(text)
            if parsed is None or (best and not parsed[1]):
                continue
            body, year = parsed
            if not body and index:
                body = _body_above(paragraphs[index - 1])
            result.body, result.year = body or result.body, year or result.year
            result.title_place = title[0].place
            best, chosen = index + count, text
            break
    if chosen and not _REPORT_NAME.search(chosen):
        message = f"{quoted(chosen)}当作标题读"
        result.doubts.append(Doubt((), result.title_place, message, chosen))
    return best


def _parse_title(text: str) -> tuple[str, int] | None:
    """Return the body and the year that a title names, or None if the text is no title.

    The body is "" and the year is 0 if the title lacks them.
    """
    name = _REPORT_NAME.search(text) or _misspelt_name(text)
    if name is None or len(text) > _LONGEST_TITLE or re.search("[。；]|现将|根据", text):
        return None
    if text.count("信息公开") > 2 or re.search(r"[>＞》]", text):
        return None
    year = _TITLE_YEAR.search(text)
    number = read_year(year["year"].translate(_ZEROS)) if year else None
    rest = text[: name.start()] + text[name.end() :]
    rest = _TITLE_YEAR.sub("", rest).removeprefix("关于")
    rest = re.sub(r"[(（].*?[)）]|年度|的?$", "", rest)
    rest = rest.strip("-—_|·的").removesuffix("关于")
    return "" if _NOT_IN_NAMES.search(rest) else rest, number or 0


def _misspelt_name(text: str) -> re.Match[str] | None:
    """Return the misspelt name of the report at the end of a title: 政府信息公开工作告年度报."""
    match = re.search(r"(?:政府信息|信息公开).{4,12}\Z", text)
    name: str = load_schema()["title"]
    close = match and difflib.SequenceMatcher(None, match[0], name).ratio()
    return match if close and close >= _CLOSE and _TITLE_YEAR.search(text) else None


def _body_above(paragraph: SourceParagraph) -> str:
    text = "".join(paragraph.text.split())
    is_other = re.search(r"[，。；、\d]", text) or _NOT_IN_NAMES.search(text)
    return text if 2 < len(text) <= 40 and not is_other else ""


# ── signature


def _read_signature(result: Outline) -> None:
    """Remove the signature (body, date, contact) from the end of the last section, and read it."""
    if not result.parts:
        return
    blocks = result.parts[-1].blocks
    notes = [block for block in blocks if block.place.part in NOTES]  # they come last
    blocks[:] = [block for block in blocks if block.place.part not in NOTES]
    _drop_appendix(blocks, result)
    _take_end(blocks, result)
    if result.signed is None:
        _drop_furniture(blocks, result)
    blocks += notes
    if result.dated and result.signed is None:
        result.signed, result.places["成文日期"] = result.dated
    elif result.dated and result.signed != result.dated[0]:
        day, place = result.dated
        message = f"标题下写的是 {day}，和签名的日期不一样；读的是签名的"
        result.doubts.append(Doubt(("成文日期",), place, message))


def _take_end(blocks: list[Block], result: Outline) -> None:
    """Remove lines of the signature and the contact from the end of the blocks, and read them."""
    removed = 0
    while blocks and removed < 8:
        last = blocks[-1]
        if not isinstance(last, SourceParagraph):
            break
        text = last.text.strip()
        if contact := _CONTACT.match(text):
            result.contact = text[contact.end() :]
            result.places["联系方式"] = last.place
        elif not _take_signature(text, last.place, result):
            break
        blocks.pop()
        removed += 1


def _drop_appendix(blocks: list[Block], result: Outline) -> None:
    """Remove an appendix (附件) that follows the signature, and add a doubt about it.

    If a section lacks its table, the table may be in the appendix, which then stays.
    """
    with_grids = [part for part in result.parts if part.section and part.section.grids]
    if not with_grids or not all(
        any(isinstance(block, SourceTable) for block in part.blocks) for part in with_grids
    ):
        return
    for at in range(1, len(blocks)):
        if _APPENDIX.match(_text(blocks[at])) and _is_date_line(_text(blocks[at - 1]), result.body):
            shown = " ".join(filter(None, map(_text, blocks[at:])))
            message = f"签名后面的附件没有读入：{quoted(shown)}"
            result.doubts.append(Doubt((), blocks[at].place, message, shown))
            del blocks[at:]
            return


def _drop_furniture(blocks: list[Block], result: Outline) -> None:
    """Remove what follows the signature, such as a web page's footer, and add a doubt about it.

    Without a signature, the first line that begins like a line of a footer begins the footer.
    """
    end = len(blocks)
    while (
        end and isinstance(blocks[end - 1], SourceParagraph) and len(blocks) - end < _MOST_FURNITURE
    ):
        end -= 1
    dates = [at for at in range(end, len(blocks)) if _is_date_line(_text(blocks[at]), result.body)]
    signed = [at for at in dates if at and _is_body(_text(blocks[at - 1]), result.body)]
    footers = [at for at in range(end, len(blocks)) if _FOOTER.match(_text(blocks[at]))]
    if dates:
        start = [*signed, dates[-1]][0] + 1
    elif footers and not any(_ENDS_SENTENCE.search(_text(each)) for each in blocks[footers[0] :]):
        start = footers[0]
    else:
        return
    after = [block for block in blocks[start:] if _text(block)]
    if after:
        shown = " ".join(map(_text, after))
        message = f"签名后面的{len(after)}行没有读入：{quoted(shown)}"
        result.doubts.append(Doubt((), after[0].place, message, shown))
    del blocks[start:]
    _take_end(blocks, result)


def _is_date_line(text: str, body: str) -> bool:
    """Return True if a line is a date alone, or the name of a body and a date."""
    text = _BUTTONS.sub("", text) or text
    match = _DATE_AT_END.search(text)
    before = "".join(text[: match.start()].split()) if match else ""
    return match is not None and (not before or _is_body(before, body))


def _is_body(text: str, body: str) -> bool:
    """Return True if a line is the name `body`, or the name of an office that may sign for it."""
    bare = "".join(text.split())
    short = 1 < len(bare) <= _LONGEST_HEADING and not re.search("[，。；：:]", bare)
    return short and (bare == body or _BODY_NAME.search(bare) is not None)


def _take_signature(text: str, place: Place, result: Outline) -> bool:
    """Read a line as a part of the signature; return False if it is none.

    A blank line counts as a part of the signature.
    """
    text = _BUTTONS.sub("", text) or text
    bare = "".join(text.split())
    if not bare:
        return True
    match = _DATE_AT_END.search(text)
    if match and result.signed is None:
        day = read_date(match.group().translate(_ZEROS))
        if day and _is_date_line(text, result.body):
            result.signed = day
            result.places["成文日期"] = place
            result.body = result.body or "".join(text[: match.start()].split())
            return True
    if bare == result.body or (result.signed and _is_body(text, result.body)):
        result.body = result.body or bare
        return True
    return False


def lists_bodies(table: SourceTable) -> bool:
    """Return True if a table lists several bodies, each in a row or a column."""
    numbers = [cell for cell in table.cells if cell.text.strip().isdigit()]
    bodies = [cell for cell in table.cells if _names_body(cell.text)]
    in_rows = Counter(cell.row for cell in numbers)
    in_columns = Counter(cell.column for cell in numbers)
    down = {(c.column, c.text.strip()) for c in bodies if in_rows[c.row] >= _FEWEST_NUMBERS}
    across = {(c.row, c.text.strip()) for c in bodies if in_columns[c.column] >= _FEWEST_NUMBERS}
    return any(
        count >= _FEWEST_BODIES
        for found in (down, across)
        for count in Counter(line for line, _ in found).values()
    )


def sheets_of_bodies(tables: Iterable[SourceTable]) -> bool:
    """Return True if a document has a sheet for each of several bodies."""
    sheets = {table.place.part for table in tables}
    return sum(map(_names_body, sheets)) >= _FEWEST_BODIES


def _names_body(text: str) -> bool:
    bare = "".join(text.split())
    return _is_body(bare, "") or (len(bare) <= _LONGEST_HEADING and bool(_PLACE_NAME.search(bare)))


def years_in(text: str) -> Iterator[int]:
    """Yield the years that a text names, such as 2022年."""
    for match in re.finditer(r"(20[0-9]{2})\s*年", half_width(text)):
        yield int(match[1])
