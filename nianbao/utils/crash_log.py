"""Write a log about a bug of the program; the user can attach the log to a bug report."""

from __future__ import annotations

import platform
import tempfile
import traceback
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from nianbao import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

_LIBRARIES = ("jinja2", "jsonschema", "markdown", "nh3", "pyyaml", "weasyprint")


def log_current_exception(arguments: Sequence[str]) -> str:
    """Write the current exception to a log; return a message with the path.

    `arguments`: the words of the command line, for the log.
    """
    return write_log(f"arguments: {list(arguments)}\n\n{traceback.format_exc()}")


def write_log(details: str) -> str:
    """Write `details` and the versions of the libraries to a log; return a message.

    The message has the path of the log. If no file can be written, the message has the log.
    """
    versions = []
    for name in _LIBRARIES:
        try:
            versions.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            versions.append(f"{name} -")
    program = f"nianbao {__version__}, Python {platform.python_version()}, {platform.platform()}"
    text = "\n".join([program, ", ".join(versions), details])
    try:
        with tempfile.NamedTemporaryFile(
            "w",
            encoding="utf-8",
            errors="backslashreplace",
            prefix="nianbao-",
            suffix=".log",
            delete=False,
        ) as file:
            file.write(text)
    except OSError:
        return f"程序出错了，这是它的毛病。请把下面的内容报告给开发者：\n{text}"
    last_line = text.strip().splitlines()[-1]
    return (
        f"程序出错了，这是它的毛病，不是报告的：{last_line}\n"
        f"请把 {Path(file.name)} 的内容报告给开发者。"
    )
