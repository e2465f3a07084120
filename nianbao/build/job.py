"""One report made: checked, rendered, written. The unit of work that a pool hands to its workers.

What goes in and comes out is small and can be sent to another process.
"""

from __future__ import annotations

import contextlib
import time
import traceback
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

from nianbao.build.executors import WorkerDiedError
from nianbao.build.findings_codec import encode_findings
from nianbao.build.fingerprints import input_digest
from nianbao.checks.checker import CheckResult, check_file
from nianbao.errors import UserError
from nianbao.rendering import FORMATS, Format, print_document, render_document
from nianbao.rendering.errors import PdfUnavailableError, TemplateError
from nianbao.rendering.pdf.glyphs import GlyphCoverageError, find_missing_glyphs
from nianbao.utils.files import ensure_folder, reject_symlinks, write_atomically
from nianbao.workspace.discovery import output_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import Executor, Future
    from pathlib import Path

    from nianbao.diagnostics.finding import Finding
    from nianbao.rendering.document import Document
    from nianbao.workspace.discovery import ReportFile
    from nianbao.workspace.settings import Settings


@dataclass(frozen=True, slots=True)
class Job:
    """A report to check, and the outputs to make of it if nothing forbids that.

    `means` is the digest of what checks it (nianbao.build.fingerprints).
    """

    file: ReportFile
    formats: Sequence[Format]
    environment_digest: str
    settings: Settings
    templates: Path
    output: Path


@dataclass(slots=True)
class JobResult:
    """What came of a job. `found` are its findings (nianbao.build.findings_codec).

    `inputs` is the digest of what was read, None where in doubt. `written` are the digests of the
    outputs by format, `withheld` the findings that are about one output alone and were in its way.
    `problems` are what the machine refused, `unavailable` why it can't make a PDF at all,
    `failures` the logs of bugs. `seconds` is the time of each phase.
    """

    encoded_findings: str
    inputs: str | None = None
    year: int | None = None
    failed: bool = False
    written: dict[Format, str] = field(default_factory=dict)
    withheld: dict[Format, Sequence[Finding]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    unavailable: str = ""
    failures: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)


def run_job(job: Job, beside: Executor | None = None) -> JobResult:
    """Check a report and make its outputs; a bug at one of them costs that one.

    `beside` makes the PDF meanwhile, where there is such a one. Raises WorkerDied if that is gone.
    """
    start = time.perf_counter()
    checked = check_file(job.file, job.settings)
    report = checked.report
    year = report.year if report else None
    result = JobResult(
        encode_findings(checked.findings, _excerpts(checked)),
        input_digest(job.file, year, job.environment_digest, checked.source.raw)
        if checked.source.raw
        else None,
        year,
        checked.failed or report is None,
        failures=list(checked.failures),
    )
    result.seconds["检查"] = time.perf_counter() - start
    if result.failed:
        return result
    document: Document | None = None
    printing: Future[bytes] | None = None
    if beside and "pdf" in job.formats:
        with contextlib.suppress(Exception):  # it comes again below, and is told there
            document = _document(job, checked)
            printing = _begun(job, checked, document, beside)
    # A disk takes its time to say that it has a file; meanwhile the next output is rendered.
    written: dict[Format, Future[str]] = {}
    try:
        formats = sorted(job.formats, key="pdf".__eq__) if printing else job.formats
        for to in formats:  # what another process is at is waited for last
            start = time.perf_counter()
            with _alone(job, to, result):
                document = document or _document(job, checked)
                content = _rendered(job, checked, document, to, result, printing)
                if content is not None:
                    written[to] = _writers().submit(_write, job, to, content)
            result.seconds[to] = time.perf_counter() - start
    finally:
        start = time.perf_counter()
        wait(written.values())
    for to in job.formats:  # whichever was made first
        if to in written:
            with _alone(job, to, result):
                result.written[to] = written[to].result()
    result.seconds["写入"] = time.perf_counter() - start
    return result


@cache
def _writers() -> ThreadPoolExecutor:
    """Who waits for the disk; kept, as to start threads takes about as long as to draw a page."""
    return ThreadPoolExecutor(len(FORMATS))


@contextlib.contextmanager
def _alone(job: Job, to: Format, result: JobResult) -> Iterator[None]:
    """Let what goes wrong with one output cost no other."""
    try:
        yield
    except WorkerDiedError:
        raise
    except UserError as error:  # such as a folder in its place
        result.problems.append(str(error))
    except Exception:  # noqa: BLE001 - told with its log, see tell_failures
        result.failures.append(f"{job.file.shown} {to}\n{traceback.format_exc()}")


def _excerpts(checked: CheckResult) -> dict[int, str]:
    """The lines that findings point at: all that telling them needs of the file."""
    lines = checked.source.lines
    numbers = sorted({finding.span.line for finding in checked.findings})
    return {number: lines[number - 1] for number in numbers if 1 <= number <= len(lines)}


def _document(job: Job, checked: CheckResult) -> Document:
    from nianbao.rendering.document import build_document

    assert checked.report is not None
    waived = [finding for finding in checked.findings if finding.waived]
    return build_document(checked.report, job.settings, waived)


def _begun(
    job: Job, checked: CheckResult, document: Document, beside: Executor
) -> Future[bytes] | None:
    """The PDF that another process is to make; None where there is to be none."""
    from nianbao.rendering.pdf.archive import attachments

    assert checked.report is not None
    if any(find_missing_glyphs(checked.report)):
        return None
    attached = attachments(checked.report)
    return beside.submit(print_document, document, attached, job.settings, job.templates)


def _rendered(
    job: Job,
    checked: CheckResult,
    document: Document,
    to: Format,
    result: JobResult,
    printing: Future[bytes] | None,
) -> bytes | None:
    """One output's content, or None where something that is noted is in the way."""
    report = checked.report
    assert report is not None
    try:
        if to == "pdf":
            problems = list(find_missing_glyphs(report))
            if problems:
                result.withheld[to] = problems
                return None
            if printing:
                return printing.result()
        return render_document(document, report, to, job.settings, job.templates)
    except (GlyphCoverageError, PdfUnavailableError) as error:
        result.unavailable = str(error)
    except TemplateError as error:
        result.withheld[to] = [error.finding()]
    return None


def _write(job: Job, to: Format, content: bytes) -> str:
    """Put an output in its place; its digest. Raises UserError."""
    target = output_path(job.file, to, job.output)
    reject_symlinks(job.output, target.parent)
    ensure_folder(target.parent)
    write_atomically(target, content)
    return sha256(content).hexdigest()
