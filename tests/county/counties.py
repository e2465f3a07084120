"""Make counties: a roster and the reports of units, with figures that balance, and with faults."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from nianbao.formatting.parser import parse_tree
from nianbao.formatting.printer import print_tree
from nianbao.model.form import load_form
from nianbao.model.report import cell_values
from nianbao.parsing.reader import parse_source
from nianbao.workspace.roster import format_units
from tests.checks.claims.corpus import empty_report
from tests.checks.rules.examples import base_report
from tests.strategies import write_yaml
from tests.support import put

if TYPE_CHECKING:
    from pathlib import Path

YEAR = 2023
GOVERNMENT = "青山县人民政府"


@dataclass(frozen=True)
class County:
    """A repository with a county; `units` are the ids of the units below reports/."""

    root: Path
    units: tuple[str, ...]
    faults: dict[str, str] = field(default_factory=dict)

    def file(self, unit: str) -> Path:
        """Return the report of a unit."""
        return self.root / "reports" / unit / f"{YEAR}.yaml"

    @property
    def sum(self) -> Path:
        """The report of the whole county."""
        return self.root / "reports" / f"{YEAR}.yaml"

    def change(self, unit: str, old: str, new: str) -> None:
        """Replace a text in the report of a unit, which must have it once."""
        text = self.file(unit).read_text("utf-8")
        assert text.count(old) == 1, text.count(old)
        self.file(unit).write_text(text.replace(old, new), "utf-8")


def name_of(unit: str) -> str:
    """Return the full name of a unit."""
    return f"青山县{unit}"


def make_county(tmp_path: Path, units: int, *, has_roster: bool = True, seed: int = 1) -> County:
    """Write a county without faults, and without its own report."""
    root = tmp_path / "county"
    ids = tuple(f"第{number:02}局" for number in range(1, units + 1))
    chance = random.Random(seed)
    county = County(root, ids)
    for number, unit in enumerate(ids):
        data = make_report(chance, name_of(unit), with_totals=number % 2 == 0)
        county.file(unit).parent.mkdir(parents=True)
        county.file(unit).write_text(report_text(data), "utf-8")
    if has_roster:
        rows: list[dict[str, str | int | bool]] = [
            {"编号": ".", "名称": GOVERNMENT, "机关类型": "县级以上政府"}
        ]
        rows += [{"编号": unit, "名称": name_of(unit)} for unit in ids]
        (root / "units.toml").write_text(format_units(rows), "utf-8")
    return county


def make_faulty_county(tmp_path: Path) -> County:
    """Write a county of 60 units: 3 missing, 2 late, 4 with errors, 1 renamed, 1 of 2019's form."""
    county = make_county(tmp_path, 60)
    chance = random.Random(7)
    faults = dict(
        zip(
            chance.sample(county.units, 11),
            ["missing"] * 3 + ["late"] * 2 + ["error"] * 4 + ["renamed", "2019"],
            strict=True,
        )
    )
    errors = iter(
        [
            ("格式: 2021", "格式: 2020"),
            ("年度: 2023", "年度: 二〇二三"),
            ("    行政许可: {", "    行政许可 {"),
            ("成文日期: 2024-01-20", "成文日期: 2024-01-32"),
        ]
    )
    for unit, fault in faults.items():
        if fault == "missing":
            county.file(unit).unlink()
        elif fault == "late":
            county.change(unit, "成文日期: 2024-01-20", "成文日期: 2024-02-03")
        elif fault == "error":
            county.change(unit, *next(errors))
        elif fault == "renamed":
            county.change(unit, f"机关: {name_of(unit)}", f"机关: {name_of(unit)}（原第九局）")
        else:
            data = make_report(chance, name_of(unit), edition=2019, with_totals=True)
            county.file(unit).write_text(report_text(data), "utf-8")
    return County(county.root, county.units, faults)


def make_report(
    chance: random.Random, body: str, *, with_totals: bool, edition: int = 2021
) -> dict[str, Any]:
    """Return a report with random figures that balance; `/` in some cells."""
    form = load_form(edition)
    data = empty_report(edition, YEAR)
    texts = base_report(YEAR)
    data |= {key: texts[key] for key in data if data[key] is None}
    for section in form.sections:
        if any(text.kind == "block" for text in section.texts):
            data[section.key] = texts[section.key]
    data["机关"] = body
    for section in form.sections:
        rows = {row.role: row for row in section.rows}
        if "received.new" not in rows:
            for row in section.rows:
                for cell, column in row.cells():
                    if not column.total:
                        put(data, cell, _figure(chance, column.kind))
            continue
        for column in rows["received.new"].columns:
            if column.total:
                continue
            results = [row for row in section.rows if row.pointer[1] == "本年度办理结果"]
            amounts = {
                (*row.pointer, column.key): chance.choice((0, 0, 0, chance.randrange(9)))
                for row in (*results, rows["carried.next"])
                if not row.total
            }
            carried = chance.randrange(sum(amounts.values()) + 1)
            amounts[*rows["received.carried"].pointer, column.key] = carried
            new = sum(amounts.values()) - 2 * carried
            amounts[*rows["received.new"].pointer, column.key] = new
            for cell, amount in amounts.items():
                put(data, cell, amount)
    if with_totals:
        for cell, value in cell_values(data, form).items():
            if not value.written:
                put(data, cell, value.amount)
    return data


def report_text(data: dict[str, Any]) -> str:
    """Return a report as YAML, in the layout of `fmt`."""
    source = parse_source(write_yaml(data).replace("'", "").encode(), "2023.yaml")
    return print_tree(parse_tree(source), load_form(data["格式"]))


def _figure(chance: random.Random, kind: str) -> Any:
    if kind == "amount":
        return chance.choice([0, chance.randrange(50), Decimal(chance.randrange(9999)) / 100])
    return chance.choice([0, 0, "/", chance.randrange(40)])
