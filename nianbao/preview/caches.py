"""Forgetting: what is kept in memory of schema.json and of templates, and may have changed."""

from __future__ import annotations

from nianbao.model.form import load_form
from nianbao.model.schema import edition_alone, item_keys, known_keys, load_schema
from nianbao.model.validator import validator_of
from nianbao.rendering.templates import environment_of


def forget() -> None:
    """Have schema.json and every template read anew when they are next needed.

    All that is cached of a file which somebody may edit stands here; a test goes through the rest.
    """
    of_schema = (load_schema, edition_alone, known_keys, item_keys, load_form, validator_of)
    for kept in (*of_schema, environment_of):
        kept.cache_clear()
