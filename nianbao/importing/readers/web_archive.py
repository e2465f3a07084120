"""Find the page in a web archive (.mht, MIME after RFC 2557)."""

from __future__ import annotations

import email
import email.policy
from typing import Final

from nianbao.errors import UserError
from nianbao.importing.limits import refuse_size

# Python's parser keeps every line, and reads each part once more for every part around it.
_MAX_LINES: Final = 1_000_000
_MAX_BOUNDARIES: Final = 2_000
_PAGES: Final = ("text/html", "application/xhtml+xml")


def page_of_archive(data: bytes) -> tuple[str, bytes]:
    """Return the charset and the bytes of the first page in a web archive.

    The charset is "" if the archive does not name it.

    Raises UserError if there is no page, or if the archive is too large.
    """
    if data.count(b"\n") > _MAX_LINES or data.count(b"\n--") > _MAX_BOUNDARIES:
        raise refuse_size("网页归档里的内容太多")
    try:
        archive = email.message_from_bytes(data, policy=email.policy.compat32)
    except RecursionError:
        raise refuse_size("网页归档套得太深") from None
    for part in archive.walk():
        page = part.get_payload(decode=True) if part.get_content_type() in _PAGES else None
        if isinstance(page, bytes) and page:
            return str(part.get_content_charset() or ""), page
    raise UserError("网页归档里没有网页。在浏览器里重新保存，再导入")
