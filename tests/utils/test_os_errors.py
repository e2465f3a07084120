"""Errors of the operating system in Chinese."""

from __future__ import annotations

import errno

from nianbao.utils.os_errors import describe_os_error, is_environment_error


def test_an_unknown_error_keeps_the_message_of_the_system() -> None:
    assert describe_os_error(PermissionError(13, "Permission denied")) == "没有权限"
    assert describe_os_error(OSError(9999, "strange")) == "strange"
    assert not is_environment_error(OSError(9999, "strange"))


def test_a_limit_on_the_size_of_a_file_is_the_machine_s() -> None:
    error = OSError(errno.EFBIG, "File too large")
    assert describe_os_error(error) == "文件太大，超出了限制"
    assert is_environment_error(error)
