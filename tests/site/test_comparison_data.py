"""The data of the comparison of units: every figure, in a file for each unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.model.form import load_form
from nianbao.model.schema import editions
from nianbao.rendering.data.fields import cell_fields
from nianbao.site.comparison_data import comparison_index, comparison_unit, part_name
from tests.site.small_site import make_unit, sample
from tests.site.test_search import data_of

if TYPE_CHECKING:
    from pathlib import Path


def test_a_unit_has_a_file_with_every_figure_and_note_of_its_years(tmp_path: Path) -> None:
    new = sample(2021).replace("{本年处理决定数量: 2}", "{本年处理决定数量: {数值: 2, 注: 含跨年}}")
    texts = [
        new,
        new.replace("年度: 2022", "年度: 2021").replace("本年收费金额: 0", "本年收费金额: /"),
    ]
    unit, _ = make_unit(tmp_path, "wl", "文旅局", texts)
    ((path, content),) = comparison_unit(unit).items()
    assert path == f"{part_name('wl')}.js"
    data = data_of(path, content)
    assert (data["id"], data["name"], data["href"]) == ("wl", "文旅局", "wl/index.html")
    assert list(data["years"]) == ["2022", "2021"]
    for report in unit.reports:
        edition, href, figures, notes = data["years"][str(report.year)]
        assert (edition, href) == (2021, f"wl/{report.year}.html")
        assert figures == [value.text for value in report.record.values]
        assert notes == {
            str(number): value.note
            for number, value in enumerate(report.record.values)
            if value.note
        }
        assert list(notes.values()) == ["含跨年"]
    assert "/" in data["years"]["2021"][2]
    assert "/" not in data["years"]["2022"][2]


def test_the_index_has_every_unit_and_the_cells_of_each_edition_in_order(tmp_path: Path) -> None:
    units = [make_unit(tmp_path, str(e), f"第{e}局", [sample(e)])[0] for e in editions()]
    files = comparison_index(units)
    assert data_of("compare/index.js", files["compare/index.js"]) == [
        [str(e), f"第{e}局", part_name(str(e))] for e in editions()
    ]
    for edition in editions():
        path = f"compare/form-{edition}.js"
        tables = data_of(path, files[path])
        cells = [tuple(cell[:4]) for table in tables for cell in table["cells"]]
        fields = cell_fields(load_form(edition))
        assert cells == [(f.path, f.row, f.column, f.unit) for f in fields]
        assert [t["title"] for t in tables] == list(dict.fromkeys(f.table for f in fields))
        # Only the columns of applicants are details: the other tables are not long.
        long = {s.title for s in load_form(edition).sections if len(s.rows) > 20}
        assert {t["title"] for t in tables if any(cell[4] for cell in t["cells"])} == long
        details = {cell[2] for table in tables for cell in table["cells"] if cell[4]}
        assert any("自然人" in column for column in details)
        assert not any("总计" in column for column in details)
    assert len(comparison_index([])) == 1


def test_the_name_of_a_file_depends_on_the_unit_alone_and_is_plain() -> None:
    names = [part_name(id_) for id_ in ("a", "某局", "../x", "a/b", "\udcff", ".")]
    assert len(set(names)) == len(names)
    assert all(name.removeprefix("compare/").isalnum() and name.isascii() for name in names)
