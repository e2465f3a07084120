"""A user's own templates: they go before ours, see the document, and reach nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nianbao.rendering import render_report
from nianbao.rendering.errors import TemplateError
from nianbao.workspace.settings import Settings
from tests.rendering.parsed_outputs import pages
from tests.support import SEED, check_text, run_cli, write_repo

if TYPE_CHECKING:
    from pathlib import Path

OUTPUTS = {"report.html": "html", "report.md": "md", "print.html": "pdf"}


def repo(tmp_path: Path, **templates: str | bytes) -> Path:
    """A repository with the seed and templates; `__` stands for the dot in their names."""
    root = write_repo(tmp_path, **{"2022": SEED.read_text("utf-8")})
    (root / "templates").mkdir()
    for name, content in templates.items():
        data = content if isinstance(content, bytes) else content.encode()
        (root / "templates" / name.replace("__", ".")).write_bytes(data)
    return root


def written(root: Path) -> set[str]:
    """The suffixes of the outputs that were written."""
    return {file.suffix[1:] for file in (root / "output").iterdir()}


def refused(root: Path, to: str = "html,md") -> str:
    """Build, expect a refusal of a template and no crash, and return what is said of it."""
    done = run_cli(["--to", to], root)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    (line,) = [line for line in done.stdout.splitlines() if "S302" in line]
    return line


def test_a_template_of_the_same_name_replaces_ours_in_every_format(tmp_path: Path) -> None:
    text = "{{ document.title | join }}：{{ document.sections | length }}节"
    # A machine without fonts of its own prints with ours alone, so the template names one.
    style = "<style>{{ faces }} p { font-family: nianbao-song }</style>"
    page = f"{style}<p>{text}</p>"
    root = repo(tmp_path, report__html=text, report__md=text, print__html=page)
    assert run_cli([], root).returncode == 0
    expected = "古县文化和旅游局2022年政府信息公开工作年度报告：6节"
    assert (root / "output/2022.html").read_text("utf-8") == expected
    assert (root / "output/2022.md").read_text("utf-8") == expected + "\n"
    text = pages((root / "output/2022.pdf").read_bytes())[0].extract_text()
    assert "".join(text.split()) == expected


def test_a_part_or_a_style_sheet_of_ones_own_goes_into_our_templates(tmp_path: Path) -> None:
    root = repo(
        tmp_path,
        report__css="p { color: #123456 }",
        _sections__html=("{% macro sections(document) %}<p>{{ document.year }}</p>{% endmacro %}"),
    )
    assert run_cli(["--to", "html"], root).returncode == 0
    page = (root / "output/2022.html").read_text("utf-8")
    assert "<style>\np { color: #123456 }\n</style>" in page
    assert "<p>2022</p>" in page


def test_words_are_escaped_in_a_users_page_and_prose_is_a_filter(tmp_path: Path) -> None:
    root = repo(tmp_path, report__html="{{ '<b>' }}{{ '**公开**' | prose }}")
    assert run_cli(["--to", "html"], root).returncode == 0
    page = (root / "output/2022.html").read_text("utf-8")
    assert page == "&lt;b&gt;<p><strong>公开</strong></p>"


@pytest.mark.parametrize("template", OUTPUTS)
def test_a_template_that_fails_leaves_the_other_formats_alone(
    tmp_path: Path, template: str
) -> None:
    root = repo(tmp_path, **{template.replace(".", "__"): "一\n{% if %}\n"})
    said = refused(root, "html,md,pdf")
    assert said.startswith(f"templates/{template}:2:1: 错误 S302 模板不能用：语法不对：")
    assert written(root) == {"html", "md", "pdf"} - {OUTPUTS[template]}


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("{{ document.__class__ }}", "用了模板里不许用的东西"),
        ("{{ ''.__class__.__mro__ }}", "用了模板里不许用的东西"),
        ("{{ document['__class__'] }}", "用了模板里不许用的东西"),
        ("{{ document | attr('__class__') }}", "用了模板里不许用的东西"),
        ("{{ [document] | map(attribute='__class__') | join }}", "用了模板里不许用的东西"),
        ("{{ '{0.__class__}'.format(document) }}", "用了模板里不许用的东西"),
        ("{{ self.__init__.__globals__ }}", "用了模板里不许用的东西"),
        ("{{ cycler.__init__.__globals__.os }}", "用了模板里不许用的东西"),
        ("{{ lipsum.__globals__ }}", "用了模板里不许用的东西"),
        ("{{ [].append(1) }}", "用了模板里不许用的东西"),
        ("{{ nothing }}", "没有 nothing 这个名字"),
        ("{{ open('/etc/passwd') }}", "没有 open 这个名字"),
        ("{{ document.nothing }}", "没有 nothing 这个名字"),
        ("{{ document.titel }}", "没有 titel 这个名字，是不是 title？"),
        ("{{ document['titel'].x }}", "没有 titel 这个名字，是不是 title？"),
        ("{{ document.sections[99] }}", "没有这一项"),
        ("{{ [] | first }}", "用了没有的东西"),
        ("{% include '../../etc/passwd' %}", "找不到模板“../../etc/passwd”"),
        ("{% include '/etc/passwd' %}", "找不到模板“/etc/passwd”"),
        ("{% include '../reports/2022.yaml' %}", "找不到模板“../reports/2022.yaml”"),
        ("{% include '.env' %}", "找不到模板“.env”"),
        ("{% include 'a/.git/config' %}", "找不到模板“a/.git/config”"),
        ("{% extends 'nothing.html' %}", "找不到模板“nothing.html”"),
        ("{% include 'report.html' %}", "模板互相套用"),
        ("{{ 1 / 0 }}", "出错了"),
        ("{{ none | prose }}", "出错了"),
        ("{% for one in range(10 ** 9) %}{% endfor %}", "出错了"),
        ("{{ '年' * 10 ** 10 }}", "要的内存太多"),
        ("{{ 10 ** 5000 }}", "算出的数太大"),
        ("{{ 10 ** (10 ** 10) }}", "算出的数太大"),
        ("{{ " + "9" * 5000 + " }}", "算出的数太大"),
        ("{{ [0x" + "f" * 5000 + "] | tojson }}", "算出的数太大"),
        ("{{ " + "9" * 4200 + " ~ " + "9" * 4200 + " * 9 }}", "算出的数太大"),
        ("{{ 2.0 ** 5000 }}", "出错了"),
        ("{% macro m(a, a) %}{% endmacro %}", "语法不对"),
        ("{% for a in [1] %}" * 25 + "{% endfor %}" * 25, "语法不对"),
        ("{{ " + "(" * 500 + "1" + ")" * 500 + " }}", "嵌套太深"),
        ("{{ " + "1 + " * 5000 + "1 }}", "嵌套太深"),
        ("{% import os %}", "语法不对"),
        ("{{ 公开 公开 }}", "语法不对"),
    ],
)
def test_what_a_template_may_not_do_is_refused_with_its_line(
    tmp_path: Path, expression: str, reason: str
) -> None:
    root = repo(tmp_path, report__html=f"<p>\n{expression}\n</p>")
    said = refused(root)
    place, _, message = said.partition(": 错误 S302 模板不能用：")
    assert message.startswith(reason)
    assert place in {"templates/report.html:2:1", "templates/report.html:1:1"}
    # What fails before the template runs has no line, unless Jinja itself refuses it.
    early = ("模板互相", "嵌套太深", "算出的数太大", "语法不对：duplicate", "语法不对：too many")
    assert place.endswith(":2:1") or message.startswith(early)
    assert written(root) == {"md"}


def test_a_template_that_is_a_link_to_the_outside_is_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("SECRET", "utf-8")
    root = repo(tmp_path)
    (root / "templates/report.html").symlink_to(secret)
    assert "templates/report.html:1:1" in refused(root)
    assert written(root) == {"md"}


def test_a_link_out_of_the_folder_is_not_read_by_way_of_an_include(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/secret.html").write_text("SECRET", "utf-8")
    root = repo(tmp_path, report__html="{% include 'inner/secret.html' %}")
    (root / "templates/inner").symlink_to(tmp_path / "outside", target_is_directory=True)
    assert "链接" in refused(root)
    assert written(root) == {"md"}


def test_a_hidden_file_of_the_folder_is_not_read(tmp_path: Path) -> None:
    root = repo(tmp_path, report__html="{% include '.env' %}")
    (root / "templates/.env").write_text("SECRET", "utf-8")
    assert "找不到模板" in refused(root)
    assert written(root) == {"md"}


def test_a_fault_in_the_templates_of_a_checkout_is_reported_to_who_edits_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # In a checkout the repository's templates and the program's are one folder.
    root = repo(tmp_path, report__md="一\n{{ document.titel }}")
    monkeypatch.setattr("nianbao.rendering.templates.resource", lambda name: root / name)
    checked = check_text(SEED.read_bytes(), tmp_path)
    assert checked.report is not None
    with pytest.raises(TemplateError) as raised:
        render_report(checked.report, "md", Settings(), root / "templates")
    assert (raised.value.path, raised.value.line) == ("templates/report.md", 2)
    assert raised.value.message == "没有 titel 这个名字，是不是 title？"


def test_a_link_within_the_folder_is_a_template_like_any(tmp_path: Path) -> None:
    root = repo(tmp_path, own__html="{{ document.year }}")
    (root / "templates/report.html").symlink_to("own.html")
    assert run_cli(["--to", "html"], root).returncode == 0
    assert (root / "output/2022.html").read_text("utf-8") == "2022"


@pytest.mark.parametrize("content", ["年报".encode("gbk"), b"\xff\xfe\x00"])
def test_a_template_that_is_no_utf_8_is_refused(tmp_path: Path, content: bytes) -> None:
    assert refused(repo(tmp_path, report__html=content)).endswith("模板不能用：不是 UTF-8 编码")


def test_a_folder_in_the_place_of_a_template_is_refused(tmp_path: Path) -> None:
    root = repo(tmp_path)
    (root / "templates/report.html").mkdir()
    assert "读不了" in refused(root)


def test_a_byte_order_mark_and_windows_line_ends_are_no_matter(tmp_path: Path) -> None:
    root = repo(tmp_path, report__html=b"\xef\xbb\xbf<p>\r\n{{ document.year }}</p>\r\n")
    assert run_cli(["--to", "html"], root).returncode == 0
    assert (root / "output/2022.html").read_text("utf-8").split() == ["<p>", "2022</p>"]


def test_a_part_without_the_macro_that_ours_needs_is_reported_where_it_is(tmp_path: Path) -> None:
    root = repo(tmp_path, _table__html="{% macro other() %}{% endmacro %}")
    assert refused(root, "html").startswith("templates/_table.html:1:1: 错误 S302")
    assert "里面没有 draw，别的模板要用它" in refused(root, "html")


def test_half_a_character_is_reported(tmp_path: Path) -> None:
    root = repo(tmp_path, report__html='{{ "\\ud800" }}')
    assert "写出了不是文字的字符 U+D800" in refused(root, "html")


def test_a_faulty_template_is_reported_once_for_all_reports(tmp_path: Path) -> None:
    root = repo(tmp_path, report__md="{{ nothing }}")
    seed = (root / "reports/2022.yaml").read_text("utf-8")
    for name in ("甲局", "乙局"):
        (root / f"reports/{name}.yaml").write_text(seed, "utf-8")
    assert "没有 nothing 这个名字" in refused(root, "md")


def test_a_part_that_does_not_compile_is_the_one_reported(tmp_path: Path) -> None:
    root = repo(tmp_path, _table__html="{{ 10 ** 5000 | length }}{{ " + "9" * 5000 + " }}")
    said = refused(root)
    assert said.startswith("templates/_table.html:1:1: 错误 S302")
    assert written(root) == {"md"}


def test_small_integers_are_multiplied_and_raised_as_ever(tmp_path: Path) -> None:
    root = repo(tmp_path, report__html="{{ 3 ** 4 }} {{ 6 * 7 }} {{ 2 ** -1 }} {{ '年' * 3 }}")
    assert run_cli(["--to", "html"], root).returncode == 0
    assert (root / "output/2022.html").read_text("utf-8") == "81 42 0.5 年年年"
