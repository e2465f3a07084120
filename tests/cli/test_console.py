"""The console: colours, control characters, runner commands, encodings."""

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


def test_a_pipe_gets_no_colour(plain: pytest.MonkeyPatch) -> None:
    plain.setattr(sys, "stdout", io.StringIO())
    assert not open_console().colour


@pytest.mark.parametrize("value", ["1", "true", "0"])
def test_no_color_disables_colour(value: str, plain: pytest.MonkeyPatch) -> None:
    plain.setattr(sys, "stdout", Terminal())
    plain.setenv("NO_COLOR", value)
    assert not open_console().colour


def test_an_empty_no_color_is_ignored(plain: pytest.MonkeyPatch) -> None:
    plain.setattr(sys, "stdout", Terminal())
    plain.setenv("NO_COLOR", "")
    assert open_console().colour


def test_the_runner_is_detected_by_its_variable(plain: pytest.MonkeyPatch) -> None:
    assert not open_console().runner
    plain.setenv("GITHUB_ACTIONS", "true")
    assert open_console().runner


def test_warnings_have_no_control_characters() -> None:
    out, err = io.StringIO(), io.StringIO()
    Console(out, err, colour=True).warn("a\x1b[31m\nb\u202e", "##[error]")
    assert (out.getvalue(), err.getvalue()) == ("", "a [31m b \n##[error]\n")


def test_warnings_give_no_command_to_a_runner() -> None:
    err = io.StringIO()
    Console(io.StringIO(), err, colour=False, runner=True).warn("a ##[error]b")
    assert err.getvalue() == "a ## [error]b\n"


@pytest.mark.parametrize(("encoding", "any_character"), [("utf-8", True), ("gbk", False)])
def test_an_encoding_that_lacks_characters_is_detected(encoding: str, any_character: bool) -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    assert Console(out, out, colour=False).unicode is any_character
