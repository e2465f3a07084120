"""The command `serve`: show a live preview of reports, or of the site, in a browser."""

from __future__ import annotations

import os
import re
import signal
import sys
import threading
import webbrowser
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from nianbao.cli.commands.site import make_site
from nianbao.cli.exit_codes import report_bug
from nianbao.cli.printing import print_text
from nianbao.diagnostics.reporters import format_findings
from nianbao.errors import UsageError, UserError
from nianbao.parsing.reader import read_source
from nianbao.preview.server import PreviewServer
from nianbao.preview.site_server import SiteServer
from nianbao.preview.site_watcher import SiteWatcher
from nianbao.preview.store import PreviewStore
from nianbao.preview.watcher import watch
from nianbao.site.files import reject_other_files
from nianbao.workspace.discovery import find_reports

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nianbao.cli.commands.site import SiteOptions
    from nianbao.cli.console import Console
    from nianbao.preview.server import LocalServer

_HIGHEST_PORT = 65535


def serve(root: Path, names: tuple[str, ...], *, port: str, browse: bool, console: Console) -> int:
    """Serve web pages of reports and their findings until Ctrl-C.

    `names`: paths of report files or of folders with reports; () for all reports. If one of the
    files does not exist, print the finding of `check` and return 1. `port`: a port number in
    digits; 0 means any free port. `browse`: open a browser. Raises UsageError if `port` is not a
    port number.
    """
    number = _port_number(port)
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
            with _running(server, console, browse=browse):
                for changed in watch(store.file_stamps, stamps):
                    store.invalidate(changed)
        finally:
            store.close()
    return 0


def serve_site(
    root: Path, options: SiteOptions, *, port: str, browse: bool, console: Console
) -> int:
    """Serve the site until Ctrl-C, and write it again after each change.

    `options`: those of `site`; messages about each run go to the console. `port`, `browse`: see
    `serve`. Raises UsageError as `serve` does, and UserError if the folder can't be used.
    """
    number = _port_number(port)
    reject_other_files(options.folder)
    watched = SiteWatcher(root)
    stamps = watched.file_stamps()
    with (
        SiteServer(options.folder, number, partial(report_bug, console)) as server,
        _running(server, console, browse=browse),
    ):
        _write_site(root, options, console)
        server.update()
        for changed in watch(watched.file_stamps, stamps):
            watched.clear_caches(changed)
            _write_site(root, replace(options, quiet=True), console)
            server.update()
    return 0


def _write_site(root: Path, options: SiteOptions, console: Console) -> None:
    """Write the site; print what is wrong and go on, because the user is editing."""
    try:
        make_site(root, options=options, console=console)
    except UserError as error:
        console.warn(str(error))
    console.out.flush()


def _port_number(port: str) -> int:
    """Return a port number in digits as a number. Raises UsageError if it is none."""
    if not (re.fullmatch("[0-9]{1,5}", port) and int(port) <= _HIGHEST_PORT):
        raise UsageError(f"--port 要写 0 到 {_HIGHEST_PORT} 的整数，写的是“{port}”")
    return int(port)


@contextmanager
def _running(server: LocalServer, console: Console, *, browse: bool) -> Iterator[None]:
    """Answer requests while the `with` block runs, and print the address."""
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
