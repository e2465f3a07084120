"""Completion, hover and diagnostics by schema.json, tested with the language server."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from nianbao.model.form import load_form
from nianbao.model.schema import editions, load_schema
from tests.editor.language_server import MISSING, LanguageServer
from tests.support import FIXTURES, ROOT, SEED, run_cli

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from nianbao.model.form import Row

needs_server = pytest.mark.skipif(bool(MISSING), reason=MISSING)
REPORTS = {2021: SEED, 2019: FIXTURES / "edition-2019.yaml"}
APPLICANTS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
REFUSED = (
    *("属于国家秘密", "其他法律行政法规禁止公开", "危及三安全一稳定", "保护第三方合法权益"),
    *("属于三类内部事务信息", "属于四类过程性信息", "属于行政执法案卷", "属于行政查询事项"),
)
REQUESTS = "收到和处理政府信息公开申请情况"
RESULTS = f"{REQUESTS}:\n  本年度办理结果:\n"


def without_comments(text: str) -> str:
    """Return VS Code's JSON without its comments, which stand on lines of their own."""
    return re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE)


def vscode(name: str) -> dict[str, Any]:
    text = (ROOT / ".vscode" / name).read_text("utf-8")
    settings: dict[str, Any] = json.loads(without_comments(text))
    return settings


def from_readme(readme: str) -> dict[str, Any]:
    """Return the settings that a README shows for repositories that hold only reports."""
    text = (ROOT / readme).read_text("utf-8")
    (example,) = re.findall(r'^```json\n(\{\n  "yaml\..*?)^```$', text, re.MULTILINE | re.DOTALL)
    settings: dict[str, Any] = json.loads(without_comments(example))
    return settings


def head(edition: int = 2021) -> str:
    return f"格式: {edition}\n年度: {edition}\n机关: 某县某局\n成文日期: 2022-01-31\n"


def report(edition: int) -> str:
    """Return a valid report without the line that names its schema."""
    text = REPORTS[edition].read_text("utf-8")
    return re.sub(r"^# yaml-language-server:.*\n", "", text)


def rows_below(edition: int, *pointer: str) -> list[str]:
    """Return the keys of the rows of a group, from the form."""
    depth = len(pointer)
    rows: Sequence[Row] = load_form(edition).rows
    return list(dict.fromkeys(str(r.pointer[depth]) for r in rows if r.pointer[:depth] == pointer))


@pytest.fixture(scope="module")
def server() -> Iterator[LanguageServer]:
    """The server with this repository's own settings."""
    with LanguageServer(ROOT, vscode("settings.json")) as running:
        yield running


@needs_server
@pytest.mark.parametrize("edition", REPORTS)
def test_a_valid_report_has_no_diagnostics(edition: int, server: LanguageServer) -> None:
    assert server.diagnostics("reports/a.yaml", report(edition)) == []


@needs_server
def test_in_a_group_exactly_its_rows_are_offered(server: LanguageServer) -> None:
    text = f"{head()}{RESULTS}    不予公开:\n      ▮"
    assert tuple(server.keys("reports/a.yaml", text)) == REFUSED


@needs_server
def test_a_present_row_is_not_offered_again(server: LanguageServer) -> None:
    text = f"{head()}{RESULTS}    不予公开:\n      属于国家秘密: {{自然人: 0}}\n      ▮\n"
    assert tuple(server.keys("reports/a.yaml", text)) == REFUSED[1:]


@needs_server
@pytest.mark.parametrize("row", ["{商▮}", "{自▮, 总计: 0}", "{科▮"])
def test_in_a_row_its_columns_are_offered(row: str, server: LanguageServer) -> None:
    offered = server.keys("reports/a.yaml", f"{head()}{REQUESTS}:\n  本年新收: {row}")
    assert offered == [name for name in APPLICANTS if f"{name}:" not in row]


@needs_server
def test_present_columns_are_not_offered_again(server: LanguageServer) -> None:
    row = "{自然人: 1, 商业企业: 0, 科▮}"
    offered = server.keys("reports/a.yaml", f"{head()}{REQUESTS}:\n  本年新收: {row}")
    assert tuple(offered) == APPLICANTS[2:]


@needs_server
@pytest.mark.parametrize("edition", REPORTS)
def test_an_edition_offers_its_own_tables_and_no_other(
    edition: int, server: LanguageServer
) -> None:
    section = "主动公开政府信息情况"
    offered = server.keys("reports/a.yaml", f"{head(edition)}{section}:\n  ▮")
    assert [key for key in offered if key not in ("说明", "注")] == rows_below(edition, section)
    other = next(each for each in REPORTS if each != edition)
    assert rows_below(edition, section) != rows_below(other, section)


@needs_server
@pytest.mark.parametrize("edition", REPORTS)
def test_at_the_top_level_the_sections_of_the_edition_are_offered(
    edition: int, server: LanguageServer
) -> None:
    sections = [section.key for section in load_form(edition).sections]
    offered = server.keys("reports/a.yaml", f"{head(edition)}▮")
    assert [key for key in offered if key in sections] == sections
    assert set(load_schema()["required"]) <= set(server.keys("reports/b.yaml", "▮"))


@needs_server
@pytest.mark.parametrize("edition", REPORTS)
def test_every_row_and_column_is_explained(edition: int, server: LanguageServer) -> None:
    lines = report(edition).split("\n")
    form = load_form(edition)
    wanted = {key for row in form.rows for key in (row.pointer[-1], row.columns[0].key)}
    for number, line in enumerate(lines):
        match = re.match(r" *(\w+): *\{(\w+)", line)
        if not match or match[1] not in wanted:
            continue
        for column in match.start(1) + 1, match.start(2) + 1:
            marked = [*lines[:number], f"{line[:column]}▮{line[column:]}", *lines[number + 1 :]]
            shown = server.hover("reports/a.yaml", "\n".join(marked))
            assert re.search(r"^####.*[一-鿿].*\n\n.*[一-鿿]", shown), line


@needs_server
def test_a_column_is_explained_with_what_to_fill_in(server: LanguageServer) -> None:
    text = SEED.read_text("utf-8").replace("现行有效件数", "现行▮有效件数", 1)
    shown = server.hover("reports/2022.yaml", text)
    assert shown.startswith("#### 现行有效件数\n\n截至本年度12月31日仍然有效的总件数。")
    assert "上年现行有效件数加本年制发件数减本年废止件数" in shown


@needs_server
def test_a_missing_row_is_reported_at_its_group(server: LanguageServer) -> None:
    text = SEED.read_text("utf-8")
    broken, count = re.subn(r"^ +属于国家秘密:.*\n", "", text, flags=re.MULTILINE)
    assert count == 1
    line = next(n for n, each in enumerate(text.split("\n"), 1) if each.strip() == "不予公开:")
    (diagnostic,) = server.diagnostics("reports/2022.yaml", broken)
    assert diagnostic[0] == line
    assert "属于国家秘密" in diagnostic[1]


@needs_server
@pytest.mark.parametrize(
    ("right", "wrong", "named"),
    [
        ("平台建设: |", "平台建没: |", "平台建没"),
        ("本年处理决定数量: 2}", "本年处理决定数量: -2}", ""),
        ("行政强制: {本年处理决定数量: 0}", "行政强制: {}", "本年处理决定数量"),
        ("年度: 2022", "年度: 二〇二二", ""),
    ],
)
def test_an_error_is_reported_on_its_line(
    right: str, wrong: str, named: str, server: LanguageServer
) -> None:
    text = SEED.read_text("utf-8")
    assert text.count(right) == 1
    line = text[: text.index(right)].count("\n") + 1
    diagnostics = server.diagnostics("reports/2022.yaml", text.replace(right, wrong))
    assert {diagnostic[0] for diagnostic in diagnostics} == {line}
    assert any(named in message for _, message in diagnostics)


@needs_server
@pytest.mark.parametrize("file", ["reports/unit/2022.yml", "reports/a/b/2022.yaml"])
def test_a_subfolder_has_the_same_completions(file: str, server: LanguageServer) -> None:
    text = f"{head()}{RESULTS}    不予公开:\n      ▮"
    assert tuple(server.keys(file, text)) == REFUSED


@needs_server
def test_other_files_have_no_completions(server: LanguageServer) -> None:
    assert server.keys("tests/other.yaml", f"{head()}▮") == []


@needs_server
def test_an_editor_without_settings_uses_the_first_line(tmp_path: Path) -> None:
    shutil.copy(ROOT / "schema.json", tmp_path)
    line = "# yaml-language-server: $schema=../../schema.json\n"
    with LanguageServer(tmp_path, {"yaml.schemaStore.enable": False}) as server:
        text = f"{head()}{RESULTS}    不予公开:\n      ▮"
        assert tuple(server.keys("reports/unit/2022.yaml", line + text)) == REFUSED
        assert server.keys("reports/unit/2023.yaml", text) == []


@needs_server
@pytest.mark.parametrize("readme", ["docs/editor.md", "README.zh-CN.md"])
def test_a_repository_of_reports_alone_works_with_the_settings_of_the_readme(
    readme: str, tmp_path: Path
) -> None:
    assert run_cli(["schema", "--output", "schema.json"], tmp_path).returncode == 0
    with LanguageServer(tmp_path, from_readme(readme)) as server:
        text = f"{head()}{RESULTS}    不予公开:\n      ▮"
        assert tuple(server.keys("reports/unit/2022.yaml", text)) == REFUSED
        drafted = run_cli(["new", "2023", "reports/unit"], tmp_path)
        assert drafted.returncode == 0, drafted.stderr
        draft = (tmp_path / "reports/unit/2023.yaml").read_text("utf-8")
        assert draft.startswith("# yaml-language-server: $schema=../../schema.json\n")
        diagnostics = server.diagnostics("reports/unit/2023.yaml", draft)
        assert diagnostics  # the draft is empty


def test_the_settings_name_the_schema_and_disable_other_formatting() -> None:
    settings = vscode("settings.json")
    assert (ROOT / next(iter(settings["yaml.schemas"]))).is_file()
    assert settings["files.encoding"] == "utf8"
    assert settings["[yaml]"]["editor.insertSpaces"] is True
    # The editor's own formatter would break rows that fmt keeps on one line.
    assert settings["yaml.format.enable"] is False
    assert vscode("extensions.json")["recommendations"] == ["redhat.vscode-yaml"]


def test_every_edition_is_tested() -> None:
    assert set(REPORTS) == set(editions())


def test_the_lock_names_no_registry() -> None:
    lock = json.loads((ROOT / "tests" / "package-lock.json").read_bytes())
    packages = [each for name, each in lock["packages"].items() if name]
    assert packages
    for package in packages:
        assert package["integrity"].startswith("sha512-")
        assert "resolved" not in package
