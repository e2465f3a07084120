"""Divide the reports of a repository among machines that do not communicate with each other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from nianbao.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nianbao.workspace.discovery import ReportFile


@dataclass(frozen=True, slots=True)
class Shard:
    """A part of a repository's reports, for one of several machines.

    The path of a report decides to which part the report belongs.

    `number`: the number of this part, counted from 1.
    `count`: the number of all parts.
    """

    number: int
    count: int

    def select(self, files: Sequence[ReportFile]) -> list[ReportFile]:
        """Return the report files that belong to this part."""
        return [file for file in files if self._part(file) == self.number - 1]

    # The path alone decides: machines need not communicate, and a new report moves no other report.
    def _part(self, file: ReportFile) -> int:
        digest = sha256(file.stem.as_posix().encode(errors="surrogateescape")).digest()
        return int.from_bytes(digest[:8], "big") % self.count


def parse_shard(text: str) -> Shard:
    """Parse a value of `--shard`: 2/5 is the second of five parts.

    Raises UsageError if the value is invalid.
    """
    found = re.fullmatch(r"([0-9]{1,6})/([0-9]{1,6})", text)
    if not found or not 1 <= int(found[1]) <= int(found[2]):
        raise UsageError(f"--shard 不认识“{text}”，例如 2/5：分成五份，做第二份")
    return Shard(int(found[1]), int(found[2]))
