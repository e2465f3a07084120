"""Translate the messages of operating system errors into Chinese."""

from __future__ import annotations

import errno
import sys
from typing import Final

_MESSAGES: Final = {
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EEXIST: "已经有一个同名的文件",
    errno.ENOTDIR: "路径里有一个文件，不是文件夹",
    errno.EISDIR: "是一个文件夹",
    errno.ENOSPC: "磁盘满了",
    errno.EDQUOT: "超出了磁盘配额",
    errno.EFBIG: "文件太大，超出了限制",
    errno.EROFS: "磁盘是只读的",
    errno.ENAMETOOLONG: "名字太长",
    errno.ELOOP: "链接绕成了圈",
    errno.EMFILE: "打开的文件太多",
    errno.ENFILE: "打开的文件太多",
    errno.EIO: "磁盘读写出错",
    errno.ENOTEMPTY: "文件夹不是空的",
    errno.EBUSY: "正被别的程序使用",
    errno.ETXTBSY: "正被别的程序使用",
    errno.EADDRINUSE: "端口已被占用",
    errno.EADDRNOTAVAIL: "这台机器上没有这个地址",
    errno.EINVAL: "系统不接受这个名字或这个操作",
    errno.EILSEQ: "名字里有系统不认识的字",
    errno.ENXIO: "不是普通的文件",
    errno.ENODEV: "不是普通的文件",
    errno.ESTALE: "网络磁盘断开了",
    errno.EXDEV: "不在同一个磁盘上",
    errno.ENOMEM: "内存不够",
    errno.EAGAIN: "系统忙不过来，过一会儿再试",
    errno.ENOEXEC: "不是能在这台机器上运行的程序",
}

# By Windows' own number, where `errno` is less exact: it is EACCES for a file that is open, and
# ENOENT for a path that is too long.
_WINDOWS_MESSAGES: Final = {
    5: "没有权限，或者正被别的程序打开",
    32: "正被别的程序打开",
    33: "正被别的程序打开",
    123: "名字里有 Windows 不许用的字符",
    206: "名字太长",
}

# Errors caused by permissions, by the disk or by limits of the machine.
_ENVIRONMENT: Final = frozenset(
    {errno.EACCES, errno.EPERM, errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO}
    | {errno.EMFILE, errno.ENFILE}
)


def is_environment_error(error: OSError) -> bool:
    """Return True if permissions, the disk or a limit of the machine caused an error."""
    return error.errno in _ENVIRONMENT


def describe_os_error(error: OSError) -> str:
    """Return the reason for an error in Chinese; rare reasons are not translated."""
    number = getattr(error, "winerror", None)
    known = _WINDOWS_MESSAGES.get(number or 0) or _MESSAGES.get(error.errno or 0)
    return known or f"系统报错（{error.strerror or error}）"


def is_closed_pipe(error: OSError) -> bool:
    """Return True if the program that reads from a pipe has closed the pipe.

    For example, `head` closes a pipe early.
    """
    # Windows reports a closed pipe as EINVAL.
    return isinstance(error, BrokenPipeError) or (
        sys.platform == "win32" and error.errno == errno.EINVAL and error.filename is None
    )
