"""Forgetting: what is kept in memory of schema.json and of templates, and may have changed."""

from __future__ import annotations

from nianbao.model.form import load_form
from nianbao.model.schema import all_keys, edition_schema, list_item_keys, load_schema
from nianbao.model.validator import make_validator
from nianbao.rendering.templates import jinja_environment


def clear_caches() -> None:
    """Have schema.json and every template read anew when they are next needed.

    All that is cached of a file which somebody may edit stands here; a test goes through the rest.
    """
    of_schema = (load_schema, edition_schema, all_keys, list_item_keys, load_form, make_validator)
    for kept in (*of_schema, jinja_environment):
        kept.cache_clear()
