"""Read a report from Markdown as this program, GitHub or pandoc writes it."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Final

from nianbao.importing.limits import refuse_size
from nianbao.importing.readers.builder import DocumentBuilder, GridCell, rows_to_cells
from nianbao.importing.readers.charset import decode_text
from nianbao.importing.readers.grids import character_columns, drawn_lines, grid_cells

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nianbao.importing.document import SourceDocument

# Python-Markdown is not used: it renumbers lists, drops text (indented lines, [1]: notes), does not
# support the tables of pandoc, and gives no line numbers.
_MAX_LINES: Final = 50_000
_MAX_LINE: Final = 200_000
_MAX_MARKS: Final = 400  # in a paragraph: more are no emphasis, and take quadratic time
_QUOTE: Final = re.compile(r"^ {0,3}(?:> ?)+")
_HEADING: Final = re.compile(r" {0,3}(#{1,6})(?:[ \t]|$)")
_UNDERLINE: Final = re.compile(r" {0,3}(=+|-+)[ \t]*$")
_RULE: Final = re.compile(r" {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$")
_FENCE: Final = re.compile(r" {0,3}(`{3,}|~{3,})")
_DIV: Final = re.compile(r" {0,3}:{3,}.*$")
_ITEM: Final = re.compile(r"\s*([-*+]|[0-9]{1,9}[.)])[ \t]+(?=\S)(.*)$")
_DEFINITION: Final = re.compile(r" {0,3}\[[^\]\[^]+\]:\s*\S+")
_ATTRIBUTES: Final = re.compile(r"\{[#.][^{}]*\}$")
_DELIMITERS: Final = re.compile(r"\s*+\|?\s*+:?-++:?\s*+(?:\|\s*+:?-++:?\s*+)*+\|?\s*+$")
_DASHES: Final = re.compile(r"\s*-{2,}(?:\s+-{2,})+\s*$")
_FULL_DASHES: Final = re.compile(r"\s*-{10,}\s*$")
_BLOCK_HTML: Final = re.compile(
    r" {0,3}</?(table|div|p|section|article|header|ul|ol|dl|h[1-6]|center|blockquote|figure|pre"
    r"|html|body|colgroup|tbody|thead|tr|td|style|script)\b",
    re.IGNORECASE,
)
_COMMENT: Final = re.compile(r"\s*<!--")
_STOP: Final = re.compile(r"[。！？：；]$")
_START: Final = re.compile(r"[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．]|注[：:]|附件")
_CHINESE: Final = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef“”‘’…—]")
_FRONT_TITLE: Final = re.compile(r"title:\s*[\"']?(.*?)[\"']?\s*$")

# An escaped character, a span of code, or a run of ` that opens none.
_LITERAL: Final = re.compile(r"\\([!-/:-@\[-`{-~])|(`+)(?!`)([^\0]*?[^`])\2(?!`)|`+")
_ESCAPED: Final = re.compile(r"\\([!-/:-@\[-`{-~])")
_ADDRESS: Final = re.compile(r"<((?:https?://|mailto:)[^\s<>]+|[^\s<>@/]+@[^\s<>@/]+)>")
_TAG: Final = re.compile(r"</?[a-zA-Z][^<>]*>")
_INNER_COMMENT: Final = re.compile(r"<!--.*?-->")
_LINK: Final = re.compile(
    r"(!?)\[([^\[\]]*)\](?:\((?:<[^<>]*>|[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)(?:\s+\"[^\"]*\")?\)|\{[^{}]*\})"
)
_RAISED: Final = re.compile(r"<sup>(\d+)</sup>|\^(\d+)\^")
_SUPERSCRIPTS: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
# What programs that convert spreadsheets with pandas write for a blank cell.
_NO_TEXT: Final = re.compile(r"\A(?:NaN|Unnamed: [0-9]+(?:_level_[0-9]+)?)\Z")
_STRUCK: Final = re.compile(r"~~(?=\S)(.+?)~~|<(?:del|s)>(.+?)</(?:del|s)>")
_STARS: Final = re.compile(r"(\*{1,3})(?=\S)(.+?)(?<=\S)\1(?!\*)", re.DOTALL)
_BARS: Final = re.compile(r"(?<!\w)(_{1,3})(?=\S)(.+?)(?<=\S)\1(?!\w)", re.DOTALL)
# Escaped characters become lone surrogates, which no decoded text contains, and come back last.
_HIDE: Final = 0xDC00
_HIDDEN: Final = {_HIDE + code: code for code in range(128)}


def read_markdown(data: bytes) -> SourceDocument:
    """Return the paragraphs and tables of a Markdown file.

    Raises UserError if the file is empty or too large.
    """
    text, warning = decode_text(data)
    lines = text.split("\n")
    if len(lines) > _MAX_LINES or max(map(len, lines)) > _MAX_LINE:
        raise refuse_size(f"文本超过 {_MAX_LINES} 行，或一行超过 {_MAX_LINE} 字")
    builder = DocumentBuilder()
    if warning:
        builder.add_remark(warning)
    _MarkdownReader(lines, builder).read()
    return builder.build("markdown")


class _MarkdownReader:
    """Reads the lines of a Markdown file into a document, block by block.

    Positions are indexes of lines. A method for one kind of block gets the position at which the
    block begins. It returns the position after the block, or 0 if the block is of another kind.
    """

    def __init__(self, lines: Sequence[str], builder: DocumentBuilder) -> None:
        self.lines = [_QUOTE.sub("", line) for line in lines]
        self._builder = builder
        self._no_grid = 0  # where lines that look drawn, but are no table, end

    def read(self) -> None:
        """Add all blocks to the document."""
        position = self._front_matter()
        while position < len(self.lines):
            position = self._block(position)

    def _block(self, start: int) -> int:
        """Add the block of any kind that begins at `start`; return the position after it."""
        line = self.lines[start]
        if not line.strip() or _DIV.match(line) or _DEFINITION.match(line):
            return start + 1
        for reader in (self._fence, self._html, self._grid, self._pipes, self._dashes):
            if end := reader(start):
                return end
        if _RULE.match(line):
            return start + 1
        if found := _HEADING.match(line):
            self._add(_heading_text(line[found.end() :]), start, len(found[1]))
            return start + 1
        return self._paragraph(start)

    def _add(self, text: str, start: int, level: int = 0) -> None:
        self._builder.add_paragraph(self._plain(text, start), start + 1, level)

    def _front_matter(self) -> int:
        """Skip the metadata at the beginning of the file, except the title.

        Return the position after the metadata.
        """
        if self.lines[0].startswith("% "):
            self._add(self.lines[0][2:], 0, 1)
            return 1
        if not re.fullmatch(r"---\s*", self.lines[0]):
            return 0
        for end, line in enumerate(self.lines[1:100], 1):
            if re.fullmatch(r"(?:---|\.\.\.)\s*", line):
                for number, each in enumerate(self.lines[1:end], 1):
                    if found := _FRONT_TITLE.match(each):
                        self._add(found[1], number, 1)
                self._builder.add_remark("文件开头两条 --- 之间除标题外没有读入", 1)
                return end + 1
        return 0

    def _paragraph(self, start: int) -> int:
        """Add a paragraph, a list item or an underlined heading; return the position after it."""
        item = _ITEM.match(self.lines[start])
        mark = ""
        text = self.lines[start].lstrip()
        if item:
            mark, text = ("- " if item[1] in "-*+" else f"{item[1]} "), item[2]
        lines = [text]
        end = start + 1
        while end < len(self.lines) and not self._interrupts(end):
            if not item and (found := _UNDERLINE.match(self.lines[end])) and end == start + 1:
                self._add(_heading_text(text), start, 1 if found[1][0] == "=" else 2)
                return end + 1
            lines.append(self.lines[end].lstrip())
            end += 1
        self._builder.add_paragraph(mark + self._plain(_joined(lines), start), start + 1)
        return end

    def _interrupts(self, position: int) -> bool:
        line = self.lines[position]
        if not line.strip() or _HEADING.match(line) or _ITEM.match(line) or _FENCE.match(line):
            return True
        if _BLOCK_HTML.match(line) or _DIV.match(line):
            return True
        if position >= self._no_grid and drawn_lines(self.lines, position):
            return True
        if _RULE.match(line) and not _UNDERLINE.match(line):
            return True
        return bool(self._pipe_rows(position))

    def _fence(self, start: int) -> int:
        """Add the lines between two fences (```) as plain text.

        Return the position after the second fence, or 0 if there is no fence at `start`.
        """
        from nianbao.importing.readers.text import add_text

        if not (found := _FENCE.match(self.lines[start])):
            return 0
        end = start + 1
        while end < len(self.lines) and not self.lines[end].lstrip().startswith(found[1]):
            end += 1
        add_text(self._builder, "\n".join(self.lines[start + 1 : end]), start + 1)
        return end + 1

    def _html(self, start: int) -> int:
        """Add a block of HTML. A table ends with its end tag, other blocks before an empty line.

        Return the position after the block, or 0 if there is no HTML at `start`.
        """
        from nianbao.importing.readers.html import add_blocks, page_blocks, parse_html

        line = self.lines[start]
        end = start + 1
        if _COMMENT.match(line):
            while end < len(self.lines) and "-->" not in self.lines[end - 1]:
                end += 1
            return end
        if not (found := _BLOCK_HTML.match(line)):
            return 0
        tag = found[1].lower()
        if tag in ("table", "pre", "style", "script"):
            open_tags = self._opened(start, tag)
            while end < len(self.lines) and open_tags > 0:
                open_tags += self._opened(end, tag)
                end += 1
        else:
            while end < len(self.lines) and self.lines[end].strip():
                end += 1
        page = page_blocks(parse_html(f"<body>{chr(10).join(self.lines[start:end])}</body>"))
        add_blocks(self._builder, page, start + 1)
        return end

    def _opened(self, position: int, tag: str) -> int:
        line = self.lines[position].lower()
        return line.count(f"<{tag}") - line.count(f"</{tag}")

    # ── tables

    def _grid(self, start: int) -> int:
        length = drawn_lines(self.lines, start) if start >= self._no_grid else 0
        cells = grid_cells(self.lines[start : start + length], start + 1) if length else []
        if not cells:
            self._no_grid = max(self._no_grid, start + length)
            return 0
        self._builder.add_table(map(self._plain_cell, cells), start + 1)
        return start + length

    def _plain_cell(self, cell: GridCell) -> GridCell:
        return cell._replace(text=self._plain(_joined(cell.text.split("\n")), cell.line - 1))

    def _pipe_rows(self, start: int) -> int:
        """Return the number of lines of the pipe table that begins at `start`, or 0."""
        lines = self.lines[start : start + 2]
        if len(lines) < 2 or "|" not in lines[0] or "|" not in lines[1]:
            return 0
        if not _DELIMITERS.match(lines[1]):
            return 0
        end = start + 2
        while end < len(self.lines) and "|" in self.lines[end]:
            end += 1
        return end - start

    def _pipes(self, start: int) -> int:
        length = self._pipe_rows(start)
        if not length:
            return 0
        rows = []
        for position in (start, *range(start + 2, start + length)):
            line = re.sub(r"^\||(?<!\\)\|$", "", self.lines[position].strip())
            texts = re.split(r"(?<!\\)\|", line)
            plain = (self._plain(text.strip(), position) for text in texts)
            rows.append([(_NO_TEXT.sub("", text), position + 1) for text in plain])
        ragged = len(set(map(len, rows))) > 1
        self._builder.add_table(rows_to_cells(rows), start + 1, ragged=ragged)
        return start + length

    def _dashes(self, start: int) -> int:
        """Add a table of pandoc in which a line of dashes under the head marks the columns.

        In a table that begins with a line of dashes, empty lines separate the rows. Return the
        position after the table, or 0 if there is none at `start`.
        """
        lines = self.lines
        framed = bool(_FULL_DASHES.match(lines[start]))
        head = start + framed
        dashes = head
        while dashes < len(lines) and dashes < head + 6 and not _DASHES.match(lines[dashes]):
            if not lines[dashes].strip():
                return 0
            dashes += 1
        if dashes >= len(lines) or not _DASHES.match(lines[dashes]):
            return 0
        closed = framed or dashes == head
        end = dashes + 1
        while end < len(lines) and (lines[end].strip() or closed) and not _is_dashed(lines[end]):
            end += 1
        if closed and end == len(lines):
            return 0
        body = range(dashes + 1, end)
        rows = [range(head, dashes)] if dashes > head else []
        blank = [position for position in body if not lines[position].strip()]
        if blank:
            bounds = zip([dashes, *blank], [*blank, end], strict=True)
            rows += [range(left + 1, right) for left, right in bounds if right > left + 1]
        else:
            rows += [range(position, position + 1) for position in body]
        self._builder.add_table(self._sliced(rows, dashes), start + 1)
        return end + closed

    def _sliced(self, rows: Sequence[range], dashes: int) -> list[GridCell]:
        starts = [found.start() for found in re.finditer(r"-+", self.lines[dashes])]
        bounds = list(zip([0, *starts[1:]], [*starts[1:], None], strict=True))
        cells = []
        for number, lines in enumerate(rows):
            columns = [character_columns(self.lines[line]) for line in lines]
            for column, (left, right) in enumerate(bounds):
                parts = ["".join(line[left:right]).strip() for line in columns]
                text = "\n".join(part for part in parts if part)
                cell = GridCell(text, number, column, line=lines[0] + 1)
                cells.append(self._plain_cell(cell))
        return cells

    # ── texts

    def _plain(self, text: str, position: int) -> str:
        """Return a text without the marks of Markdown. `position`: its line, for remarks."""
        pattern = _LITERAL if text.count("`") <= _MAX_MARKS else _ESCAPED
        text = pattern.sub(_protected, text)
        if text.count("<s>") + text.count("<del>") <= _MAX_MARKS:
            for struck in _STRUCK.findall(text):
                message = f"划去的文字没有读入：{''.join(struck)[:40]}"
                self._builder.add_remark(message, position + 1)
            text = _STRUCK.sub("", text)
        text = re.sub(r"<br\s*/?>", "\n", text, flags=re.IGNORECASE)
        text = _RAISED.sub(lambda found: (found[1] or found[2]).translate(_SUPERSCRIPTS), text)
        if text.count("<!--") <= _MAX_MARKS:
            text = _INNER_COMMENT.sub("", text)
        text = _TAG.sub("", _ADDRESS.sub(r"\1", text))
        for _ in range(3):
            text = _LINK.sub(lambda found: self._link_text(found, position), text)
        if text.count("*") + text.count("_") <= _MAX_MARKS:
            for pattern in (_STARS, _BARS):
                for _ in range(3):
                    text = pattern.sub(r"\2", text)
        text = "\n".join(
            " ".join(re.split(r"[ \t]+", line)) for line in html.unescape(text).split("\n")
        )
        return text.translate(_HIDDEN)

    def _link_text(self, found: re.Match[str], position: int) -> str:
        if not found[1]:
            return found[2]
        name = f"“{found[2][:40]}”" if found[2] else ""
        self._builder.add_remark(f"图片{name}里的文字没有读入", position + 1)
        return ""


def _is_dashed(line: str) -> bool:
    return bool(_DASHES.match(line) or _FULL_DASHES.match(line))


def _protected(found: re.Match[str]) -> str:
    """Return an escape or code in characters that can't be read as marks of Markdown."""
    if found[1]:
        return chr(_HIDE + ord(found[1]))
    if found.re is _LITERAL and found[3]:
        code = found[3]
        # One blank at both ends parts code that begins or ends with ` from its marks.
        padded = code[0] == code[-1] == " " and code.strip()
        plain = code[1:-1] if padded else code
        return "".join(chr(_HIDE + ord(char)) if char.isascii() else char for char in plain)
    return found[0]


def _heading_text(text: str) -> str:
    """Return the text of a heading without the # at its end and without pandoc's attributes."""
    text = _ATTRIBUTES.sub("", text.strip()).rstrip()
    bare = text.rstrip("#")
    return bare.rstrip() if not bare or bare[-1] in " \t" else text


def _joined(lines: Sequence[str]) -> str:
    """Join the lines of a paragraph, because Markdown breaks a line only at a mark.

    A line break after a full stop or before a numbered line is kept, because it was intended.
    """
    text = []
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        follows = following.strip()
        # An even number of \\ is escaped ones.
        marked = bool(follows) and (len(line) - len(line.rstrip("\\"))) % 2 == 1
        is_broken = marked or line.endswith("  ")
        bare = (line[:-1] if marked else line).strip()
        text.append(bare)
        if not bare or not follows:
            continue
        if is_broken or _STOP.search(bare) or _START.match(follows):
            text.append("\n")
        elif not (_CHINESE.match(bare[-1]) and _CHINESE.match(follows[0])):
            text.append(" ")
    return "".join(text)
