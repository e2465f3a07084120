"""What was built from what, so that the next build does only what is new.

It lies in the cache of the user who builds, not beside the outputs: those are published, and what
comes with a pull request must not say that a wrong report has no errors. A line tells of a report,
and whether it is whole itself, so that what a build that was killed has noted is kept. One that is
missing or of another version is no manifest, a damaged line none, and what it told is built.
"""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from nianbao.build.findings_codec import decode_findings, encode_findings
from nianbao.errors import UserError
from nianbao.utils.files import write_atomically
from nianbao.utils.user_dirs import user_cache_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from nianbao.diagnostics.finding import Finding

_HEAD: Final = ["nianbao", 2]  # what it is, and in which version


@dataclass(frozen=True, slots=True)
class OutputRecord:
    """One output: a digest of what it was made with beside the report, and of its content.

    `digest` is None where `findings`, which are about this output alone, were in the way.
    """

    environment_digest: str
    digest: str | None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportRecord:
    """One report: a digest of what its findings come from, its year, and its outputs by format.

    `found` are its findings (nianbao.build.findings_codec). `failed` says that they forbid any
    output; `year` is None where the report has none that is sound, `inputs` where it is to be
    checked again anyway.
    """

    inputs: str | None
    year: int | None
    failed: bool
    encoded_findings: str
    outputs: Mapping[str, OutputRecord]


def manifest_file(output: Path) -> Path:
    """Where the manifest of a folder of outputs is; raises RuntimeError for a user without home."""
    name = sha256(os.fsencode(os.path.realpath(output))).hexdigest()[:32]
    return user_cache_folder() / f"{name}.json"


def read_manifest(output: Path) -> dict[str, ReportRecord]:
    """The entries of a folder of outputs, by the names of the reports; none where in doubt."""
    try:
        head, *lines = manifest_file(output).read_bytes().splitlines()
    except (OSError, RuntimeError, ValueError):
        return {}
    if _content(head) != _HEAD:
        return {}
    contents = map(_content, lines)
    return dict(_read(*content) for content in contents if content and content != _HEAD)


@contextlib.contextmanager
def open_manifest(
    output: Path, entries: Mapping[str, ReportRecord]
) -> Iterator[Callable[[str, ReportRecord], None]]:
    """Keep these entries, and then those that are noted; gives what notes one under its name.

    Where they can't be kept, the next build builds everything.
    """
    file = None
    with contextlib.suppress(OSError, RuntimeError, UserError):
        place = manifest_file(output)
        place.parent.mkdir(parents=True, exist_ok=True)
        known = b"".join(_line(_written(*each)) for each in sorted(entries.items()))
        write_atomically(place, _line(_HEAD) + known)
        file = place.open("ab", buffering=0)

    def note(name: str, entry: ReportRecord) -> None:
        if file is not None and entry.inputs is not None:
            with contextlib.suppress(OSError):
                file.write(_line(_written(name, entry)))

    try:
        yield note
    finally:
        if file is not None:
            file.close()


def _line(content: Any) -> bytes:
    # ASCII, for the half characters that a file name or a message may hold.
    text = json.dumps(content, separators=(",", ":")).encode()
    return b"%s %s\n" % (sha256(text).hexdigest().encode(), text)


def _content(line: bytes) -> Any:
    """What a line says; None where it is damaged."""
    digest, _, text = line.partition(b" ")
    return json.loads(text) if sha256(text).hexdigest().encode() == digest else None


def _written(name: str, entry: ReportRecord) -> list[Any]:
    outputs = {
        to: [
            made.environment_digest,
            made.digest,
            encode_findings(made.findings, {}) if made.findings else "",
        ]
        for to, made in entry.outputs.items()
    }
    return [name, entry.inputs, entry.year, entry.failed, entry.encoded_findings, outputs]


def _read(
    name: str, inputs: str, year: int | None, failed: bool, found: str, outputs: dict[str, Any]
) -> tuple[str, ReportRecord]:
    made = {
        to: OutputRecord(means, digest, tuple(decode_findings(withheld)[0]) if withheld else ())
        for to, (means, digest, withheld) in outputs.items()
    }
    return name, ReportRecord(inputs, year, failed, found, made)
