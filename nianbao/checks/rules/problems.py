"""Rules of family F: check 存在的主要问题及改进情况, and texts about the work of other bodies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nianbao.checks.rules.content import says_nothing, text_by_role
from nianbao.checks.rules.copied_text import COPIED, copied_share, must_be_new
from nianbao.checks.rules.rule import Context, Violation, strip_markup
from nianbao.utils.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

_IMPROVES = lazy_pattern(
    "改进|整改|改善|下一步|下步|今后|措施|计划|打算|争取|确保|加强|加大|完善|提升|提高|强化|健全|优化"
    "|规范|推进|[拟将]"
)
# Where the measures begin.
_MEASURES = lazy_pattern(
    "下一?步|(?:改进|整改)(?:措施|情况|方向|打算)|针对(?:上述|以上|这些|存在)|为此|今后"
)
_COUNTERS: Final = tuple(
    map(
        lazy_pattern,
        (
            "(?<!第)([一二三四五六七八九])是",
            "第([一二三四五六七八九])[，,、]",
            "[（(]([一二三四五六七八九])[）)]",
            r"(?<![0-9.])([1-9])[.．、](?![0-9])",
        ),
    )
)
_DIGITS: Final = "一二三四五六七八九"
_SENTENCE: Final = lazy_pattern("[^。；;！？\n]+")
_SHORTEST_SENTENCE: Final = 15
_SHORTEST_REPEATED: Final = 30  # characters of all repeated sentences
_QUANTIFIERS: Final = ("各级", "部分", "多数", "少数", "个别", "一些", "有的", "有些")
_OTHERS: Final = (
    "各级政府部门|各级行政机关"
    "|(?:大?部分|大?多数|少数|个别|一些|有的|有些)(?:地区|地方|部门|市县|县区|县市|区县|乡镇|镇街)"
)
_SPEAKS_OF_OTHERS = lazy_pattern(
    r"(?:^|[，。；：、\n]|[一二三四五六]是|[）)])(?:但是?|目前，?|仍|仍有|还有|尚有|存在)?"
    rf"(?P<who>{_OTHERS})"
)
# Bodies whose task is the disclosure of others.
_SUPERVISES = lazy_pattern("办公室|办公厅|政府办|府办|政务|审批|数据")


def check_measures(context: Context) -> Iterator[Violation]:
    """存在的问题没有写怎样改进，或是上一年的问题。

    为什么：这一部分要写“存在的主要问题及改进情况”（条例第五十条第一款第五项）：每个问题都要有
    改进的办法；和上一年一字不差的问题，等于没有改进。问题和办法都编了号、办法比问题少的，请核对。

    不通过：

        /存在的主要问题及改进情况: 一是更新慢，二是解读少。下一步：一是按月检查。

    通过：

        /存在的主要问题及改进情况: 一是更新慢，二是解读少。下一步：一是按月检查，二是增加解读。
    """
    report = context.report
    field = text_by_role(report, "text.problems")
    prose = report.texts.get(field.pointer) if field else None
    if field is None or prose is None:
        return
    text = prose.rendered
    if says_nothing(strip_markup(text)):
        return  # F418
    message, help_ = "", "写明每个问题怎样改进"
    problems, measures = _divided(text)
    counted = _count(problems), _count(measures)
    if not measures and not _IMPROVES.search(text):
        message = f"“{field.title}”只写了问题，没有写怎样改进"
    elif 0 < counted[1] < counted[0]:
        message = f"“{field.title}”有 {counted[0]} 个问题，改进的办法只有 {counted[1]} 条"
    elif _repeated(context, problems):
        message = f"“{field.title}”里的问题和上一年（{context.previous.name}）一字不差"
        help_ = "写今年的问题；去年的写明改进了什么"
    if message:
        yield Violation(field.pointer, message, help_, quote=text.strip()[:40])


def _divided(text: str) -> tuple[str, str]:
    """Return the part of a text about problems, and the part about measures."""
    match = _MEASURES.search(text)
    return (text[: match.start()], text[match.start() :]) if match else (text, "")


def _count(text: str) -> int:
    """Return the number of numbered items in a text; 一是……二是…… are two.

    The numbers must begin with one and follow each other.
    """
    counts = [0]
    for counter in _COUNTERS:
        found = {_DIGITS.find(each) + 1 or int(each) for each in counter.findall(text)}
        counts.append(next(n for n in range(len(found) + 1) if n + 1 not in found))
    return max(counts)


def _repeated(context: Context, problems: str) -> bool:
    """Return True if all problems are the same as last year's, but the text as a whole is not.

    `problems`: the part of this year's text about problems.
    """
    report, last = context.report, context.last_year
    field = text_by_role(report, "text.problems")
    old = last.texts.get(field.pointer) if last and field else None
    sentences = [each.strip() for each in _SENTENCE.findall(problems)]
    long = [each for each in sentences if len(each) >= _SHORTEST_SENTENCE]
    if old is None or field is None or sum(map(len, long)) < _SHORTEST_REPEATED:
        return False
    same = all(each in old.rendered for each in long)
    return same and copied_share(old.rendered, report.texts[field.pointer].rendered) < COPIED


def check_speaks_of_others(context: Context) -> Iterator[Violation]:
    """本机关的报告说的是别人的事。

    为什么：部门的年报写本部门的工作；“部分地区”“多数部门”“各级政府部门”怎样怎样，多半抄自上级或
    政府的年报。政府、乡镇和管政务公开的部门不查。

    不通过：

        /存在的主要问题及改进情况: 部分地区、部门重视不够。下一步将加强培训。

    通过：

        /存在的主要问题及改进情况: 局里少数科室重视不够。下一步将加强培训。
    """
    report, kind = context.report, context.body_kind
    if kind.covers_subordinates or kind.may_make_regulations or _SUPERVISES.search(report.body):
        return
    for pointer, prose in report.texts.items():
        words = any(map(prose.rendered.__contains__, _QUANTIFIERS))
        if not words or not must_be_new(report, pointer):
            continue
        for match in _SPEAKS_OF_OTHERS.finditer(prose.rendered):
            yield Violation(
                prose.pointer,
                f"“{match['who']}”说的不是本机关",
                "写本机关的情况",
                prose.span(report.source, *match.span("who")),
                quote=prose.rendered[match.start("who") : match.end("who") + 8].strip(),
            )
