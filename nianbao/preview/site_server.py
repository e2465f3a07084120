"""Serve the files of the site, and reload open pages after each change."""

from __future__ import annotations

import threading
from http import HTTPStatus
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote_to_bytes

from nianbao.preview.server import HTML, TEXT, LocalHandler, LocalServer
from nianbao.site.addresses import HOME, NOT_FOUND
from nianbao.site.files import site_files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_EVENTS: Final = "~events"
_SCRIPT: Final = "~reload.js"
_PATIENCE: Final = 15  # seconds between two signs of life of the stream of events
# A page may load files from this server only. Pages of reports have their style in them; no page
# has a script in it, except JSON-LD, which is data.
POLICY: Final = (
    "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none';"
    " connect-src 'self'; img-src 'self' data:; script-src 'self';"
    " style-src 'self' 'unsafe-inline'"
)
_RELOAD: Final = f"""\
let shown;
new EventSource("/{_EVENTS}").onmessage = ({{data}}) => {{
  if (shown && shown !== data) location.reload();
  shown = data;
}};
"""
_TAG: Final = f'<script src="/{_SCRIPT}"></script>\n'.encode()
_EMPTY: Final = (
    '<!DOCTYPE html><html lang="zh-CN"><title>网站</title>'
    "<p>还没有做成，原因在终端里。改好以后这里自动更新。</p>\n"
)
_TYPES: Final = {
    ".html": HTML,
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".xml": "application/xml",
    ".pdf": "application/pdf",
    ".csv": "text/csv; charset=utf-8",
    ".md": TEXT,
    ".txt": TEXT,
}


class SiteServer(LocalServer):
    """Serves the files of a site from its folder."""

    def __init__(self, folder: Path, port: int, report_bug: Callable[[], None]) -> None:
        """Bind to the port; see LocalServer. There is no page before the first `update`."""
        self._folder = folder
        self._files: set[str] = set()
        self._version = 0
        self._changed = threading.Condition()
        super().__init__(port, _SiteHandler, report_bug)

    def update(self) -> None:
        """Read the list of the site's files again, and make open pages reload."""
        with self._changed:
            self._files = site_files(self._folder)
            self._version += 1
            self._changed.notify_all()

    # Only files in the list of the site's files are sent.
    def content(self, path: str) -> bytes | None:
        """Return the content of a file of the site; None if there is no such file.

        `path`: the path of the file in the folder of the site.
        """
        try:
            return (self._folder / path).read_bytes() if path in self._files else None
        except OSError:
            return None

    def wait_for_update(self, known: str) -> str | None:
        """Wait until the version of the site differs from `known`, and return the new version.

        Return None if nothing has changed after some seconds.
        """
        with self._changed:
            newer = self._changed.wait_for(lambda: str(self._version) != known, _PATIENCE)
            return str(self._version) if newer else None


class _SiteHandler(LocalHandler):
    server: SiteServer

    def answer(self, path: str) -> None:
        if path == _EVENTS:
            self.send_events(self.server.wait_for_update)
            return
        if path == _SCRIPT:
            self.send(HTTPStatus.OK, _TYPES[".js"], _RELOAD)
            return
        name = unquote_to_bytes(path).decode(errors="surrogateescape")
        name += HOME if not name or name.endswith("/") else ""
        content, status = self.server.content(name), HTTPStatus.OK
        if content is None and name != HOME:
            content, status, name = self.server.content(NOT_FOUND), HTTPStatus.NOT_FOUND, NOT_FOUND
        suffix = PurePosixPath(name).suffix
        if content is None:
            content, suffix = _EMPTY.encode(), ".html"
        if suffix == ".html":
            content += _TAG
        self.send(status, _TYPES.get(suffix, "application/octet-stream"), content, POLICY)
