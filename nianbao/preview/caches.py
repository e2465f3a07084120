"""Clear caches of schema.json and templates, because these files can change during a preview."""

from __future__ import annotations

from nianbao.checks.summation import corresponding_cells
from nianbao.model.form import load_form
from nianbao.model.schema import (
    all_keys,
    edition_schema,
    line_keys,
    list_item_keys,
    load_schema,
    prose_keys,
    required_columns,
)
from nianbao.model.validator import make_validator
from nianbao.preview.views import cached_list_page
from nianbao.rendering.templates import jinja_environment


def clear_caches() -> None:
    """Clear every cache that depends on schema.json or on a template."""
    # A test checks that no other cache of the package depends on schema.json or on a template.
    of_schema = (load_schema, edition_schema, load_form, make_validator, corresponding_cells)
    of_keys = (all_keys, list_item_keys, prose_keys, required_columns, line_keys)
    for function in (*of_schema, *of_keys, jinja_environment, cached_list_page):
        function.cache_clear()
