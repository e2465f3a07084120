"""Check one report, render its outputs and write them.

A job can run in another process, or on another machine without the repository.
"""

from __future__ import annotations

import contextlib
import time
import traceback
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from nianbao.build.digests import input_digest
from nianbao.build.executors import WorkerDiedError
from nianbao.build.findings_codec import encode_findings
from nianbao.checks.checker import check_file
from nianbao.diagnostics.store import find_excerpts
from nianbao.errors import UserError
from nianbao.rendering import FORMATS, Format, render_document, render_pdf
from nianbao.rendering.document import build_document, file_links
from nianbao.rendering.errors import PdfUnavailableError, TemplateError
from nianbao.rendering.pdf.glyphs import GlyphCoverageError
from nianbao.rendering.pdf.printability import find_unprintable
from nianbao.utils.files import ensure_folder, reject_symlinks, write_atomically
from nianbao.workspace.discovery import output_path
from nianbao.workspace.packing import pack_files
from nianbao.workspace.readers import DISK_READER

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator, Sequence
    from concurrent.futures import Executor, Future

    from nianbao.diagnostics.finding import Finding
    from nianbao.model.report import Report
    from nianbao.rendering.document import Document, SitePage
    from nianbao.workspace.discovery import ReportFile
    from nianbao.workspace.packing import PackedFolder
    from nianbao.workspace.readers import FileReader
    from nianbao.workspace.settings import Settings
    from nianbao.workspace.units import UnitPlace


@dataclass(frozen=True, slots=True)
class Job:
    """A report to check, and the outputs to make if no finding forbids outputs.

    `formats`: the outputs to make.
    `linked`: the outputs that the web page links to if they can be made.
    `environment_digest`: the digest with the key CHECK from `environment_digests`.
    `templates`: the repository's templates folder.
    `output`: the output folder; None to return the outputs in the `JobResult`.
    `place`: the unit of the report and its position in the roster, or None.
    `page`: the addresses that the web page needs in a site; None without a site.
    `reader`: reads the report files.
    """

    file: ReportFile
    formats: Sequence[Format]
    linked: Sequence[Format]
    environment_digest: str
    settings: Settings
    templates: Path | PackedFolder
    output: Path | None
    place: UnitPlace | None = None
    page: SitePage | None = None
    reader: FileReader = DISK_READER

    @property
    def template_folder(self) -> Path:
        """The repository's templates folder on this machine."""
        return self.templates if isinstance(self.templates, Path) else self.templates.unpack()

    def pack(self, templates: PackedFolder) -> Job:
        """Return the job with the files that it reads, to run on another machine.

        `templates`: the repository's templates folder, packed.
        """
        reader = pack_files(self.file, self.place)
        return replace(self, templates=templates, output=None, reader=reader)

    def unpack(self, result: JobResult) -> JobResult:
        """Write the outputs that another machine made, and remove their bytes from `result`.

        Return `result`.
        """
        for to, content in result.contents.items():
            with _errors_recorded(self, to, result):
                del result.written[to]
                result.written[to] = _keep(self, to, content, result)
        result.contents = {}
        return result


@dataclass(slots=True)
class JobResult:
    """The result of a job.

    `encoded_findings`: the findings, as nianbao.build.findings_codec encodes them.
    `input_digest`: the digest of everything that the check has read; None if a file was unreadable.
    `year`: the year of the report; None if the report can't be compiled.
    `failed`: True if the findings forbid all outputs.
    `written`: the digest of each output that was made, by format.
    `contents`: the bytes of outputs that another machine made, by format.
    `withheld`: the findings that prevented only this output, by format.
    `write_errors`: messages about outputs that could not be written.
    `pdf_unavailable`: the reason why the machine can't make PDFs, or "".
    `failures`: the tracebacks of bugs.
    `seconds`: the seconds of each phase.
    """

    encoded_findings: str
    input_digest: str | None = None
    year: int | None = None
    failed: bool = False
    written: dict[Format, str] = field(default_factory=dict)
    contents: dict[Format, bytes] = field(default_factory=dict)
    withheld: dict[Format, Sequence[Finding]] = field(default_factory=dict)
    write_errors: list[str] = field(default_factory=list)
    pdf_unavailable: str = ""
    failures: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    @contextlib.contextmanager
    def timed(self, phase: str) -> Iterator[None]:
        """Add the time spent in the `with` block to `seconds[phase]`."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[phase] = self.seconds.get(phase, 0.0) + time.perf_counter() - start


def run_jobs(jobs: Sequence[Job], pdf_executor: Executor | None = None) -> list[JobResult]:
    """Run several jobs one after another.

    `pdf_executor`: renders the PDFs in another process; None to use this process.
    """
    return [run_job(job, pdf_executor) for job in jobs]


def run_job(job: Job, pdf_executor: Executor | None = None) -> JobResult:
    """Check a report and make its outputs.

    If a bug prevents one output, the job still makes all remaining outputs.

    `pdf_executor`: renders the PDF in another process; None to use this process.

    Raises WorkerDiedError if the process of `pdf_executor` dies.
    """
    start = time.perf_counter()
    checked = check_file(job.file, job.settings, job.reader, place=job.place)
    report, content = checked.report, checked.source.raw
    year = report.year if report else None
    known = (job.file, year, job.environment_digest, content, job.place, job.reader)
    digest = input_digest(*known) if content else None
    result = JobResult(
        encode_findings(checked.findings, find_excerpts(checked.findings, checked.source.lines)),
        digest,
        year,
        checked.has_errors or report is None,
        failures=list(checked.failures),
        seconds={"检查": time.perf_counter() - start},
    )
    if report is not None and not result.failed:
        waived = [finding for finding in checked.findings if finding.waived]
        _make_outputs(job, report, waived, result, pdf_executor)
    return result


def _make_outputs(
    job: Job,
    report: Report,
    waived: Sequence[Finding],
    result: JobResult,
    pdf_executor: Executor | None,
) -> None:
    """Render and write every output; record digests and errors in `result`."""
    document: Document | None = None
    renderers: dict[Format, Callable[[], bytes]] = {}
    for to in job.formats:
        with _errors_recorded(job, to, result):
            if to == "pdf" and (reasons := list(find_unprintable(report))):
                result.withheld[to] = reasons
                continue
            document = document or build_document(report, job.settings, waived)
            renderers[to] = _renderer(job, to, report, document, result.withheld, pdf_executor)
    unlinked = set(result.withheld)
    writes: dict[Format, Future[str]] = {}
    try:
        # Render the PDF last: it takes longest, and another process may be rendering it. Write in
        # threads: while the disk confirms a file, the next output is rendered.
        for to in sorted(renderers, key=lambda to: to == "pdf"):
            with _errors_recorded(job, to, result):
                writes[to] = _disk_threads().submit(_keep, job, to, renderers[to](), result)
    finally:
        with result.timed("写入"):
            wait(writes.values())
    for to in renderers:
        if to in writes:
            with _errors_recorded(job, to, result):
                result.written[to] = writes[to].result()
    missing = {to for to in job.linked if to in job.formats and to not in result.written}
    if document and "html" in result.written and not missing <= unlinked:
        with _errors_recorded(job, "html", result):
            page = _web_page(job, report, document, missing)
            result.written["html"] = _keep(job, "html", page, result)


def _web_page(job: Job, report: Report, document: Document, missing: Container[Format]) -> bytes:
    """Render the web page, with links to the other outputs except those in `missing`."""
    made = [to for to in job.linked if to not in missing]
    others = job.page.files if job.page else ()
    present = [to for to in FORMATS if to in made or to in others]
    linked = replace(document, files=file_links(job.file.stem.name, present))
    if job.page:
        from nianbao.rendering.templates import render

        page = render(job.template_folder, "site/report.html", "html", linked, page=job.page)
        return page.encode()
    return render_document(linked, report, "html", job.settings, job.template_folder)


def _renderer(
    job: Job,
    to: Format,
    report: Report,
    document: Document,
    withheld: Container[Format],
    pdf_executor: Executor | None,
) -> Callable[[], bytes]:
    """Return a function that renders one output, or waits until `pdf_executor` has rendered it.

    `withheld`: the formats that are not made. The function for the web page reads `withheld` only
    when the function is called, because formats can be added until then.
    """
    if to == "html":
        return partial(_web_page, job, report, document, withheld)
    if to == "pdf" and pdf_executor is not None:
        from nianbao.rendering.pdf.archive import attachments

        arguments = (document, attachments(report), job.settings, job.template_folder)
        return pdf_executor.submit(render_pdf, *arguments).result
    return partial(render_document, document, report, to, job.settings, job.template_folder)


@contextlib.contextmanager
def _errors_recorded(job: Job, to: Format, result: JobResult) -> Iterator[None]:
    """Add the time and the errors of the `with` block, which makes one output, to `result`.

    Only WorkerDiedError is raised.
    """
    try:
        with result.timed(to):
            yield
    except WorkerDiedError:
        raise
    except PdfUnavailableError as error:
        result.pdf_unavailable = str(error)
    except GlyphCoverageError as error:  # more than the fonts may be missing
        from nianbao.rendering.pdf.renderer import pdf_problem

        result.pdf_unavailable = pdf_problem() or str(error)
    except TemplateError as error:
        result.withheld[to] = [error.finding()]
    except UserError as error:  # such as a folder with the name of the output
        result.write_errors.append(str(error))
    except Exception:  # noqa: BLE001 - reported with its log
        result.failures.append(f"{job.file.shown} {to}\n{traceback.format_exc()}")


@cache
def _disk_threads() -> ThreadPoolExecutor:
    """Return the thread pool for disk writes, which is kept because starting threads takes long."""
    return ThreadPoolExecutor(len(FORMATS))


def _keep(job: Job, to: Format, content: bytes, result: JobResult) -> str:
    """Write an output, or put it into the result of a packed job; return its digest.

    Raises UserError if the file can't be written.
    """
    if job.output is None:
        result.contents[to] = content
    else:
        target = output_path(job.file, to, job.output)
        reject_symlinks(job.output, target.parent)
        ensure_folder(target.parent)
        write_atomically(target, content)
    return sha256(content).hexdigest()
