"""[样式] takes a colour, a length and a name, never CSS; a replaced style sheet is a warning."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from nianbao.utils.colours import MIN_CONTRAST, contrast
from nianbao.workspace.settings import FILE_NAME, Settings, read_settings
from nianbao.workspace.style import DARK_GROUND, LIGHT_GROUND, Style
from tests.support import ROOT, create_symlink

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.diagnostics.finding import Finding


def read(tmp_path: Path, text: str) -> tuple[Style, list[Finding]]:
    """Return the style that nianbao.toml gives, and the findings."""
    (tmp_path / FILE_NAME).write_text(text, "utf-8")
    settings, findings = read_settings(tmp_path)
    return settings.style, findings


def test_every_key_of_the_style_is_read(tmp_path: Path) -> None:
    text = '[样式]\n强调色 = "#A31"\n宽度 = "66rem"\n徽标文字 = "古县人民政府 · 政府信息公开"\n'
    style, findings = read(tmp_path, text)
    assert findings == []
    assert (style.accent, style.width) == ("#aa3311", "66rem")
    assert style.emblem == "古县人民政府 · 政府信息公开"


@pytest.mark.parametrize(
    "name",
    ["古县人民政府", "བོད་ལྗོངས", "新疆维吾尔自治区 شىنجاڭ", "Guxian", "科（室）、局·一-二"],
)
def test_names_in_all_scripts_are_emblems(name: str, tmp_path: Path) -> None:
    style, findings = read(tmp_path, f'[样式]\n徽标文字 = "{name}"\n')
    assert (style.emblem, findings) == (name, [])


HOSTILE = (
    *("red", "", "#12", "#1234", "#12345g", "#1f4e8c;", "#1f4e8c}body{display:none", " #1f4e8c"),
    *("rgb(1,2,3)", "var(--ink)", "url(http://example.org/)", "</style><script>", "#1f4e8c\\n"),
    *("expression(alert(1))", "#１ｆ４ｅ８ｃ", "\\u0000", "/*"),
)


@pytest.mark.parametrize("value", HOSTILE)
def test_nothing_but_a_colour_is_an_accent(value: str, tmp_path: Path) -> None:
    style, (finding,) = read(tmp_path, f'[样式]\n强调色 = "{value}"\n')
    assert style == Style()
    assert (finding.rule, finding.severity.value) == ("S301", "error")
    assert finding.span[:2] == (2, 1)
    assert "“强调色”不能写" in finding.message
    assert '"#1f4e8c" 这样的颜色' in finding.help


@pytest.mark.parametrize(
    "value",
    [*HOSTILE, "10px", "29rem", "9999px", "60", "60em", "100%", "calc(1px)", "-60rem", "６０rem"],
)
def test_nothing_but_a_length_is_a_width(value: str, tmp_path: Path) -> None:
    style, (finding,) = read(tmp_path, f'[样式]\n宽度 = "{value}"\n')
    assert (style, finding.rule, finding.span[:2]) == (Style(), "S301", (2, 1))


@pytest.mark.parametrize(
    "value",
    ["", "甲" * 25, "<b>", "甲;乙", "{{ 甲 }}", "甲\\n乙", "\\u202e甲", "a:b", "\\\"'", "甲😀"],
)
def test_nothing_but_a_name_is_an_emblem(value: str, tmp_path: Path) -> None:
    style, (finding,) = read(tmp_path, f'[样式]\n徽标文字 = "{value}"\n')
    assert (style, finding.rule, finding.span[:2]) == (Style(), "S301", (2, 1))


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("[样式]\n强调色 = 1\n", 2, 1, "不能写 1"),
        ("[样式]\n强调色 = true\n", 2, 1, "不能写 True"),
        ("[样式]\n\n  宽度 = [1, 2]\n", 3, 3, "不能写 一组"),
        ("[样式]\n颜色 = '#fff'\n", 2, 1, "[样式] 里没有“颜色”这个键"),
        ("样式 = '红'\n", 1, 1, "“样式”要写成一节 [样式]"),
        ("字体 = '开放'\n样式.强调色 = '红'\n", 2, 4, "不能写 红"),
        ("样式 = {宽度 = '60rem', \"强调色\" = '红'}\n", 1, 21, "不能写 红"),
        ("[样式]\n机关类型 = '乡镇街道'\n", 2, 1, "“机关类型”写在了 [样式] 里面"),
    ],
)
def test_a_wrong_style_is_reported_at_its_key(
    tmp_path: Path, text: str, line: int, column: int, message: str
) -> None:
    style, (finding,) = read(tmp_path, text)
    assert style == Style()
    assert message in finding.message
    assert finding.span[:2] == (line, column)


def test_a_light_accent_is_darkened_with_a_warning(
    tmp_path: Path,
) -> None:
    style, (finding,) = read(tmp_path, '[样式]\n强调色 = "#ffcc00"\n')
    assert contrast(style.accent, LIGHT_GROUND) >= MIN_CONTRAST
    assert contrast(style.dark_accent, DARK_GROUND) >= MIN_CONTRAST
    assert style.dark_accent == "#ffcc00"
    assert (finding.rule, finding.severity.value, finding.span[:2]) == ("S304", "warning", (2, 1))
    assert (
        f"#ffcc00 在浅色底上看不清（对比度 1.3，要 4.5），网页用了 {style.accent}"
        in finding.message
    )
    again, findings = read(tmp_path, f'[样式]\n强调色 = "{style.accent}"\n')
    assert (again.accent, findings) == (style.accent, [])


def test_the_grounds_are_those_of_the_style_sheet() -> None:
    css = (ROOT / "templates/report.css").read_text("utf-8")
    assert re.findall(r"--tint: (.*);", css) == [LIGHT_GROUND, DARK_GROUND]


@pytest.mark.parametrize(
    ("name", "added"), [("report.css", "extra.css"), ("print.css", "extra-print.css")]
)
def test_a_style_sheet_that_replaces_ours_is_a_warning(
    name: str, added: str, tmp_path: Path
) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / added).touch()
    assert read_settings(tmp_path) == (Settings(), [])
    (tmp_path / "templates" / name).touch()
    ((finding,),) = read_settings(tmp_path)[1:]
    assert (finding.rule, finding.path) == ("S304", f"templates/{name}")
    assert finding.severity.value == "warning"
    assert f"templates/{added}" in finding.help


def test_the_programs_own_templates_replace_nothing(tmp_path: Path) -> None:
    assert read_settings(ROOT) == (Settings(), [])
    create_symlink(tmp_path / "templates", ROOT / "templates")
    assert read_settings(tmp_path) == (Settings(), [])
