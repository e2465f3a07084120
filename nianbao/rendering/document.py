"""Build the content of a report, in the order of the form, for the templates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import quote

from nianbao.model.report import BLOCK_KEYS
from nianbao.rendering.line_breaking import SIGNATURE_WIDTH, balance_lines, is_date_longer
from nianbao.rendering.table_notes import is_below, place_notes
from nianbao.rendering.tables import FlatTable, Table, flatten_table, layout_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from nianbao.diagnostics.finding import Finding, Pointer
    from nianbao.model.form import Section, TextField
    from nianbao.model.report import Report
    from nianbao.workspace.settings import Settings
    from nianbao.workspace.style import Style

_DIGITS = "零一二三四五六七八九"
# By the suffix of an output: what its link says, and its media type.
_FILES: Final = {
    "pdf": ("PDF", "application/pdf"),
    "docx": ("Word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "md": ("Markdown", "text/markdown"),
    "json": ("JSON", "application/json"),
    "csv": ("CSV", "text/csv"),
}


class FileLink(NamedTuple):
    """A link from the web page of a report to another output.

    `href`: the relative URL.
    `label`: the text of the link, in Chinese.
    `media_type`: the media type of the output.
    """

    href: str
    label: str
    media_type: str


@dataclass(frozen=True, slots=True)
class SitePage:
    """The place of a report's web page in a site of many reports.

    `top`: the relative address of the site's folder: "" or "../".
    `unit`: the relative address of the unit's page.
    `canonical`: the full address of the report's page, or "".
    `files`: the suffixes of further outputs in the same folder, such as pdf.
    """

    top: str
    unit: str
    canonical: str = ""
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A heading and the prose below it.

    `title`: the heading, or "".
    `text`: the prose, as Markdown.
    """

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section of a report: prose, tables and notes.

    `id`: the id of the section in HTML.
    `blocks`: the prose of the section.
    `flat_tables`: the tables without merged cells, for Markdown.
    `notes`: the notes under the tables.
    """

    id: str
    title: str
    blocks: tuple[Block, ...]
    tables: tuple[Table, ...]
    flat_tables: tuple[FlatTable, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """The content of a report, ready to be printed.

    `title`: the lines of the title.
    `title_lines`: the lines of the title in the PDF, where long lines are broken.
    `body`: the name of the reporting body.
    `number`: the document number (文号), or "".
    `date`: the date of the signature (成文日期).
    `signed`: this date in Chinese.
    `signature`: the name of the body, broken into lines for the PDF.
    `date_is_longer`: True if `signed` is wider than `body`.
    `lead`: the introduction (引言), as Markdown.
    `contact`: the address for questions (联系方式), or "".
    `meta`: name and content of each meta tag of the web page.
    `style`: the look of the web page.
    `files`: the links from the web page to further outputs.
    `has_salutation`: True if `lead` begins with a salutation, as in a letter.
    """

    title: tuple[str, ...]
    title_lines: tuple[str, ...]
    body: str
    year: int
    number: str
    date: date
    signed: str
    signature: tuple[str, ...]
    date_is_longer: bool
    lead: str
    sections: tuple[SectionView, ...]
    contact: str
    meta: tuple[tuple[str, str], ...]
    style: Style
    files: tuple[FileLink, ...] = ()
    has_salutation: bool = False


def file_label(suffix: str) -> str:
    """Return the text of a link to the output with this suffix."""
    return _FILES[suffix][0]


def file_links(name: str, suffixes: Iterable[str]) -> tuple[FileLink, ...]:
    """Return a link to the output of a report for each suffix.

    `name`: the file name of the outputs, without suffix.
    """
    encodable = name.encode(errors="surrogateescape")
    return tuple(FileLink(f"./{quote(encodable)}.{suffix}", *_FILES[suffix]) for suffix in suffixes)


def build_document(report: Report, settings: Settings, waived: Sequence[Finding] = ()) -> Document:
    """Build the document of a report.

    `settings`: gives defaults for optional keys of the report.
    `waived`: the findings that the report waives; their notes are printed under the tables.
    """
    data = report.data
    sections = []
    tables = 0
    for index, section in enumerate(report.form.sections, 1):
        grids = section.grids
        values, notes = place_notes(report, section, waived)
        sections.append(
            SectionView(
                f"s{index}",
                section.title,
                tuple(_blocks(report, section)),
                tuple(
                    layout_table(grid, values, f"t{tables + offset}", name)
                    for offset, (grid, name) in enumerate(
                        zip(grids, section.table_names, strict=True), 1
                    )
                ),
                tuple(flatten_table(grid, values) for grid in grids),
                notes,
            )
        )
        tables += len(grids)
    signed = chinese_date(report.signed)
    return Document(
        report.title,
        tuple(line for part in report.title for line in balance_lines(part)),
        report.body,
        report.year,
        data.get("文号", ""),
        report.signed,
        signed,
        balance_lines(report.body, SIGNATURE_WIDTH),
        is_date_longer(report.body, signed),
        _text(report, report.form.lead.pointer),
        tuple(sections),
        data.get("联系方式", settings.contact),
        tuple(_meta(report, settings)),
        settings.style,
    )


def _text(report: Report, pointer: Pointer) -> str:
    prose = report.texts.get(pointer)
    return prose.rendered if prose else ""


def _blocks(report: Report, section: Section) -> Iterator[Block]:
    """Yield the blocks of a section that have prose."""
    titled = sum(text.kind == "block" for text in section.texts)
    for text in section.texts:
        if text.kind == "extra":
            yield from _further(report, text, titled)
        elif text.pointer in report.texts:
            yield Block(text.title if text.kind == "block" else "", _text(report, text.pointer))


def _further(report: Report, text: TextField, number: int) -> Iterator[Block]:
    """Yield the further blocks (补充). `number`: how many numbered blocks come before them."""
    items = sorted({p[: len(text.pointer) + 1] for p in report.texts if is_below(p, text.pointer)})
    for pointer in items:
        number += 1
        title, prose = (_text(report, (*pointer, key)) for key in BLOCK_KEYS)
        yield Block(text.numbering.format(chinese_number(number)) + title, prose)


def _meta(report: Report, settings: Settings) -> Iterator[tuple[str, str]]:
    """Yield name and content of the meta tags of 《政府网站发展指引》（国办发〔2017〕47号）."""
    site = {**settings.site, **report.data.get("网站", {})}
    published = report.data.get("发布日期", report.signed.isoformat())
    site.setdefault("ContentSource", report.body)
    own: Mapping[str, str] = {"ArticleTitle": "".join(report.title), "PubDate": published}
    yield from [*site.items(), *own.items()]


def chinese_date(day: date) -> str:
    """Return a date as 2023年1月31日, without leading zeros (GB/T 9704-2012 7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


def chinese_number(number: int) -> str:
    """Return 1–99 as Chinese numerals: 六, 十一, 二十; larger numbers in digits."""
    if number > 99:
        return str(number)
    tens, ones = divmod(number, 10)
    words = ("" if tens == 1 else _DIGITS[tens]) + "十" if tens else ""
    return words + (_DIGITS[ones] if ones else "")
