"""Manifest of a build: what each report and output was made from, so that the next one can skip it.

The manifest lies in the cache of the user who builds, not in the output folder: that one is
published, and a pull request must not bring a manifest that says a wrong report has no errors.
Each line holds one report and its own checksum, so that the lines of a killed build still count.
A missing manifest, one of another version, and a damaged line count as no record.
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
from nianbao.utils.files import remove_temporary_files, write_atomically
from nianbao.utils.user_dirs import user_cache_folder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from nianbao.diagnostics.finding import Finding

_HEADER: Final = ["nianbao", 2]  # the kind of file and its version


@dataclass(frozen=True, slots=True)
class OutputRecord:
    """What one output was made from: the digest of its environment and of its content.

    `digest` is None if the output was not made because of `findings`, which concern it alone.
    """

    environment_digest: str
    digest: str | None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportRecord:
    """What a build knows of one report: the digest of its inputs, its findings, its outputs.

    `input_digest` is None if the report must be checked again in any case, `year` if it has no
    valid one. `failed` is True if its findings forbid any output.
    """

    input_digest: str | None
    year: int | None
    failed: bool
    encoded_findings: str
    outputs: Mapping[str, OutputRecord]


def manifest_file(output: Path) -> Path:
    """Return the path of the manifest of an output folder; RuntimeError without a home folder."""
    name = sha256(os.fsencode(os.path.realpath(output))).hexdigest()[:32]
    return user_cache_folder() / f"{name}.json"


def read_manifest(output: Path) -> dict[str, ReportRecord]:
    """Return the valid records of an output folder, by report name."""
    try:
        header, *lines = manifest_file(output).read_bytes().splitlines()
    except (OSError, RuntimeError, ValueError):
        return {}
    if _decode_line(header) != _HEADER:
        return {}
    contents = map(_decode_line, lines)
    return dict(_from_json(*content) for content in contents if content and content != _HEADER)


class ManifestWriter:
    """Writer for the manifest of an output folder: the given records first, then one at a time.

    It never fails: if the manifest can't be written, the next build does everything again.
    """

    def __init__(self, output: Path, records: Mapping[str, ReportRecord]) -> None:
        self._file = None
        with contextlib.suppress(OSError, RuntimeError, UserError):
            path = manifest_file(output)
            path.parent.mkdir(parents=True, exist_ok=True)
            remove_temporary_files([path.parent])
            lines = [_encode_line(_to_json(*each)) for each in sorted(records.items())]
            write_atomically(path, b"".join([_encode_line(_HEADER), *lines]))
            self._file = path

    def record(self, name: str, record: ReportRecord) -> None:
        """Append the record of a report."""
        if self._file is not None and record.input_digest is not None:
            # Opened each time: another build of the same folder may have replaced the file.
            with contextlib.suppress(OSError), self._file.open("ab", buffering=0) as file:
                file.write(_encode_line(_to_json(name, record)))


def _encode_line(content: Any) -> bytes:
    # ASCII, because file names and messages may hold lone surrogates.
    text = json.dumps(content, separators=(",", ":")).encode()
    return b"%s %s\n" % (sha256(text).hexdigest().encode(), text)


def _decode_line(line: bytes) -> Any:
    """Return the content of a line; None if the checksum is wrong."""
    digest, _, text = line.partition(b" ")
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
    records = {
        to: OutputRecord(environment, digest, tuple(decode_findings(found)[0]) if found else ())
        for to, (environment, digest, found) in outputs.items()
    }
    return name, ReportRecord(input_digest, year, failed, encoded_findings, records)
