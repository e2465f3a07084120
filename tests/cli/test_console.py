"""The terminal: colour for people alone, and what the encoding lacks does no harm."""

from __future__ import annotations

import io
import sys

import pytest

from nianbao.cli.console import Console, open_console


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("NO_COLOR", "GITHUB_ACTIONS"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_a_terminal_gets_colour(plain: pytest.MonkeyPatch) -> None:
    plain.setattr(sys, "stdout", Terminal())
    assert open_console().colour


def test_a_pipe_gets_none(plain: pytest.MonkeyPatch) -> None:
    plain.setattr(sys, "stdout", io.StringIO())
    assert not open_console().colour


@pytest.mark.parametrize("value", ["1", "true", "0"])
def test_who_asks_for_no_colour_gets_none(value: str, plain: pytest.MonkeyPatch) -> None:
    plain.setattr(sys, "stdout", Terminal())
    plain.setenv("NO_COLOR", value)
    assert not open_console().colour


def test_an_empty_no_color_asks_for_nothing(plain: pytest.MonkeyPatch) -> None:
    plain.setattr(sys, "stdout", Terminal())
    plain.setenv("NO_COLOR", "")
    assert open_console().colour


def test_the_runner_is_known_by_its_own_word(plain: pytest.MonkeyPatch) -> None:
    assert not open_console().runner
    plain.setenv("GITHUB_ACTIONS", "true")
    assert open_console().runner


def test_a_problem_is_told_line_by_line_without_control_characters() -> None:
    out, err = io.StringIO(), io.StringIO()
    Console(out, err, colour=True).warn("a\x1b[31m\nb\u202e", "##[error]")
    assert (out.getvalue(), err.getvalue()) == ("", "a [31m b \n##[error]\n")


def test_a_problem_gives_no_command_to_a_runner() -> None:
    err = io.StringIO()
    Console(io.StringIO(), err, colour=False, runner=True).warn("a ##[error]b")
    assert err.getvalue() == "a ## [error]b\n"


@pytest.mark.parametrize(("encoding", "any_character"), [("utf-8", True), ("gbk", False)])
def test_an_encoding_that_lacks_characters_is_known(encoding: str, any_character: bool) -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    assert Console(out, out, colour=False).unicode is any_character
