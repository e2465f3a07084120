"""Assign the paragraphs of a report to the text fields of the form."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from nianbao.importing.document import NOTES, Place, SourceParagraph, SourceTable
from nianbao.importing.doubts import Doubt, quoted
from nianbao.importing.matching.blocks import NOTE
from nianbao.importing.matching.labels import block_names, form_labels
from nianbao.importing.matching.outline import Line, Outline, Part, without_number
from nianbao.importing.readers.builder import SUPERSCRIPTS
from nianbao.importing.vocabulary import NUMBERING, guessed_key, vocabulary, words
from nianbao.model.numbers import chinese_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nianbao.diagnostics.finding import Pointer
    from nianbao.importing.document import SourceCell
    from nianbao.importing.matching.blocks import Block
    from nianbao.importing.matching.figures import Figures
    from nianbao.importing.matching.labels import FormLabels
    from nianbao.model.form import Form, Section, TextField

_LONGEST_HEADING: Final = 30
_SECOND_LEVEL = re.compile(
    r"\s*(?:[(（]|第)\s*(?P<number>[一二三四五六七八九十]{1,3})\s*[)）节]\s*[、.．]?\s*"
)
_DECIMAL = re.compile(r"\s*[0-9]{1,2}[.．][0-9]{1,2}\s*[、.．]?\s*(?=\D)")  # 1.2 依申请公开
_RUN_IN = re.compile(r"(?P<head>[^。：:；，,\n]{2,24})[。：:]")
_FIRSTLY = re.compile(r"^[一二三四五六]是")
# A note that begins with the mark that a cell has: ① and the like.
_MARKED_NOTE = re.compile(rf"\s*[①-⑳※{SUPERSCRIPTS}]")
# 统计表, 续表, or the unit over a table, where it is that of the form.
_SMALL_PRINT = re.compile(
    r"(?:情况)?统计表|[(（]?\s*(?:续表?\s*[一二三四0-9]?|(?:计量|数量)?单位\s*[:：]\s*(?:件|条|宗|项|万元|[、，,/\s])+)[)）]?"
)
# What may precede the title of a section in the caption of its table: 表2 2022年.
_CAPTION = re.compile(
    r"\s*(?:附?表\s*[0-9一二三四]{0,2}|附件?\s*[0-9]?)?\s*[:：、.．]?\s*(?:20[0-9]{2}\s*年度?)?"
)
_LONGEST_REPEATED = 200  # characters of a merged cell
_NOTE_NUMBER = re.compile(r"\s*[(（]?[0-9]{1,2}\s*[.、．)）]\s*(?![0-9])")


@dataclass(slots=True)
class Texts:
    """The prose of a report.

    `lines`: the lines of each text by pointer, including additions (补充) and notes (注).
    `doubts`: the doubts about reading the prose.
    """

    lines: dict[Pointer, list[Line]] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)

    def add(self, pointer: Pointer, text: str, place: Place) -> None:
        """Append the non-blank lines of `text` to the prose at `pointer`.

        `place`: the place of the text in the source document.
        """
        for line in text.split("\n"):
            if line.strip():
                self.lines.setdefault(pointer, []).append(Line(line.strip(), place))

    def add_table(self, pointer: Pointer, table: SourceTable) -> None:
        """Append a table, as Markdown, to the prose at `pointer`.

        Two tables that follow each other are separated by a blank line.
        """
        before = self.lines.get(pointer)
        if before and before[-1].text.startswith("|"):
            before.append(Line("", table.place))
        self.add(pointer, _pipe_table(table), table.place)


def read_texts(outline: Outline, form: Form, figures: Figures) -> Texts:
    """Return the prose of a report.

    Tables that are not in the form become prose.

    `figures`: the numbers that were read from the tables of the form.
    """
    texts = Texts()
    for paragraph in outline.lead:
        texts.add(form.lead.pointer, paragraph.text, paragraph.place)
    sections = {section.key: section for section in form.sections}
    of_table = {
        id(table.table): sections[str(table.readings[0].target.pointer[0])]
        for table in figures.tables
        if table.readings
    }
    blocks = _Blocks(texts, form)
    for part in outline.parts:
        _read_part(part, of_table, blocks)
    return texts


def _read_part(part: Part, of_table: dict[int, Section], blocks: _Blocks) -> None:
    section = part.section
    if section is None:
        assert part.heading is not None
        title = without_number(part.heading.text)
        message = f"格式里没有这一部分：{quoted(part.heading.text)}，放进了补充"
        blocks.start_extra(title, part.heading.place, message)
        for block in part.blocks:
            blocks.add(block)
        return
    after_table = False
    pending: list[Block] = []
    if any(text.kind == "block" for text in section.texts):
        blocks.start(section)
    for block in part.blocks:
        home = of_table.get(id(block)) if isinstance(block, SourceTable) else None
        if home is not None:
            _flush(pending, section, blocks, after_table=after_table)
            pending = []
            section, after_table = home, True
        else:
            pending.append(block)
    _flush(pending, section, blocks, after_table=after_table)


def _flush(
    pending: Sequence[Block], section: Section, blocks: _Blocks, *, after_table: bool
) -> None:
    """Add the blocks in `pending`, which stand before or after a table, to texts of `section`.

    `after_table`: True if they stand after the table; some of them may be notes.
    """
    if not section.grids:
        if any(text.kind == "block" for text in section.texts):
            for block in pending:
                blocks.add(block)
        else:
            for block in pending:
                blocks.add_plain(section.texts[0], block)
        return
    in_notes = False
    # A caption of a web page, which office programs print, names the section too.
    titles = {words(section.title), *(words(section.title + grid.title) for grid in section.grids)}
    titles |= {words(grid.title) for grid in section.grids if grid.title}
    for block in pending:
        text = block.text.strip() if isinstance(block, SourceParagraph) else ""
        if text and (
            words(_CAPTION.sub("", text, count=1)) in titles
            or _SMALL_PRINT.fullmatch(text)
            or blocks.labels.is_group(text)
        ):
            continue
        if isinstance(block, SourceTable) and blocks.labels.has_only_labels(block):
            continue  # the head of a table, once more
        note = NOTE.match(text)
        is_marked = _MARKED_NOTE.match(text) or (in_notes and _NOTE_NUMBER.match(text))
        is_note = note or is_marked or block.place.part in NOTES
        if after_table and section.notes and is_note:
            in_notes = True
            blocks.add_note(section.notes, text[note.end() :] if note else text, block.place)
            continue
        blocks.add_plain(section.texts[0], block)
        if isinstance(block, SourceTable):
            blocks.texts.doubts.append(_table_as_text(block, section, blocks.labels))
        elif after_table and text:
            message = f"原文在表的后面，放到了表前的说明里：{quoted(text)}"
            blocks.texts.doubts.append(Doubt(section.texts[0].pointer, block.place, message))


def _table_as_text(table: SourceTable, section: Section, labels: FormLabels) -> Doubt:
    """Return the doubt about a table that is not read, at the table of the form that it may be."""
    there = {name for cell in table.cells for name in labels.lookup(cell.text)}
    own = {grid.pointer: set[str]() for grid in section.grids}
    for cell in labels.cells:
        if cell.grid.pointer in own:
            own[cell.grid.pointer].update(cell.labels)
    pointer = max(own, key=lambda each: len(own[each] & there))
    shown = " ".join(cell.text.strip() for cell in table.cells if cell.text.strip())
    message = f"有一张表没有认出来，里面的数没有读入，作为文字放进了说明：{quoted(shown)}"
    return Doubt(pointer, table.place, message, shown)


class _Blocks:
    """Assigns the text of 总体情况 to its blocks (（一）…（五）) and further blocks.

    It also collects the texts of other sections.
    """

    def __init__(self, texts: Texts, form: Form) -> None:
        self.texts = texts
        self.labels = form_labels(form.edition)
        self.section = next(
            section
            for section in form.sections
            if any(text.kind == "block" for text in section.texts)
        )
        self.extra = next(text for text in self.section.texts if text.kind == "extra")
        self._lead = next(text for text in self.section.texts if text.kind == "lead")
        self._pointer = self._lead.pointer
        self._number = 0
        self._extras = 0
        self._notes: Counter[Pointer] = Counter()
        self._names = block_names(form)
        self._blocks = sum(text.kind == "block" for text in self.section.texts)
        self._within = {
            words(name): text.pointer
            for text in self.section.texts
            for name in vocabulary()["blocks"].get(str(text.pointer[-1]), {}).get("within", ())
        }

    def start(self, section: Section) -> None:
        """Begin the section 总体情况. Text before its first block is its lead."""
        assert section.key == self.section.key
        self._pointer, self._number = self._lead.pointer, 0

    def start_extra(self, title: str, place: Place, message: str) -> None:
        """Begin a further block. `message`: the doubt about it, in Chinese, or ""."""
        pointer = (*self.extra.pointer, self._extras)
        self._extras += 1
        self.texts.add((*pointer, "标题"), title, place)
        self._pointer = (*pointer, "正文")
        if message:
            self.texts.doubts.append(Doubt(pointer, place, message))

    def add(self, block: Block) -> None:
        """Add a paragraph or a table to the current block; a heading begins another block."""
        if isinstance(block, SourceTable):
            self.texts.add_table(self._pointer, block)
            return
        text = block.text.strip()
        numbered = _SECOND_LEVEL.match(text)
        number = numbered or NUMBERING.match(text) or _DECIMAL.match(text)
        rest = text[number.end() :] if number else text
        run_in = _RUN_IN.match(rest)
        standalone = len(rest) <= _LONGEST_HEADING and words(rest) in self._names
        known = self._names.get(words(rest)) if standalone else None
        if known is None and run_in:
            known = self._names.get(words(_FIRSTLY.sub("", run_in["head"])))
        if known is None and numbered:
            known, standalone = self._guess(rest, run_in)
        if known is not None and (number or standalone or not self.texts.lines.get(known)):
            self._pointer = known
            self._number = _ordinal(numbered, self._number)
            if not standalone:
                self.texts.add(known, rest, block.place)
        elif words(rest) in self._within:
            self._number = _ordinal(numbered, self._number)
            self._pointer = self._within[words(rest)]
            self.texts.add(self._pointer, rest, block.place)
            if numbered:
                message = f"原文另列为一块：{quoted(text)}，并入这里"
                self.texts.doubts.append(Doubt(self._pointer, block.place, message))
        elif numbered and self._is_further(numbered, rest):
            self._number = chinese_value(numbered["number"])
            head = run_in["head"] if run_in else rest
            further = self._number > self._blocks  # as the form numbers further blocks
            name = quoted(text[: numbered.end()] + head)
            message = "" if further else f"五方面以外的一块：{name}，放进了补充"
            self.start_extra(head.strip("。：: "), block.place, message)
            if run_in:
                self.texts.add(self._pointer, rest[run_in.end() :], block.place)
        else:
            self.texts.add(self._pointer, text, block.place)

    def _guess(self, rest: str, run_in: re.Match[str] | None) -> tuple[Pointer | None, bool]:
        """Return the block whose listed words a numbered heading contains, or None.

        The second value is True if no text follows the heading in its paragraph. `rest`: the
        paragraph without the number. `run_in`: the heading, if text follows it.
        """
        head = run_in["head"] if run_in else rest
        if len(head) > _LONGEST_HEADING or words(head) in self._within:
            return None, False
        key = guessed_key(words(head), "blocks")
        return (*self.section.texts[0].pointer[:1], key) if key else None, run_in is None

    def _is_further(self, numbered: re.Match[str], rest: str) -> bool:
        """Return True if a heading (六) that the form lacks continues the numbers of the blocks.

        The report may lack blocks of the form before this heading.
        """
        short = len(rest) <= _LONGEST_HEADING and not re.search("[。；，]", rest.rstrip("。"))
        following = self._number + 1, max(self._number, self._blocks) + 1
        return chinese_value(numbered["number"]) in following and (
            short or _RUN_IN.match(rest) is not None
        )

    def add_plain(self, target: TextField, block: Block) -> None:
        """Add a paragraph or a table to a text field that is not divided into blocks."""
        if isinstance(block, SourceTable):
            self.texts.add_table(target.pointer, block)
        else:
            self.texts.add(target.pointer, block.text, block.place)

    def add_note(self, target: TextField, text: str, place: Place) -> None:
        """Add a note under a table; its number is removed."""
        bare = " ".join(_NOTE_NUMBER.sub("", text, count=1).split("\n"))
        self.texts.add((*target.pointer, self._notes[target.pointer]), bare, place)
        self._notes[target.pointer] += bool(bare.strip())


def _ordinal(numbered: re.Match[str] | None, current: int) -> int:
    return chinese_value(numbered["number"]) if numbered else current


def _pipe_table(table: SourceTable) -> str:
    """Return a table of prose in the Markdown of report files.

    Blank rows are left out. The text of a merged cell is repeated at each position. Only a long
    text is not: a page of text can be merged over thousands of positions.
    """
    lines = []
    for number, row in enumerate(table.matrix()):
        cells = [_text_at(cell, number, column) for column, cell in enumerate(row)]
        if number and not any(cells):  # the rest of a row that a page break cuts
            continue
        lines.append("| " + " | ".join(cells) + " |")
        if number == 0:
            lines.append("|" + " --- |" * len(row))
    return "\n".join(lines)


def _text_at(cell: SourceCell | None, row: int, column: int) -> str:
    """Return the text for one position of a pipe table, which `cell` covers."""
    is_repeated = cell and len(cell.text) <= _LONGEST_REPEATED
    if cell and (is_repeated or (row, column) == (cell.row, cell.column)):
        return " ".join(cell.text.split())
    return ""
