"""Check one report, on this machine or on a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from nianbao.checks.checker import check_file
from nianbao.diagnostics.store import FileFindings, find_excerpts
from nianbao.rendering.pdf.printability import add_unprintable
from nianbao.workspace.readers import DISK_READER
from nianbao.workspace.series import year_or_stem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from nianbao.model.report import Report
    from nianbao.workspace.discovery import ReportFile
    from nianbao.workspace.readers import Reader
    from nianbao.workspace.settings import Settings
    from nianbao.workspace.units import UnitPlace


# Both are made much faster than dataclasses at each start of the program.
class CheckJob(NamedTuple):
    """A report to check.

    `place`: the unit of the report and its position in the roster, or None.
    `examine`: a picklable function to call with the compiled report, or None.
    `reader`: reads the report files.
    """

    file: ReportFile
    settings: Settings
    place: UnitPlace | None = None
    examine: Callable[[Report], Any] | None = None
    reader: Reader = DISK_READER

    def pack(self) -> CheckJob:
        """Return the job with the files that it reads, to run on another machine."""
        from nianbao.workspace.packing import pack_files

        return self._replace(reader=pack_files(self.file, self.place))


class CheckedReport(NamedTuple):
    """The result of checking the report of a `CheckJob`.

    `found`: the findings.
    `failures`: the tracebacks of rules that ended with an exception.
    `examined`: the result of the job's function `examine`; None if it was not called.
    """

    found: FileFindings
    failures: tuple[str, ...]
    examined: Any = None


def check_report(job: CheckJob) -> CheckedReport:
    """Check a report, and call the job's function `examine` with the compiled report."""
    file = job.file
    result = check_file(file, job.settings, job.reader, place=job.place)
    findings = add_unprintable(result.findings, result.report)
    excerpts = find_excerpts(findings, result.source.lines)
    known = (file.unit, year_or_stem(file.path), file.shown)
    edition = result.form.edition if result.form else None
    found = FileFindings(*known, findings, excerpts, result.body, edition)
    examined = job.examine(result.report) if job.examine and result.report else None
    return CheckedReport(found, result.failures, examined)


def check_reports(jobs: Sequence[CheckJob]) -> list[CheckedReport]:
    """Check the reports of several jobs, one after another."""
    return [check_report(job) for job in jobs]


def check_on_cluster(
    jobs: Sequence[CheckJob], address: str
) -> Iterator[tuple[int, CheckedReport | None]]:
    """Check reports on a cluster; yield the index and the result of each finished job.

    The result is None if the workers that ran the job died.

    `address`: a Dask scheduler, or local:N for N workers on this machine.

    Raises UsageError if the address is wrong or Dask is not installed. Raises ClusterError if the
    cluster can't be used.
    """
    from nianbao.build.cluster import Requirements, run_on_cluster

    needed = Requirements.of_this_machine((), any_font=False)
    return run_on_cluster(address, needed, check_reports, jobs, CheckJob.pack)
