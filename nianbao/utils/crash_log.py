"""A bug: a log that can be pasted into a report of it."""

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
    """Write the log of the exception being handled, and say where it is."""
    return write_log(f"arguments: {list(arguments)}\n\n{traceback.format_exc()}")


def write_log(details: str) -> str:
    """Write a log with the versions of everything, and say what to do with it."""
    versions = []
    for name in _LIBRARIES:
        try:
            versions.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            versions.append(f"{name} -")
    text = "\n".join(
        [
            f"nianbao {__version__}, Python {platform.python_version()}, {platform.platform()}",
            ", ".join(versions),
            details,
        ]
    )
    last = text.strip().splitlines()[-1]
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
    return (
        f"程序出错了，这是它的毛病，不是报告的：{last}\n请把 {Path(file.name)} 的内容报告给开发者。"
    )
