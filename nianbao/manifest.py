"""What was built from what, so that the next build does only what is new.

It lies in the cache of the user who builds, not beside the outputs: those are published, and what
comes with a pull request must not say that a wrong report has no errors. One that is missing, of
another version or damaged, as its first line tells, is no manifest, and everything is built.
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
from nianbao.packing import pack, unpack

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nianbao.finding import Finding

_VERSION: Final = 2


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

    `found` are its findings (nianbao.packing). `failed` says that they forbid any output; `year` is
    None where the report has none that is sound, `inputs` where it is to be checked again anyway.
    """

    inputs: str | None
    year: int | None
    failed: bool
    found: str
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
        digest, _, text = manifest_file(output).read_bytes().partition(b"\n")
        if digest.decode() != sha256(text).hexdigest():
            return {}
        data = json.loads(text)
        if data["version"] != _VERSION:
            return {}
        return {name: _entry(*each) for name, each in data["reports"].items()}
    except (OSError, RuntimeError, ValueError, LookupError, TypeError, AttributeError):
        return {}


def write_manifest(output: Path, entries: Mapping[str, Entry]) -> None:
    """Keep the entries; where that can't be, the next build builds everything."""
    sound = [name for name, entry in sorted(entries.items()) if entry.inputs is not None]
    reports = {name: _written(entries[name]) for name in sound}
    data = {"version": _VERSION, "folder": str(output.absolute()), "reports": reports}
    # ASCII, for the half characters that a file name or a message may hold.
    text = json.dumps(data, separators=(",", ":")).encode()
    with contextlib.suppress(OSError, RuntimeError, UserError):
        file = manifest_file(output)
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, sha256(text).hexdigest().encode() + b"\n" + text)


def _written(entry: Entry) -> list[Any]:
    outputs = {
        to: [made.means, made.digest, pack(made.findings, {}) if made.findings else ""]
        for to, made in entry.outputs.items()
    }
    return [entry.inputs, entry.year, entry.failed, entry.found, outputs]


def _entry(inputs: str | None, year: int | None, failed: bool, found: str, outputs: Any) -> Entry:
    made = {
        to: Made(means, digest, tuple(unpack(withheld)[0]) if withheld else ())
        for to, (means, digest, withheld) in outputs.items()
    }
    return Entry(inputs, year, failed, found, made)
