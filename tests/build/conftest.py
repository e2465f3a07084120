"""Fixtures of the tests of builds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.build.built_repository import write_built_repository

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The root of a repository that was built once."""
    return write_built_repository(tmp_path)
