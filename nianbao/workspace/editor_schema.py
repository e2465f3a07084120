"""Compare a repository's schema.json, which editors use, with the schema.json of the program."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from nianbao.diagnostics.finding import FILE_START, Finding, Severity
from nianbao.utils.os_errors import describe_os_error
from nianbao.utils.resources import resource

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA_NAME: Final = "schema.json"
_MAX_BYTES: Final = 1024 * 1024
_RENEW: Final = "更新它：schema --output schema.json"


def check_editor_schema(root: Path) -> list[Finding]:
    """Return a hint (S303) if the repository's schema.json differs from the program's schema.json.

    Differences in layout and line ends are ignored.

    Return [] if there is no difference or no such file.
    """
    file, own = root / SCHEMA_NAME, resource(SCHEMA_NAME)
    # A symbolic link could lead to any file.
    if file.is_symlink() or not file.is_file():
        return []
    try:
        if file.samefile(own):
            return []
        content = file.read_bytes() if file.stat().st_size <= _MAX_BYTES else b""
    except OSError as error:
        return [_hint(f"读不了这个文件：{describe_os_error(error)}", "检查文件的权限")]
    known = own.read_bytes()
    if content == known:
        return []
    try:
        copy, program = json.loads(content), json.loads(known)
    except (ValueError, RecursionError):
        return [_hint("不是程序的 schema.json，编辑器用不了", _RENEW)]
    if copy == program:
        return []
    added = [str(each) for each in _editions(copy) if each not in _editions(program)]
    if added:
        message = f"有 {'、'.join(added)} 年的格式，程序没有：check 和 build 不认识"
        return [_hint(message, "程序旧了就更新程序；自己加的格式，加在程序的 schema.json 里")]
    message = "和程序的不一样：编辑器提示的和 check 检查的可能对不上"
    return [_hint(message, f"{_RENEW}；自己改过的，先留一份")]


def _editions(schema: Any) -> list[int]:
    """Return the editions that a schema defines. `schema`: any JSON value."""
    for key in ("properties", "格式", "enum"):
        schema = schema.get(key) if isinstance(schema, dict) else None
    return [each for each in schema if type(each) is int] if isinstance(schema, list) else []


def _hint(message: str, help_: str) -> Finding:
    return Finding("S303", Severity.INFO, SCHEMA_NAME, FILE_START, (), message, help_)
