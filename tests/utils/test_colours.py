"""Contrast as WCAG defines it, and colours that are changed until a text can be read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.utils.colours import MIN_CONTRAST, contrast, readable

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def test_contrast_is_computed_as_wcag_has_it() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@given(COLOURS, st.sampled_from(["#ffffff", "#eef2f6", "#262b31", "#000000"]))
def test_a_text_can_be_read_in_the_changed_colour(colour: str, ground: str) -> None:
    changed = readable(colour, ground)
    assert contrast(changed, ground) >= MIN_CONTRAST
    assert (changed == colour) == (contrast(colour, ground) >= MIN_CONTRAST)
    assert readable(changed, ground) == changed


def test_a_changed_colour_is_as_near_as_can_be() -> None:
    assert readable("#ffcc00", "#ffffff") == "#8f7200"
    assert 4.5 <= contrast("#8f7200", "#ffffff") < 4.8
