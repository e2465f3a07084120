"""The marker of text that `new` has copied from an earlier report and that must be rewritten."""

from __future__ import annotations

from typing import Final

DRAFT_MARK: Final = "待定稿"
