"""Rules of family F: find text that is left over from last year's report or from drafting."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from nianbao.checks.rules.rule import Context, Violation, strip_markup
from nianbao.diagnostics.finding import Span
from nianbao.model.draft import DOUBT_MARK, DRAFT_MARK
from nianbao.utils.characters import half_width_digits
from nianbao.utils.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.diagnostics.finding import Pointer
    from nianbao.model.report import Report
    from nianbao.model.source import Source

COPIED = 0.9  # share of common character runs from which a text counts as copied, 0 to 1
_SHORTEST_COMPARED = 60
_LONGEST_OPENING = 80
_NEAR = 400
_PLACEHOLDER = re.compile(
    r"(?=[XxＸ×╳〔待此TF_＿?？])(?:"  # first characters of all alternatives, for speed
    r"(?<![A-Za-zＸ./_-])[XxＸ]{2,}(?![A-Za-z0-9/_.@-])|[×╳]{2,}|〔?[×╳]〕?[年月日件条号]"
    r"|(?<![A-Za-z0-9./_-])[XＸ](?=[年月日件条号])"
    rf"|(?<![有亟尚])待补充(?!完善|和|、)|待填写|{DRAFT_MARK}|此处填写"
    r"|(?<![A-Za-z])(?:TODO|TBD|FIXME)(?![A-Za-z])|_{3,}|＿{2,}|\?{3,}|？{3,})"
)
# Titles and numbers of documents and quotations can have any year.
_QUOTED = lazy_pattern(r"《[^《》]*》|〔[^〔〕]*〕|“[^“”]*”")
_SENTENCE = lazy_pattern(r"[^。！？；\n]+")
# Allowed before a year at the beginning of a sentence: numbering, a heading, 我局.
_OPENING = lazy_pattern(
    r"[\s　*#>（）()一二三四五六七八九十0-9.．、-]*(?:是|[^，。：]{0,12}：)?"
    r"(?:(?:为|按照|根据|依据)[^。]{2,40}，)?(?:(?:我|本|全)[^，。]{1,3})?\s*"
)
# Words after the year that show that the sentence is about last year on purpose.
_INTENDED = lazy_pattern(
    r"度?(?:以?来|起|[底末初前后至到版—–~～-]|开始|[0-9]|的|问题|[^，。]{0,6}(?:收到|受理|提[出交])的"
    r"|，?(?:国务院|国办|[省市](?:委|政府|人民政府))"
    r"|[^，。]{0,16}(?:年报|报告|考核|评估|评议|评价|测评|通报|反馈|存在|指出|发现|查出|查摆|提出|结转"
    r"|遗留|未办结|[预决]算|总结|计划|要点|公报|年鉴))"
)
# Words that show that a sentence looks back, compares, or reports the origin of something.
_LOOKS_BACK = lazy_pattern(
    r"同比|环比|较|相比|比[上去前]|上一?年(?!度?结转)|去年|往年|历年|今年|本年|(?<!截至)目前|至今|如今"
    r"|连续|增长|下降|上升|持平|印发|出台|颁布|修订|成立|组建|建成|启用|开通|上线|改版|挂牌"
    r"|机构改革|划转|更名|合并|整改|[已得][^，]{0,10}(?:改进|完善|解决|纠正|到位)|基础上|20[0-9]{2}年"
    r"|被评|获评|荣获|表彰|被[^，]{0,12}确定|位居|位列|排名"
)


def check_stale_year(context: Context) -> Iterator[Violation]:
    """去年的年份没有改。

    为什么：从上一年的报告抄来，年份忘了改，是公开后最常被发现的错误。有意说到去年的句子
    （同比、较2021年、针对2021年存在的问题、文件名和文号里的年份）不算，表下的注也不算。

    不通过：

        /总体情况/概述: 2021年，我局认真贯彻落实政府信息公开条例。

    通过：

        /总体情况/概述: 2022年，我局针对2021年存在的问题逐项整改。
    """
    report = context.report
    last = report.year - 1
    for pointer, prose in report.texts.items():
        if _is_note(report, pointer):
            continue
        text = half_width_digits(prose.rendered)
        if str(last) not in text:
            continue
        for match in _SENTENCE.finditer(text):
            offsets = _find_stale_year(match.group(), last, report.body)
            if offsets is None or _names_year_nearby(text, match, report.year):
                continue
            sentence = match.group().strip()
            begin, end = (match.start() + offset for offset in offsets)
            yield Violation(
                pointer,
                f"“{sentence[:24]}”写的是 {last} 年，报告是 {report.year} 年度的",
                f"没有改过来的改成 {report.year}年",
                prose.span(report.source, begin, end),
                quote=prose.rendered[match.start() : match.end()].strip(),
            )


def _find_stale_year(sentence: str, last: int, body: str) -> tuple[int, int] | None:
    """Return where a sentence names last year by mistake: start and end; None if it does not.

    `last`: last year. `body`: the name of the report's body.
    """
    if str(last) not in sentence:
        return None
    year = rf"(?P<year>{last}\s?年)"
    title = rf"{year}度?[^。，》]{{0,14}}(?:报告|年报)"
    masked = _QUOTED.sub(lambda match: "□" * len(match.group()), sentence)
    # “现将……2021年……报告公布如下”, and “本报告是……2021年……报告”.
    titled = re.search(rf"现(?:将|公布|发布|予以)[^》]{{0,20}}?{title}", sentence) or re.search(
        rf"本报告[^，□]{{0,24}}?(?<![与和同较比照]){title}", masked
    )
    if titled:
        rest = sentence[: titled.start("year")] + sentence[titled.end("year") :]
        return None if _LOOKS_BACK.search(rest) else titled.span("year")
    match = re.search(year, masked)
    if match is None:
        return None
    before, after = masked[: match.start()].replace(body, "我局"), masked[match.end() :]
    opens = len(before) <= _LONGEST_OPENING and _OPENING.fullmatch(before)
    if not opens or _INTENDED.match(after) or _LOOKS_BACK.search(after):
        return None
    return match.span()


def _names_year_nearby(text: str, sentence: re.Match[str], year: int) -> bool:
    """Return True if `year` is in a sentence, or near it with no full stop between them.

    Such a sentence compares two years.
    """
    before = re.split(r"[。！？\n]", text[max(sentence.start() - _NEAR, 0) : sentence.start()])[-1]
    after = re.split(r"[。！？\n]", text[sentence.end() : sentence.end() + _NEAR])[0]
    return any(str(year) in part for part in (before, sentence.group(), after))


def _is_note(report: Report, pointer: Pointer) -> bool:
    """Return True for a note under a table, which can explain the figures of last year."""
    above = [section.notes.pointer for section in report.form.sections if section.notes]
    return any(pointer[: len(each)] == each for each in above)


def check_copied_block(context: Context) -> Iterator[Violation]:
    """和上一年雷同：九成以上的字句相同。

    为什么：照抄上一年、敷衍应付的报告，造成不良后果的要依条例第四十七条处理（2021年格式的
    通知）。总体情况和存在的主要问题才比；年份不算，六十个字以下的不比。

    不通过：

        上年/总体情况/监督保障: 把政务公开纳入考核，明确专人负责。 × 8
        /总体情况/监督保障: 把政务公开纳入考核，明确专人负责。 × 8

    通过：

        上年/总体情况/监督保障: 把政务公开纳入考核，明确专人负责。 × 8
        /总体情况/监督保障: 全年开展培训2次，检查4次，通报3个栏目。 × 8
    """
    report, last = context.report, context.last_year
    if last is None:
        return
    for pointer, prose in report.texts.items():
        old = last.texts.get(pointer)
        if old is None or not must_be_new(report, pointer):
            continue
        share = copied_share(old.rendered, prose.rendered)
        if share >= COPIED:
            names = " › ".join(report.form.labels(pointer))
            yield Violation(
                pointer,
                f"“{names}”和上一年（{context.previous.name}）{share:.0%} 相同",
                "写今年的情况",
                quote=prose.rendered.strip()[:40],
            )


def must_be_new(report: Report, pointer: Pointer) -> bool:
    """Return True for a text of 总体情况 or 存在的主要问题, which must differ from last year's.

    Other texts can be set phrases.
    """
    for section in report.form.sections:
        if section.key == pointer[0]:
            blocks = any(text.kind == "block" for text in section.texts)
            return blocks or section.texts[0].role == "text.problems"
    return False


def copied_share(old: str, new: str) -> float:
    """Return the similarity of last year's and this year's text, from 0 to 1.

    The result is the Dice coefficient of their trigrams (runs of three characters). Years are
    ignored. It is 0 if `new` has fewer than 60 characters.
    """
    texts = [re.sub(r"20[0-9]{2}年", "", strip_markup(text)) for text in (old, new)]
    return _similarity(*texts) if len(texts[1]) >= _SHORTEST_COMPARED else 0.0


def _similarity(old: str, new: str) -> float:
    """Return the Dice coefficient of the runs of three characters of two texts, from 0 to 1.

    That is twice the number of runs that are in both texts, divided by the number of all runs.
    """
    left, right = (Counter(t[i : i + 3] for i in range(len(t) - 2)) for t in (old, new))
    total = left.total() + right.total()
    return 2 * (left & right).total() / total if total else float(old == new)


def check_placeholder(context: Context) -> Iterator[Violation]:
    """留着没有填的空。

    为什么：XX、××、待补充、TODO 是起草时的记号，公开前都要换成实际内容。

    不通过：

        /总体情况/平台建设: 通过网站公开信息××条。

    通过：

        /总体情况/平台建设: 通过网站公开信息20条。
    """
    report = context.report
    for pointer, prose in report.texts.items():
        for match in _PLACEHOLDER.finditer(prose.rendered):
            span = prose.span(report.source, *match.span())
            # Quote some characters around it, so that each placeholder has its own quotation.
            before = prose.rendered[max(match.start() - 8, 0) : match.start()].rpartition("\n")[2]
            after = prose.rendered[match.end() : match.end() + 8].partition("\n")[0]
            quote = f"{before}{match.group()}{after}".strip()
            yield _placeholder(pointer, match.group(), span, quote)


def draft_marks(source: Source) -> Iterator[Violation]:
    """Yield a violation for each text that has a draft mark (【待定稿】).

    Used for files with errors of structure, for which no rule runs.
    """
    for pointer, text in _strings(source.data, ()):
        offset = text.find(DRAFT_MARK)
        if offset >= 0:
            span = source.span_of_text(pointer, text, offset, len(DRAFT_MARK))
            yield _placeholder(pointer, DRAFT_MARK, span)


def check_import_doubts(context: Context) -> Iterator[Violation]:
    """导入时存疑的地方还没有核对。

    为什么：`import` 从 Word、网页、PDF 读来的报告，没有把握的地方写着“# 导入存疑”。和原件核对，
    改好或者确认以后删去这条批注。

    不通过：

        # 导入存疑：行政许可写的是“12件（含变更）”，不是数（第2页第1个表第6行第2列）

    通过：

        # 原件是盖章的纸质报告，已核对
    """
    yield from import_doubts(context.report.source)


def import_doubts(source: Source) -> Iterator[Violation]:
    """Yield a violation for each comment that the command `import` wrote into the file.

    The rule check_import_doubts reports the same comments; this function also works for a file with
    errors of structure.
    """
    marked = [index for index, line in enumerate(source.lines) if DOUBT_MARK in line]
    if not marked:
        return
    from nianbao.parsing.recovery.keys import block_lines

    texts = block_lines(source.lines)
    for index in marked:
        if index not in texts:
            line = source.lines[index]
            start = line.index(DOUBT_MARK)
            doubt = line[start:].removeprefix(DOUBT_MARK).strip("： ")
            span = Span.at(index + 1, start + 1, len(line) - start)
            yield Violation(
                _value_below(source, span.line),
                f"导入时存疑：{doubt}",
                "和原件核对，再删去这条批注",
                span,
            )


def _value_below(source: Source, line: int) -> Pointer:
    """Return the pointer of the first value on a line or below it.

    If there is none, return the pointer of the last value above the line.
    """
    starts = [
        (location.key_or_value.line, len(pointer), pointer)
        for pointer, location in source.locations.items()
        if pointer
    ]
    below = [each for each in starts if each[0] >= line]
    if below:
        return min(below, key=lambda each: each[:2])[2]
    return max(starts, key=lambda each: each[:2])[2] if starts else ()


def _placeholder(pointer: Pointer, text: str, span: Span, quote: str = "") -> Violation:
    return Violation(pointer, f"有没填的“{text}”", "填上实际内容", span, quote)


def _strings(value: object, pointer: Pointer) -> Iterator[tuple[Pointer, str]]:
    if isinstance(value, str):
        yield pointer, value
    elif isinstance(value, (dict, list)):
        for key, child in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _strings(child, (*pointer, key))
