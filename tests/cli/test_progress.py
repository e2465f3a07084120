"""Progress: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import io
import re
import time

import pytest

from nianbao.cli import progress
from nianbao.cli.console import Console
from nianbao.cli.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def progress_output(
    err: io.StringIO, monkeypatch: pytest.MonkeyPatch, *, quiet: bool = False
) -> str:
    """Return what is printed during five steps of twenty seconds each."""
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    with Progress(5, "生成", Console(io.StringIO(), err, False), quiet=quiet) as counter:
        for _ in range(5):
            now[0] += 20.0
            counter.step()
    return err.getvalue()


def test_a_terminal_gets_a_bar_with_count_rate_and_time_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    output = progress_output(Terminal(), monkeypatch)
    assert re.search(r"生成  \[#+-+\]  2/5  每秒 0\.1 份，还要 1:00", output), output
    assert "5/5" in output


def test_elsewhere_a_line_is_printed_every_half_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    output = progress_output(io.StringIO(), monkeypatch)
    assert output.splitlines() == [
        "生成 2/5 份，每秒 0.1 份，还要 1:00",
        "生成 4/5 份，每秒 0.1 份，还要 0:20",
    ]


@pytest.mark.parametrize("err", [Terminal(), io.StringIO()])
def test_quiet_prints_nothing(err: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    assert progress_output(err, monkeypatch, quiet=True) == ""


def test_a_run_within_a_second_prints_nothing() -> None:
    err = Terminal()
    with Progress(3, "生成", Console(io.StringIO(), err, False)) as counter:
        for _ in range(3):
            counter.step()
    assert err.getvalue() == ""
    assert progress._BAR_AFTER == 1.0
