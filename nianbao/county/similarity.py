"""Find reports with similar texts by the checksums of short passages.

Words of the form and customary sentences are ignored.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from zlib import crc32

from nianbao.model.form import load_form
from nianbao.model.schema import editions, load_schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_CUSTOMARY: Final = Path(__file__).with_name("customary.txt")
_HAN: Final = "\u4e00-\u9fff\u3400-\u4dbf"
_BREAK: Final = re.compile(r"[。；;！？\n]")
# Texts are compared by shingles: runs of eight Chinese characters. Digits, punctuation, Latin
# letters and blanks are left out, so that a copy with other names and numbers has nearly all
# shingles of the original. A quarter of the shingles, chosen by their checksums, stands for all of
# them (A. Broder, On the resemblance and containment of documents, 1997). Therefore a report needs
# only some kilobytes, and the same reports always give the same result.
_SHINGLE: Final = 8  # characters
_SAMPLING: Final = 4  # one shingle in so many is kept
# Fewer samples than this, about a hundred characters of one's own, are too few to judge by.
MIN_SAMPLES: Final = 24
# What more than half of so many reports contain comes from a text that was given to all of them.
_MIN_REPORTS: Final = 8
_MAX_COUNTED: Final = 64
# Limits that keep time and memory linear in the number of reports: the samples that are indexed,
# and the reports with the same shingle that are all compared with each other.
_MAX_INDEXED: Final = 500_000
_MAX_OWNERS: Final = 8
_CANDIDATES: Final = 3


class Resemblance(NamedTuple):
    """A report, and the other report that is most similar to it.

    `report`, `other`: the indexes of the two reports among all compared reports.
    `share`: the part of the shorter text that both reports have, from 0 to 1.
    """

    report: int
    other: int
    share: float


class ComparedPassage(NamedTuple):
    """A passage that two texts share.

    `start`, `end`: the offsets of the passage in the first text.
    `other_start`, `other_end`: the offsets of the passage in the second text.

    Offsets are counted from 0; ends are exclusive.
    """

    start: int
    end: int
    other_start: int
    other_end: int


def sketch_texts(texts: Iterable[str]) -> array[int]:
    """Return the sketch of texts: checksums of some short passages, in ascending order.

    A passage is a run of eight Chinese characters.
    Words of the form and customary sentences are left out.
    """
    samples = {each for text in texts for part in _own_parts(text) for each in _sample(part)}
    return array("I", sorted(samples - _given_samples()))


def find_resemblances(sketches: Sequence[array[int]], threshold: float) -> Iterator[Resemblance]:
    """Yield each report that is similar to another, with the most similar other report.

    Passages that most reports have are ignored.

    `sketches`: the result of `sketch_texts` for each report.
    `threshold`: the lowest `Resemblance.share` of similar reports, from 0 to 1.
    """
    common = _common_samples(sketches)
    sizes = [len(sketch) - len(common.intersection(sketch)) for sketch in sketches]
    owners = _owners(sketches, common)
    for index, sketch in enumerate(sketches):
        if sizes[index] < MIN_SAMPLES:
            continue
        counts = Counter(
            other
            for sample in sketch
            for other in _neighbours(owners.get(sample, ()), index)
            if sizes[other] >= MIN_SAMPLES
        )
        own = set(sketch) - common
        alike = [
            Resemblance(index, other, len(own.intersection(sketches[other])) / smaller)
            for other, _ in counts.most_common(_CANDIDATES)
            if (smaller := min(sizes[index], sizes[other]))
        ]
        best = max(alike, key=lambda each: each.share, default=None)
        if best is not None and best.share >= threshold:
            yield best


def longest_passage(text: str, other: str) -> ComparedPassage | None:
    """Return the longest passage that two texts have in common.

    Only Chinese characters are compared. A passage has at least eight of them.

    Return None if the texts have no passage in common.
    """
    places, letters = _letters(text)
    other_places, other_letters = _letters(other)
    first: dict[str, int] = {}  # where the other text has a shingle
    for at in range(len(other_letters) - _SHINGLE + 1):
        first.setdefault(other_letters[at : at + _SHINGLE], at)
    length = best_length = best_end = 0  # runs of shingles that follow each other in both
    previous = best_other = -1
    for at in range(len(letters) - _SHINGLE + 1):
        found = first.get(letters[at : at + _SHINGLE], -1)
        length = 0 if found < 0 else length + 1 if found == previous + 1 and length else 1
        previous = found
        if length > best_length:
            best_length, best_end, best_other = length, at, found
    if not best_length:
        return None
    ends = (best_end + _SHINGLE - 1, best_other + _SHINGLE - 1)
    starts = (best_end - best_length + 1, best_other - best_length + 1)
    return ComparedPassage(
        places[starts[0]], places[ends[0]] + 1, other_places[starts[1]], other_places[ends[1]] + 1
    )


def _letters(text: str) -> tuple[list[int], str]:
    """Return the offset of each Chinese character of a text, and these characters as a string."""
    found = [(match.start(), match[0]) for match in re.finditer(f"[{_HAN}]", text)]
    return [place for place, _ in found], "".join(letter for _, letter in found)


def _own_parts(text: str) -> list[str]:
    """Return the Chinese characters of a text, split where sentences or words of the form end."""
    parted = _BREAK.sub("|", _labels().sub("|", text.replace("|", "")))
    return re.sub(f"[^{_HAN}|]+", "", parted).split("|")


def _sample(letters: str) -> Iterator[int]:
    """Yield the checksums of those shingles that are sampled. `letters`: Chinese characters."""
    written = letters.encode("utf-16-le")
    for at in range(0, len(written) - 2 * _SHINGLE + 1, 2):
        checksum = crc32(written[at : at + 2 * _SHINGLE])
        if checksum % _SAMPLING == 0:
            yield checksum


@cache
def _labels() -> re.Pattern[str]:
    """Return a pattern that matches the words of the form, preferring the longest one."""
    titles = {
        re.sub(f"[^{_HAN}]+", "", title) for edition in editions() for title in _titles(edition)
    }
    labels = sorted((title for title in titles if len(title) > 1), key=len, reverse=True)
    return re.compile("|".join(labels))


def _titles(edition: int) -> Iterator[str]:
    """Yield the headings of the sections, texts and tables of an edition."""
    for section in load_form(edition).sections:
        yield section.title
        yield from (text.title for text in section.texts)
        for row in section.rows:
            for heading in (*row.path, *(each for column in row.columns for each in column.path)):
                yield heading.title


@cache
def _given_samples() -> frozenset[int]:
    """Return the checksums of shingles that come from the form or from customary sentences."""
    customary = [
        part
        for line in _CUSTOMARY.read_text("utf-8").splitlines()
        if not line.startswith("#")
        for part in line.split("……")
    ]
    texts = (*_strings(load_schema()), *customary)
    return frozenset(each for text in texts for part in _own_parts(text) for each in _sample(part))


def _strings(node: Any) -> Iterator[str]:
    """Yield the keys and texts of a schema, at any depth."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for key, value in node.items():
            yield key
            yield from _strings(value)
    elif isinstance(node, list):
        for value in node:
            yield from _strings(value)


def _common_samples(sketches: Sequence[array[int]]) -> frozenset[int]:
    """Return the checksums that more than half of the reports have.

    Of many reports only some are examined.
    """
    if len(sketches) < _MIN_REPORTS:
        return frozenset()
    counted = sketches[:: -(-len(sketches) // _MAX_COUNTED)]
    counts = Counter(sample for sketch in counted for sample in sketch)
    return frozenset(sample for sample, count in counts.items() if 2 * count > len(counted))


def _owners(sketches: Sequence[array[int]], common: frozenset[int]) -> Mapping[int, Sequence[int]]:
    """Return, for each checksum that several reports have, the ascending indexes of these reports.

    `common`: checksums that are left out. If there are very many checksums, only every n-th is
    examined.
    """
    step = _SAMPLING * (1 + sum(map(len, sketches)) // _MAX_INDEXED)
    first: dict[int, int] = {}
    owners: dict[int, list[int]] = {}
    for index, sketch in enumerate(sketches):
        for sample in sketch:
            if sample % step == 0 and sample not in common:
                earlier = first.setdefault(sample, index)
                if earlier != index:
                    owners.setdefault(sample, [earlier]).append(index)
    return owners


def _neighbours(owners: Sequence[int], index: int) -> Iterator[int]:
    """Yield the indexes of the reports to compare with the report `index`.

    These are all of `owners`; if there are many of them, only those next to `index`.
    """
    if len(owners) <= _MAX_OWNERS:
        yield from (each for each in owners if each != index)
        return
    for before, after in pairwise(owners):
        if index in (before, after):
            yield after if index == before else before
