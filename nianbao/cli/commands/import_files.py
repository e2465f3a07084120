"""The command `import`: read reports from Word files, web pages, PDFs, texts and spreadsheets."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, get_args

from nianbao.cli.printing import print_json, print_text
from nianbao.cli.progress import Progress
from nianbao.diagnostics.finding import json_pointer
from nianbao.errors import UsageError, UserError
from nianbao.importing.files import ReportPaths
from nianbao.importing.import_job import ImportJob, run_imports
from nianbao.model.form import load_form
from nianbao.utils.files import (
    create_file,
    display_path,
    ensure_folder,
    reject_symlinks,
    remove_temporary_files,
)
from nianbao.utils.text import display_width, fit_width, pad_width, sanitize

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.cli.console import Console
    from nianbao.importing.doubts import Doubt
    from nianbao.importing.import_job import ImportedFile
    from nianbao.model.form import Form

ImportFormat = Literal["text", "json"]
_NAME_COLUMNS: Final = 36
IMPORT_FORMATS: tuple[ImportFormat, ...] = get_args(ImportFormat)


@dataclass(frozen=True, slots=True)
class ImportResult:
    """The result for one file to import.

    `source`: the path of the file.
    `target`: the path of the report file, or "".
    `edition`: the edition of the report's form; 0 if no report was written.
    `doubts`: the uncertain values.
    `error`: the reason, in Chinese, why no report was written, or "".
    """

    source: str
    target: str = ""
    edition: int = 0
    doubts: Sequence[Doubt] = ()
    error: str = ""


def import_files(
    root: Path,
    names: Sequence[str],
    *,
    output: str | None,
    to: ImportFormat,
    cluster: str | None,
    console: Console,
) -> int:
    """Write new reports from Word files, PDFs and the like, and print the uncertain values.

    Existing files are not overwritten.

    `names`: the files to import.
    `output`: the path of the report; None to choose one from body and year.
    `to`: the format of the printed text.
    `cluster`: the address of a cluster that reads the files, or None.

    Return 1 if a file could not be imported. Raises UsageError if several files have one `output`.
    Raises UsageError or ClusterError if the cluster can't be used.
    """
    if not names:
        raise UsageError("写出要导入的文件，例如 import 去年的报告.docx")
    if output and len(names) > 1:
        raise UsageError("几个文件不能写进一个报告：不写 -o，或一次导入一个")
    jobs = [ImportJob(path, display_path(path.absolute())) for path in map(Path, names)]
    paths, results = ReportPaths(root), []
    with Progress(len(names), "导入", console, quiet=to == "json") as progress:
        for job, imported in zip(jobs, run_imports(jobs, cluster), strict=True):
            results.append(_write(root, job.shown, imported, paths, output))
            progress.step()
    if to == "json":
        _print_json(results, console)
    else:
        print_text("\n".join(_lines(results)), console)
    return int(any(result.error for result in results))


def _write(
    root: Path, shown: str, imported: ImportedFile, paths: ReportPaths, output: str | None
) -> ImportResult:
    """Write an imported report into a new file; `output`: its path, or None to choose one."""
    if imported.error:
        return ImportResult(shown, error=imported.error)
    try:
        target = Path(output) if output else paths.choose(imported.body, imported.year)
        reject_symlinks(root, target.parent)
        ensure_folder(target.parent)
        remove_temporary_files({target.parent})
        shown_target = display_path(target.absolute())
        if not create_file(target, imported.text.encode()):
            return ImportResult(
                shown, shown_target, error=f"{shown}：已有 {shown_target}，没有动；用 -o 换个名字"
            )
    except UserError as error:
        return ImportResult(shown, error=str(error))
    return ImportResult(shown, shown_target, imported.edition, imported.doubts)


def _lines(results: Sequence[ImportResult]) -> Iterator[str]:
    """Yield the lines to print: the doubts about each file, then a table.

    There is no table if there is only one file.
    """
    for result in results:
        if result.error:
            yield sanitize(result.error)
            continue
        doubts, form = result.doubts, load_form(result.edition)
        count = f"，{len(doubts)} 处存疑" if doubts else "，没有存疑的"
        yield sanitize(f"{result.source} → {result.target}{count}")
        yield from (f"  {sanitize(describe_doubt(doubt, form))}" for doubt in doubts)
    if len(results) > 1:
        yield ""
        yield from _table(results)
        failed = sum(bool(result.error) for result in results)
        yield f"{len(results)} 个文件，导入 {len(results) - failed} 个，{failed} 个没有导入"
    elif not results[0].error:
        compare = "，和原件核对存疑的地方" if results[0].doubts else ""
        yield f"接着：check {sanitize(results[0].target)}{compare}"


def _table(results: Sequence[ImportResult]) -> Iterator[str]:
    """Yield a line for each file, with its result and the number of doubts."""
    rows = [("文件", "存疑", "报告")]
    for result in results:
        count = "-" if result.error else str(len(result.doubts))
        target = "没有导入" if result.error else sanitize(result.target)
        rows.append((fit_width(sanitize(result.source), _NAME_COLUMNS), count, target))
    width = max(display_width(name) for name, *_ in rows)
    for name, count, target in rows:
        yield f"{pad_width(name, width)}  {pad_width(count, 4, right=True)}  {target}"


def describe_doubt(doubt: Doubt, form: Form) -> str:
    """Return a doubt (an uncertain value of an import) as one line of text.

    The line has the place in the imported file, the part of the report, and a message.

    `form`: the form of the report, for its labels.
    """
    subject = doubt.subject(form)
    where = str(doubt.place)
    return "：".join(part for part in (where, subject, doubt.message) if part)


def doubt_as_json(doubt: Doubt, form: Form) -> dict[str, object]:
    """Return a doubt (an uncertain value of an import) as a JSON object.

    `form`: the form of the report, for its labels.
    """
    return {
        "pointer": json_pointer(doubt.pointer),
        "subject": doubt.subject(form),
        "value": doubt.value,
        "message": doubt.message,
        "place": {"text": str(doubt.place), **doubt.place._asdict()},
    }


def _print_json(results: Sequence[ImportResult], console: Console) -> None:
    from nianbao.utils.safe_json import dump_json

    files = [
        {
            "source": result.source,
            "report": None if result.error else result.target,
            "error": result.error or None,
            "doubts": [doubt_as_json(each, load_form(result.edition)) for each in result.doubts],
        }
        for result in results
    ]
    print_json(dump_json({"files": files}), console)
