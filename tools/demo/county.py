"""Generate the reports of a county of twelve units over five years, from a fixed seed.

The county, its units and all figures are made up, and every report says so.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from bench.reports import write_yaml
from nianbao.model.form import load_form

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from nianbao.model.form import Form, Row

YEARS: Final = range(2021, 2026)
_SEED: Final = 2019711
_EDITION: Final = 2021
_INTRODUCTION: Final = "这是演示用的报告：青山县并不存在，单位、文字和数字都是编造的。"
SETTINGS: Final = """\
网址 = "https://www.example.gov.cn/demo/"

[网站]
SiteName = "虚构的青山县"

[样式]
徽标文字 = "虚构的青山县"
"""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the county.

    `folder`: its folder below reports/. `topics`: what its texts are about. `applications`,
    `licences`, `penalties`: the usual number a year. `fees`: in 万元. `since`: the first year for
    which it reports.
    """

    folder: str
    name: str
    topics: str
    applications: int
    licences: int
    penalties: int
    fees: float = 0.0
    since: int = YEARS[0]


UNITS: Final = (
    Unit("发展和改革局", "青山县发展和改革局", "重大项目、价格和收费、节能审查", 9, 120, 0),
    Unit("教育局", "青山县教育局", "招生入学、教育经费、教师招聘", 22, 45, 3),
    Unit("公安局", "青山县公安局", "户籍办理、交通管理、出入境办理", 31, 5200, 4100, 86.4),
    Unit("民政局", "青山县民政局", "社会救助、养老服务、社会组织登记", 12, 160, 2),
    Unit("财政局", "青山县财政局", "预算决算、政府采购、惠民补贴", 8, 30, 1),
    Unit("自然资源局", "青山县自然资源局", "征地补偿、规划许可、不动产登记", 74, 380, 26, 210.5),
    Unit("住建局", "青山县住房和城乡建设局", "房屋征收、物业管理、保障性住房", 58, 410, 37, 12.8),
    Unit("水利局", "青山县水利局", "取水许可、河湖管理、防汛抗旱", 6, 64, 5, 31.2),
    Unit("农业农村局", "青山县农业农村局", "高标准农田、农机补贴、农产品质量", 14, 230, 18),
    Unit("文化和旅游局", "青山县文化和旅游局", "文物保护、公共文化、旅游市场", 5, 38, 7),
    Unit("数据局", "青山县数据局", "政务服务、公共数据、一件事办理", 4, 0, 0, since=2023),
    Unit("城关镇", "青山县城关镇人民政府", "宅基地审批、村务监督、就业帮扶", 17, 52, 2),
)
# Reports that are missing or late, so that the site can show it.
_MISSING: Final = frozenset({("文化和旅游局", 2025)})
_LATE: Final = frozenset({("农业农村局", 2025), ("水利局", 2023)})
# The report that was corrected after publication.
CORRECTED: Final = ("教育局", 2024)

_APPLICANTS: Final = {"natural": 70, "enterprise": 16, "research": 2, "charity": 2, "legal": 7}
_RESULTS: Final = {"results.granted": 30, "results.partial": 8}
_OUTCOMES: Final = {"upheld": 6, "corrected": 2, "other": 1, "pending": 1}
_DOCUMENTS: Final = ("issued", "repealed", "effective")
_REFERENCES: Final = {
    "new": "received.new",
    "carried": "received.carried",
    "total": "results.total",
    "granted": "results.granted",
    "next": "carried.next",
}
_STILL_OPEN: Final = 0.07  # of the applications at the end of a year
_DISPUTED: Final = 0.025  # of the applications
_PROBLEMS: Final = (
    ("个别信息公开不够及时", "制定公开事项清单，明确每类信息的公开时限，按月检查"),
    ("政策解读的形式比较单一", "增加图解和问答，重要政策由起草的股室在网上答疑"),
    ("答复文书还不够规范", "编印答复文书样本，答复发出前由法制股室审核"),
    ("基层工作人员更换多，业务不熟", "每季度培训一次，新到岗人员由老同志带半年"),
    ("网站栏目更新不均衡", "把栏目分到各股室，超过两个月没有更新的由办公室提醒"),
)


def write_settings(root: Path) -> None:
    """Write the settings of the county, and its roster, to the folder of a repository."""
    units = "\n".join(
        f'[[单位]]\n编号 = "{unit.folder}"\n名称 = "{unit.name}"\n'
        + (f"起始年度 = {unit.since}\n" if unit.since > YEARS[0] else "")
        for unit in UNITS
    )
    (root / "units.toml").write_text(units, "utf-8")
    (root / "nianbao.toml").write_text(SETTINGS, "utf-8")


def county_reports() -> Iterator[tuple[Unit, int, str]]:
    """Yield every report as its unit, its year and the text of its file, year by year."""
    form = load_form(_EDITION)
    histories = [_History(form, unit) for unit in UNITS]
    for year in YEARS:
        for history in histories:
            unit = history.unit
            if year < unit.since:
                continue
            data = history.next_report(year)
            if (unit.folder, year) not in _MISSING:
                yield unit, year, write_yaml(data, form)


def corrected(text: str) -> str:
    """Return the text of a report after the correction of a figure that was published wrong."""
    row = next(row for row in load_form(_EDITION).rows if row.role == "licences")
    cell = re.compile(rf"({row.pointer[-1]}: +\{{{row.columns[0].key}: )(\d+)")
    return cell.sub(lambda match: f"{match[1]}{int(match[2]) + 3}", text, count=1)


class _History:
    """Makes the reports of a unit year by year: each begins with what the last one left open.

    `unit`: the unit.
    """

    def __init__(self, form: Form, unit: Unit) -> None:
        self.unit = unit
        self._rng = random.Random(f"{_SEED} {unit.folder}")
        self._form = form
        self._rows = {row.role: row for row in form.rows if row.role}
        first = self._rows["results.granted"].pointer[:2]
        self._results = [row for row in form.rows if row.pointer[:2] == first and not row.total]
        self._weights = [_RESULTS.get(row.role, self._rng.random() ** 3) for row in self._results]
        self._effective = self._rng.randrange(3, 20)
        self._open: list[str] = []  # for each application that is still open: its applicant's role

    def next_report(self, year: int) -> dict[str, Any]:
        """Return the content of the report on a year; call this for one year after the other."""
        unit, form, rng = self.unit, self._form, self._rng
        late = (unit.folder, year) in _LATE
        data: dict[str, Any] = {
            "格式": form.edition,
            "年度": year,
            "机关": unit.name,
            "成文日期": f"{year + 1}-{'02-20' if late else f'01-{rng.randrange(8, 29):02}'}",
            str(form.lead.pointer[-1]): _INTRODUCTION,
        }
        overview, published, handled, disputes, problems, others = form.sections
        data[overview.key] = self._texts(year)
        data[published.key], data[handled.key], data[disputes.key] = {}, {}, {}
        self._put_decisions(data)
        self._put_applications(data)
        first = (year + UNITS.index(unit)) % len(_PROBLEMS)
        second = (first + 2) % len(_PROBLEMS)
        data[problems.key] = "".join(
            f"{number}是{problem}。改进措施：{measure}。\n"
            for number, (problem, measure) in zip(
                "一二", (_PROBLEMS[first], _PROBLEMS[second]), strict=True
            )
        )
        data[others.key] = f"{year}年度没有收取信息处理费。没有其他需要报告的事项。"
        return data

    def _put(self, data: dict[str, Any], row: Row, values: Mapping[str, object]) -> None:
        """Fill in a row. `values`: the cells by the role of their column; a missing one is 0."""
        for key in row.pointer:
            data = data.setdefault(str(key), {})
        for column in row.columns:
            if column.role != "total":
                data[column.key] = values.get(column.role, 0)

    def _around(self, usual: float) -> int:
        """Return a number near the usual one; 0 for 0."""
        return round(usual * self._rng.uniform(0.75, 1.3))

    def _put_decisions(self, data: dict[str, Any]) -> None:
        """Fill in section two."""
        issued, repealed = self._rng.randrange(4), self._rng.randrange(3)
        self._effective += issued - repealed
        self._put(data, self._rows["regulations"], dict.fromkeys(_DOCUMENTS, "/"))
        documents = zip(_DOCUMENTS, (issued, repealed, self._effective), strict=True)
        self._put(data, self._rows["normative"], dict(documents))
        unit = self.unit
        self._put(data, self._rows["licences"], {"decisions": self._around(unit.licences)})
        self._put(data, self._rows["penalties"], {"decisions": self._around(unit.penalties)})
        self._put(data, self._rows["coercion"], {"decisions": self._around(unit.penalties / 20)})
        fees = round(unit.fees * self._rng.uniform(0.8, 1.2), 2)
        self._put(data, self._rows["fees"], {"amount": fees or 0})

    def _put_applications(self, data: dict[str, Any]) -> None:
        """Fill in sections three and four: each application has one applicant and one result."""
        rng = self._rng
        kinds = list(_APPLICANTS)
        new = rng.choices(kinds, list(_APPLICANTS.values()), k=self._around(self.unit.applications))
        carried, pending = self._open, []
        results: dict[Row, list[str]] = {row: [] for row in self._results}
        for applicant in [*carried, *new]:
            if rng.random() < _STILL_OPEN:
                pending.append(applicant)
            else:
                results[rng.choices(self._results, self._weights)[0]].append(applicant)
        self._put(data, self._rows["received.new"], Counter(new))
        self._put(data, self._rows["received.carried"], Counter(carried))
        for row, applicants in results.items():
            self._put(data, row, Counter(applicants))
        self._put(data, self._rows["carried.next"], Counter(pending))
        self._open = pending
        for role in ("reconsideration", "litigation.direct", "litigation.reconsidered"):
            count = sum(rng.random() < _DISPUTED for _ in new)
            outcomes = rng.choices(list(_OUTCOMES), list(_OUTCOMES.values()), k=count)
            self._put(data, self._rows[role], Counter(outcomes))

    def _texts(self, year: int) -> dict[str, str]:
        """Return the texts of section one. Their figures are references to the tables."""
        unit, number = self.unit, self._rng.randrange
        texts = (
            (
                f"围绕{unit.topics}，{year}年在县政府网站公开信息{number(40, 300)}条，"
                f"在公众号发布{number(20, 200)}篇。"
            ),
            (
                "本年新收政府信息公开申请{new}件，上年结转{carried}件；办结{total}件，其中予以公开"
                "{granted}件；结转下年度继续办理{next}件。"
            ),
            f"清理历年文件{number(30, 200)}件，公开属性逐件标明，失效的及时移出目录。",
            f"网站信息公开专栏调整为{number(5, 9)}类，增加了{unit.topics.split('、')[0]}一类。",
            f"组织培训{number(1, 5)}次，对各股室的公开情况检查{number(2, 6)}次，结果列入考核。",
        )
        references = {
            name: f"{{{{ {'.'.join(map(str, cell))} }}}}"
            for name, role in _REFERENCES.items()
            for cell, column in self._rows[role].cells()
            if column.role == "total"
        }
        blocks = [text for text in self._form.sections[0].texts if text.kind == "block"]
        return {
            str(block.pointer[-1]): text.format(**references)
            for block, text in zip(blocks, texts, strict=True)
        }
