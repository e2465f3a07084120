"""Check one report, here or on a worker that has no repository."""

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
    `examine`: a function that is called with the compiled report, or None; it must be at the top
        level of a module, so that it can be pickled.
    `reader`: reads the report files.
    """

    file: ReportFile
    settings: Settings
    place: UnitPlace | None = None
    examine: Callable[[Report], Any] | None = None
    reader: Reader = DISK_READER

    def pack(self) -> CheckJob:
        """Return the job with the files that it reads, for a worker without the repository."""
        from nianbao.workspace.packing import pack_files

        return self._replace(reader=pack_files(self.file, self.place))


class CheckedReport(NamedTuple):
    """The result of checking the report of a `CheckJob`.

    `found`: the findings.
    `failures`: the tracebacks of rules that ended with an exception.
    `examined`: the result of the job's function `examine`; None if the report could not be compiled
        or there is no such function.
    """

    found: FileFindings
    failures: tuple[str, ...]
    examined: Any = None


def check_report(job: CheckJob) -> CheckedReport:
    """Check the report of a job, and call the job's function `examine` with the compiled report."""
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
    """Check reports on a cluster; yield the index and the result of each when it is done.

    `address`: the address of a Dask scheduler, or local:N to start N workers on this machine. If
    the workers that checked a report died, its result is None. Raises UsageError for any other
    address or if Dask is not installed, and ClusterError if the cluster can't be used.
    """
    from nianbao.build.cluster import Requirements, run_on_cluster

    needed = Requirements.of_this_machine((), any_font=False)
    return run_on_cluster(address, needed, check_reports, jobs, CheckJob.pack)
