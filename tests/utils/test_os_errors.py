"""Errors of the operating system in Chinese."""

from __future__ import annotations

import errno
import os
import re
import sys

import pytest

from nianbao.utils.os_errors import describe_os_error, is_closed_pipe, is_environment_error


def test_an_unknown_error_keeps_the_message_of_the_system() -> None:
    assert describe_os_error(PermissionError(13, "Permission denied")) == "没有权限"
    assert describe_os_error(OSError(9999, "strange")) == "系统报错（strange）"
    assert describe_os_error(OSError("strange")) == "系统报错（strange）"
    assert not is_environment_error(OSError(9999, "strange"))


@pytest.mark.parametrize("code", sorted(errno.errorcode))
def test_every_error_of_the_system_is_described_in_chinese(code: int) -> None:
    text = describe_os_error(OSError(code, os.strerror(code)))
    assert re.match("[一-鿿]", text)
    assert re.search("[一-鿿）]$", text)


def test_a_limit_on_the_size_of_a_file_is_the_machine_s() -> None:
    error = OSError(errno.EFBIG, "File too large")
    assert describe_os_error(error) == "文件太大，超出了限制"
    assert is_environment_error(error)


@pytest.mark.parametrize(
    ("number", "code", "message"),
    [
        (errno.EACCES, 32, "正被别的程序打开"),
        (errno.EACCES, 5, "没有权限，或者正被别的程序打开"),
        (errno.EINVAL, 123, "名字里有 Windows 不许用的字符"),
        (errno.ENOENT, 206, "名字太长"),
        (errno.ENOSPC, 112, "磁盘满了"),
        (errno.ENOENT, None, "没有这个文件或文件夹"),
    ],
)
def test_the_number_of_windows_is_more_exact(number: int, code: int | None, message: str) -> None:
    class WindowsError(OSError):
        winerror = code

    assert describe_os_error(WindowsError(number, "in English")) == message


def test_a_closed_pipe_has_another_number_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    error, of_a_file = OSError(errno.EINVAL, ""), OSError(errno.EINVAL, "", "a:b")
    assert is_closed_pipe(BrokenPipeError())
    assert not is_closed_pipe(error)
    monkeypatch.setattr(sys, "platform", "win32")
    assert is_closed_pipe(error)
    assert not is_closed_pipe(of_a_file)
