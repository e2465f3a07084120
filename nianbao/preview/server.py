"""Serve the preview over HTTP, to this machine only.

A request is refused if its Host header contains another host.
"""

from __future__ import annotations

import secrets
import sys
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from nianbao.errors import UserError
from nianbao.preview.store import PreviewStore, StoreClosedError
from nianbao.preview.views import address, list_page, report_name, report_page
from nianbao.utils.os_errors import describe_os_error

if TYPE_CHECKING:
    from collections.abc import Callable

HOST: Final = "127.0.0.1"
HTML: Final = "text/html; charset=utf-8"
TEXT: Final = "text/plain; charset=utf-8"
# Seconds after which a silent connection is closed.
_PATIENCE: Final = 15
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-DNS-Prefetch-Control": "off",
}
# Policy of the preview's own pages: allow their style and script, and a frame for the report.
_OURS: Final = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
    " connect-src 'self'; frame-src 'self'; img-src data:;"
    " script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'"
)
# The empty page in the frame, into which a script puts the report, and its policy. A stranger may
# have written the template: styles are allowed, scripts and other addresses are not.
FRAME: Final = '<!DOCTYPE html><html lang="zh-CN"><title>年报</title></html>\n'
REPORTS: Final = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self';"
    " font-src data:; img-src data:; style-src 'unsafe-inline'; sandbox allow-same-origin"
)
NOTHING: Final = "default-src 'none'; frame-ancestors 'none'"


class LocalServer(ThreadingHTTPServer):
    """Serves pages at a port of this machine."""

    daemon_threads = True
    # On Windows this would let two servers have the same port.
    allow_reuse_address = sys.platform != "win32"
    # Number of connections that can wait to be accepted: enough for a browser with many pages.
    request_queue_size = 128

    def __init__(
        self, port: int, handler: type[LocalHandler], report_bug: Callable[[], None]
    ) -> None:
        """Bind to the port; 0 means any free port. Raises UserError if that fails.

        `report_bug`: is called while the exception of a failed request is being handled.
        """
        self._report_bug = report_bug
        try:
            super().__init__((HOST, port), handler)
        except OSError as error:
            raise UserError(
                f"用不了端口 {port}：{describe_os_error(error)}。换一个，或者不写"
            ) from error

    def server_bind(self) -> None:
        """Bind to the port; unlike the base class, make no DNS lookup."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, self.server_address[1]

    @property
    def address(self) -> str:
        """The URL of this server."""
        return f"http://{HOST}:{self.server_port}/"

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002
        """Report a bug; ignore errors of the connection, which a browser can close at any time."""
        if not isinstance(sys.exception(), OSError):
            self._report_bug()


# A stranger's web page that is open in a browser on this machine can send requests to this server.
# The page can't read the answers, because no header allows that, and no request changes anything.
# A stranger's domain may point to this machine (DNS rebinding); therefore the Host header must name
# this server.
class LocalHandler(BaseHTTPRequestHandler):
    """Answers requests whose Host header is this server's address; refuses all other requests."""

    server: LocalServer
    timeout = _PATIENCE

    def do_GET(self) -> None:
        """Answer a GET request; send code 403 if the Host header contains another host."""
        if self._is_for_us():
            self.answer(urlsplit(self.path).path.removeprefix("/"))
        else:
            self.send(HTTPStatus.FORBIDDEN, TEXT, f"预览在 {self.server.address}\n")

    def answer(self, path: str) -> None:
        """Send the content at a path.

        `path`: the path of the URL without the first slash, still percent-encoded.
        """
        raise NotImplementedError

    def send_not_found(self) -> None:
        """Send an answer with code 404: there is nothing at this address."""
        text = f"这里没有东西。预览在 {self.server.address}\n"
        self.send(HTTPStatus.NOT_FOUND, TEXT, text)

    def _is_for_us(self) -> bool:
        """Return True if the Host header names this server; this prevents DNS rebinding."""
        port = self.server.server_port
        ours = {f"{name}:{port}" for name in (HOST, "localhost")}
        if port == 80:
            ours |= {HOST, "localhost"}
        return self.headers.get_all("Host", []) in [[name] for name in ours]

    def send_events(self, wait: Callable[[str], str | None]) -> None:
        """Send a page's version now and after each change, until the client disconnects.

        `wait`: gets the version sent last, or ""; returns a new version, or None after a timeout.

        Return when `wait` raises StoreClosedError.
        """
        self._head(HTTPStatus.OK, "text/event-stream", NOTHING)
        known = ""
        while True:
            try:
                version = wait(known)
            except StoreClosedError:
                return
            # A comment line fails once the client has gone.
            self.wfile.write(f"data: {version}\n\n".encode() if version else b":\n\n")
            known = version or known

    def send(
        self,
        status: int,
        kind: str,
        content: str | bytes,
        policy: str = NOTHING,
        location: str = "",
    ) -> None:
        """Send an answer.

        `status`: its HTTP status code.
        `kind`: its content type.
        `policy`: its Content-Security-Policy.
        `location`: the address of a redirection, or "".
        """
        body = content if isinstance(content, bytes) else content.encode()
        more = {"Location": location} if location else {}
        self._head(status, kind, policy, {"Content-Length": str(len(body)), **more})
        self.wfile.write(body)

    def _head(
        self, status: int, kind: str, policy: str, more: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        policies = {"Content-Type": kind, "Content-Security-Policy": policy}
        for header, value in {**_HEADERS, **policies, **(more or {})}.items():
            self.send_header(header, value)
        self.end_headers()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002
        """Answer an invalid request with an error code and an empty body.

        `code`: the HTTP status code; 405 is sent instead of 501 (unknown method).
        """
        wrong_method = code == HTTPStatus.NOT_IMPLEMENTED
        self.send(HTTPStatus.METHOD_NOT_ALLOWED if wrong_method else code, TEXT, "")

    def version_string(self) -> str:
        """Return the value of the Server header, without version numbers."""
        return "nianbao"

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
        """Log nothing: the terminal is for messages about reports."""


class PreviewServer(LocalServer):
    """Serves the pages and findings of reports from a PreviewStore."""

    def __init__(self, store: PreviewStore, port: int, report_bug: Callable[[], None]) -> None:
        """Bind to the port; see LocalServer."""
        self.store = store
        super().__init__(port, _PreviewHandler, report_bug)


class _PreviewHandler(LocalHandler):
    server: PreviewServer

    def answer(self, path: str) -> None:
        """Send a page of the preview, or what a page asks for."""
        kind, _, encoded = path.partition("/")
        # The name is only looked up among the reports; it is never used as a path.
        name = report_name(encoded)
        store = self.server.store
        snapshot = store.snapshot(name) if name else None
        if kind == "events" and (snapshot or not name):
            self.send_events(partial(store.wait_for_update, name, timeout=_PATIENCE))
        elif not kind and len(store.reports) == 1:
            self.send(HTTPStatus.FOUND, TEXT, "", location=f"/report/{address(store.reports[0])}")
        elif not kind or (kind == "report" and snapshot):
            nonce = secrets.token_urlsafe(16)
            reports = store.reports
            if snapshot:
                page = report_page(name, snapshot, reports, nonce)
            else:
                page = list_page(reports, store.version(""), nonce, store.board())
            self.send(HTTPStatus.OK, HTML, page, _OURS.format(nonce=nonce))
        elif kind == "page" and snapshot and snapshot.page:
            # Send the page as text: the script of the outer page puts it into the frame.
            self.send(HTTPStatus.OK, TEXT, snapshot.page)
        elif kind == "frame" and not encoded:
            self.send(HTTPStatus.OK, HTML, FRAME, REPORTS)
        else:
            self.send_not_found()
