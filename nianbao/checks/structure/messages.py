"""Make the findings about structure, with the labels of the form in their messages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nianbao.diagnostics.finding import Edit, Finding, Pointer, Problem, Severity, Span

if TYPE_CHECKING:
    from nianbao.model.form import Form
    from nianbao.model.source import Source


@dataclass(frozen=True, slots=True)
class FindingFactory:
    """Makes the findings about one source.

    `form`: the form of the report's edition, or None if the edition is unknown.
    """

    source: Source
    form: Form | None

    def label_of(self, pointer: Pointer) -> str:
        """Return the label of a value after the labels above it: 三、… › （一）予以公开."""
        names = self.form.labels(pointer) if self.form else map(str, pointer)
        return " › ".join(names)

    def at_key(self, rule: str, pointer: Pointer, problem: Problem) -> Finding:
        """Return an error at the key of a value.

        If the value has no key, the error is at the value. If the problem has a `column`, the error
        is only at that part of the key.
        """
        location = self.source.location_of(pointer)
        span = location.key_or_value
        quoted = self.source.text_at(span)[:1] in ("'", '"')
        if problem.column:
            span = Span.at(span.line, span.column + problem.column - 1, problem.length)
        if quoted:  # the column is that without the quotes
            problem = replace(problem, replacement=None)
        return self._finding(rule, pointer, span, problem)

    def at_value(self, rule: str, pointer: Pointer, problem: Problem) -> Finding:
        """Return an error at the whole value at `pointer`."""
        # The column and the length of the problem are those of a part of a key.
        return self._finding(rule, pointer, self.source.location_of(pointer).value, problem)

    def _finding(self, rule: str, pointer: Pointer, span: Span, problem: Problem) -> Finding:
        path, error = self.source.path, Severity.ERROR
        edits: tuple[Edit, ...] = ()
        if problem.replacement is not None and span.line == span.end_line:
            edits = (Edit(span, problem.replacement),)
        return Finding(rule, error, path, span, pointer, problem.message, problem.help, edits=edits)
