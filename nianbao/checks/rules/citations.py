"""Rules of family F: check what reports cite: notices, the regulations, sections of the form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nianbao.checks.rules.rule import Context, Violation
from nianbao.diagnostics.finding import Severity
from nianbao.model.schema import edition_of
from nianbao.utils.characters import half_width_digits
from nianbao.utils.patterns import lazy_pattern

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from nianbao.model.report import Prose, Report

# The notices of the editions: 《……关于政府信息公开工作年度报告有关事项的通知》,
# 《……关于印发〈中华人民共和国政府信息公开工作年度报告格式〉的通知》.
_NOTICES: Final = {"2019": "60", "2021": "30"}
_NAMES: Final = {"2019": "年度报告有关事项", "2021": "年度报告格式"}
_NOTICE = lazy_pattern(
    r"(?:《(?P<title>[^《》]{0,80})》.{0,4})?国办公?开?办?[函发]"
    r"[〔\[【（(](?P<year>20[0-9]{2})[〕\]】）)](?:第)?(?P<number>[0-9]{1,3})号"
)
_DECREE = lazy_pattern(
    r"政府信息公开条例》?.{0,4}?[（(](?:中华人民共和国)?国务院令?第?(?P<number>[0-9]{3,4})号令?"
)
_DECREE_NUMBER: Final = "711"
_OLD_DECREE: Final = "492"
_TITLE = lazy_pattern(
    r"[《〈<](?P<title>[^《》〈〉<>]{4,40}?(?:条例|格式))(?:（试行）|\(试行\))?[》〉>]"
)
_COUNTRY: Final = "中华人民共和国"
_REGULATIONS: Final = "政府信息公开条例"
_FORM: Final = "政府信息公开工作年度报告格式"
# Titles that no document has.
_MISNAMED: Final = {
    "信息公开条例": _REGULATIONS,
    "政府信息条例": _REGULATIONS,
    "政务信息公开条例": _REGULATIONS,
    "政府信息公开工作条例": _REGULATIONS,
    "政府信息公开管理条例": _REGULATIONS,
    "政府公开信息条例": _REGULATIONS,
    "信息公开工作年度报告格式": _FORM,
    "政府信息公开年度报告格式": _FORM,
    "政府信息公开年报格式": _FORM,
    "政府信息公开工作年报格式": _FORM,
    "政务信息公开工作年度报告格式": _FORM,
    "政务公开工作年度报告格式": _FORM,
}
_HELP: Final = "对照原文件改正"
_SENTENCE = lazy_pattern(r"[^。\n]+")
_COUNTS_SECTIONS = lazy_pattern("[六6]个?(?:部分|方面)|组成")
_LEAST_NAMED: Final = 3


def check_citations(context: Context) -> Iterator[Violation]:
    """引用的文件名称、文号不对。

    为什么：印发2021年格式的通知（国办公开办函〔2021〕30号）和印发2019年格式的通知
    （国办公开办函〔2019〕60号），年份和号数常被写混。现行的《中华人民共和国政府信息公开条例》是
    国务院令第711号。名称少字、多字，引了旧令号或别的年度的通知，只作提示。

    不通过：

        /引言: 根据《中华人民共和国政府信息公开条例》（国务院令第771号）编制。

    通过：

        /引言: 根据《中华人民共和国政府信息公开条例》（国务院令第711号）编制。
    """
    report = context.report
    for prose in report.texts.values():
        text = prose.rendered
        if "号" in text:
            text = half_width_digits(text)
            for match in _NOTICE.finditer(text):
                yield from _notice(report, prose, match)
            for match in _DECREE.finditer(text):
                yield from _decree(report, prose, match, text)
        if "条例" in text or "格式" in text:
            for match in _TITLE.finditer(text):
                bare = match["title"].removeprefix(_COUNTRY)
                if bare in _MISNAMED:
                    message = f"“{match['title']}”的名称不对"
                    help_ = f"应为《{_COUNTRY}{_MISNAMED[bare]}》"
                    yield _at(report, prose, match.span("title"), message, help_, Severity.INFO)


def _notice(report: Report, prose: Prose, match: re.Match[str]) -> Iterator[Violation]:
    """Yield a violation if the notice that a text cites has another number or is not in force.

    `match`: the citation in `prose`.
    """
    year, number, title = match["year"], match["number"], match["title"] or ""
    written = f"〔{year}〕{number}号"
    at = match.start("year") - 1, match.end()
    named = next((each for each, name in _NAMES.items() if name in title), "")
    if named:
        wrong, year = (year, number) != (named, _NOTICES[named]), named
    else:
        wrong = number in _NOTICES.values() and _NOTICES.get(year) != number
        wrong = wrong and "国办公开办函" in match.group()
    if wrong:
        help_ = "2021年格式是〔2021〕30号，2019年格式是〔2019〕60号"
        yield _at(report, prose, at, f"文号“{written}”不对", help_)
    elif _NOTICES.get(year) == number and "国办公开办函" in match.group():
        in_force = edition_of(report.year)
        if in_force and str(in_force) != year:
            message = f"“{written}”不是 {report.year} 年度所用格式的通知"
            help_ = f"改成〔{in_force}〕{_NOTICES[str(in_force)]}号，表格照新格式填"
            yield _at(report, prose, at, message, help_, Severity.INFO)


def _decree(report: Report, prose: Prose, match: re.Match[str], text: str) -> Iterator[Violation]:
    number = match["number"]
    if number == _DECREE_NUMBER:
        return
    old = number == _OLD_DECREE
    if old and ("修订" in text or "原" in text):
        return
    message = f"条例的令号写的是第{number}号" + ("，是修订前的" if old else "")
    severity = Severity.INFO if old else None
    yield _at(report, prose, match.span("number"), message, "现行的是国务院令第711号", severity)


def check_section_names(context: Context) -> Iterator[Violation]:
    """引言里列的各部分名称，不是统一格式的标题。

    为什么：六个部分的标题是全国统一的；引言里写成别的，多半是抄自旧格式的报告。
    列出了三个以上名称的才比。

    不通过：

        /引言: 由总体情况、主动公开政府信息情况、申请情况、存在的主要问题及改进情况等六部分组成。

    通过：

        /引言: 本报告按照统一格式编制。
    """
    report = context.report
    prose = report.texts.get(report.form.lead.pointer)
    if prose is None:
        return
    names = [section.title.partition("、")[2] for section in report.form.sections]
    for match in _SENTENCE.finditer(prose.rendered):
        sentence = match.group()
        missing = [name for name in names if name not in sentence]
        listed = len(names) - len(missing) >= _LEAST_NAMED and _COUNTS_SECTIONS.search(sentence)
        if missing and listed:
            message = f"引言列了各部分，其中没有“{'”“'.join(missing)}”"
            yield _at(report, prose, match.span(), message, "照格式的标题写")


def _at(
    report: Report,
    prose: Prose,
    span: tuple[int, int],
    message: str,
    help_: str,
    severity: Severity | None = None,
) -> Violation:
    return Violation(
        prose.pointer,
        message,
        help_,
        prose.span(report.source, *span),
        quote=prose.rendered[slice(*span)].strip()[:40],
        severity=severity,
    )
