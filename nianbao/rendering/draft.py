"""Render an unfinished report, with marks at missing values and at findings."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from nianbao.diagnostics.finding import SEVERITY_LABELS, Severity
from nianbao.diagnostics.reporters.fingerprints import fingerprints
from nianbao.diagnostics.reporters.summary import by_severity
from nianbao.model.draft import Draft, OpenValue
from nianbao.model.report import Prose
from nianbao.rendering.document import Document, build_document
from nianbao.rendering.tables import PrintedValue
from nianbao.rendering.templates import render

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from nianbao.diagnostics.finding import Finding, Pointer, Span
    from nianbao.model.form import Form
    from nianbao.model.report import Value
    from nianbao.model.source import Source
    from nianbao.workspace.settings import Settings

# A mark is one private-use character in a text of the document. Templates and the Markdown
# converter leave the character unchanged.
_BLANK: Final = "\U000f0000"
_GAP: Final = "\U000f0001"  # a value whose key is not in the file
_FIRST: Final = 0xF0002  # the mark of a finding is this plus its number
_LAST: Final = 0xFFFFD
_MARKS: Final = re.compile("[\U000f0000-\U000ffffd]")
# Tags, elements in which HTML has no effect, and marks. The first two only lose their marks.
_TOKENS: Final = re.compile(
    r"<(title|style|script)\b.*?</\1>|<[^>]*>|[\U000f0000-\U000ffffd]", re.DOTALL
)
_LINES: Final[tuple[Pointer, ...]] = (("文号",), ("成文日期",), ("联系方式",))
_SIGNS: Final = {"error": "▲", "warning": "△", "info": "○"}
_BLANK_HTML: Final = '<span class="blank" role="img" aria-label="没有填">　　</span>'
_GAP_HTML: Final = '<span class="blank gap" role="img" aria-label="文件里没有这一项">┄┄</span>'


@dataclass(frozen=True, slots=True)
class Mark:
    """The mark of a finding: a sign in the text (▲1) that links to the finding.

    `key`: the fingerprint of the finding, for HTML ids.
    `number`: the number of the finding in the list of findings, counted from 1.
    """

    key: str
    number: int
    finding: Finding

    @property
    def label(self) -> str:
        """The severity of the finding in Chinese."""
        return SEVERITY_LABELS[self.finding.severity]

    @property
    def sign(self) -> str:
        """The symbol of the severity, followed by the number of the mark: ▲1."""
        return f"{_SIGNS[self.finding.severity.value]}{self.number}"

    @property
    def html(self) -> Markup:
        """The HTML of the mark: a link to the finding in the list of findings."""
        text = f"{self.label} {self.finding.rule}：{self.finding.message}"
        return Markup(
            '<a class="finding-mark {}" href="#finding-{}" data-finding="{}" title="{}">{}</a>'
        ).format(self.finding.severity.value, self.key, self.key, text, self.sign)


@dataclass(frozen=True, slots=True)
class DraftView:
    """Further values for the templates of an unfinished report.

    `summary`: a Chinese phrase about missing values, or "".
    `marks`: the marks of the findings that are listed below the report.
    """

    summary: str
    marks: tuple[Mark, ...] = ()


def make_marks(findings: Sequence[Finding]) -> list[Mark]:
    """Return a mark for each finding that is not waived, numbered from 1, errors first."""
    live = list(by_severity([finding for finding in findings if not finding.waived]))
    return [
        # A message may quote a character that would be read as a mark.
        Mark(key, n, replace(f, message=_unmarked(f.message), help=_unmarked(f.help)))
        for n, (f, key) in enumerate(zip(live, fingerprints(live), strict=True), 1)
    ]


def render_draft(
    draft: Draft,
    settings: Settings,
    templates: Path,
    marks: Sequence[Mark],
    waived: Sequence[Finding] = (),
    *,
    listed: bool = False,
) -> str:
    """Render an unfinished report as a web page, with marks at blank cells and findings.

    `templates`: the repository's templates folder.
    `marks`: the marks of the findings.
    `waived`: the findings that the report waives; their notes are printed under the tables.
    `listed`: True to list the findings below the report.

    Raises TemplateError if a template has an error.
    """
    document = build_draft(draft, settings, marks, waived)
    view = _view(draft, marks) if listed else DraftView(_open(draft, marks))
    return insert_marks(render(templates, "draft.html", "html", document, draft=view), marks)


def render_draft_pdf(
    draft: Draft,
    settings: Settings,
    templates: Path,
    marks: Sequence[Mark],
    waived: Sequence[Finding] = (),
) -> bytes:
    """Render an unfinished report as a PDF that lists the findings.

    The YAML file of the report is attached.

    `templates`: the repository's templates folder.
    `marks`: the marks of the findings.
    `waived`: the findings that the report waives; their notes are printed under the tables.

    Raises TemplateError if a template has an error. Raises PdfUnavailableError if this machine
    can't make PDFs.
    """
    from nianbao.rendering.pdf.archive import source_attachment
    from nianbao.rendering.pdf.renderer import ensure_pdf_available, make_pdf

    ensure_pdf_available()
    return make_pdf(
        build_draft(draft, settings, marks, waived),
        templates,
        [source_attachment(draft.report)],
        settings.system_fonts,
        template="draft-print.html",
        finish=lambda page: insert_marks(page, marks),
        draft=_view(draft, marks),
    )


def _view(draft: Draft, marks: Sequence[Mark]) -> DraftView:
    return DraftView(_open(draft, marks) or "各项都填了", tuple(marks))


def _open(draft: Draft, marks: Sequence[Mark]) -> str:
    """Say in Chinese how much is to be filled in or corrected; return "" if nothing is."""
    counts = ((draft.open_cells, "格"), (len(draft.open_texts), "段文字"))
    open_ = "、".join(f"{number} {noun}" for number, noun in counts if number)
    if open_:
        return f"还有 {open_}没有填"
    errors = sum(mark.finding.severity is Severity.ERROR for mark in marks)
    return f"都填了，还有 {errors} 个错误" if errors else ""


def build_draft(
    draft: Draft, settings: Settings, marks: Sequence[Mark], waived: Sequence[Finding] = ()
) -> Document:
    """Build the document of an unfinished report, with marks in its texts.

    A mark is one private-use character. `insert_marks` later replaces each mark by HTML.

    `marks`: the marks of the findings.
    `waived`: the findings that the report waives; their notes are printed under the tables.
    """
    report = draft.report
    body, year = report.body or _BLANK, report.year or _BLANK
    placed = _placed(draft, marks)
    values = {pointer: _value(value, placed[pointer]) for pointer, value in report.values.items()}
    texts = {
        pointer: replace(prose, rendered=_with_marks(prose, placed[pointer], report.source))
        for pointer, prose in report.texts.items()
    }
    for pointer in _text_pointers(report.form):
        if pointer not in texts and (pointer in draft.open_texts or placed[pointer]):
            blank = _BLANK + _characters(placed[pointer])
            texts[pointer] = Prose(pointer, "", blank, ())
    document = build_document(
        replace(report, body=body, values=values, texts=texts), settings, waived
    )
    title = [line.format(机关=body, 年度=year) for line in report.form.title]
    title[-1] += _characters(placed[()])
    return replace(
        document,
        title=tuple(title),
        title_lines=tuple(title),
        number=document.number + _characters(placed["文号",]),
        signed=(document.signed if draft.has_date else _BLANK) + _characters(placed["成文日期",]),
        contact=document.contact + _characters(placed["联系方式",]),
    )


def insert_marks(page: str, marks: Sequence[Mark]) -> str:
    """Replace the marks in a web page by their HTML.

    A mark is one private-use character in the text.

    `page`: the HTML of a document that `build_draft` made.
    `marks`: the marks of the findings in this document.
    """
    html = {_BLANK: _BLANK_HTML, _GAP: _GAP_HTML}
    html |= {_character(mark): str(mark.html) for mark in marks}

    def replaced(token: re.Match[str]) -> str:
        text = token.group()
        if len(text) == 1:
            return html.get(text, "")
        # A mark inside the start tag of a link is moved before this tag.
        inside = "".join(html.get(each, "") for each in _MARKS.findall(text))
        is_link = text.startswith("<a ")
        return (inside if is_link else "") + _MARKS.sub("", text)

    return _TOKENS.sub(replaced, page)


def _placed(draft: Draft, marks: Sequence[Mark]) -> defaultdict[Pointer, list[Mark]]:
    """Return the marks by the pointer of the cell, text or line that shows them.

    Marks at the pointer () are shown after the title.
    """
    report = draft.report
    places = [*_LINES, report.form.lead.pointer, *report.values, *report.texts]
    places += [pointer for pointer in _text_pointers(report.form) if pointer not in report.texts]
    known = dict.fromkeys(places)
    placed: defaultdict[Pointer, list[Mark]] = defaultdict(list)
    for mark in marks:
        placed[_place(mark.finding.pointer, known)].append(mark)
    return placed


def _place(pointer: Pointer, places: Mapping[Pointer, None]) -> Pointer:
    """Return the pointer in `places` that is nearest to `pointer`; () if there is none.

    This is `pointer` itself, or else the first place inside the value at `pointer`. If there is no
    such place, try the same with each value that contains this value, from the innermost.
    """
    for length in range(len(pointer), 0, -1):
        above = pointer[:length]
        if above in places:
            return above
        for place in places:
            if place[:length] == above:
                return place
    return ()


def _text_pointers(form: Form) -> Iterator[Pointer]:
    """Yield the pointers of the form's texts, except further blocks (补充)."""
    yield form.lead.pointer
    for section in form.sections:
        yield from (text.pointer for text in section.texts if text.kind != "extra")


def _character(mark: Mark) -> str:
    return chr(min(_FIRST + mark.number, _LAST))


def _characters(marks: Iterable[Mark]) -> str:
    return "".join(map(_character, marks))


def _value(value: Value, marks: Sequence[Mark]) -> Value:
    """Return a value that is printed with its marks. A missing number is printed as a blank."""
    text = _unmarked(value.text)
    if isinstance(value, OpenValue) and value.is_blank:
        text = _GAP if value.is_missing else _BLANK
    note = _unmarked(value.note)
    return PrintedValue(value.number, note, value.written, text + _characters(marks))


def _with_marks(prose: Prose, marks: Sequence[Mark], source: Source) -> str:
    """Return the rendered text of `prose`, with the mark of each finding after the wrong words."""
    text = _unmarked(prose.rendered)
    at = [(_offset(text, prose, mark.finding.span, source), mark) for mark in marks]
    for offset, mark in sorted(at, key=lambda each: each[0], reverse=True):
        text = text[:offset] + _character(mark) + text[offset:]
    return text


def _offset(text: str, prose: Prose, span: Span, source: Source) -> int:
    """Return the position in `text` at which the mark of a finding is inserted.

    `span`: the span of the finding in the file. A mark that would come before the first word of a
    line is put at the end of the line.
    """
    written = source.offset_in_text(
        prose.pointer, prose.source_text, span.end_line, span.end_column
    )
    offset = prose.rendered_offset(written) if written is not None else 0
    if not text[text.rfind("\n", 0, offset) + 1 : offset].strip():
        blanks = len(text[offset:]) - len(text[offset:].lstrip())
        end = text.find("\n", offset + blanks)
        offset = end if end >= 0 else len(text.rstrip())
    line = text[:offset].rpartition("\n")[2]
    if line.lstrip().startswith("|") and line.rstrip().endswith("|"):
        offset -= len(line) - len(line.rstrip()) + 1  # within the last cell of a table
    return offset


def _unmarked(text: str) -> str:
    """Return a text with U+FFFD in place of each character that would be read as a mark."""
    return _MARKS.sub("\ufffd", text)
