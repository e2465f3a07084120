"""What was built from what, so that the next build does only what is new.

It lies in the cache of the user who builds, not beside the outputs: those are published, and what
comes with a pull request must not say that a wrong report has no errors. One that is missing, of
another version or damaged is no manifest, and everything is built.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from nianbao.files import UserError, write_whole
from nianbao.finding import Finding, Severity, Span

if TYPE_CHECKING:
    from collections.abc import Mapping

_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Made:
    """One output: a digest of what it was made with beside the report, and of its content.

    `digest` is None where `findings`, which are about this output alone, were in the way.
    """

    means: str
    digest: str | None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One report: a digest of what its findings come from, its year, and its outputs by format.

    `excerpts` are the lines that the findings point at, by number. `failed` says that the findings
    forbid any output; `year` is None where the report has none that is sound.
    """

    inputs: str
    year: int | None
    failed: bool
    findings: tuple[Finding, ...]
    excerpts: Mapping[int, str]
    outputs: Mapping[str, Made]


def manifest_file(output: Path) -> Path:
    """Where the manifest of a folder of outputs is; raises RuntimeError for a user without home."""
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    name = sha256(os.fsencode(os.path.realpath(output))).hexdigest()[:32]
    return base / "nianbao" / f"{name}.json"


def read_manifest(output: Path) -> dict[str, Entry]:
    """The entries of a folder of outputs, by the names of the reports; empty where in doubt."""
    try:
        data = json.loads(manifest_file(output).read_bytes())
        if data["version"] != _VERSION:
            return {}
        return {name: _entry(each) for name, each in data["reports"].items()}
    except (OSError, RuntimeError, ValueError, LookupError, TypeError, AttributeError):
        return {}


def write_manifest(output: Path, entries: Mapping[str, Entry]) -> None:
    """Keep the entries; where that can't be, the next build builds everything."""
    reports = {name: _written(entries[name]) for name in sorted(entries)}
    data = {"version": _VERSION, "folder": str(output.absolute()), "reports": reports}
    # ASCII, for the half characters that a file name or a message may hold.
    text = json.dumps(data, separators=(",", ":")).encode()
    with contextlib.suppress(OSError, RuntimeError, UserError):
        file = manifest_file(output)
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, text)


def _written(entry: Entry) -> dict[str, Any]:
    return {
        "inputs": entry.inputs,
        "year": entry.year,
        "failed": entry.failed,
        "findings": [_told(finding) for finding in entry.findings],
        "excerpts": list(entry.excerpts.items()),
        "outputs": {
            to: [made.means, made.digest, [_told(finding) for finding in made.findings]]
            for to, made in entry.outputs.items()
        },
    }


def _entry(data: dict[str, Any]) -> Entry:
    return Entry(
        data["inputs"],
        data["year"],
        data["failed"],
        tuple(map(_finding, data["findings"])),
        {number: line for number, line in data["excerpts"]},  # noqa: C416 - checks the shape
        {
            to: Made(means, digest, tuple(map(_finding, findings)))
            for to, (means, digest, findings) in data["outputs"].items()
        },
    )


def _told(finding: Finding) -> list[Any]:
    """What a finding says; what waivers ask of it is no longer needed."""
    span = finding.span
    return [
        *(finding.rule, finding.severity.value, finding.path),
        [span.line, span.column, span.end_line, span.end_column],
        *(list(finding.pointer), finding.message, finding.help, finding.waived),
    ]


def _finding(data: list[Any]) -> Finding:
    rule, severity, path, span, pointer, message, mend, waived = data
    where = Span(*span)
    return Finding(rule, Severity(severity), path, where, tuple(pointer), message, mend, waived)
