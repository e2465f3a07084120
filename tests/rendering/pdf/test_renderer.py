"""The state of the process after a PDF was made."""

from __future__ import annotations

import gc
import weakref
from typing import TYPE_CHECKING

from nianbao.rendering import render_report
from nianbao.workspace.settings import Settings
from tests.rendering.rendered_reports import NO_TEMPLATES, compiled
from tests.support import SEED

if TYPE_CHECKING:
    from collections.abc import Callable


class _Cycle:
    """Garbage that only the collector frees."""

    def __init__(self) -> None:
        self.itself = self


def _make_pdf() -> None:
    assert render_report(compiled(SEED.read_text("utf-8")), "pdf", Settings(), NO_TEMPLATES)


def _leave_garbage() -> Callable[[], object]:
    return weakref.ref(_Cycle())


def test_what_lives_while_a_pdf_is_made_can_be_freed_after_it() -> None:
    _make_pdf()  # loads the libraries
    cycle = _Cycle()
    left = weakref.ref(cycle)
    _make_pdf()
    del cycle
    gc.collect()
    assert left() is None


def test_the_pages_of_a_pdf_are_freed_without_another_one() -> None:
    _make_pdf()
    gc.collect()
    before = len(gc.get_objects())
    _make_pdf()
    assert len(gc.get_objects()) < before + 10_000


def test_after_a_pdf_other_garbage_is_collected_as_soon_as_before() -> None:
    _make_pdf()
    left = _leave_garbage()
    for _ in range(10_000):
        _leave_garbage()
    assert left() is None
