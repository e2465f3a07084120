"""The command `serve`: show a live preview of reports in a browser on this machine."""

from __future__ import annotations

import os
import re
import signal
import sys
import threading
import webbrowser
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from nianbao.cli.exit_codes import report_bug
from nianbao.cli.printing import print_text
from nianbao.diagnostics.reporters import format_findings
from nianbao.errors import UsageError
from nianbao.parsing.reader import read_source
from nianbao.preview.server import PreviewServer
from nianbao.preview.store import PreviewStore
from nianbao.preview.watcher import watch
from nianbao.workspace.discovery import find_reports

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nianbao.cli.console import Console
    from nianbao.preview.server import LocalServer

_HIGHEST_PORT = 65535


def serve(root: Path, names: tuple[str, ...], *, port: str, browse: bool, console: Console) -> int:
    """Serve web pages of reports and their findings until Ctrl-C.

    `names`: report files or folders of reports; () for all reports.
    `port`: a port number in digits; 0 for any free port.
    `browse`: open a browser.

    Return 1 if a file in `names` does not exist. Raises UsageError if `port` is not a port number.
    Raises UserError if the port can't be used.
    """
    number = port_number(port)
    missing = tuple(name for name in names if name and not os.path.lexists(name))
    if missing:
        sources = [read_source(file.path, file.shown) for file in find_reports(root, missing)]
        findings = [finding for source in sources for finding in source.findings]
        print_text(format_findings(findings, {}, to="text", colour=console.colour), console)
        return 1
    store = PreviewStore(root, names)
    stamps = store.file_stamps()
    with PreviewServer(store, number, partial(report_bug, console)) as server:
        try:
            with running(server, console, browse=browse):
                for changed in watch(store.file_stamps, stamps):
                    store.invalidate(changed)
        finally:
            store.close()
    return 0


def port_number(port: str) -> int:
    """Convert the digits of a port number to an integer.

    Raises UsageError if the text is not a port number.
    """
    if not (re.fullmatch("[0-9]{1,5}", port) and int(port) <= _HIGHEST_PORT):
        raise UsageError(f"--port 要写 0 到 {_HIGHEST_PORT} 的整数，写的是“{port}”")
    return int(port)


@contextmanager
def running(server: LocalServer, console: Console, *, browse: bool) -> Iterator[None]:
    """Print the server's address, and answer requests while the `with` block runs.

    `browse`: open a browser.
    """
    # SIGTERM ends the server as Ctrl-C does, but with exit code 0.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
    try:
        console.print(f"预览在 {server.address}（按 Ctrl-C 结束）")
        console.out.flush()
        if browse:
            webbrowser.open(server.address)
        yield
    finally:
        server.shutdown()
