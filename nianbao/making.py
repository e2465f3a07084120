"""One report made: checked, rendered, written. The unit of work that a pool hands to its workers.

What goes in and comes out is small and can be sent to another process.
"""

from __future__ import annotations

import contextlib
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

from nianbao.checking import Checked, check_file
from nianbao.files import UserError, make_folder, path_of, refuse_links, write_whole
from nianbao.fingerprint import inputs_of
from nianbao.outputs import FORMATS, Format, render_document
from nianbao.outputs.templates import TemplateProblem
from nianbao.printable import unprintable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from nianbao.files import ReportFile
    from nianbao.finding import Finding
    from nianbao.outputs.document import Document
    from nianbao.settings import Settings


@dataclass(frozen=True, slots=True)
class Job:
    """A report to check, and the outputs to make of it if nothing forbids that.

    `means` is the digest of what checks it (nianbao.fingerprint).
    """

    file: ReportFile
    formats: Sequence[Format]
    means: str
    settings: Settings
    templates: Path
    output: Path


@dataclass(slots=True)
class Result:
    """What came of a job. `inputs` is the digest of what was read, None where in doubt.

    `written` are the digests of the outputs by format, `withheld` the findings that are about one
    output alone and were in its way. `problems` are what the machine refused, `unavailable` why it
    can't make a PDF at all, `failures` the logs of bugs. `seconds` is the time of each phase.
    """

    findings: Sequence[Finding] = ()
    excerpts: Mapping[int, str] = field(default_factory=dict)
    inputs: str | None = None
    year: int | None = None
    failed: bool = False
    written: dict[Format, str] = field(default_factory=dict)
    withheld: dict[Format, Sequence[Finding]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    unavailable: str = ""
    failures: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)


def make(job: Job) -> Result:
    """Check a report and make its outputs; a bug at one of them costs that one."""
    start = time.perf_counter()
    checked = check_file(job.file, job.settings)
    report = checked.report
    year = report.year if report else None
    result = Result(
        checked.findings,
        _excerpts(checked),
        inputs_of(job.file, year, job.means, checked.source.raw) if checked.source.raw else None,
        year,
        checked.failed or report is None,
        failures=list(checked.failures),
    )
    result.seconds["检查"] = time.perf_counter() - start
    if result.failed:
        return result
    # A disk takes its time to say that it has a file; meanwhile the next output is rendered.
    written = {}
    document: Document | None = None
    for to in job.formats:
        start = time.perf_counter()
        with _alone(job, to, result):
            document = document or _document(job, checked)
            content = _rendered(job, checked, document, to, result)
            if content is not None:
                written[to] = _writers().submit(_write, job, to, content)
        result.seconds[to] = time.perf_counter() - start
    start = time.perf_counter()
    for to, digest in written.items():
        with _alone(job, to, result):
            result.written[to] = digest.result()
    result.seconds["写入"] = time.perf_counter() - start
    return result


@cache
def _writers() -> ThreadPoolExecutor:
    """Who waits for the disk; kept, as to start threads takes about as long as to draw a page."""
    return ThreadPoolExecutor(len(FORMATS))


@contextlib.contextmanager
def _alone(job: Job, to: Format, result: Result) -> Iterator[None]:
    """Let what goes wrong with one output cost no other."""
    try:
        yield
    except UserError as error:  # such as a folder in its place
        result.problems.append(str(error))
    except Exception:  # noqa: BLE001 - told with its log, see tell_failures
        result.failures.append(f"{job.file.shown} {to}\n{traceback.format_exc()}")


def _excerpts(checked: Checked) -> dict[int, str]:
    """The lines that findings point at: all that telling them needs of the file."""
    lines = checked.source.lines
    numbers = sorted({finding.span.line for finding in checked.findings})
    return {number: lines[number - 1] for number in numbers if 1 <= number <= len(lines)}


def _document(job: Job, checked: Checked) -> Document:
    from nianbao.outputs.document import make_document

    assert checked.report is not None
    waived = [finding for finding in checked.findings if finding.waived]
    return make_document(checked.report, job.settings, waived)


def _rendered(
    job: Job, checked: Checked, document: Document, to: Format, result: Result
) -> bytes | None:
    """One output's content, or None where something that is noted is in the way."""
    report = checked.report
    assert report is not None
    if to == "pdf":
        from nianbao.outputs.pdf import PdfUnavailable, require_pdf

        try:
            require_pdf()
        except PdfUnavailable as error:
            result.unavailable = str(error)
            return None
        problems = list(unprintable(report))
        if problems:
            result.withheld[to] = problems
            return None
    try:
        return render_document(document, report, to, job.settings, job.templates)
    except TemplateProblem as error:
        result.withheld[to] = [error.finding()]
        return None


def _write(job: Job, to: Format, content: bytes) -> str:
    """Put an output in its place; its digest. Raises UserError."""
    target = path_of(job.file, to, job.output)
    refuse_links(job.output, target.parent)
    make_folder(target.parent)
    write_whole(target, content)
    return sha256(content).hexdigest()
