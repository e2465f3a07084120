"""The texts that all formats of changes share."""

from __future__ import annotations

import pytest

from nianbao.diff.formats.wording import title
from nianbao.diff.model import Change, Status


@pytest.mark.parametrize(
    ("old", "new", "revisions", "expected"),
    [
        ("HEAD:a.yaml", "a.yaml", ("HEAD", ""), "a.yaml：上次提交（HEAD） → 现在"),
        ("v1:a.yaml", "a.yaml", ("v1", ""), "a.yaml：版本（v1） → 现在"),
        ("a.yaml", "v1:a.yaml", ("", "v1"), "a.yaml：现在 → 版本（v1）"),
        ("v1:a.yaml", "HEAD:a.yaml", ("v1", "HEAD"), "a.yaml：版本（v1） → 上次提交（HEAD）"),
        ("HEAD:a.yaml", "b.yaml", ("HEAD", ""), "a.yaml：上次提交（HEAD） → b.yaml：现在"),
        ("a.yaml", "b.yaml", ("", ""), "a.yaml → b.yaml"),
        ("a.yaml", "a.yaml", ("", ""), "a.yaml"),
        (None, "a.yaml", ("", ""), "a.yaml"),
        (None, "v1:a.yaml", ("", "v1"), "a.yaml：版本（v1）"),
        ("HEAD:a.yaml", None, ("HEAD", ""), "a.yaml：上次提交（HEAD）"),
        ("a:b.yaml", "c\x1b.yaml", ("", ""), "a:b.yaml → c .yaml"),
    ],
)
def test_the_title_says_which_versions_are_compared(
    old: str | None, new: str | None, revisions: tuple[str, str], expected: str
) -> None:
    assert title(Change(old, new, Status.CHANGED, revisions=revisions)) == expected
