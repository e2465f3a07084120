"""Run the steps of the commands on a case, and check after each step what must hold."""

from __future__ import annotations

import contextlib
import io
import json
import re
import traceback
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Final

import yaml

from fuzz import limits, outputs
from fuzz.case import LAST_YEAR, OLD_VERSION, REPORT, SETTINGS, SOURCE, VERSIONS, Case
from fuzz.failure import FailedCheckError, require
from fuzz.import_checks import check_import
from nianbao.build.findings_codec import decode_findings, encode_findings
from nianbao.checks.catalog import finding_kinds
from nianbao.checks.checker import CheckResult, check_file, find_fixable
from nianbao.checks.draft import compile_draft
from nianbao.checks.structure import check_structure
from nianbao.cli.commands.fmt import fmt
from nianbao.cli.console import Console
from nianbao.diagnostics.reporters import DOCUMENTS, REPORT_FORMATS, format_findings
from nianbao.diff.compare import Comparison, compare_versions
from nianbao.diff.formats import CHANGE_FORMATS, format_changes
from nianbao.diff.redline import render_redline
from nianbao.diff.versions import ReportVersion, VersionPair
from nianbao.errors import UserError
from nianbao.formatting.fix import fix_report
from nianbao.formatting.new_report import make_new_report
from nianbao.model.form import load_form
from nianbao.model.numbers import MEASURES
from nianbao.model.schema import edition_of, known_edition
from nianbao.model.validator import validate
from nianbao.parsing.constructor import Constructor, UnreadableError, parse_events
from nianbao.parsing.reader import parse_source
from nianbao.rendering import render_report
from nianbao.rendering.draft import make_marks, render_draft, render_draft_pdf
from nianbao.rendering.errors import TemplateError
from nianbao.rendering.pdf.printability import add_unprintable, find_unprintable
from nianbao.rendering.templates import jinja_environment
from nianbao.utils.characters import ODD_BLANKS, UNPARSABLE
from nianbao.utils.resources import resource
from nianbao.utils.safe_json import only_ascii
from nianbao.workspace.discovery import ReportFile, find_reports
from nianbao.workspace.readers import DISK_READER
from nianbao.workspace.settings import Settings, read_settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from nianbao.diagnostics.finding import Finding, Pointer
    from nianbao.diff.model import Change
    from nianbao.model.report import Report
    from nianbao.model.source import Source

# Every character but blanks and those that `fmt` may add, leave out or change: brackets, the
# commas, colons and dashes of the layout, and the digit of a block's indentation.
_LAYOUT: Final = re.compile(r"[\s{}\[\],:?\-0-9\ufeff]")
# What `fix` may drop from a number or date, and the signs that it replaces.
_DROPPED: Final = frozenset(
    f"{MEASURES}万元年度月日号增减加少长了未不无没有变化持平〇零一二三四五六七八九十其中含"
    "０１２３４５６７８９＃：，｛｝［］（）()｜丨︱∣、；。．;.|/／－–—•·*＊+＋＝=﹕∶︰【】〔〕「」“”‘’\"'＂＇#_－−"
)
# Characters that `fix` may remove everywhere, and those that are wrong everywhere.
_REMOVABLE: Final = re.compile(f"[{ODD_BLANKS}{UNPARSABLE}]")
_FORBIDDEN: Final = re.compile(f"[{UNPARSABLE}\t]")
_DOCUMENT_END: Final = re.compile(r"(?:\A|(?<=[\r\n]))\.\.\.")
# A checkout may be called nianbao, too.
_ROOT: Final = re.escape(str(Path(__file__).parents[2]))
_TRACEBACK_FRAME: Final = re.compile(rf'File "(?:{_ROOT}|\.)/(nianbao/[^"]*)", line \d+, in (\S+)')
# Characters that a terminal or a build log acts upon (the escape sequences of colours aside).
_CONTROLS: Final = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def check_case(case: Case, folder: Path) -> None:
    """Check a case whose files are in `folder`. Raises FailedCheckError if a check fails."""
    _CaseCheck(case, folder).run()


@dataclass(slots=True)
class _CaseCheck:
    """One case on its way through the steps."""

    case: Case
    folder: Path
    random: Random = field(init=False)
    settings: Settings = field(init=False)

    def __post_init__(self) -> None:
        self.random = Random(self.case.name)

    def run(self) -> None:
        """Take all steps; templates are read anew, as every case has the same folder."""
        try:
            self._run()
        finally:
            if self.case.has_templates:
                jinja_environment.cache_clear()

    def _run(self) -> None:
        if SOURCE in self.case.files:
            check_import(self.case, self.folder, self._step)
            return
        self.settings = self._read_settings() if SETTINGS in self.case.files else Settings()
        file = self._file(REPORT)
        checked = self._check(file)
        self._findings(checked)
        if checked.report is not None:
            self._render(checked, checked.report)
            self._new(checked.report)
        self._unfinished(checked)
        self._fix(checked.source, prose=self.random.random() < 0.5)
        self._format(checked)
        if OLD_VERSION in self.case.files:
            self._diff(self._file(OLD_VERSION), file)
        self._own_versions(checked, file)

    def _file(self, name: str) -> ReportFile:
        (file,) = find_reports(self.folder, (str(self.folder / name),))
        return ReportFile(file.path, name, file.stem)

    @contextlib.contextmanager
    def _step(self, name: str, *, pdf: bool = False) -> Iterator[None]:
        """Time a step of the package; whatever it raises becomes a FailedCheckError.

        A case with templates may loop, and end with an error that its author would see.
        """
        size = self.case.size
        seconds = limits.SECONDS + limits.SECONDS_A_BYTE * size
        if pdf:
            seconds = limits.PDF_SECONDS + limits.PDF_SECONDS_A_BYTE * size
        try:
            limits.reset_peak()
            before = limits.peak_memory()
            with limits.time_limit(seconds):
                yield
            used = limits.peak_memory() - before
        except FailedCheckError:
            raise
        except limits.TimeLimitError:
            if not self.case.has_templates:
                message = f"用时超过 {seconds:.1f} 秒（{size // 1000} kB）"
                raise FailedCheckError(name, message, traceback.format_exc()) from None
            return
        except (TemplateError, UserError):
            if not self.case.has_templates:
                raise FailedCheckError(name, "不该有的报错", traceback.format_exc()) from None
            return
        except Exception as error:
            log = traceback.format_exc()
            raise FailedCheckError(name, _describe(type(error).__name__, log), log) from error
        if used > limits.MEMORY + limits.MEMORY_A_BYTE * size:
            raise FailedCheckError(name, f"内存 {used // 10**6} MB（{size // 1000} kB）")

    def _read_settings(self) -> Settings:
        with self._step("nianbao.toml"):
            settings, findings = read_settings(self.folder)
        text = self.case.files.get(SETTINGS, b"").decode("utf-8-sig", "replace")
        _positions("nianbao.toml", findings, re.split("\r\n|\r|\n", text))
        self._reports("nianbao.toml", findings, {})
        return settings

    # ── check

    def _check(self, file: ReportFile) -> CheckResult:
        with self._step("check"):
            checked = check_file(file, self.settings)
        if checked.failures:
            log = "\n".join(checked.failures)
            raise FailedCheckError(
                "check", _describe(log.rstrip().split("\n")[-1].split(":")[0], log), log
            )
        require("check", check_file(file, self.settings) == checked, "第二次检查的结果不同")
        return checked

    def _findings(self, checked: CheckResult) -> None:
        """Check the positions of the findings, and every format of theirs."""
        with self._step("glyphs"):
            findings = add_unprintable(checked.findings, checked.report)
        lines = checked.source.lines
        if not lines:
            raw = self.case.files.get(REPORT, b"").decode("utf-8-sig", "replace")
            lines = tuple(raw.split("\n"))
        _positions("check", findings, lines)
        require("check", checked.report is not None or bool(findings), "没有报告，也没有结果")
        self._reports("check", findings, {REPORT: checked.source.lines})
        with self._step("findings codec"):
            decoded = decode_findings(encode_findings(findings, {}))[0]
        kept = [(each.rule, each.span, each.pointer, each.message) for each in findings]
        again = [(each.rule, each.span, each.pointer, each.message) for each in decoded]
        require("findings codec", kept == again, "结果存了再读，不一样了")

    def _reports(
        self, step: str, findings: Sequence[Finding], lines: dict[str, tuple[str, ...]]
    ) -> None:
        for to in REPORT_FORMATS:
            with self._step(f"{step} --format {to}"):
                text = format_findings(findings, lines, to=to, kinds=finding_kinds())
                text.encode()
                if to in DOCUMENTS:
                    only_ascii(text).encode("ascii")
            name = f"{step} --format {to}"
            found = _CONTROLS.search(text)
            require(name, found is None, "输出里有控制字符")
            # GitHub's runner takes ##[…] for a command anywhere but in a line that is one.
            plain = [line for line in text.split("\n") if not line.startswith("::")]
            require(name, to == "text" or "##[" not in "\n".join(plain), "输出里有 ##[")
            if to == "github":
                commands = [line for line in text.split("\n") if line.startswith("::")]
                live = [each for each in findings if not each.waived]
                require(name, len(commands) == len(live), "命令的行数不对")
            elif to in DOCUMENTS:
                outputs.check_document(name, to, json.loads(text), findings)

    # ── outputs

    def _render(self, checked: CheckResult, report: Report) -> None:
        """Render every format; its parsers find what the report says."""
        waived = [finding for finding in checked.findings if finding.waived]
        templates = self.folder / "templates"
        made: dict[str, bytes] = {}
        for to in ("html", "md"):
            with self._step(to):
                made[to] = render_report(report, to, self.settings, templates, waived)
                again = render_report(report, to, self.settings, templates, waived)
                require(to, again == made[to], "第二次生成的不同")
        if not self.case.has_templates:
            outputs.check_pages(report, made["html"].decode(), made["md"].decode())
        if self.case.pdf:
            with self._step("pdf", pdf=True):
                if not any(find_unprintable(report)):
                    pdf = render_report(report, "pdf", self.settings, templates, waived)
                    outputs.check_pdf(pdf)

    def _new(self, report: Report) -> None:
        year = report.year + 1
        edition = edition_of(year)
        if edition is None:
            return
        with self._step("new"):
            text = make_new_report(load_form(edition), year, report)
            text.encode()
        again = parse_source(text.encode(), REPORT)
        require("new", not again.findings, "草稿读不了", *again.findings[:1])

    def _unfinished(self, checked: CheckResult) -> None:
        """Render the draft of any report, as `build --draft` and the preview do."""
        findings = checked.findings
        waived = [finding for finding in findings if finding.waived]
        templates = self.folder / "templates"
        with self._step("build --draft"):
            draft = compile_draft(checked)
            if draft is None:
                return
            marks = make_marks(findings)
            for listed in (True, False):
                page = render_draft(draft, self.settings, templates, marks, waived, listed=listed)
                page.encode()
                if not self.case.has_templates:
                    outputs.check_draft(page, draft, marks, listed=listed)
        if self.case.pdf and not any(find_unprintable(draft.report)):
            with self._step("build --draft --to pdf", pdf=True):
                outputs.check_pdf(render_draft_pdf(draft, self.settings, templates, marks, waived))

    # ── fix

    def _fix(self, source: Source, *, prose: bool) -> None:
        """Fix a report, and again; compare the errors, the texts and the letters."""
        if not source.lines:
            return
        name = "fix --prose" if prose else "fix"
        find = partial(find_fixable, prose=prose)
        with self._step(name):
            fixed = fix_report(source, find)
            again = fix_report(fixed.source, find)
        after = fixed.source
        require(name, again.source.raw == after.raw, "再改一次，又变了", *again.changes[:2])
        _positions(name, [each.finding for each in again.changes], after.lines)
        for change in fixed.changes:
            within = 1 <= change.column <= len(source.lines[change.line - 1]) + 1
            require(name, within, "改的地方在行外", change)
        changed = after.raw != source.raw
        require(name, changed == bool(fixed.changes), "改了却没有说，或者说了却没有改")
        if prose or not changed:
            return
        require(name, not _is_right_as_written(source), "改了没有错的报告", *fixed.changes[:2])
        if source.data is None:
            return
        before, now = len(_structural(source)), len(_structural(after))
        require(name, now <= before, "错误多了", before, now, *fixed.changes[:2])
        texts, kept = _texts(source.data), _texts(after.data)
        lost = {at for at in texts.keys() & kept.keys() if texts[at] != kept[at]}
        require(name, not lost, "正文变了", lost)
        gone = _letters(source.raw) - _letters(after.raw)
        words = {letter for letter in gone if not _REMOVABLE.match(letter)} - _DROPPED
        require(name, not words, "字或批注没有了", words)

    # ── diff

    def _diff(self, old: ReportFile, new: ReportFile) -> None:
        """Compare two versions in both directions, in every format."""
        comparison, back = self._compare(old, new), self._compare(new, old)
        change = comparison.change
        require("diff", change.edited == back.change.edited, "反过来比，结论不同")
        for to in CHANGE_FORMATS:
            with self._step(f"diff --format {to}"):
                text = format_changes([change], to=to, templates=self.folder / "templates")
                text.encode()
            if to == "json":
                document = json.loads(text)
                require("diff --format json", document["changed"] == change.edited, "changed 不对")
            if not self.case.has_templates:
                outputs.check_change(to, text)
        if change.edited:
            self._redline(comparison)

    def _compare(self, old: ReportFile, new: ReportFile) -> Comparison:
        pair = VersionPair(ReportVersion(old, DISK_READER), ReportVersion(new, DISK_READER))
        with self._step("diff"):
            comparison = compare_versions(pair, self.settings)
        sides = [side for side in (comparison.old, comparison.new) if side]
        logs = "\n".join(log for side in sides for log in side.failures)
        if logs:
            raise FailedCheckError("diff", _describe("检查", logs), logs)
        if not comparison.change.edited and not self.case.has_templates:
            reports = [side.report for side in sides if side.report]
            printed = {self._markdown(report) for report in reports}
            require("diff", len(printed) < 2, "没有改动，打印出来却不同", *printed)
        return comparison

    def _markdown(self, report: Report) -> bytes:
        with self._step("md"):
            return render_report(report, "md", self.settings, self.folder / "templates")
        return b""

    def _redline(self, comparison: Comparison) -> None:
        old, new = (side.report if side else None for side in (comparison.old, comparison.new))
        if old is None or new is None:
            return
        more = comparison.change, self.settings, self.folder / "templates"
        with self._step("diff --to html"):
            page = render_redline(old, new, more[0], "html", *more[1:], ())
            if not self.case.has_templates:
                script = resource("templates").joinpath("redline.js").read_text("utf-8")
                outputs.check_html("diff --to html", page.decode(), script)
        if self.case.pdf and not any(any(find_unprintable(side)) for side in (old, new)):
            with self._step("diff --to pdf", pdf=True):
                outputs.check_pdf(render_redline(old, new, more[0], "pdf", *more[1:], ()))

    def _own_versions(self, checked: CheckResult, file: ReportFile) -> None:
        """Compare a report with itself, with comments added, and with one value changed."""
        source = checked.source
        if not source.raw or not isinstance(source.data, dict):
            return
        if not any(finding.rule.startswith("S00") for finding in source.findings):
            commented = self._version("commented", source.raw.rstrip(b" \t") + b"\n# fuzz\n")
            if parse_source(commented.path.read_bytes(), REPORT).data == source.data:
                change = self._compare(file, commented).change
                require("diff", not change.edited, "只加了批注，却有改动", _parts(change))
        if checked.report is None or source.findings:
            return
        edited = _edit_cell(checked.report, self.random)
        if edited is None:
            return
        pointer, content = edited
        other = self._version("edited", content)
        change = self._compare(file, other).change
        written = [each.pointer for each in change.cells if not each.computed]
        require("diff", written == [pointer], "只改了一格，却是别的", pointer, written)
        require("diff", not change.metadata, "只改了一格，开头也变了", _parts(change))
        if OLD_VERSION not in self.case.files:
            self._diff(file, other)

    def _version(self, name: str, content: bytes) -> ReportFile:
        """Write a version of the report to a folder of its own, next to last year's report."""
        folder = self.folder / VERSIONS / name
        folder.mkdir(parents=True, exist_ok=True)
        if LAST_YEAR in self.case.files:
            (folder / Path(LAST_YEAR).name).write_bytes(self.case.files[LAST_YEAR])
        file = folder / Path(REPORT).name
        file.write_bytes(content)
        return ReportFile(file, REPORT, Path(name))

    # ── fmt

    def _format(self, checked: CheckResult) -> None:
        """Format a copy of the report with the command itself, then again, then its totals."""
        written = checked.source.raw
        code, once = self._run_fmt(written)
        if code == 1:
            require("fmt", once == written, "没有整理，却改了文件")
            return
        require("fmt", _letters(once) == _letters(written), "字或批注变了")
        require("fmt", _plain(once) == _plain(written), "数据变了")
        after = parse_source(once, REPORT)
        require("fmt", not after.findings, "整理好的读不了")
        require("fmt", after.data == checked.source.data, "数据变了")
        require("fmt", self._run_fmt(once) == (0, once), "再整理一次，又变了")
        change = self._compare(self._file(REPORT), self._version("formatted", once)).change
        require("diff", not change.edited, "只整理了，却有改动", _parts(change))
        code, filled = self._run_fmt(once, totals=True)
        if code == 0:
            require(
                "fmt --totals",
                self._run_fmt(filled, totals=True) == (0, filled),
                "再补一次，又变了",
            )

    def _run_fmt(self, content: bytes, *, totals: bool = False) -> tuple[int, bytes]:
        file = self._version("to-format", content)
        out = io.StringIO()
        console = Console(out, out, colour=False)
        with self._step("fmt --totals" if totals else "fmt"):
            code = fmt(self.folder, (str(file.path),), check=False, totals=totals, console=console)
            require("fmt", bool(out.getvalue()), "什么也没说")
            return code, file.path.read_bytes()
        return 1, content


def _describe(error: str, log: str) -> str:
    """Return an exception's name and the innermost function of the package that raised it."""
    frames = _TRACEBACK_FRAME.findall(log)
    return f"{error} 在 {' '.join(frames[-1])}" if frames else error


def _parts(change: Change) -> tuple[object, ...]:
    """Return what a change says, without the findings that stay."""
    findings = change.findings
    return (
        *(change.status.value, change.metadata, change.cells, change.prose, change.remarks),
        *(findings.new, findings.gone, findings.waived),
    )


def _positions(step: str, findings: Sequence[Finding], lines: Sequence[str]) -> None:
    """Every finding lies within the lines of its file."""
    for finding in findings:
        span = finding.span
        ends = ((span.line, span.column), (span.end_line, span.end_column))
        within = ends[0] <= ends[1] and all(
            1 <= line <= len(lines) and 1 <= column <= len(lines[line - 1]) + 1
            for line, column in ends
        )
        require(step, within, f"{finding.rule} 在行外", finding)


def _letters(content: bytes) -> Counter[str]:
    """Count the characters that `fmt` keeps."""
    return Counter(_LAYOUT.sub("", _DOCUMENT_END.sub("", content.decode("utf-8-sig"))))


def _structural(source: Source) -> list[Finding]:
    """Return the findings of a file about its syntax and structure."""
    return [*source.findings, *(check_structure(source)[1] if source.data is not None else ())]


def _is_right_as_written(source: Source) -> bool:
    """Return True if a file is right without any recovery or character that YAML forbids.

    A file in which a key of the form with its | was indented into the text above is not right,
    although YAML and the schema take the line for text.
    """
    found: list[object] = []
    constructor = Constructor(lambda *finding, **_: found.append(finding), {})
    try:
        data = constructor.construct(parse_events("\n".join(source.lines)))
    except (yaml.YAMLError, UnreadableError):
        return False
    edition = known_edition(data)
    forbidden = any(_FORBIDDEN.search(line) for line in source.lines)
    if edition is None or forbidden or found or validate(data, edition):
        return False
    keys = {text.pointer[-1] for section in load_form(edition).sections for text in section.texts}
    return not any(f"{key}:|" in text for key in keys for text in _texts(data).values())


def _texts(data: Any, pointer: Pointer = ()) -> dict[Pointer, str]:
    """Return the texts of several lines of a report without blanks, by pointer."""
    if isinstance(data, str):
        return {pointer: "".join(data.split())} if "\n" in data else {}
    items: Iterable[tuple[Any, Any]] = data.items() if isinstance(data, dict) else ()
    if isinstance(data, list):
        items = enumerate(data)
    return {at: text for key, value in items for at, text in _texts(value, (*pointer, key)).items()}


def _plain(content: bytes) -> object:
    """Return the data as libyaml reads it, all values as text; a last line has an end."""
    text = content.decode("utf-8-sig")
    return yaml.load(text if text.endswith(("\n", "\r")) else text + "\n", yaml.CBaseLoader)


def _edit_cell(report: Report, random: Random) -> tuple[Any, bytes] | None:
    """Return a cell that is written as a number, and the report with another number there."""
    source = report.source
    cells = [p for p, value in report.values.items() if value.written and value.number is not None]
    if not cells:
        return None
    pointer = random.choice(cells)
    number = report.values[pointer].number
    noted = (*pointer, "数值")
    span = source.locations[noted if noted in source.locations else pointer].value
    if span.line != span.end_line:
        return None
    line = source.lines[span.line - 1]
    other = "7" if number != 7 else "8"
    changed = line[: span.column - 1] + other + line[span.end_column - 1 :]
    lines = [*source.lines[: span.line - 1], changed, *source.lines[span.line :]]
    return pointer, "\n".join(lines).encode()
