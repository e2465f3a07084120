"""The server of the preview: pages over HTTP, to this machine alone.

A browser on this machine may also show pages of strangers, which can send requests here. They can't
read an answer, as no header allows it, unless they pass themselves off as this server, so only its
own name is answered; and nothing can be done here but look.
"""

from __future__ import annotations

import os
import secrets
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote_to_bytes, urlsplit

from nianbao.errors import UserError
from nianbao.preview.store import PreviewStore, StoreClosedError
from nianbao.preview.views import address, list_page, report_page
from nianbao.utils.os_errors import describe_os_error

if TYPE_CHECKING:
    from collections.abc import Callable

HOST: Final = "127.0.0.1"
HTML: Final = "text/html; charset=utf-8"
TEXT: Final = "text/plain; charset=utf-8"
# Seconds after which a client that says nothing, or has gone, is left.
_PATIENCE: Final = 15
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-DNS-Prefetch-Control": "off",
}
# Of a page of ours: its own style and script, the report in its frame, and nothing else.
_OURS: Final = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
    " connect-src 'self'; frame-src 'self'; img-src data:;"
    " script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'"
)
# What a report is put into, and its policy: the template may be a stranger's. Its looks, no script,
# nothing from elsewhere.
FRAME: Final = '<!DOCTYPE html><html lang="zh-CN"><title>年报</title></html>\n'
REPORTS: Final = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self';"
    " font-src data:; img-src data:; style-src 'unsafe-inline'; sandbox allow-same-origin"
)
NOTHING: Final = "default-src 'none'; frame-ancestors 'none'"


class PreviewServer(ThreadingHTTPServer):
    """Serves the proofs of a desk at a port of this machine; 0 is one that is free."""

    daemon_threads = True

    def __init__(self, desk: PreviewStore, port: int, bug: Callable[[], None]) -> None:
        """`bug` is called where a request brings a bug to light, its exception being handled.

        Raises UserError.
        """
        self.store = desk
        self._bug = bug
        try:
            super().__init__((HOST, port), _Handler)
        except OSError as error:
            raise UserError(
                f"用不了端口 {port}：{describe_os_error(error)}。换一个，或者不写"
            ) from error

    def server_bind(self) -> None:
        """Take the port; the library would also ask the network what this machine is called."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, self.server_address[1]

    @property
    def address(self) -> str:
        """Where the preview is."""
        return f"http://{HOST}:{self.server_port}/"

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002
        """Tell a bug; a browser that hangs up in the middle is none."""
        import sys

        if not isinstance(sys.exception(), OSError):
            self._bug()


class _Handler(BaseHTTPRequestHandler):
    server: PreviewServer
    timeout = _PATIENCE

    def do_GET(self) -> None:
        if not self._is_for_us():
            self._send(HTTPStatus.FORBIDDEN, TEXT, f"预览在 {self.server.address}\n")
            return
        kind, _, encoded = urlsplit(self.path).path.removeprefix("/").partition("/")
        # A name is looked up among those of the reports; no path of the machine comes of it.
        name = os.fsdecode(unquote_to_bytes(encoded))
        desk = self.server.store
        proof = desk.snapshot(name) if name else None
        if kind == "events" and (proof or not name):
            self._events(name)
        elif not kind and len(desk.reports) == 1:
            self._send(HTTPStatus.FOUND, TEXT, "", location=f"/report/{address(desk.reports[0])}")
        elif not kind or (kind == "report" and proof):
            nonce = secrets.token_urlsafe(16)
            reports = desk.reports
            if proof:
                page = report_page(name, proof, reports, nonce)
            else:
                page = list_page(reports, desk.version(""), nonce)
            self._send(HTTPStatus.OK, HTML, page, _OURS.format(nonce=nonce))
        elif kind == "page" and proof and proof.page:
            # Only shown within the frame, by our own script.
            self._send(HTTPStatus.OK, TEXT, proof.page)
        elif kind == "frame" and not encoded:
            self._send(HTTPStatus.OK, HTML, FRAME, REPORTS)
        else:
            self._send(HTTPStatus.NOT_FOUND, TEXT, f"这里没有东西。预览在 {self.server.address}\n")

    def _is_for_us(self) -> bool:
        """Whether the request names this server: a stranger's domain may lead to this machine."""
        port = self.server.server_port
        ours = {f"{name}:{port}" for name in (HOST, "localhost")}
        if port == 80:
            ours |= {HOST, "localhost"}
        return self.headers.get_all("Host", []) in [[name] for name in ours]

    def _events(self, name: str) -> None:
        """Say the version of a proof now and whenever there is another, until the client goes."""
        self._head(HTTPStatus.OK, "text/event-stream", NOTHING)
        seen = ""
        while True:
            try:
                version = self.server.store.wait_for_update(name, seen, _PATIENCE)
            except StoreClosedError:
                return
            # A line that says nothing shows whether anybody still listens.
            self.wfile.write(f"data: {version}\n\n".encode() if version else b":\n\n")
            seen = version or seen

    def _send(
        self,
        status: int,
        kind: str,
        content: str | bytes,
        policy: str = NOTHING,
        location: str = "",
    ) -> None:
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
        """Answer what is no request for a page; the library says 501 to every method but GET."""
        wrong_method = code == HTTPStatus.NOT_IMPLEMENTED
        self._send(HTTPStatus.METHOD_NOT_ALLOWED if wrong_method else code, TEXT, "")

    def version_string(self) -> str:
        """How the server calls itself."""
        return "nianbao"

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
        """Keep quiet: the terminal is for what concerns the reports."""
