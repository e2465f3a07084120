"""Rules of family F: check the dates, the edition, and the statistical period."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from nianbao.checks.rules.rule import Context, Violation
from nianbao.model.schema import edition_of
from nianbao.utils.characters import half_width_digits

if TYPE_CHECKING:
    from collections.abc import Iterator

_PERIOD = re.compile(
    r"(?:统计(?:期限|时间|时段|周期|区间|范围)|报告(?:期限|期(?!内)|时段)|(?:所列|统计)(?:的?各项)?数据)"
    r"[^。；，\n0-9]{0,16}(?:，[自从])?\s*"
    r"(?P<y1>[0-9]{4})\s*年\s*(?P<m1>[0-9]{1,2})\s*月\s*(?P<d1>[0-9]{1,2})\s*日"
    r"[^0-9。；\n]{1,6}"
    r"(?:(?P<y2>[0-9]{4})\s*年\s*)?(?P<m2>[0-9]{1,2})\s*月\s*(?P<d2>[0-9]{1,2})\s*日"
)

# 2022年11日; 2022  12  31 日; 20221231日; 202年; 202020年
_BROKEN_DATE = re.compile(
    # Tests the first character first: few characters can start a date.
    r"[12１２](?<![\d.].)(?:[09０９]\d{2}(?:[^\S\n]*年[^\S\n]*|[^\S\n]+\d{1,2}[^\S\n]+)\d{1,2}"
    r"[^\S\n]?日(?!内|以内|之内)|0[12]\d{2,5}日|0[12]年(?![前来间级])|0[12]\d{2,3}年)"
)
_FULL_DATE = re.compile(r"(20\d{2})年(\d{1,2})月(\d{1,2})日")


def check_deadline(context: Context) -> Iterator[Violation]:
    """成文或发布过了期限。

    为什么：县级以上部门每年1月31日前发布上一年的报告（条例第四十九条），县级以上政府3月31日前
    发布（条例第五十条）；乡镇街道由当地规定。按“机关类型”算，nianbao.toml 里可以用 期限 改。

    不通过：

        /成文日期: 2023-02-01

    通过：

        /成文日期: 2023-01-31
    """
    report, deadline = context.report, context.deadline
    if deadline is None:
        return
    late = f"过了 {deadline.isoformat()} 的期限（{context.body_kind.name}）"
    for key in ("成文日期", "发布日期"):
        written = report.data.get(key)
        if written is not None and written > deadline.isoformat():
            help_ = "核对日期和机关类型；确实晚了的可以豁免"
            yield Violation((key,), f"{key}是 {written}，{late}", help_, quote=written)


def check_signed_before_end(context: Context) -> Iterator[Violation]:
    """成文日期在年度结束之前。

    为什么：报告写的是1月1日至12月31日的工作，年度没有结束就成文，多半是抄了上一年的日期。

    不通过：

        /成文日期: 2022-01-31

    通过：

        /成文日期: 2023-01-31
    """
    report = context.report
    if report.signed.year <= report.year:
        written = report.signed.isoformat()
        message = f"成文日期是 {written}，{report.year} 年度还没有结束"
        help_ = f"多半应为 {report.year + 1} 年"
        yield Violation(("成文日期",), message, help_, quote=written)


def check_published_before_signed(context: Context) -> Iterator[Violation]:
    """发布日期在成文日期之前。

    为什么：先成文，后发布；反过来的，多半有一个写错了，或者抄了上一年的。

    不通过：

        /成文日期: 2023-01-20
        /发布日期: 2023-01-10

    通过：

        /成文日期: 2023-01-20
        /发布日期: 2023-01-20
    """
    signed = context.report.signed.isoformat()
    published = context.report.data.get("发布日期")
    if published is not None and published < signed:
        message = f"发布日期 {published} 早于成文日期 {signed}"
        yield Violation(("发布日期",), message, "核对后改对其中一个", quote=published)


def check_edition(context: Context) -> Iterator[Violation]:
    """格式和年度对不上。

    为什么：2019年格式（国办公开办函〔2019〕60号）用于2019、2020年度；2021年度起用2021年格式
    （国办公开办函〔2021〕30号）。很多单位换了年份没有换表。

    不通过：

        /格式: 2021
        /年度: 2020
        /成文日期: 2021-01-20

    通过：

        /年度: 2022
    """
    report, year = context.report, context.report.year
    # The first edition also fits the year before it; earlier reports had no common form.
    in_force = edition_of(year) or edition_of(year + 1)
    if in_force and report.form.edition != in_force:
        yield Violation(
            ("格式",),
            f"{year} 年度的报告用了 {report.form.edition} 年的格式",
            f"改成 格式: {in_force}，表格照新格式填",
            quote=str(report.form.edition),
        )


def check_period(context: Context) -> Iterator[Violation]:
    """统计期限不是本年度的1月1日至12月31日。

    为什么：年报的统计期限是公历全年；写成别的，多半是抄来没有改。

    不通过：

        /引言: 本报告所列数据的统计期限为2021年1月1日至2021年12月31日。

    通过：

        /引言: 本报告所列数据的统计期限为2022年1月1日至12月31日。
    """
    report = context.report
    for pointer, prose in report.texts.items():
        for match in _PERIOD.finditer(half_width_digits(prose.rendered)):
            years = {int(match["y1"]), int(match["y2"] or match["y1"])}
            days = [int(match[name]) for name in ("m1", "d1", "m2", "d2")]
            if years == {report.year} and days == [1, 1, 12, 31]:
                continue
            yield Violation(
                pointer,
                f"统计期限写的是“{prose.rendered[match.start('y1') : match.end()]}”",
                f"改成 {report.year}年1月1日至{report.year}年12月31日",
                prose.span(report.source, match.start("y1"), match.end()),
                quote=prose.rendered[match.start() : match.end()],
            )


def check_broken_dates(context: Context) -> Iterator[Violation]:
    """日期里掉了字，或者没有这一天。

    为什么：从网页、PDF 里抄来的日期常掉了年、月或数字：“2022年11日”“截止2022  12  31 日”“202年”；
    “2022年11月31日”没有这一天。

    不通过：

        /引言: 本报告所列数据的统计期限截止2022  12  31 日。

    通过：

        /引言: 本报告所列数据的统计期限截止2022年12月31日。
    """
    report = context.report
    for pointer, prose in report.texts.items():
        text = half_width_digits(prose.rendered)
        wrong = (match for match in _FULL_DATE.finditer(text) if not _exists(match))
        for match in (*_BROKEN_DATE.finditer(prose.rendered), *wrong):
            written = prose.rendered[match.start() : match.end()]
            impossible = "月" in written
            yield Violation(
                pointer,
                f"没有“{written}”这一天" if impossible else f"日期“{written}”不全",
                "写全年、月、日",
                prose.span(report.source, *match.span()),
                quote=written,
            )


def _exists(written: re.Match[str]) -> bool:
    try:
        date(*map(int, written.groups()))
    except ValueError:
        return False
    return True
