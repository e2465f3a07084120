"""Compare two versions of a Word file, and mark the differences as tracked changes."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from nianbao.diff.alignment import align, pair_rewrites
from nianbao.diff.model import RunKind
from nianbao.diff.words import Budget, compare_words
from nianbao.rendering.docx import find_look
from nianbao.rendering.docx.blocks import Block, DocxParagraph, DocxRow, DocxTable, Revision, Run
from nianbao.rendering.docx.content import document_blocks
from nianbao.rendering.docx.package import properties_of, write_package

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from nianbao.diff.alignment import Pair
    from nianbao.rendering.document import Document


def render_tracked(old: Document, new: Document, templates: Path) -> bytes:
    """Return a Word file of the new version with tracked changes.

    `templates`: the repository's templates folder.

    Raises TemplateError if the letterhead in this folder can't be used. Raises UserError if
    python-docx, which reads the letterhead, is not installed.
    """
    look = find_look(templates)
    line = look.characters_per_line
    versions = [list(document_blocks(document, line)) for document in (old, new)]
    return write_package(tracked_blocks(*versions), look, properties_of(new))


def tracked_blocks(old: Sequence[Block], new: Sequence[Block]) -> list[Block]:
    """Return the content of both versions, with marked insertions and deletions.

    Runs (pieces of text), whole paragraphs or rows are marked.
    """
    # Without the insertions the text is that of the old version; without the deletions it is that
    # of the new version.
    budget = Budget()
    out: list[Block] = []
    for left, right in _aligned([*map(_text, old)], [*map(_text, new)], budget):
        if left is not None and right is not None:
            both = _compared(old[left], new[right], budget)
            if both is not None:
                out.append(both)
                continue
        # Changes inside the block can't be marked, such as in a paragraph of another style.
        out += [_whole(old[left], Revision.DELETED)] if left is not None else []
        out += [_whole(new[right], Revision.INSERTED)] if right is not None else []
    return out


def _aligned(old: Sequence[str], new: Sequence[str], budget: Budget) -> list[Pair]:
    return pair_rewrites(old, new, align(old, new, budget), frozenset())


def _text(block: Block | DocxRow) -> str:
    """Return the text by which a block or a row is aligned; a paragraph's style comes first."""
    if isinstance(block, DocxParagraph):
        return f"{block.style}:{block.text}"
    if isinstance(block, DocxRow):
        return "|".join(cell.paragraph.text for cell in block.cells)
    return "\n".join([block.title, *map(_text, block.rows)])


def _compared(old: Block, new: Block, budget: Budget) -> Block | None:
    """Return one block with the differences inside it; None if the two have different formats."""
    if isinstance(old, DocxParagraph) and isinstance(new, DocxParagraph):
        if (old.style, old.indent, old.is_rtl) == (new.style, new.indent, new.is_rtl):
            return _paragraph(old, new, budget)
    elif isinstance(old, DocxTable) and isinstance(new, DocxTable) and old.widths == new.widths:
        if [*map(_shape, old.rows)] == [*map(_shape, new.rows)]:
            rows = zip(old.rows, new.rows, strict=True)
            return new._replace(rows=tuple(_row(*pair, budget) for pair in rows))
        if not any(cell.merge for row in (*old.rows, *new.rows) for cell in row.cells):
            return new._replace(rows=tuple(_rows(old.rows, new.rows, budget)))
    return None


def _shape(row: DocxRow) -> tuple[tuple[int, str], ...]:
    return tuple((cell.span, cell.merge) for cell in row.cells)


def _rows(old: Sequence[DocxRow], new: Sequence[DocxRow], budget: Budget) -> Iterator[DocxRow]:
    """Yield the rows of both versions of a table without merged cells."""
    for left, right in _aligned([*map(_text, old)], [*map(_text, new)], budget):
        if left is not None and right is not None and _shape(old[left]) == _shape(new[right]):
            yield _row(old[left], new[right], budget)
        else:
            if left is not None:
                yield _whole_row(old[left], Revision.DELETED)
            if right is not None:
                yield _whole_row(new[right], Revision.INSERTED)


def _row(old: DocxRow, new: DocxRow, budget: Budget) -> DocxRow:
    return new._replace(
        cells=tuple(
            cell._replace(paragraph=_paragraph(before.paragraph, cell.paragraph, budget))
            for before, cell in zip(old.cells, new.cells, strict=True)
        )
    )


# ── runs


def _paragraph(old: DocxParagraph, new: DocxParagraph, budget: Budget) -> DocxParagraph:
    if old.runs == new.runs:
        return new
    return new._replace(runs=tuple(_runs(old.runs, new.runs, budget)))


def _runs(old: Sequence[Run], new: Sequence[Run], budget: Budget) -> Iterator[Run]:
    """Yield the runs of both versions; text whose format changed is deleted and inserted."""
    before, after = [*_characters(old)], [*_characters(new)]
    left = right = 0
    texts = ["".join(run.text for run in side) for side in (old, new)]
    for piece in compare_words(texts[0], texts[1], budget):
        length = len(piece.text)
        if piece.kind is RunKind.EQUAL:
            pairs = zip(before[left : left + length], after[right : right + length], strict=True)
            for is_same, group in groupby(pairs, lambda pair: _format(pair[0]) == _format(pair[1])):
                gone, come = zip(*group, strict=True)
                if not is_same:
                    yield from _joined(gone, Revision.DELETED)
                yield from _joined(come, Revision.NONE if is_same else Revision.INSERTED)
        elif piece.kind is RunKind.DELETE:
            yield from _joined(before[left : left + length], Revision.DELETED)
        else:
            yield from _joined(after[right : right + length], Revision.INSERTED)
        left += length * (piece.kind is not RunKind.INSERT)
        right += length * (piece.kind is not RunKind.DELETE)


def _characters(runs: Iterable[Run]) -> Iterator[Run]:
    for run in runs:
        yield from (run._replace(text=character) for character in run.text)


def _format(run: Run) -> tuple[str, str]:
    """Return the format of a run without its size, which depends on all numbers of a table."""
    return run.style, run.link


def _joined(characters: Iterable[Run], revision: Revision) -> Iterator[Run]:
    for form, group in groupby(characters, lambda run: run._replace(text="")):
        yield form._replace(text="".join(run.text for run in group), revision=revision)


# ── what is on one side only


def _whole(block: Block, revision: Revision) -> Block:
    if isinstance(block, DocxTable):
        return block._replace(rows=tuple(_whole_row(row, revision) for row in block.rows))
    return _whole_paragraph(block, revision)._replace(revision=revision)


def _whole_row(row: DocxRow, revision: Revision) -> DocxRow:
    cells = tuple(
        cell._replace(paragraph=_whole_paragraph(cell.paragraph, revision)) for cell in row.cells
    )
    return row._replace(cells=cells, revision=revision)


def _whole_paragraph(paragraph: DocxParagraph, revision: Revision) -> DocxParagraph:
    return paragraph._replace(runs=tuple(run._replace(revision=revision) for run in paragraph.runs))
