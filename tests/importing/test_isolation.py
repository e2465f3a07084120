"""A reader that takes too long, too much memory or dies is stopped, and says so."""

from __future__ import annotations

import os
import signal
import sys
import time

import pytest

from nianbao.errors import UserError
from nianbao.importing.document import SourceDocument
from nianbao.importing.isolation import read_isolated


def _read(data: bytes) -> SourceDocument:
    return SourceDocument(data.decode(), ())


def _wait(_: bytes) -> SourceDocument:
    time.sleep(60)
    raise AssertionError


def _allocate(_: bytes) -> SourceDocument:
    return SourceDocument(str(len(bytearray(2_000_000_000))), ())


def _hold(_: bytes) -> SourceDocument:
    return SourceDocument(str(len(bytearray(100 << 20))), ())


def _processor_seconds(_: bytes) -> SourceDocument:
    import resource

    return SourceDocument(str(resource.getrlimit(resource.RLIMIT_CPU)[0]), ())


def _die(_: bytes) -> SourceDocument:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def _refuse(_: bytes) -> SourceDocument:
    raise UserError("文件有密码")


def _fail(_: bytes) -> SourceDocument:
    raise KeyError("a bug")


def test_the_result_comes_back() -> None:
    assert read_isolated(_read, b"pdf") == SourceDocument("pdf", ())


def test_what_takes_too_long_is_stopped() -> None:
    started = time.monotonic()
    with pytest.raises(UserError, match="时间或内存太多"):
        read_isolated(_wait, b"", seconds=0.3)
    assert time.monotonic() - started < 5


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_it_ends_even_if_nobody_is_left_to_stop_it() -> None:
    assert read_isolated(_processor_seconds, b"", seconds=2.5).format == "3"


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux")
def test_what_takes_too_much_memory_is_stopped() -> None:
    with pytest.raises(UserError, match="时间或内存太多"):
        read_isolated(_allocate, b"")


def test_the_memory_of_the_process_that_asks_does_not_count() -> None:
    held = bytearray(700 << 20)  # asked for, never touched
    assert read_isolated(_hold, b"x" * 1000).format == str(100 << 20)
    assert len(held) == 700 << 20


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_a_process_that_dies_is_an_error_of_the_file() -> None:
    with pytest.raises(UserError, match="没有读完"):
        read_isolated(_die, b"")


def test_a_user_error_comes_back_as_it_is() -> None:
    with pytest.raises(UserError, match=r"^文件有密码$"):
        read_isolated(_refuse, b"")


def test_a_bug_comes_back_with_its_traceback() -> None:
    with pytest.raises(RuntimeError, match="in _fail"):
        read_isolated(_fail, b"")
