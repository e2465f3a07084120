"""Validators of Office files, applied to a Word file."""

from __future__ import annotations

import tempfile
from pathlib import Path

from ooxml_integrity import check
from openxml_audit import FileFormat, OpenXmlValidator


def faults(data: bytes) -> list[str]:
    """Return everything that openxml-audit and ooxml-integrity find in a Word file."""
    validator = OpenXmlValidator(file_format=FileFormat.MICROSOFT_365, max_errors=100)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "report.docx")
        file.write_bytes(data)
        result = validator.validate(file)
        return [*map(str, result.errors), *map(str, check(file))]
