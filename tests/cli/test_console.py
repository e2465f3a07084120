"""The console: colours, control characters, runner commands, encodings."""

from __future__ import annotations

import ctypes
import io
import sys
from types import SimpleNamespace

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


@pytest.mark.parametrize("able", [True, False], ids=["a console of today", "no console"])
def test_on_windows_a_console_is_asked_for_colours(able: bool, plain: pytest.MonkeyPatch) -> None:
    modes: list[int] = []

    class Kernel:
        def GetStdHandle(self, number: int) -> int:  # noqa: N802 - the name of Windows
            return -number

        def GetConsoleMode(self, _handle: int, _mode: object) -> int:  # noqa: N802
            return int(able)

        def SetConsoleMode(self, handle: int, mode: int) -> int:  # noqa: N802
            modes.append((handle, mode) == (11, 4))
            return 1

    plain.setattr(ctypes, "windll", SimpleNamespace(kernel32=Kernel()), raising=False)
    plain.setattr(sys, "platform", "win32")
    plain.setattr(sys, "stdout", Terminal())
    assert open_console().colour is able
    assert modes == ([True] if able else [])
