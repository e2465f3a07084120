"""Import many files, on this machine or on a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from nianbao.build.executors import (
    Round,
    cancelled_on_error,
    in_order,
    make_executor,
    run_chunks,
)
from nianbao.errors import UserError
from nianbao.importing.files import import_file, read_file
from nianbao.utils.os_errors import describe_os_error

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from nianbao.importing.doubts import Doubt


class ImportJob(NamedTuple):
    """A file to import.

    `shown`: the path in messages.
    `content`: the bytes, or the error of reading the file; None if not read yet.
    """

    path: Path
    shown: str
    content: bytes | UserError | None = None

    def pack(self) -> ImportJob:
        """Return the job with its file's content, to run on another machine.

        If the file can't be read, the content is the error.
        """
        try:
            return self._replace(content=read_file(self.path))
        except OSError as error:
            return self._replace(content=UserError(f"读不了：{describe_os_error(error)}"))
        except UserError as error:
            return self._replace(content=error)


class ImportedFile(NamedTuple):
    """The result of an `ImportJob`: a report or an error.

    Without a report, all fields but `error` are empty or 0.

    `error`: the reason why there is no report, in Chinese; "" for a report.
    `text`: the content of the report file.
    `body`: the name of the body; "" if it is not known.
    `year`: 0 if it is not known.
    `edition`: the edition of the form.
    `doubts`: the values that a person must compare with the source file.
    """

    error: str
    text: str = ""
    body: str = ""
    year: int = 0
    edition: int = 0
    doubts: Sequence[Doubt] = ()


def run_imports(jobs: Sequence[ImportJob], cluster: str | None) -> Iterator[ImportedFile]:
    """Import files and yield the results, in the order of the jobs.

    `cluster`: the address of a cluster; None to use this machine.

    Raises UsageError or ClusterError if the cluster can't be used.
    """
    for index, result in in_order(_run_on(cluster, jobs) if cluster else _run_here(jobs)):
        died = f"{jobs[index].shown}：没有读完（读它的进程被终止了，也许是内存不够）"
        yield result or ImportedFile(died)


def _run_here(jobs: Sequence[ImportJob]) -> Iterator[tuple[int, ImportedFile | None]]:
    executor, limit = make_executor(len(jobs), ["nianbao.importing.importer"], pdf=False)
    with executor, cancelled_on_error(executor):
        yield from run_chunks(executor, import_jobs, jobs, [Round(limit)])


def _run_on(cluster: str, jobs: Sequence[ImportJob]) -> Iterator[tuple[int, ImportedFile | None]]:
    from nianbao.build.cluster import Requirements, run_on_cluster

    needed = Requirements.of_this_machine(("import",), any_font=False)
    return run_on_cluster(cluster, needed, import_jobs, jobs, ImportJob.pack)


def import_jobs(jobs: Sequence[ImportJob]) -> list[ImportedFile]:
    """Read the reports of several files, one after another."""
    return [_import(job) for job in jobs]


def _import(job: ImportJob) -> ImportedFile:
    try:
        report = import_file(*job)
    except UserError as error:
        return ImportedFile(str(error))
    known = (report.text, report.body, report.year, report.form.edition)
    return ImportedFile("", *known, report.doubts)
