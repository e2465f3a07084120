"""Explain unknown and missing keys, and suggest the key that was probably meant."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nianbao.diagnostics.finding import MAX_FINDINGS, Finding, Pointer, Problem
from nianbao.model.numbers import QUOTES
from nianbao.model.schema import edition_schema, editions, holds_cells
from nianbao.model.validator import missing_key
from nianbao.parsing.typos import explain_key
from nianbao.utils.suggestions import closest
from nianbao.utils.text import join_first

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jsonschema import ValidationError

    from nianbao.checks.structure.messages import FindingFactory


class KeyChecker:
    """Makes the findings about the keys of one report.

    Call `unknown_keys` first: `missing_keys` leaves out the keys that are only misspelt.
    """

    def __init__(self, findings: FindingFactory) -> None:
        self._findings = findings
        self._intended: set[Pointer] = set()
        self._explained = 0

    def unknown_keys(
        self, pointer: Pointer, mapping: Mapping[str, object], known: list[str]
    ) -> Iterator[Finding]:
        """Yield a finding for each key of the mapping at `pointer` that is not in `known`.

        `known`: the keys that the form allows in this mapping.
        """
        previous: object = None
        for key, value in mapping.items():
            if key not in known:
                after_text = value is None and isinstance(previous, str) and previous != "/"
                if after_text and explain_key(key, value, known) is None:
                    message = f"文字里的半角逗号把“{key}”分成了另一项"
                    problem = Problem(message, "给这段文字加上引号，或改用全角逗号“，”")
                    yield self._findings.at_key("S104", (*pointer, key), problem)
                else:
                    yield self._unknown_key(pointer, key, mapping, known)
            previous = value

    def _unknown_key(
        self, pointer: Pointer, key: str, mapping: Mapping[str, object], known: list[str]
    ) -> Finding:
        typo = explain_key(key, mapping[key], known)
        if typo is not None:
            # A number without a key can belong to any known key.
            more = [each for each in known if f"{each}：" in key] if typo.intended else known
            self._intended.update((*pointer, each) for each in (typo.intended, *more))
            problem = replace(typo.problem, column=typo.offset + 1)
            return self._findings.at_key("S104", (*pointer, key), problem)
        return self._findings.at_key(
            "S102", (*pointer, key), self._explain(pointer, key, mapping, known)
        )

    def _explain(
        self, pointer: Pointer, key: str, mapping: Mapping[str, object], known: list[str]
    ) -> Problem:
        """Explain an unknown key that has no typing error in its characters.

        It may be a needless level, a key of another edition, or similar to a known key.
        """
        value = mapping[key]
        where = f"“{self._findings.label_of(pointer)}”里" if pointer else ""
        bare = key.strip(QUOTES)
        if bare != key and bare in known and bare not in mapping:
            self._intended.add((*pointer, bare))
            return Problem(f"{where}没有“{key}”这个键", f"去掉引号，写成“{bare}”", replacement=bare)
        # Searching is slow: search only for findings within the limit, which are shown.
        self._explained += 1
        search = self._explained <= MAX_FINDINGS
        if isinstance(value, dict) and value and all(inner in known for inner in value):
            self._intended.update((*pointer, inner) for inner in value)
            return Problem(
                f"{where}多了“{key}”这一层", f"去掉它，把里面的{join_first(value)}写到外面"
            )
        if search and (edition := self._edition_with(pointer, key)):
            return Problem(f"{where}的“{key}”是 {edition} 年格式的，这个格式没有", "删掉它")
        similar = self._most_similar(pointer, key, mapping, known) if search else ""
        if similar and similar not in mapping:
            self._intended.add((*pointer, similar))
        help_ = f"是不是“{similar}”？" if similar else f"这里可以写：{join_first(known)}"
        return Problem(f"{where}没有“{key}”这个键", help_)

    def _edition_with(self, pointer: Pointer, key: str) -> int | None:
        """Return another edition in which `key` is allowed at this pointer, or None."""
        form = self._findings.form
        others = [each for each in editions() if each != form.edition] if form else []
        with_key = (each for each in others if key in edition_schema(each).properties_at(pointer))
        return next(with_key, None)

    def _most_similar(
        self, pointer: Pointer, key: str, mapping: Mapping[str, object], known: list[str]
    ) -> str:
        """Return the known key that is most similar to `key`, or "" if none is similar enough.

        A known key is also similar if its label is similar.
        """
        labels = {self._label((*pointer, each)): each for each in known}
        absent = [each for each in known if each not in mapping]
        absent_labels = [label for label, each in labels.items() if each not in mapping]
        for candidates in (absent, absent_labels, known):
            if near := closest(key, candidates, 0.5):
                return labels.get(near, near)
        return ""

    def _label(self, pointer: Pointer) -> str:
        return self._findings.label_of(pointer).split(" › ")[-1]

    def deleted_group(self, missing: Pointer, first: Pointer) -> Finding:
        """Return the finding about a group whose key was deleted without its content.

        The content is then part of the group above.

        `missing`: the pointer of the deleted key.
        `first`: the pointer of the first key of the content.
        """
        self._intended.add(missing)
        message = f"“{self._findings.label_of(missing)}”这一行没有了，它的内容并到了上一组里"
        problem = Problem(message, f"在这一行前面补上“{missing[-1]}:”")
        return self._findings.at_key("S101", first, problem)

    def missing_keys(self, pointer: Pointer, errors: list[ValidationError]) -> Iterator[Finding]:
        """Yield one finding that lists the keys missing at a pointer.

        Nothing is yielded if `unknown_keys` has explained all of them.

        `errors`: the errors about keys missing at this pointer; at least one.
        """
        schema: Any = errors[0].schema
        keys = {missing_key(error) for error in errors}
        keys -= {key for key in keys if (*pointer, key) in self._intended}
        order = [*schema.get("properties", {}), *sorted(keys)]
        shown = []
        for key in sorted(keys, key=order.index):
            label = self._label((*pointer, key))
            shown.append(f"“{label}”" if label == key else f"“{label}”（键“{key}”）")
        if shown:
            where = f"“{self._findings.label_of(pointer)}”" if pointer else "报告"
            in_table = pointer and "x-section" not in schema and holds_cells(schema)
            help_ = "补上；没有就填 0，不适用填 /" if in_table else "补上"
            problem = Problem(f"{where}缺少{join_first(shown)}", help_)
            yield self._findings.at_key("S101", pointer, problem)
