"""The architecture: who imports whom, what a command loads, where the words of the form are."""

import ast
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.support import ROOT, run_python, write_repo

PACKAGE = ROOT / "nianbao"


@cache
def modules() -> dict[str, Path]:
    """All modules of the package by name."""
    found = {}
    for file in sorted(PACKAGE.rglob("*.py")):
        parts = file.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return found


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(modules()[module].read_text(encoding="utf-8"))


@cache
def imports(module: str) -> frozenset[str]:
    """Every module of the package that a module names in an import, wherever it stands."""
    names = set()
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: relative import"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    known = set()
    for name in names:
        while name and name not in modules():
            name = name.rpartition(".")[0]
        known |= {name} - {"", "nianbao", module}
    return frozenset(known)


def test_there_is_something_to_judge() -> None:
    assert len(modules()) > 30
    assert "nianbao.model.form" in imports("nianbao.checks.structure")
    assert "nianbao.rendering.pdf.renderer" in imports("nianbao.rendering")


def test_pytest_skips_no_folder_of_tests(pytestconfig: pytest.Config) -> None:
    skipped: list[str] = pytestconfig.getini("norecursedirs")
    files = ROOT.glob("tests/**/test_*.py")
    folders = {name for file in files for name in file.relative_to(ROOT).parts[:-1]}
    assert {"build", "cli"} <= folders
    assert [name for name in folders for pattern in skipped if fnmatch(name, pattern)] == []


def test_no_import_circle() -> None:
    done: set[str] = set()

    def visit(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, " → ".join([*path[path.index(module) :], module])
        if module not in done:
            for name in sorted(imports(module)):
                visit(name, (*path, module))
            done.add(module)

    for module in modules():
        visit(module, ())
    assert done == set(modules())


# ── layers: the tables of docs/architecture.md

ARCHITECTURE = ROOT / "docs" / "architecture.md"


@dataclass(frozen=True)
class Layers:
    """The layer of each folder of the package, and the folders it must not import all the same."""

    level: dict[str, int]
    forbidden: dict[str, set[str]]

    def violation(self, importer: str, imported: str) -> str | None:
        """Say why one folder of the package may not import another; None where it may."""
        for name in (importer, imported):
            if name not in self.level:
                return f"docs/architecture.md has no layer for {name}"
        if importer == imported:
            return None
        if self.level[imported] >= self.level[importer]:
            return f"{importer} (layer {self.level[importer]}) imports {imported}"
        if imported in self.forbidden[importer]:
            return f"{importer} must not import {imported}"
        return None


def read_layers() -> Layers:
    """Read the table `| layer | folder | may import |`."""
    text = ARCHITECTURE.read_text("utf-8")
    level: dict[str, int] = {}
    forbidden: dict[str, set[str]] = {}
    for number, folders, may in re.findall(
        r"^\| ([0-9]+) \| (.+?) \| (.+?) \|$", text, re.MULTILINE
    ):
        _, _, exceptions = may.partition("not ")
        for folder in re.findall(r"`(\w+)(?:\.py)?`", folders):
            assert folder not in level
            level[folder] = int(number)
            forbidden[folder] = set(re.findall(r"`(\w+)`", exceptions))
    return Layers(level, forbidden)


def folder_of(module: str) -> str:
    """The entry of the package that a module belongs to."""
    return module.split(".")[1]


def violations(layers: Layers, edges: Iterable[tuple[str, str]]) -> list[str]:
    """Every import among `edges` (importer, imported) that the layers forbid."""
    found = []
    for importer, imported in edges:
        reason = layers.violation(folder_of(importer), folder_of(imported))
        if reason:
            found.append(f"{importer} → {imported}: {reason}")
    return found


def all_imports() -> list[tuple[str, str]]:
    return [
        (module, imported)
        for module in modules()
        if module not in ("nianbao", "nianbao.__main__")
        for imported in sorted(imports(module))
    ]


def test_the_package_holds_the_folders_of_the_table_and_nothing_else() -> None:
    entries = {entry.name for entry in PACKAGE.iterdir() if entry.name != "__pycache__"}
    entries -= {"__init__.py", "__main__.py", "py.typed"}
    assert {name.removesuffix(".py") for name in entries} == set(read_layers().level)


def test_a_folder_imports_only_from_layers_below_it() -> None:
    assert len(all_imports()) > 300
    assert violations(read_layers(), all_imports()) == []


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("nianbao.model.form", "nianbao.parsing.reader"),
        ("nianbao.checks.checker", "nianbao.rendering.document"),
        ("nianbao.rendering.document", "nianbao.checks.checker"),
        ("nianbao.build.plan", "nianbao.diff.model"),
        ("nianbao.formatting.new_report", "nianbao.rendering.templates"),
        ("nianbao.build.plan", "nianbao.unlisted.module"),
    ],
)
def test_an_import_turned_against_the_layers_is_found(importer: str, imported: str) -> None:
    assert len(violations(read_layers(), [(importer, imported)])) == 1


def read_orders() -> dict[str, dict[str, int]]:
    """Read the lines ``- `folder`: `a`, `b` < `c` ``: by folder, the step of each of its parts."""
    text = ARCHITECTURE.read_text("utf-8")
    orders = {}
    for folder, steps in re.findall(r"^- `(\w+)`: (`.+ < .+)$", text, re.MULTILINE):
        orders[folder] = {
            part: number
            for number, step in enumerate(steps.split(" < "))
            for part in re.findall(r"`(\w+)`", step)
        }
    return orders


def test_inside_a_folder_imports_follow_the_documented_order() -> None:
    orders = read_orders()
    assert set(orders) == {"checks", "rendering", "diff"}
    found = []
    for importer, imported in all_imports():
        folder = folder_of(importer)
        if folder not in orders or folder_of(imported) != folder:
            continue
        step = [orders[folder][[*name.split("."), folder][2]] for name in (importer, imported)]
        parts = {[*name.split("."), folder][2] for name in (importer, imported)}
        if len(parts) == 2 and step[1] > step[0]:
            found.append(f"{importer} → {imported}")
    assert found == []


def test_every_module_says_what_it_is() -> None:
    assert [module for module in modules() if not ast.get_docstring(tree(module))] == []


def test_no_class_name_stands_for_two_things() -> None:
    names = Counter(
        node.name
        for module in modules()
        for node in ast.walk(tree(module))
        if isinstance(node, ast.ClassDef)
    )
    assert [name for name, count in names.items() if count > 1] == []


# Words that describe a program by images instead of the terms of the field.
IMAGES = {
    *("tell", "tells", "told", "telling", "mend", "mends", "mended", "mending", "slip", "slips"),
    *("beside", "whoever", "desk", "proof", "seen", "verdict"),
}


@cache
def sources() -> dict[str, ast.Module]:
    """Return the syntax tree of each Python file of the project, tests and tools too, by path."""
    files = (file for top in ("nianbao", "tools", "tests") for file in (ROOT / top).rglob("*.py"))
    return {
        path: ast.parse(file.read_text("utf-8"))
        for file in (ROOT / "build.py", *files)
        if "node_modules" not in (path := file.relative_to(ROOT).as_posix())
    }


def names_defined(source: ast.Module) -> Iterator[str]:
    for node in ast.walk(source):
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.arg(arg=name):
                yield name
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield name


def words(name: str) -> set[str]:
    """Return the words that a name in snake_case or CamelCase consists of, in lower case."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}


def test_names_are_terms_of_the_field() -> None:
    assert words("_IS_Told") == {"is", "told"}
    assert [
        f"{path}: {name}"
        for path, source in sources().items()
        for name in (Path(path).stem, *names_defined(source))
        if words(name) & IMAGES
    ] == []


def docstrings(source: ast.Module) -> Iterator[str]:
    for node in ast.walk(source):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            yield ast.get_docstring(node) or ""


def test_docstrings_are_statements_or_nouns_and_no_questions() -> None:
    question = re.compile(r"(What|Who|Which|When|Where|How|Whether|Why)\b")
    assert [
        f"{path}: {text}"
        for path, source in sources().items()
        for text in docstrings(source)
        if question.match(text) or set(re.findall(r"[a-z]+", text)) & IMAGES
    ] == []


# Longer docstrings, and docstrings with longer sentences, are the ones that have to be read twice.
LONGEST_SENTENCE = 18  # words
LONGEST_DOCSTRING = 55  # words, and
LONGEST_ITEM = 15  # words for each parameter or field that it explains
ITEM = re.compile(r"^`[^`]+`(?:, `[^`]+`)*: ", re.MULTILINE)


def public(node: ast.AST, path: str) -> Iterator[tuple[str, str]]:
    """Yield the place and the docstring of a module, its public functions and classes."""
    if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
        yield path, ast.get_docstring(node) or ""
        for child in node.body:
            name = getattr(child, "name", "_")
            if not name.startswith("_"):
                yield from public(child, f"{path} {name}")


def hard_to_read(docstring: str) -> list[str]:
    """Return the reasons to shorten or divide a docstring."""
    items = len(ITEM.findall(docstring))
    sentences = re.split(r"(?<=[.:;])\s+|\n\s*\n|\n(?=`)", docstring)
    longest = max(sentences, key=lambda sentence: len(sentence.split()))
    reasons = {
        f"long: {longest}": len(longest.split()) > LONGEST_SENTENCE,
        "long": len(docstring.split()) > LONGEST_DOCSTRING + LONGEST_ITEM * items,
        "summary of several lines": "\n" in docstring.split("\n\n")[0],
        "explains a private name": re.search(r"`_[a-z]\w*`.*:", docstring),
        "an item inside a line": re.search(r"[.;] `\w+`(?:,\s+`\w+`)*:\s", docstring),
    }
    return [reason for reason, holds in reasons.items() if holds]


def test_public_docstrings_are_short_and_list_an_item_a_line() -> None:
    assert hard_to_read("Return the cells.\n\n`old`: a report. `new`: another.") != []
    assert hard_to_read("Return the cells.\n\n`_cells`: a set.") != []
    assert hard_to_read("word " * (LONGEST_SENTENCE + 1)) != []
    assert hard_to_read("Return the cells\nthat differ.") != []
    assert [
        f"{place}: {reason}"
        for path, source in sources().items()
        if path.startswith("nianbao/")
        for place, docstring in public(source, path)
        if re.match("[ -~]", docstring)  # pages of rules are in Chinese
        for reason in hard_to_read(docstring)
    ] == []


# ── heavy libraries

HEAVY = {"weasyprint", "jinja2", "markdown", "nh3", "uharfbuzz", "fontTools", "docx", "lxml"}
LOADED = """
import sys
from nianbao.cli.main import main
try:
    main(sys.argv[1:])
except SystemExit as exited:
    print("\\nexit", exited.code)
print("loaded", *(name for name in sys.modules if "." not in name))
"""


def loaded(arguments: list[str], cwd: Path, code: int = 0) -> set[str]:
    """The top-level modules that a command has loaded."""
    done = run_python(LOADED, cwd, *arguments)
    assert f"\nexit {code}\n" in done.stdout
    return set(done.stdout.splitlines()[-1].split()[1:])


def test_a_check_loads_none_of_the_libraries_of_the_outputs(tmp_path: Path) -> None:
    root = write_repo(tmp_path, report=(ROOT / "reports" / "2022.yaml").read_bytes())
    names = loaded(["check"], root)
    assert "yaml" in names
    assert names & (HEAVY | {"jsonschema"}) == set()


def test_the_schema_library_is_loaded_for_values_that_may_be_wrong(tmp_path: Path) -> None:
    text = (ROOT / "reports" / "2022.yaml").read_text("utf-8")
    root = write_repo(tmp_path, report=text.replace("年度: 2022", "年度: 二〇二二"))
    assert "jsonschema" in loaded(["check"], root, code=1)


def test_a_web_page_needs_no_library_of_pdf_and_word_files(tmp_path: Path) -> None:
    root = write_repo(tmp_path, report=(ROOT / "reports" / "2022.yaml").read_bytes())
    names = loaded(["build", "--to", "html,md"], root)
    assert {"jinja2", "markdown"} <= names
    assert names & {"weasyprint", "uharfbuzz", "fontTools", "docx", "lxml"} == set()


def test_a_word_file_needs_no_library_but_for_a_letterhead(tmp_path: Path) -> None:
    root = write_repo(tmp_path, report=(ROOT / "reports" / "2022.yaml").read_bytes())
    others = HEAVY - {"markdown", "nh3"}
    assert loaded(["build", "--to", "docx"], root) & others == set()
    loaded(["templates", "report.docx"], root)
    assert loaded(["build", "--to", "docx"], root) & others == {"docx", "lxml"}


def test_help_loads_nothing_but_the_command_line(tmp_path: Path) -> None:
    assert loaded(["--help"], tmp_path) & {*HEAVY, "jsonschema", "yaml"} == set()


# ── the form's words

# Words of the form that are also words of the file format or of the language. Each stands here
# with the reason why it is no copy of a label.
GENERAL = {
    # Keys that the file format gives a meaning of its own (docs/schema.md), whatever the form says.
    **dict.fromkeys(
        ("格式", "年度", "机关", "成文日期"), "what every edition's report begins with"
    ),
    **dict.fromkeys(
        ("机关类型", "发布日期", "文号", "联系方式", "网站", "豁免", "汇总"), "optional key"
    ),
    **dict.fromkeys(("单位", "摘要", "没有计入"), "key of what a sum is made from"),
    **dict.fromkeys(("规则", "位置", "原文", "理由"), "key of a waiver"),
    **dict.fromkeys(("数值", "注"), "key of a cell with a note"),
    **dict.fromkeys(("标题", "正文"), "key of a further block"),
    **dict.fromkeys(("总计", "其他", "说明", "引言", "补充", "概述"), "word of the language"),
}

# Patterns that read prose look for the words that clerks use there, the form's among them.
READ_IN_PROSE = {
    "nianbao.checks.rules.content": {"依申请公开", "行政事业性收费"},
    "nianbao.checks.rules.citations": {"政府信息公开工作年度报告"},  # in the title of a notice
}


@cache
def labels() -> dict[str, str]:
    """Every word of the form, without its numbering, and where the schema has it."""
    found: dict[str, str] = {}

    def add(words: str, where: str) -> None:
        bare = re.sub(
            r"^(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|[0-9]+\.)", "", words
        )
        for part in re.split(r"\{[^}]*\}", bare):
            if re.search("[一-鿿]", part):
                found.setdefault(part, where)

    def walk(node: Any, where: str) -> None:
        if isinstance(node, list):
            for number, child in enumerate(node):
                walk(child, f"{where}/{number}")
        if not isinstance(node, dict):
            return
        for keyword in ("title", "x-stub", "x-corner", "x-header"):
            if isinstance(node.get(keyword), str):
                add(node[keyword], f"{where}/{keyword}")
        for line in node.get("x-title", ()):
            add(line, f"{where}/x-title")
        if isinstance(node.get("properties"), dict):
            for key in node["properties"]:
                add(key, f"{where}/properties")
        for key, child in node.items():
            walk(child, f"{where}/{key}")

    walk(json.loads((ROOT / "schema.json").read_bytes()), "#")
    return found


def strings(module: str) -> Iterator[tuple[int, str]]:
    """The string literals of a module with their lines; docstrings and comments are none."""
    documentation = set()
    for node in ast.walk(tree(module)):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                documentation.add(id(first.value))
    for node in ast.walk(tree(module)):
        if not isinstance(node, ast.Constant) or id(node) in documentation:
            continue
        if isinstance(node.value, str):
            yield node.lineno, node.value


def test_the_words_of_the_form_are_known() -> None:
    assert len(labels()) > 90
    for words in (
        *("总体情况", "危及“三安全一稳定”", "危及三安全一稳定", "法人或其他组织", "信息内容"),
        *(
            "年政府信息公开工作年度报告",
            "第二十条第（一）项",
            "申请人情况",
            "本年增/减",
            "本年增减",
        ),
    ):
        assert words in labels()
    assert set(GENERAL) <= set(labels()), "no word of the form: take it out of GENERAL"


def found_in(text: str) -> list[str]:
    """Words of the form in a text: anywhere, where they are long; alone, where they are short."""
    return [
        words
        for words in labels()
        if words not in GENERAL
        and (words in text if len(words) > 4 else text.strip(" “”：:、，。/") == words)
    ]


def test_the_search_finds_a_word_of_the_form() -> None:
    assert found_in("见“收到和处理政府信息公开申请情况”一表") == ["收到和处理政府信息公开申请情况"]
    assert "规章" in found_in("规章：")
    assert found_in("总计") == []


def test_no_word_of_the_form_stands_in_the_logic() -> None:
    copies = [
        f"{modules()[module].relative_to(ROOT)}:{line}: {words} ({labels()[words]})"
        for module in modules()
        for line, text in strings(module)
        for words in found_in(text)
        if words not in READ_IN_PROSE.get(module, ())
    ]
    assert copies == []


def test_no_word_of_the_form_stands_in_a_template() -> None:
    templates = sorted((ROOT / "templates").rglob("*.*"))
    assert len(templates) >= 5
    copies = []
    for file in templates:
        text = file.read_text(encoding="utf-8")
        text = re.sub(r"\{#.*?#\}|/\*.*?\*/|<!--.*?-->", "", text, flags=re.DOTALL)
        for run in re.findall(r"[一-鿿（）、“”/]+", text):
            copies += [f"{file.name}: {words}" for words in found_in(run)]
    assert copies == []


# ── security: the table of docs/architecture.md


def guarantees() -> list[str]:
    """The cells "Held by" of the table of what a stranger can and cannot do."""
    table = ARCHITECTURE.read_text(encoding="utf-8").split("| Input of a stranger |")[1]
    rows = table.split("\n\n")[0].split("\n")[2:]
    return [row.rstrip(" |").rpartition(" | ")[2] for row in rows]


def test_each_guarantee_names_the_tests_that_hold_it() -> None:
    assert len(guarantees()) > 15
    for cell in guarantees():
        code, _, tests = cell.partition(": ")
        for path in re.findall("`([^`]+)`", code):
            assert (PACKAGE / path).is_file(), path
        named = re.findall("`([^`]+)`", tests)
        assert named, cell
        for name in named:
            path, _, test = name.partition("::")
            text = (ROOT / path).read_text(encoding="utf-8")
            assert not test or f"\ndef {test}(" in text, name
