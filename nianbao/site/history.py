"""Find the changes of reports after their publication, in the git history.

Only the main line is read: HEAD and its first parents. A merge is one commit.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from nianbao.build.executors import map_chunks
from nianbao.checks.checker import compile_source
from nianbao.checks.rules import find_open_marks
from nianbao.diff.all_reports import is_report_path, match_renames, reports_folder
from nianbao.diff.compare import compare
from nianbao.diff.formats import wording
from nianbao.diff.model import ParagraphStatus
from nianbao.diff.side import make_side
from nianbao.parsing.reader import MAX_BYTES
from nianbao.utils.text import shorten
from nianbao.workspace.git import GitError, find_repository
from nianbao.workspace.readers import read_entry

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from nianbao.checks.checker import CheckResult
    from nianbao.diff.model import Change
    from nianbao.workspace.git import CommitChanges, Repository, TreeEntry

# A report is published on its 发布日期 or, if that is missing, on its 成文日期. The published
# version is the one that the main line (HEAD and its first parents) had at the end of that day. If
# the first finished version was committed later, that version is the published one. Every later
# version is a change after publication, even if it changes the date. A version is a draft, and is
# never published, if it has errors of structure, draft marks, or marks of `import` where the
# reading was not sure. Dates are those of the commits, each in its own time zone.
PAGE: Final = "changes.html"
_MAX_WEIGHT: Final = 40_000  # bytes of the lines of one change on the page
_MAX_SKIPPED: Final = 100
_LONGEST: Final = 80  # characters of a value
_NO_HISTORY: Final = "生成本站时读不到改动的记录（git 的历史），所以没有列出公布以后的改动。"
_SHALLOW: Final = "生成本站时只取了最近几次提交，公布以后的改动没有列出。"
_UNSHALLOW: Final = "只取了最近的几次提交；先运行 git fetch --unshallow"
_REMOVED: Final = "报告删去了"
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# The keys that identify a report, and its dates, found without parsing, in any layout.
_FACT: Final = re.compile(
    r"(机关|年度|成文日期|发布日期)[\"']?[ \t]*[:：][ \t]*[\"']?([^\"'\r\n,，}#]*)"
)


class Version(NamedTuple):
    """A version of a report in a commit, or the removal of the report.

    `commit`: the id of the commit.
    `day`: the day of the commit, in ISO 8601.
    `entry`: the file in that commit; None if the commit removed it.
    """

    commit: str
    day: str
    entry: TreeEntry | None


class ReportHistory(NamedTuple):
    """The versions of a report, the oldest first.

    `path`: the path of the newest version, relative to reports/.
    """

    path: str
    versions: tuple[Version, ...]

    @property
    def digest(self) -> str:
        """A digest of the path and of all versions."""
        # The list of changes depends only on it and on the program.
        return hashlib.sha256(repr(self).encode(errors="replace")).hexdigest()


class Histories(NamedTuple):
    """The histories of all reports up to a commit, in the order of their paths.

    `commit`: the id of the commit, or "" if git can't be read.
    `problem`: if there are no histories, a Chinese message for readers of the site; else "".
    `reason`: if there are no histories, a Chinese message for the site's builder; else "".
    """

    commit: str
    reports: tuple[ReportHistory, ...] = ()
    problem: str = ""
    reason: str = ""


class ChangeLine(NamedTuple):
    """A difference between two versions of a report.

    `place`: the place of the difference, in the words of the form, or "".
    `text`: the old and the new value (7 → 8), or a description.
    """

    place: str
    text: str

    @property
    def weight(self) -> int:
        """The estimated size of the line on the page of changes, in bytes."""
        return 30 + 3 * len(self.place + self.text)


class PublishedChange(NamedTuple):
    """The differences that a commit made to a published report.

    `commit`: the id of the commit.
    `day`: the day of the commit, in ISO 8601.
    `is_removal`: True if the commit removed the report.
    """

    commit: str
    day: str
    lines: tuple[ChangeLine, ...]
    is_removal: bool = False


class SkippedVersion(NamedTuple):
    """A version of a published report that was not compared with the version before.

    `commit`: the id of the commit that made the version.
    `day`: the day of the commit, in ISO 8601.
    `reason`: the reason why the version was not compared, in Chinese.
    """

    commit: str
    day: str
    reason: str


class ReportChanges(NamedTuple):
    """The changes of a report after its publication, the oldest first.

    `path`: the path of the report, relative to reports/.
    `body`: 机关 in the last published version, or "" if there is none.
    `year`: 年度 in the last published version, or 0 if there is none.
    `published`: the day of publication in ISO 8601, or "".
    `skipped`: versions after publication that were not compared.
    """

    path: str
    body: str = ""
    year: int = 0
    published: str = ""
    changes: tuple[PublishedChange, ...] = ()
    skipped: tuple[SkippedVersion, ...] = ()

    @property
    def name(self) -> str:
        """The name of the report for readers, or its path if it was never published."""
        return f"{self.body}{self.year}年年报" if self.body else wording.printable(self.path)


class ChangeEntry(NamedTuple):
    """A change of a report, as an entry of the page of changes.

    `day`: the day of the change.
    `name`: the name of the report.
    `href`: the address of the report's page, or "".
    `published`: the day of publication.
    """

    day: str
    name: str
    href: str
    published: str
    lines: tuple[ChangeLine, ...]

    @property
    def weight(self) -> int:
        """The estimated size of the entry on the page of changes, in bytes."""
        return 400 + sum(line.weight for line in self.lines)


class SkippedEntry(NamedTuple):
    """A version that was not compared, as an entry of the page of changes.

    `day`: the day of the version.
    `name`: the name of the report.
    `reason`: the reason why the version was not compared, in Chinese.
    """

    day: str
    name: str
    reason: str


class ChangeLog(NamedTuple):
    """The reports that changed after their publication, up to a commit.

    `commit`: the id of the commit.
    `problem`: if no changes can be listed, a Chinese message for readers of the site; else "".
    `reason`: if no changes can be listed, a Chinese message for the site's builder; else "".
    """

    commit: str
    reports: tuple[ReportChanges, ...]
    problem: str = ""
    reason: str = ""

    def without_units(self, ids: Collection[str]) -> ChangeLog:
        """Return the log without the reports of some units.

        `ids`: the ids of these units.
        """
        kept = (each for each in self.reports if each.path.rpartition("/")[0] not in ids)
        return self._replace(reports=tuple(kept))

    @property
    def change_count(self) -> int:
        """The number of changes of all reports."""
        return sum(len(report.changes) for report in self.reports)

    def entries(self, hrefs: Mapping[str, str]) -> list[ChangeEntry]:
        """Return the changes of all reports, the newest day first.

        `hrefs`: the address of each report's page, by report path without suffix.
        """
        found = [
            ChangeEntry(change.day, report.name, href, report.published, change.lines)
            for report in self.reports
            for href in [hrefs.get(report.path.rpartition(".")[0], "")]
            for change in reversed(report.changes)
        ]
        # The changes of one day stay in the order of the paths.
        return sorted(found, key=lambda entry: entry.day, reverse=True)

    @property
    def skipped(self) -> list[SkippedEntry]:
        """The versions that were not compared, in the order of paths and days.

        A long list ends with an entry without day, which gives the number of omitted versions.
        """
        found = [
            SkippedEntry(version.day, report.name, version.reason)
            for report in self.reports
            for version in report.skipped
        ]
        more = len(found) - _MAX_SKIPPED
        return found[:_MAX_SKIPPED] + (
            [SkippedEntry("", "", f"还有 {more} 处")] if more > 0 else []
        )


def read_change_log(root: Path) -> ChangeLog:
    """Return the changes of all published reports in the history of the commit HEAD.

    Changes that are not committed are ignored.
    """
    histories = read_histories(root)
    try:
        found = find_changes(root, histories.reports)
    except GitError as error:
        return ChangeLog(histories.commit, (), _NO_HISTORY, error.problem)
    changed = tuple(report for report in found if report.changes or report.skipped)
    return ChangeLog(histories.commit, changed, histories.problem, histories.reason)


def find_commit(root: Path) -> tuple[str, str]:
    """Return the id of the commit HEAD, and the reason if its history can't be read.

    The id is "" if git can't be read. The reason is in Chinese, or "".
    """
    try:
        repository = find_repository(root)
        reason = _UNSHALLOW if repository.is_shallow() else ""
        return repository.commit_id("HEAD"), reason
    except GitError as error:
        return "", error.problem


def read_histories(root: Path) -> Histories:
    """Return the versions of all reports up to the commit HEAD, without their content."""
    commit = ""
    try:
        repository = find_repository(root)
        commit = repository.commit_id("HEAD")
        if repository.is_shallow():
            return Histories(commit, (), _SHALLOW, _UNSHALLOW)
        folder = reports_folder(repository, root)
        with repository.batch():
            reports = _follow(repository, repository.history(commit, folder), f"{folder}/")
    except GitError as error:
        return Histories(commit, (), _NO_HISTORY, error.problem)
    return Histories(commit, tuple(sorted(reports, key=lambda report: report.path)))


def _follow(
    repository: Repository, commits: Iterable[CommitChanges], prefix: str
) -> Iterator[ReportHistory]:
    """Yield the history of each report. A renamed report continues its history.

    `commits`: the oldest first. `prefix`: the path of reports/ in the repository, with a slash at
    the end.
    """
    found: dict[str, list[Version]] = {}
    day = ""
    subject = partial(_subject, repository)
    for commit in commits:
        match = _DAY.match(commit.committed)
        day = match.group() if match else day  # a date out of range
        versions = {
            below: Version(commit.commit, day, entry)
            for path, entry in commit.entries.items()
            if is_report_path(below := path.removeprefix(prefix))
        }
        gone = {
            path: found[path][-1]
            for path, version in versions.items()
            if version.entry is None and path in found
        }
        come = {
            path: version
            for path, version in versions.items()
            if version.entry is not None and (path not in found or not found[path][-1].entry)
        }
        for old, new in match_renames(gone, come, (_object_id, subject)).items():
            if new in found:  # another report, which was removed earlier
                yield ReportHistory(new, tuple(found[new]))
            found[new] = found.pop(old)
            del versions[old]
        for path, version in versions.items():
            found.setdefault(path, []).append(version)
    yield from (ReportHistory(path, tuple(versions)) for path, versions in found.items())


def _object_id(version: Version) -> str | None:
    return version.entry.object_id if version.entry else None


def _subject(repository: Repository, version: Version) -> tuple[str, ...] | None:
    """Return the texts of 机关 and 年度 of a version; None if one of them is missing."""
    facts = _facts(repository, version)
    subject = tuple(facts[key][0] for key in ("机关", "年度") if facts.get(key))
    return subject if len(subject) == 2 else None


def _facts(repository: Repository, version: Version) -> Mapping[str, list[str]]:
    """Return by key (机关, 成文日期 and so on) what the text of a version seems to have as values.

    The text is searched, not parsed, so that values can be wrong.
    """
    facts: dict[str, list[str]] = {}
    entry = version.entry
    if entry and not entry.is_link and entry.size is not None and entry.size <= MAX_BYTES:
        for key, value in _FACT.findall(repository.content(entry).decode(errors="replace")):
            facts.setdefault(key, []).append(value.strip())
    return facts


def find_changes(root: Path, reports: Sequence[ReportHistory]) -> list[ReportChanges]:
    """Return the changes of each report after its publication, in the order of `reports`.

    `root`: the folder of the repository.

    Raises GitError if git can't read a version.
    """
    again = [report for report in reports if len(report.versions) > 1]
    if not again:
        return [ReportChanges(report.path) for report in reports]
    function = partial(_find_in_chunk, repository=find_repository(root))
    found = map_chunks(function, again, [__name__])
    changes = {
        report: result or ReportChanges(report.path, skipped=(_not_read(report),))
        for report, result in zip(again, found, strict=True)
    }
    return [changes.get(report) or ReportChanges(report.path) for report in reports]


def _not_read(report: ReportHistory) -> SkippedVersion:
    last = report.versions[-1]
    return SkippedVersion(last.commit, last.day, "没有读完（内存也许不够）")


def _find_in_chunk(reports: Sequence[ReportHistory], repository: Repository) -> list[ReportChanges]:
    with repository.batch():
        return [
            _find(repository, report)
            if _may_have_changed(repository, report)
            else ReportChanges(report.path)
            for report in reports
        ]


def _may_have_changed(repository: Repository, report: ReportHistory) -> bool:
    """Return False if it is certain that no version was published before the next was committed."""
    for version, following in pairwise(report.versions):
        facts = _facts(repository, version)
        days = [day for key in ("成文日期", "发布日期") for day in facts.get(key, ())]
        # Without these keys: a link, another layout, or a report that is yet to be begun.
        if any(_may_precede(day, following.day) for day in days) or not days:
            return True
    return False


def _may_precede(written: str, day: str) -> bool:
    """Return False if the text of a date is blank, or is a date that is not before `day`."""
    return written < day if _DAY.fullmatch(written) else bool(written)


def _find(repository: Repository, report: ReportHistory) -> ReportChanges:
    """Return the changes of a report after its publication; parse its versions one by one."""
    last: CheckResult | None = None  # what is published, or would be if its day had come
    published = ""
    changes: list[PublishedChange] = []
    skipped: list[SkippedVersion] = []
    is_removed = False
    for commit, day, entry in report.versions:
        if last and not published and _publication_day(last) < day:
            published = _publication_day(last)
        if entry is None:
            if published and not is_removed:
                line = ChangeLine("", _REMOVED)
                changes.append(PublishedChange(commit, day, (line,), is_removal=True))
            is_removed = True
            last = last if published else None
            continue
        is_removed = False
        checked = compile_source(read_entry(repository, entry, report.path))
        if problem := _unfinished(checked):
            skipped += [SkippedVersion(commit, day, problem)] if published else []
            last = last if published else None
            continue
        if published and last:
            sides = (make_side(each, report.path) for each in (last, checked))
            if lines := tuple(_lines(compare(*sides))):
                changes.append(PublishedChange(commit, day, lines))
        last = checked
    if not last or not last.report or not published:
        return ReportChanges(report.path)
    body = wording.printable(last.report.body)
    more = (tuple(changes), tuple(skipped))
    return ReportChanges(report.path, body, last.report.year, published, *more)


def _publication_day(checked: CheckResult) -> str:
    report = checked.report
    assert report is not None
    return str(report.data.get("发布日期") or report.signed.isoformat())


def _unfinished(checked: CheckResult) -> str:
    """Return the reason why a version is a draft or can't be read, or "" if it is finished."""
    if checked.report is None:
        first = next(iter(checked.findings), None)
        return f"有错误：{shorten(first.message, _LONGEST)}" if first else "是空的"
    return "没有写完" if find_open_marks(checked.source) else ""


def _lines(change: Change) -> Iterator[ChangeLine]:
    """Yield the differences of a report.

    If there are too many for the page, only the first ones are given, and a last line says how many
    more there are.
    """
    lines = list(_all_lines(change))
    room = _MAX_WEIGHT
    for number, line in enumerate(lines):
        room -= line.weight
        if room < 0:
            yield ChangeLine("", f"还有 {len(lines) - number} 处")
            return
        yield line


def _all_lines(change: Change) -> Iterator[ChangeLine]:
    for head in change.metadata:
        values = (shorten(wording.absent(each), _LONGEST) for each in (head.old, head.new))
        yield _line(head.label, " → ".join(values))
    for cell in change.cells:
        values = (shorten(wording.cell_text(each), _LONGEST) for each in (cell.old, cell.new))
        yield _line(f"{cell.table} › {wording.cell_label(cell)}", " → ".join(values))
    for prose in change.prose:
        counts = Counter(
            wording.PARAGRAPH_LABELS[paragraph.status]
            for paragraph in prose.paragraphs
            if paragraph.status is not ParagraphStatus.EQUAL
        )
        text = "、".join(f"{label} {number} 段" for label, number in counts.items())
        yield _line(" › ".join(prose.names), f"文字有改动（{text}）")
    yield from (_line("", remark) for remark in change.remarks)


def _line(place: str, text: str) -> ChangeLine:
    return ChangeLine(wording.printable(place), wording.printable(text))
