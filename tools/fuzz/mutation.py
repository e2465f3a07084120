"""Make cases from a seed: reports that are valid, mistyped or damaged, settings, templates."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING, Any, Final

from bench.reports import make_report
from fuzz import prose
from fuzz.case import LAST_YEAR, OLD_VERSION, REPORT, SETTINGS, TEMPLATES, Case
from fuzz.imports import make_import_case
from fuzz.typing_errors import damage_bytes, damage_text, mistype
from nianbao.model.form import Form, load_form
from nianbao.model.report import value_at
from nianbao.model.schema import editions
from nianbao.parsing.reader import parse_source
from nianbao.utils.resources import resource
from tests.formatting.messy_yaml import Scrawler
from tests.strategies import write_yaml
from tests.support import fixture_reports

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nianbao.diagnostics.finding import Pointer

_PDF_SHARE: Final = 0.008
_KINDS: Final = {
    "valid": 40,
    "wrong": 15,
    "mistyped": 25,
    "damaged": 10,
    "settings": 5,
    "template": 5,
}
_SCALARS: Final[tuple[object, ...]] = (
    *("", "/", "-", "无", "12件", "１２", "1,200", "0123", "2.50", " 5 ", "null", "true"),
    *("{{ 年度 }}", None, True, False, -1, 0, 5, 10**12, 10**40, Decimal("2.5"), Decimal("-0.1")),
    *(Decimal("1E+2"), [], {}, [1], [None], {"数值": 3}, {"注": "x"}, {"数值": 3, "注": ""}),
    *({"数值": {}, "注": []}, {"a": {"b": ["c"]}}, ["\n"], "a\nb", "\n", "\ud7ff", "2023-02-29"),
    *("9999-12-31", "一二三"),
)
_SETTINGS: Final = """\
联系方式 = "示例县示例路1号"
机关类型 = "县级以上部门"
期限 = "01-31"  # 一月底
字体 = "开放"

[网站]
SiteName = "示例县人民政府"
SiteDomain = "www.example.gov.cn"
ColumnName = '年报'
"""
_TOML_PIECES: Final = (
    *("=", '"', "'", '"""', "'''", "[", "]", "[[", ".", "#", "\\", "\\u0041", "\\ud800"),
    *("\\u0000", "\\u0085", "\\ufdd0", "\\n", "＝", "“", "{", "}", ",", "inf", "nan", "1e999"),
    *("0x", "1979-05-27T07:32:00Z", "07:32:00", "true", "网站", "[网站]", "[网站.甲]"),
    *("期限 = 1\n", "a.b.c = 1\n", "字体 = []\n", "联系方式", "\r", "\x00", "{}", "9" * 5000),
)
_TEMPLATE_PIECES: Final = (
    *("{{ document }}", "{{ document.x.y }}", "{{ document.title | join }}", "{{ 1/0 }}"),
    *("{{ ''.a }}", "{% for a in document.sections %}", "{% endfor %}", "{% if document.lead %}"),
    *("{% endif %}", "{{", "}}", "{%", "%}", "{#", "#}", "{% include 'x' %}"),
    *("{% include 'report.html' %}", "{% import '_table.html' as t %}{{ t.draw(1, 2) }}"),
    *("{% extends 'print.html' %}", "{{ document.__class__ }}", "{{ ''.join.__globals__ }}"),
    *("{{ range(10**9) }}", "{{ 'a' * 9**9 }}", "{{ document.date.replace(year=0) }}"),
    *("{{ '%d' | format('x') }}", "{{ [1] | sum('a') }}", "{{ document.lead | prose(9) }}"),
    *("{{ 5 | prose }}", "{{ none | md }}", "{{ '\\ud800' }}", "{% set x = document %}"),
    *("{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}", "{{ caller() }}", "{% raw %}"),
    *("{{ loop.index }}", "{{ document.sections[99].title }}", "{{ 1 < 'a' }}", "\x00"),
    *("{{ document | tojson }}", "{{ 'a' | int | round('x') }}"),
    *("{{ dict(a=1).b.c }}", "{{ 2**99 }}", "{{ 10**5000 }}"),
)


@dataclass(frozen=True, slots=True)
class Corpus:
    """What cases are made from.

    `texts`: report files. `reports`: their contents, each with its form. `templates`: by name.
    """

    texts: tuple[str, ...]
    reports: tuple[tuple[dict[str, Any], Form], ...]
    templates: dict[str, str]

    @classmethod
    def load(cls) -> Corpus:
        """Read the sample reports of both editions, and generate one more."""
        texts = [file.read_text("utf-8") for file in fixture_reports().values()]
        texts.append(write_yaml(make_report(load_form(editions()[0]), Random(0), 10)))
        reports = []
        for each in texts:
            data: Any = parse_source(each.encode(), REPORT).data
            reports.append((data, load_form(data["格式"])))
        folder = resource("templates")
        templates = {file.name: file.read_text("utf-8") for file in sorted(folder.glob("*.*"))}
        return cls(tuple(texts), tuple(reports), templates)


def is_import(number: int) -> bool:
    """Return True if the case with a number is one of `import`: every fourth."""
    return number % 4 == 3


def make_case(corpus: Corpus, seed: int, number: int) -> Case:
    """Return the case number `number`, from 0, of a seed: the same one every time."""
    name = f"{seed}-{number}"
    if is_import(number):
        return make_import_case(name)
    random = Random(name)
    (kind,) = random.choices(list(_KINDS), list(_KINDS.values()))
    data, form = random.choice(corpus.reports)
    files = {REPORT: _report(corpus, kind, data, form, random)}
    if random.random() < 0.5:
        # Another version, mostly of the same report, sometimes of the other edition.
        other = (data, form) if random.random() < 0.8 else random.choice(corpus.reports)
        kinds = ("valid", "valid", "wrong", "mistyped")
        files[OLD_VERSION] = _report(corpus, random.choice(kinds), *other, random)
    if random.random() < 0.25:
        earlier = copy.deepcopy(data)
        earlier["年度"] = 2021
        last = _report(corpus, random.choice(["valid", "valid", "wrong"]), earlier, form, random)
        files[LAST_YEAR] = last
    if kind == "settings":
        files[SETTINGS] = _settings(random).encode(errors="surrogatepass")
    if kind == "template":
        for template in random.sample(sorted(corpus.templates), random.randint(1, 2)):
            changed = _insert(corpus.templates[template], _TEMPLATE_PIECES, random)
            files[TEMPLATES + template] = changed.encode()
    return Case(name, files, pdf=random.random() < _PDF_SHARE)


def _report(corpus: Corpus, kind: str, data: dict[str, Any], form: Form, random: Random) -> bytes:
    """Return the bytes of a report of a kind."""
    if kind == "damaged" and random.random() < 0.3:
        return damage_bytes(random.choice(corpus.texts).encode(), random)
    changed = copy.deepcopy(data)
    if kind in ("valid", "wrong") or random.random() < 0.6:
        pieces = prose.PIECES if random.random() < 0.2 else prose.VALID_PIECES
        _vary(changed, form, pieces, random)
    if kind == "wrong":
        for _ in range(random.randint(1, 4)):
            _make_wrong(changed, random)
    written = _write(changed, random)
    if kind == "mistyped":
        written = mistype(written, random)
    elif kind == "damaged":
        written = damage_text(written, random)
    if random.random() < 0.05:
        written = written.replace("\n", random.choice(["\r\n", "\r"]))
    encoding = "utf-8-sig" if random.random() < 0.05 else "utf-8"
    return written.encode(encoding, "surrogatepass")


def _write(data: dict[str, Any], random: Random) -> str:
    if random.random() < 0.4:
        return write_yaml(data)
    return Scrawler(random, random.choice([0.0, 0.1, 0.4])).report(data)


# ── valid changes


def _vary(data: dict[str, Any], form: Form, pieces: Sequence[str], random: Random) -> None:
    """Change numbers, notes, prose and keys of a report to others that the form allows.

    Its texts may not be allowed if `pieces` are not.
    """
    cells = [(pointer, column.kind) for row in form.rows for pointer, column in row.cells()]
    references = [".".join(map(str, pointer)) for pointer, _ in random.sample(cells, 3)]
    for pointer, kind in random.sample(cells, random.choice([0, 1, 5, 40])):
        _put(data, pointer, _cell_value(kind, pieces, random))
    if random.random() < 0.3:
        for row in form.rows:
            for pointer, column in row.cells():
                if row.total or column.total:
                    _remove(data, pointer)
    if random.random() < 0.3:
        _put(data, form.lead.pointer, _text_value("lead", references, pieces, random))
    for section in form.sections:
        for field in section.texts:
            if random.random() < 0.25:
                _put(data, field.pointer, _text_value(field.kind, references, pieces, random))
        if section.notes and random.random() < 0.3:
            notes = [prose.line(random, pieces) for _ in range(random.randint(0, 3))]
            _put(data, section.notes.pointer, notes)
    data |= {
        k: value for k, value in _metadata(form, pieces, random).items() if random.random() < 0.15
    }


def _cell_value(kind: str, pieces: Sequence[str], random: Random) -> object:
    limits = [3, 50, 10**6, 10**12]
    number: object = random.randrange(random.choice(limits))
    if kind == "amount" and random.random() < 0.5:
        number = Decimal(random.randrange(10**6)) / 10 ** random.randint(1, 4)
    elif kind == "signed":
        number = random.randrange(-99, 99)
    if random.random() < 0.1:
        return "/"
    return {"数值": number, "注": prose.line(random, pieces)} if random.random() < 0.15 else number


def _text_value(
    kind: str, references: Sequence[str], pieces: Sequence[str], random: Random
) -> object:
    if kind == "extra":
        return [
            {
                "标题": prose.line(random, pieces),
                "正文": prose.paragraphs(random, pieces, references),
            }
            for _ in range(random.randint(0, 3))
        ]
    return None if random.random() < 0.1 else prose.paragraphs(random, pieces, references)


def _metadata(form: Form, pieces: Sequence[str], random: Random) -> dict[str, object]:
    """Return values for the keys at the top of a report."""
    texts = [form.lead, *(text for section in form.sections for text in section.texts)]
    places = ["/" + "/".join(map(str, text.pointer)) for text in texts]
    waiver = {
        "规则": random.choice(["P301", "A101", "F412", "F417", "Z999"]),
        "位置": random.choice(places),
        "原文": prose.line(random, pieces),
        "数值": [random.randrange(9), random.choice([random.randrange(9), Decimal("2.5")])],
        "理由": prose.line(random, pieces),
    }
    for key in random.sample(["原文", "数值", "理由"], random.randint(0, 3)):
        del waiver[key]
    return {
        "年度": random.randint(2008, 2100),
        "机关": prose.line(random, pieces),
        "机关类型": random.choice(["县级以上部门", "县级以上政府", "乡镇街道", "国务院部门"]),
        "成文日期": random.choice(["2023-01-31", "0001-01-01", "9999-12-31", "2024-02-29"]),
        "发布日期": random.choice(["2023-01-31", "2022-01-01", "9999-12-31"]),
        "文号": prose.line(random, pieces),
        "联系方式": prose.line(random, pieces),
        "网站": {"SiteName": prose.line(random, pieces)},
        "豁免": [waiver] * random.choice([1, 1, 2]),
    }


# ── changes that the form does not allow


def _make_wrong(data: dict[str, Any], random: Random) -> None:
    """Replace, remove, rename, double or move one value anywhere in a report."""
    groups = _groups(data)
    group = random.choice(groups)
    keys = list(group) if isinstance(group, dict) else list(range(len(group)))
    if not keys:
        return
    key = random.choice(keys)
    change = random.randrange(6)
    if change == 0:
        del group[key]
    elif change == 1:
        group[key] = copy.deepcopy(random.choice(_SCALARS))
    elif change == 2 and isinstance(group, dict):
        group[_misspelt(str(key), random)] = group.pop(key)
    elif change == 3:
        other = random.choice(groups)
        value = copy.deepcopy(group[key])
        if isinstance(other, dict):
            other[str(key)] = value
        else:
            other.append(value)
    elif change == 4:
        for _ in range(random.choice([1, 2, 30])):
            group[key] = [group[key]] if random.random() < 0.5 else {"甲": group[key]}
    elif isinstance(group, dict):
        edition = random.choice(["格式", "年度", "机关", "成文日期"])
        data[edition] = copy.deepcopy(random.choice((2019, 2021, 2020, *_SCALARS)))


def _groups(data: Any) -> list[Any]:
    """Return every mapping and list of a report."""
    if not isinstance(data, (dict, list)):
        return []
    items = list(data.values() if isinstance(data, dict) else data)
    return [data, *(found for item in items for found in _groups(item))]


def _misspelt(key: str, random: Random) -> str:
    at = random.randrange(len(key)) if key else 0
    other = random.choice(["", key[at : at + 1] * 2, random.choice(prose.PIECES), "况"])
    return key[:at] + other + key[at + 1 :]


def _put(data: Any, pointer: Pointer, value: object) -> None:
    for part in pointer[:-1]:
        below = data.get(part)
        if not isinstance(below, dict):
            below = data[part] = {}
        data = below
    data[pointer[-1]] = value


def _remove(data: Any, pointer: Pointer) -> None:
    """Remove a cell, and its row if that is empty then."""
    row = value_at(data, pointer[:-1])
    if isinstance(row, dict) and row.pop(pointer[-1], None) is not None and not row:
        del value_at(data, pointer[:-2])[pointer[-2]]


# ── settings and templates


def _settings(random: Random) -> str:
    text = _SETTINGS
    if random.random() < 0.4:
        return _insert(text, _TOML_PIECES, random)
    if random.random() < 0.5:
        return mistype(text, random)
    return damage_text(text, random)


def _insert(text: str, pieces: Sequence[str], random: Random) -> str:
    """Return a text with pieces put in the place of short ranges."""
    for _ in range(random.randint(1, 3)):
        start = random.randint(0, len(text))
        end = start + random.choice([0, 0, 1, 5, 30])
        text = text[:start] + random.choice(pieces) + text[end:]
    return text
