"""The colours of the web page: every text can be read on every ground (WCAG 2.1 AA)."""

from __future__ import annotations

import re
from itertools import product
from typing import Any

import pytest
import tinycss2

from nianbao.utils.colours import MIN_CONTRAST, contrast, long_form
from tests.support import ROOT

CSS = (ROOT / "templates" / "report.css").read_text("utf-8")


def _declarations(scheme: str) -> list[tuple[str, dict[str, str]]]:
    """Every rule of the style sheet: its selectors, and its colours with variables put in."""
    rules: list[tuple[str, dict[str, str]]] = []
    variables: dict[str, str] = {}

    def applies(condition: str) -> bool:
        return scheme == "dark" or "dark" not in condition

    def read(nodes: list[Any]) -> None:
        for node in nodes:
            if node.type == "at-rule" and node.content is not None:
                condition = tinycss2.serialize(node.prelude)
                read(tinycss2.parse_rule_list(node.content) if applies(condition) else [])
            if node.type != "qualified-rule":
                continue
            found = {}
            for declaration in tinycss2.parse_declaration_list(node.content):
                if declaration.type != "declaration":
                    continue
                value = tinycss2.serialize(declaration.value).strip()
                if declaration.name.startswith("--"):
                    variables[f"var({declaration.name})"] = value
                elif declaration.name in ("color", "background") and value != "none":
                    found[declaration.name] = variables.get(value, value)
            rules.append((tinycss2.serialize(node.prelude).strip(), found))

    read(tinycss2.parse_stylesheet(CSS, skip_comments=True))
    return rules


def _full(colour: str) -> str:
    assert re.fullmatch("#(?:[0-9a-f]{3}){1,2}", colour), f"not a plain colour: {colour}"
    return long_form(colour)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_colour_of_text_can_be_read_on_every_ground(scheme: str) -> None:
    rules = _declarations(scheme)
    alone = {colours["color"] for _, colours in rules if set(colours) == {"color"}}
    grounds = {colours["background"] for _, colours in rules if set(colours) == {"background"}}
    both = {(c["color"], c["background"]) for _, c in rules if set(c) == {"color", "background"}}
    inks = alone | {ink for selector, c in rules if selector == "body" and (ink := c.get("color"))}
    body = {c["background"] for selector, c in rules if selector == "body" and "background" in c}
    pairs = both | set(product(inks, grounds | body))
    assert len(pairs) > 12
    assert [pair for pair in pairs if contrast(*map(_full, pair)) < MIN_CONTRAST] == []


@pytest.mark.parametrize("name", ["site/site.css", "preview/colours.css"])
def test_a_colour_is_the_same_in_all_style_sheets(name: str) -> None:
    colour = re.compile(r"--([a-z-]+): (#[0-9a-f]+);")
    ours = set(colour.findall(CSS))
    others = set(colour.findall((ROOT / "templates" / name).read_text("utf-8")))
    shared = {key for key, _ in others} & {key for key, _ in ours}
    assert len(shared) >= 8
    assert {each for each in others if each[0] in shared} == {e for e in ours if e[0] in shared}
