"""Define doubts: values that an import could not read for sure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.importing.markdown import one_line
from nianbao.model.draft import DOUBT_MARK
from nianbao.utils.text import sanitize, shorten

if TYPE_CHECKING:
    from nianbao.diagnostics.finding import Pointer
    from nianbao.importing.document import Place
    from nianbao.model.form import Form

_LONGEST_VALUE = 40


@dataclass(frozen=True, slots=True)
class Doubt:
    """An uncertain part of an import, which a person must compare with the source document.

    `pointer`: the part of the report; () for the whole report.
    `place`: the place of this part in the source document.
    `message`: the action of the import, and why it may be wrong, in Chinese.
    `value`: the printed text at `place`, or "".
    `unclear`: True if the document is unclear; False if its numbers do not agree.
    """

    pointer: Pointer
    place: Place
    message: str
    value: str = ""
    unclear: bool = True

    def subject(self, form: Form) -> str:
        """Return the name of the part that the doubt is about, in the form's words.

        Return "" if the doubt is about the whole report.
        """
        return " › ".join(form.labels(self.pointer))

    @property
    def comment(self) -> str:
        """The doubt as a comment of a report file, in one line."""
        where = f"（{self.place}）" if str(self.place) else ""
        return f"{DOUBT_MARK}：{one_line(sanitize(self.message + where))}"


def quoted(text: str) -> str:
    """Return a text of the source document in quotation marks, in one line and shortened."""
    return f"“{shorten(' '.join(text.split()), _LONGEST_VALUE)}”"
