"""Caches: what is kept of a file is dropped when the file changes."""

from __future__ import annotations

import ast
from pathlib import Path

from nianbao.model.form import load_form
from nianbao.model.schema import all_keys, list_item_keys, load_schema
from nianbao.model.validator import make_validator
from nianbao.preview import site_watcher
from nianbao.preview.caches import clear_caches
from nianbao.rendering.templates import jinja_environment
from nianbao.site import figures
from nianbao.utils.resources import resource
from tests.support import ROOT

# Kept for good, each for a reason: nothing that a preview watches goes into it.
FOR_GOOD = {
    "workspace/previous_year.py": "the names in a folder, while it is as it was",
    "workspace/packing.py": "a folder that was sent to a worker, by its content",
    "workspace/readers.py": "what a commit has, by its ID",
    "utils/text.py": "the width of a character",
    "build/cluster.py": "the versions of this machine's programs",
    "model/validator.py": "which keywords restrict values, by their names",
    "parsing/constructor.py": "what YAML makes of a scalar",
    "build/job.py": "the threads that write",
    "rendering/table_grid.py": "derived from the tables of a form object",
    "rendering/data/csv.py": "derived from a form object",
    "rendering/data/fields.py": "derived from a form object",
    "rendering/line_breaking.py": "a length of words",
    "rendering/markdown/html.py": "Markdown's parser",
    "rendering/pdf/weasyprint_patches/__init__.py": "whether the patches are applied",
    "rendering/pdf/weasyprint_patches/font_faces.py": "the fonts",
    "rendering/pdf/weasyprint_patches/subsetting.py": "the fonts",
    "rendering/pdf/renderer.py": "the parts of WeasyPrint; the preview makes no PDF",
    "rendering/docx/package.py": "the look of Word files, which is code",
    "rendering/docx/letterhead.py": "a letterhead, by its bytes",
    "checks/rules/waivers.py": "derived from a text alone",
    "checks/rules/equations.py": "derived from the sections of a form object",
    "checks/claims/lexer.py": "the program's vocabulary, which is code",
    "checks/claims/consistency.py": "patterns of the program's vocabulary, which is code",
    "checks/claims/sums.py": "patterns of the program's vocabulary, which is code",
    "checks/claims/rates.py": "patterns of the program's vocabulary, which is code",
    "checks/claims/explanation.py": "patterns of the program's vocabulary, which is code",
    "checks/claims/interpretations.py": "derived from a form object",
    "county/similarity.py": "words of the form; the preview compares no texts",
    "importing/vocabulary.py": "the program's vocabulary; the preview imports nothing",
    "importing/matching/labels.py": "derived from a form object; the preview imports nothing",
    "rendering/fonts/coverage.py": "the fonts",
    "rendering/fonts/install.py": "the fonts",
    "rendering/fonts/charset.py": "the fonts",
}


def test_everything_that_is_kept_is_forgotten_or_kept_for_a_reason() -> None:
    kept = set()
    for file in (ROOT / "nianbao").rglob("*.py"):
        name = file.relative_to(ROOT / "nianbao").as_posix()
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef):
                marks = {ast.unparse(each).partition("(")[0] for each in node.decorator_list}
                kept |= {(name, node.name)} if marks & {"cache", "lru_cache"} else set()
    source = ast.parse((ROOT / "nianbao/preview/caches.py").read_text("utf-8"))
    forgotten = {node.id for node in ast.walk(source) if isinstance(node, ast.Name)}
    ours = {file.relative_to(ROOT / "nianbao").as_posix() for file in caching_modules_of_the_site()}
    left = [each for each in kept if each[0] not in FOR_GOOD and each[1] not in forgotten]
    assert {name for name, _ in left} == ours
    assert set(FOR_GOOD) <= {name for name, _ in kept}


def caching_modules_of_the_site() -> list[Path]:
    """The modules all of whose caches `serve --site` clears."""
    return [Path(module.__file__ or "") for module in site_watcher._CACHING]


def test_the_caches_of_the_site_are_cleared_when_a_template_changes(tmp_path: Path) -> None:
    template = tmp_path / "templates" / "site" / "home.html"
    template.parent.mkdir(parents=True)
    template.write_text("", "utf-8")
    before = figures.terms()
    site_watcher.SiteWatcher(tmp_path).clear_caches({tmp_path / "nianbao.toml"})
    assert figures.terms() is before
    site_watcher.SiteWatcher(tmp_path).clear_caches({template})
    assert figures.terms() is not before


def test_what_was_forgotten_is_read_anew() -> None:
    before = load_schema(), load_form(2021), make_validator(2021)
    folder = resource("templates")
    environment = jinja_environment(folder, "html")
    assert all_keys()
    assert list_item_keys()
    clear_caches()
    after = load_schema(), load_form(2021), make_validator(2021)
    assert [old is new for old, new in zip(before, after, strict=True)] == [False] * 3
    assert jinja_environment(folder, "html") is not environment
    assert all_keys.cache_info().currsize == list_item_keys.cache_info().currsize == 0
