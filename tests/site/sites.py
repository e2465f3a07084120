"""Make repositories with units and years, publish their sites, and read the pages back."""

from __future__ import annotations

import contextlib
import io
import random
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml
from lxml import html

from nianbao.cli.commands.site import SiteOptions, make_site
from nianbao.cli.console import Console
from nianbao.model.form import load_form
from nianbao.model.report import Value, cell_values
from nianbao.workspace.roster import format_units
from tests.county.counties import make_report, report_text
from tests.support import put

if TYPE_CHECKING:
    from pathlib import Path

YEARS = (2020, 2021, 2022)
ADDRESS = "https://www.example.gov.cn/nianbao/"
NOTED = ("主动公开政府信息情况", "第二十条第一项", "行政规范性文件", "现行有效件数")


class Done(NamedTuple):
    """The result of publishing: the exit code and what was printed."""

    returncode: int
    stdout: str
    stderr: str


@dataclass(frozen=True)
class Published:
    """A repository and the folder of its site."""

    root: Path
    folder: Path

    def data(self, unit: str, year: int) -> dict[str, Any]:
        """The content of a report file, read by PyYAML."""
        text = (self.root / "reports" / unit / f"{year}.yaml").read_text("utf-8")
        data: dict[str, Any] = _exact(yaml.load(text, yaml.CSafeLoader))
        return data

    def values(self, unit: str, year: int) -> dict[str, Value]:
        """The values of all cells of a report, by their keys joined by points."""
        data = self.data(unit, year)
        values = cell_values(data, load_form(data["格式"]))
        return {".".join(map(str, pointer)): value for pointer, value in values.items()}

    def page(self, path: str) -> html.HtmlElement:
        """The parsed page at a path in the folder of the site."""
        return html.fromstring((self.folder / path).read_bytes())

    def publish(self, jobs: int | None = None) -> Done:
        """Write the site again, in this process."""
        out, err = io.StringIO(), io.StringIO()
        options = SiteOptions(self.root / "output", self.folder, jobs=jobs)
        with contextlib.chdir(self.root):
            code = make_site(self.root, options=options, console=Console(out, err, colour=False))
        return Done(code, out.getvalue(), err.getvalue())


def _exact(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _exact(value) for key, value in data.items()}
    return Decimal(str(data)) if isinstance(data, float) else data


def write_reports(root: Path, units: dict[str, str], seed: int = 3) -> None:
    """Write reports of YEARS; `units`: names by id. Those of 2020 are in the form of 2019."""
    chance = random.Random(seed)
    for id_, name in units.items():
        for year in YEARS:
            edition = 2019 if year < 2021 else 2021
            data = make_report(chance, name, with_totals=year % 2 == 0, edition=edition)
            data |= {"年度": year, "成文日期": f"{year + 1}-01-20"}
            if year == YEARS[-1]:
                put(data, NOTED, {"数值": 22, "注": "其中修订16件"})
            file = root / "reports" / id_ / f"{year}.yaml"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(report_text(data).replace("!!float ", ""), "utf-8")


def make_county_site(root: Path) -> Published:
    """Publish a county: a government, three units, one of them without a report of 2022."""
    units = {"水利局": "青山县水利局", "教育局": "青山县教育局", "民政局": "青山县民政局"}
    write_reports(root, {"": "青山县人民政府", **units})
    (root / "reports" / "教育局" / "2022.yaml").unlink()
    rows: list[dict[str, str | int | bool]] = [{"编号": ".", "名称": "青山县人民政府"}]
    rows += [{"编号": id_, "名称": name} for id_, name in units.items()]
    rows += [{"编号": "城管局", "名称": "青山县城管局", "起始年度": 2022}]
    rows += [{"编号": "本级", "名称": "青山县本级", "本级": True}]
    (root / "units.toml").write_text(format_units(rows), "utf-8")
    write_reports(root, {"本级": "青山县本级"})
    settings = f'网址 = "{ADDRESS}"\n[网站]\nSiteName = "青山县人民政府"\n'
    (root / "nianbao.toml").write_text(settings, "utf-8")
    site = Published(root, root / "site")
    done = site.publish()
    assert done.returncode == 0, done.stdout + done.stderr
    return site
