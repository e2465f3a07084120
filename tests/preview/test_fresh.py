"""What is kept in memory of a file that somebody may edit is forgotten when it changes."""

from __future__ import annotations

import ast

from nianbao.form import load_form
from nianbao.outputs.templates import environment_of
from nianbao.preview.fresh import forget
from nianbao.schema import item_keys, known_keys, load_schema, resource
from nianbao.verdict import validator_of
from tests.support import ROOT

# Kept for good, each for a reason: nothing that a preview watches goes into it.
FOR_GOOD = {
    "last_year.py": "the names in a folder, while it is as it was",
    "making.py": "the threads that write",
    "outputs/frames.py": "what follows from a form, by its tables: those read anew are others",
    "outputs/lines.py": "a length of words",
    "outputs/prose.py": "Markdown's parser",
    "outputs/adapters/__init__.py": "whether the adapters are in place",
    "outputs/adapters/style_sheets.py": "WeasyPrint's style sheets",
    "outputs/adapters/subsetting.py": "the fonts",
    "outputs/pdf.py": "the parts of WeasyPrint; the preview makes no PDF",
    "rules/identities.py": "what follows from a form, by its sections: those read anew are others",
    "rules/prose/lexer.py": "the program's vocabulary, which is code",
    "rules/prose/readings.py": "what follows from a form, by the form: one read anew is another",
    "fonts/coverage.py": "the fonts",
    "fonts/install.py": "the fonts",
    "fonts/charset.py": "the fonts",
}


def test_everything_that_is_kept_is_forgotten_or_kept_for_a_reason() -> None:
    kept = set()
    for file in (ROOT / "nianbao").rglob("*.py"):
        name = file.relative_to(ROOT / "nianbao").as_posix()
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef):
                marks = " ".join(map(ast.unparse, node.decorator_list))
                kept |= {(name, node.name)} if "cache" in marks else set()
    source = ast.parse((ROOT / "nianbao/preview/fresh.py").read_text("utf-8"))
    forgotten = {node.id for node in ast.walk(source) if isinstance(node, ast.Name)}
    assert [each for each in kept if each[0] not in FOR_GOOD and each[1] not in forgotten] == []
    assert set(FOR_GOOD) <= {name for name, _ in kept}


def test_what_was_forgotten_is_read_anew() -> None:
    before = load_schema(), load_form(2021), validator_of(None, 2021)
    folder = resource("templates")
    environment = environment_of(folder, "html")
    assert known_keys()
    assert item_keys()
    forget()
    after = load_schema(), load_form(2021), validator_of(None, 2021)
    assert [old is new for old, new in zip(before, after, strict=True)] == [False] * 3
    assert environment_of(folder, "html") is not environment
    assert known_keys.cache_info().currsize == item_keys.cache_info().currsize == 0
