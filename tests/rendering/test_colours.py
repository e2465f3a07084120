"""The colours of the web page: every text can be read on every ground (WCAG 2.1 AA)."""

from __future__ import annotations

import re
from itertools import product
from typing import Any

import pytest
import tinycss2

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


def _luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    assert re.fullmatch("[0-9a-f]{6}", digits), f"not a plain colour: {colour}"
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


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
    assert [pair for pair in pairs if _contrast(*pair) < 4.5] == []


def test_contrast_is_computed_as_wcag_has_it() -> None:
    assert _contrast("#000", "#ffffff") == pytest.approx(21)
    assert _contrast("#777777", "#fff") == pytest.approx(4.48, abs=0.01)
