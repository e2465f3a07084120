"""Compute the contrast between two colours, and change a colour until it contrasts enough."""

from __future__ import annotations

from typing import Final

# The least contrast of text and background, WCAG 2.1, success criterion 1.4.3 (level AA).
MIN_CONTRAST: Final = 4.5
_STEPS: Final = 100  # of the way to black or white
_MIDDLE: Final = 0.18  # the luminance at which black and white have the same contrast


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio (WCAG 2.1) of two colours, from 1 to 21.

    `one`, `other`: colours as #rrggbb.
    """
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def readable(colour: str, background: str) -> str:
    """Return a colour that can be read on a background.

    `colour` is mixed with black or white until the contrast is MIN_CONTRAST. Colours are written as
    #rrggbb.
    """
    end = 0 if _luminance(background) > _MIDDLE else 255
    mixes = (_mix(colour, end, step / _STEPS) for step in range(_STEPS + 1))
    return next(mix for mix in mixes if contrast(mix, background) >= MIN_CONTRAST)


def long_form(colour: str) -> str:
    """Return a colour as #rrggbb in lower case.

    `colour`: #rgb or #rrggbb.
    """
    digits = colour[1:].lower()
    return "#" + ("".join(digit * 2 for digit in digits) if len(digits) == 3 else digits)


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))


def _mix(colour: str, end: int, share: float) -> str:
    mixed = (round(each + (end - each) * share) for each in _channels(colour))
    return "#" + "".join(f"{each:02x}" for each in mixed)


def _luminance(colour: str) -> float:
    """Return the relative luminance of a colour (#rrggbb), from 0 to 1, as WCAG 2.1 defines it."""
    parts = [channel / 255 for channel in _channels(colour)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
