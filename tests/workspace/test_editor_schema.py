"""The schema.json of a repository of reports: when `check` names it, and how."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from nianbao.workspace.editor_schema import check_editor_schema
from tests.support import ROOT, SEED, create_symlink, run_cli, write_repo

if TYPE_CHECKING:
    from pathlib import Path

OURS = (ROOT / "schema.json").read_bytes()


def changed(**changes: Any) -> bytes:
    """Return the program's schema with changed keys of the top."""
    return json.dumps({**json.loads(OURS), **changes}, ensure_ascii=False).encode()


def with_editions(*editions: Any) -> bytes:
    schema = json.loads(OURS)
    schema["properties"]["格式"]["enum"] = list(editions)
    return json.dumps(schema).encode()


@pytest.mark.parametrize(
    "content",
    [OURS, OURS.replace(b"\n", b"\r\n"), OURS + b"\n\n", json.dumps(json.loads(OURS)).encode()],
    ids=["bytes", "line ends", "blank lines", "layout"],
)
def test_a_copy_that_says_the_same_is_not_named(content: bytes, tmp_path: Path) -> None:
    assert check_editor_schema(tmp_path) == []
    (tmp_path / "schema.json").write_bytes(content)
    assert check_editor_schema(tmp_path) == []


@pytest.mark.parametrize(
    ("content", "message", "help_"),
    [
        (changed(title="旧的"), "和程序的不一样", "更新它：schema --output schema.json；"),
        (with_editions(2021), "和程序的不一样", "更新它：schema --output schema.json；"),
        (with_editions(2026, 2021, 2019), "有 2026 年的格式，程序没有", "程序旧了就更新程序"),
        (with_editions({}, "x", True), "和程序的不一样", "更新它"),
        (b'{"properties": []}', "和程序的不一样", "更新它"),
        (b"[]", "和程序的不一样", "更新它"),
        (b"", "不是程序的 schema.json", "更新它：schema --output schema.json"),
        (b"\xff\xfe", "不是程序的 schema.json", "更新它"),
        (b"[" * 200_000, "不是程序的 schema.json", "更新它"),
        (b" " * 2_000_000 + OURS, "不是程序的 schema.json", "更新它"),
    ],
)
def test_another_schema_is_one_hint_with_its_remedy(
    content: bytes, message: str, help_: str, tmp_path: Path
) -> None:
    (tmp_path / "schema.json").write_bytes(content)
    (hint,) = check_editor_schema(tmp_path)
    assert (hint.rule, hint.path, hint.severity.value) == ("S303", "schema.json", "info")
    assert hint.message.startswith(message)
    assert hint.help.startswith(help_)


def test_the_program_s_own_schema_and_a_link_are_not_compared(tmp_path: Path) -> None:
    assert check_editor_schema(ROOT) == []
    (tmp_path / "other.json").write_bytes(b"{}")
    create_symlink(tmp_path / "schema.json", tmp_path / "other.json")
    assert check_editor_schema(tmp_path) == []


def test_check_names_it_once_and_the_command_it_names_renews_it(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{f"单位{n}__2022": SEED.read_bytes() for n in range(6)})
    (root / "schema.json").write_bytes(changed(title="旧的"))
    done = run_cli(["check"], root)
    assert done.returncode == 0
    assert done.stdout.count("S303") == 1
    assert "schema.json:1:1: 提示 S303 和程序的不一样" in done.stdout
    rows = [line.split() for line in done.stdout.splitlines()]
    assert ["schema.json", "-", "-", "1", "-"] in rows
    assert "S303" not in run_cli(["build", "--to", "md"], root).stdout
    run_cli(["schema", "--output", "schema.json"], root)
    assert "S303" not in run_cli(["check"], root).stdout
