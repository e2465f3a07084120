"""`schema`: schema.json on stdout or in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support import (
    SEED,
    run_cli,
)

if TYPE_CHECKING:
    from pathlib import Path


def test_the_schema_is_printed_or_written_unchanged(tmp_path: Path) -> None:
    schema = (SEED.parents[1] / "schema.json").read_text(encoding="utf-8")
    assert run_cli(["schema"], tmp_path).stdout.rstrip("\n") == schema.rstrip("\n")
    assert run_cli(["schema", "-o", "a/s.json"], tmp_path).returncode == 0
    assert (tmp_path / "a" / "s.json").read_text(encoding="utf-8") == schema
