"""Store digests of reports and outputs, so that the next build skips unchanged reports.

The manifest is in the user's cache folder, where a pull request can't change it.
"""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import dataclass
from hashlib import sha256
from sys import intern
from typing import TYPE_CHECKING, Any, Final

from nianbao.build.findings_codec import decode_findings, encode_findings
from nianbao.errors import UserError
from nianbao.utils.files import open_atomically, remove_temporary_files
from nianbao.utils.user_dirs import user_cache_folder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from nianbao.diagnostics.finding import Finding

# Each line holds the record of one report and a checksum of the line, so the lines of a killed
# build are still valid. A damaged line is ignored; a missing manifest, or one of another version,
# is read as empty.
_HEADER: Final = ["nianbao", 2]  # the kind of file and its version


@dataclass(frozen=True, slots=True)
class OutputRecord:
    """The record of one output from the last build.

    `environment_digest`: the digest of everything that the output depends on, except the report.
    `digest`: the digest of the output; None if `findings` prevented the output.
    `findings`: the findings that concern only this output.
    """

    environment_digest: str
    digest: str | None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportRecord:
    """The record of one report from the last build.

    `input_digest`: the digest of all inputs of the findings; None to check the report again.
    `year`: the year of the report; None if the report can't be compiled.
    `failed`: True if the findings forbid all outputs.
    `encoded_findings`: the findings, as nianbao.build.findings_codec encodes them.
    `outputs`: the records of outputs by format.
    """

    input_digest: str | None
    year: int | None
    failed: bool
    encoded_findings: str
    outputs: Mapping[str, OutputRecord]


def manifest_file(output: Path) -> Path:
    """Return the path of the manifest (build records) for an output folder.

    The manifest need not exist.

    Raises RuntimeError if the user's home folder can't be determined.
    """
    # Not in the output folder, which is published: a pull request must not bring a manifest that
    # claims that a wrong report has no errors.
    name = sha256(os.fsencode(os.path.realpath(output))).hexdigest()[:32]
    return user_cache_folder() / f"{name}.json"


def read_manifest(output: Path) -> dict[str, ReportRecord]:
    """Return the records of the last build into an output folder.

    The key is the path of the report's outputs in this folder, without suffix.
    """
    try:
        with manifest_file(output).open("rb") as lines:
            if _decode_line(next(lines, b"")) != _HEADER:
                return {}
            contents = map(_decode_line, lines)
            return dict(_from_json(*each) for each in contents if each and each != _HEADER)
    except (OSError, RuntimeError, ValueError):
        return {}


class ManifestWriter:
    """Writes the manifest (build records) of an output folder.

    If writing fails, no error is raised, and the next build makes everything again.

    `records`: the records to begin with, by output path without suffix.
    """

    def __init__(self, output: Path, records: Mapping[str, ReportRecord]) -> None:
        self._file = None
        with contextlib.suppress(OSError, RuntimeError, UserError):
            path = manifest_file(output)
            path.parent.mkdir(parents=True, exist_ok=True)
            remove_temporary_files([path.parent])
            with open_atomically(path) as file:
                file.write(_encode_line(_HEADER))
                file.writelines(_encode_line(_to_json(*each)) for each in sorted(records.items()))
            self._file = path

    def record(self, name: str, record: ReportRecord) -> None:
        """Append the record of a report.

        A record without `input_digest` is left out; the next build checks this report again.

        `name`: the path of the report's outputs in the output folder, without suffix.
        """
        if self._file is not None and record.input_digest is not None:
            # Open the file each time: another build of the same folder may have replaced it.
            with contextlib.suppress(OSError), self._file.open("ab", buffering=0) as file:
                file.write(_encode_line(_to_json(name, record)))


def _encode_line(content: Any) -> bytes:
    # ASCII, because file names and messages may hold lone surrogates.
    text = json.dumps(content, separators=(",", ":")).encode()
    return b"%s %s\n" % (sha256(text).hexdigest().encode(), text)


def _decode_line(line: bytes) -> Any:
    """Return the content of a line; None if the checksum is wrong."""
    digest, _, text = line.rstrip(b"\n").partition(b" ")
    return json.loads(text) if sha256(text).hexdigest().encode() == digest else None


def _to_json(name: str, record: ReportRecord) -> list[Any]:
    outputs = {
        to: [
            output.environment_digest,
            output.digest,
            encode_findings(output.findings, {}) if output.findings else "",
        ]
        for to, output in record.outputs.items()
    }
    return [
        *(name, record.input_digest, record.year, record.failed),
        *(record.encoded_findings, outputs),
    ]


def _from_json(
    name: str,
    input_digest: str,
    year: int | None,
    failed: bool,
    encoded_findings: str,
    outputs: dict[str, Any],
) -> tuple[str, ReportRecord]:
    # Most records have the same formats and environments: one string for all of them saves memory.
    records = {
        intern(to): OutputRecord(
            intern(environment), digest, tuple(decode_findings(found)[0]) if found else ()
        )
        for to, (environment, digest, found) in outputs.items()
    }
    return name, ReportRecord(input_digest, year, failed, encoded_findings, records)
