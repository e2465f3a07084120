"""Errors of the operating system in Chinese."""

from __future__ import annotations

from nianbao.utils.os_errors import describe_os_error, is_environment_error


def test_an_unknown_error_keeps_the_message_of_the_system() -> None:
    assert describe_os_error(PermissionError(13, "Permission denied")) == "没有权限"
    assert describe_os_error(OSError(9999, "strange")) == "strange"
    assert not is_environment_error(OSError(9999, "strange"))
