"""Define the errors that prevent an output."""

from __future__ import annotations

from nianbao.diagnostics.finding import Finding, Severity, Span


class PdfUnavailableError(Exception):
    """This machine can't make PDFs. The message, in Chinese, says what to install."""


class TemplateError(Exception):
    """A template can't be rendered. `path` and `line` say where; `message` says why, in Chinese."""

    def __init__(self, path: str, line: int, message: str) -> None:
        super().__init__(f"{path}:{line}: {message}")
        self.path = path
        self.line = line
        self.message = message

    def __reduce__(self) -> tuple[type[TemplateError], tuple[str, int, str]]:
        """Support pickling between processes."""
        return type(self), (self.path, self.line, self.message)

    def finding(self) -> Finding:
        """Return the error as a finding."""
        span = Span.at(self.line, 1)
        message = f"模板不能用：{self.message}"
        return Finding("S302", Severity.ERROR, self.path, span, (), message, "改这个模板")
