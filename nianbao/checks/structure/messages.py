"""Findings of structure, told in the form's words at the place of a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.diagnostics.finding import Finding, Pointer, Severity

if TYPE_CHECKING:
    from nianbao.model.form import Form
    from nianbao.model.source import Source


@dataclass(frozen=True, slots=True)
class FindingFactory:
    """Makes findings of a source; `form` is None where its edition is not known."""

    source: Source
    form: Form | None

    def label_of(self, pointer: Pointer) -> str:
        """The place in the form's words: 三、… › （一）予以公开 › 自然人."""
        names = self.form.labels(pointer) if self.form else map(str, pointer)
        return " › ".join(names)

    def finding(
        self, rule: str, pointer: Pointer, message: str, mend: str, *, at_value: bool = False
    ) -> Finding:
        """A finding at a key, or at the value where there is none."""
        mark = self.source.location_of(pointer)
        span = mark.value if at_value else mark.key_or_value
        return Finding(rule, Severity.ERROR, self.source.path, span, pointer, message, mend)
