"""Lines of the PDF end flush: what weasyprint_patches.justification changes in WeasyPrint."""

from __future__ import annotations

import io
import re
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

import pdfplumber
import pytest

from tests.support import ROOT, run_cli

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MM = 72 / 25.4
RIGHT_EDGE = (28 + 156) * MM
BODY_SIZE = 16
FORBIDDEN_AT_START = "。，、；：？！）》」』”"


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[list[dict[str, Any]]]:
    """The lines of body text of the seed's PDF, each a list of characters from left to right."""
    output: Path = tmp_path_factory.mktemp("justified")
    done = run_cli(["reports/2022.yaml", "--to", "pdf", "-o", str(output)], ROOT)
    assert done.returncode == 0, done.stderr
    with pdfplumber.open(io.BytesIO((output / "2022.pdf").read_bytes())) as pdf:
        return [line for page in pdf.pages for line in _lines(page.chars)]


def _lines(characters: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    body = [c for c in characters if abs(c["size"] - BODY_SIZE) < 0.5 and c["text"].strip()]
    body.sort(key=lambda c: (round(c["bottom"]), c["x0"]))
    for _, line in groupby(body, key=lambda c: round(c["bottom"])):
        yield list(line)


def test_lines_that_go_on_end_flush_at_the_right_edge(lines: list[list[dict[str, Any]]]) -> None:
    # A line goes on where the next one is not indented and neither is a heading or a signature.
    left = 28 * MM
    full = [
        line
        for line, following in pairwise(lines)
        if following[0]["x0"] < left + 8 and len(line) > 20
    ]
    assert len(full) > 30
    flush = [line for line in full if abs(line[-1]["x1"] - RIGHT_EDGE) < 0.5 * MM]
    assert len(flush) >= 0.95 * len(full)


def test_no_line_begins_with_a_closing_mark(lines: list[list[dict[str, Any]]]) -> None:
    assert not [line for line in lines if line[0]["text"] in FORBIDDEN_AT_START]


def test_no_number_is_broken_over_two_lines(lines: list[list[dict[str, Any]]]) -> None:
    for line, following in pairwise(lines):
        joined = line[-1]["text"] + following[0]["text"]
        assert not re.fullmatch(r"[0-9]{2}", joined)
