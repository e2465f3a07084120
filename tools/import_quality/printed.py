"""Generate reports as they are printed: the content that every sample file shows."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from bench.reports import write_yaml
from nianbao.model.form import load_form
from nianbao.model.report import Report, compile_report
from nianbao.parsing.reader import parse_source
from nianbao.rendering.document import Document, build_document
from nianbao.workspace.settings import Settings

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable

    from nianbao.model.form import CellKind, Form
    from nianbao.rendering.tables import Table

_BODIES = (
    "青川县水利局",
    "平远市人民政府办公室",
    "云溪区卫生健康局",
    "石门镇人民政府",
    "东湖街道办事处",
    "江北县行政审批服务局",
    "临河市市场监督管理局",
    "三岔乡人民政府",
    "望江区教育局",
    "安定县司法局",
)
_SENTENCES = (
    "全年通过政府门户网站公开各类信息{n}条，政务新媒体发布信息{m}条。",
    "坚持以公开为常态、不公开为例外，推进决策、执行、管理、服务、结果公开。",
    "严格落实“先审查、后公开”制度，发布信息均经三级审核（初审、复审、终审）。",
    "组织业务培训{n}次，参训{m}人次；办理12345热线工单{m}件，按时办结率99.5%。",
    "依托“互联网+政务服务”平台，公开权责清单{m}项、办事指南{n}份。",
    "围绕重点领域，主动公开财政预决算、重大建设项目、公共资源配置等信息。",
    "一是健全工作机制，明确专人负责；二是规范公开内容，提高公开质量；三是强化监督考核。",
    "回应群众关切{n}次，开展政策解读{n}次（图文、视频各占一半）。",
)
_PROBLEMS = (
    "存在的主要问题：一是公开的主动性还不强，部分信息更新不够及时；二是解读形式较为单一。",
    "下一步，将加强队伍建设，完善公开目录，提高政府信息公开工作的规范化水平。",
)
_NOTES = ("其中修订{n}件", "含自然失效{n}件", "含上年{n}件")


@dataclass(frozen=True)
class PrintedCell:
    """A cell of a printed table; `header`: True if it holds a label."""

    text: str
    rowspan: int = 1
    colspan: int = 1
    header: bool = False


Rows = tuple[tuple[PrintedCell, ...], ...]


@dataclass(frozen=True)
class Part:
    """A piece of a printed report.

    `kind`: title, heading (of a section), subheading, text, note, signature, or table. `rows`: the
    rows of a table; a table has no `text`.
    """

    kind: str
    text: str = ""
    rows: Rows = field(default=())


@dataclass(frozen=True)
class Printed:
    """A report as it is printed; `truth`: the report file (YAML) that it was printed from."""

    truth: str
    report: Report
    document: Document
    parts: tuple[Part, ...]

    def with_parts(self, parts: Iterable[Part]) -> Printed:
        """Return the same report with other printed parts."""
        return replace(self, parts=tuple(parts))


def make_printed(rng: random.Random, edition: int = 2021, *, cell_notes: bool = False) -> Printed:
    """Return a report with random numbers that agree; with `cell_notes` some cells have notes."""
    form = load_form(edition)
    truth = write_yaml(_report_data(form, rng, cell_notes=cell_notes), form)
    report, findings = compile_report(parse_source(truth.encode(), "sample.yaml"), form)
    assert not findings, findings
    document = build_document(report, Settings())
    return Printed(truth, report, document, tuple(_parts(document)))


def _report_data(form: Form, rng: random.Random, *, cell_notes: bool) -> dict[str, object]:
    year = rng.randint(2021, 2025) if form.edition == 2021 else rng.randint(2019, 2020)
    data: dict[str, Any] = {
        "格式": form.edition,
        "年度": year,
        "机关": rng.choice(_BODIES),
        "成文日期": f"{year + 1}-01-{rng.randint(5, 31):02}",
    }
    if rng.random() < 0.5:
        data["引言"] = (
            f"根据《中华人民共和国政府信息公开条例》要求，现公布{year}年度政府信息公开情况。"
            f"所列数据的统计期限自{year}年1月1日起至{year}年12月31日止。"
        )
    for section in form.sections:
        if section.grids:
            data[section.key] = _numbers(form, section.key, rng, cell_notes=cell_notes)
            if section.notes and rng.random() < 0.4:
                data[section.key]["注"] = ["本表数据由各股室报送，办公室汇总。"]
        elif len(section.texts) == 1:
            data[section.key] = "\n".join(rng.sample(_PROBLEMS, rng.randint(1, 2))) + "\n"
        else:
            data[section.key] = {
                str(text.pointer[-1]): _prose(rng) for text in section.texts if text.kind == "block"
            }
    data["其他需要报告的事项"] = rng.choice(
        ("无其他需要报告的事项。\n", f"{year}年，本机关未收取信息处理费。\n")
    )
    return data


def _prose(rng: random.Random) -> str:
    """Return paragraphs of one to four sentences."""
    paragraphs = []
    for _ in range(rng.randint(1, 3)):
        sentences = rng.sample(_SENTENCES, rng.randint(1, 4))
        numbers = {"n": rng.randint(1, 90), "m": rng.randint(100, 9000)}
        paragraphs.append("".join(sentences).format(**numbers))
    return "\n".join(paragraphs) + "\n"


def _number(rng: random.Random, kind: CellKind) -> object:
    if kind == "signed":
        return rng.randint(-9, 30)
    if kind == "amount" and rng.random() < 0.6:
        return round(rng.uniform(0, 900), rng.choice((1, 2, 4)))
    return rng.choice((0, 0, rng.randint(1, 30), rng.randint(100, 30_000)))


def _numbers(form: Form, key: str, rng: random.Random, *, cell_notes: bool) -> dict[str, Any]:
    """Return the cells of a section; the applications of each kind of applicant add up."""
    section = next(each for each in form.sections if each.key == key)
    values: dict[tuple[str | int, ...], object] = {}
    for row in section.rows:
        for pointer, column in row.cells():
            if not row.total and not column.total:
                values[pointer] = _number(rng, column.kind)
    roles = {row.role: row for row in section.rows}
    if "received.new" in roles:
        for place, (_, column) in enumerate(roles["received.new"].cells()):
            if column.total:
                continue
            cells = {row: tuple(row.cells())[place][0] for row in section.rows}
            new, old, following = (
                cells[roles[role]] for role in ("received.new", "received.carried", "carried.next")
            )
            results = [cell for row, cell in cells.items() if row.path[0].title.startswith("三")]
            for cell in results:
                if cell in values:
                    values[cell] = rng.choice((0, 0, 0, 0, rng.randint(1, 12)))
            values[following] = rng.choice((0, rng.randint(0, 9)))
            total = sum(values[cell] for cell in results if cell in values)  # type: ignore[misc]
            total += values[following]  # type: ignore[operator]
            values[old] = rng.randint(0, min(total, 9))
            values[new] = total - values[old]  # type: ignore[operator]
    if "regulations" in roles and rng.random() < 0.3:
        values |= {pointer: "/" for pointer, _ in roles["regulations"].cells()}
    if cell_notes:
        for pointer in rng.sample(sorted(p for p, v in values.items() if v and v != "/"), 1):
            note = rng.choice(_NOTES).format(n=rng.randint(1, 5))
            values[pointer] = {"数值": values[pointer], "注": note}
    data: dict[str, Any] = {}
    for pointer, value in values.items():
        node = data
        for part in pointer[1:-1]:
            node = node.setdefault(str(part), {})
        node[str(pointer[-1])] = value
    return data


def _parts(document: Document) -> Iterable[Part]:
    for line in document.title:
        yield Part("title", line)
    yield from _texts(document.lead)
    for section in document.sections:
        yield Part("heading", section.title)
        for block in section.blocks:
            if block.title:
                yield Part("subheading", block.title)
            yield from _texts(block.text)
        for table in section.tables:
            yield Part("table", rows=_rows(table))
        for note in section.notes:
            yield Part("note", note)
    yield Part("signature", document.body)
    yield Part("signature", document.signed)


def _texts(text: str) -> Iterable[Part]:
    return (Part("text", line) for line in text.split("\n") if line.strip())


def _rows(table: Table) -> Rows:
    rows = []
    for row in (*table.head, *(row for body in table.bodies for row in body)):
        labels = (
            PrintedCell(cell.text, cell.rowspan, cell.colspan, header=True) for cell in row.labels
        )
        cells = (
            PrintedCell(cell.text + (f"（{cell.note}）" if cell.note else "")) for cell in row.cells
        )
        rows.append((*labels, *cells))
    return tuple(rows)
