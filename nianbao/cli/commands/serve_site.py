"""The command `serve --site`: show the site in a browser, and write it again after each change."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from nianbao.cli.commands.serve import port_number, running
from nianbao.cli.commands.site import make_site
from nianbao.cli.exit_codes import report_bug
from nianbao.errors import UserError
from nianbao.preview.site_server import SiteServer
from nianbao.preview.site_watcher import SiteWatcher
from nianbao.preview.watcher import watch
from nianbao.site.files import reject_other_files

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.cli.commands.site import SiteOptions
    from nianbao.cli.console import Console


def serve_site(
    root: Path, options: SiteOptions, *, port: str, browse: bool, console: Console
) -> int:
    """Serve the site until Ctrl-C, and write the site again after each change.

    Findings and errors are printed each time the site is written.

    `options`: the options of the command `site`.
    `port`: a port number in digits; 0 for any free port.
    `browse`: open a browser.

    Raises UsageError if `port` is not a port number. Raises UserError if the folder or the port
    can't be used.
    """
    number = port_number(port)
    reject_other_files(options.folder)
    watched = SiteWatcher(root)
    stamps = watched.file_stamps()
    with (
        SiteServer(options.folder, number, partial(report_bug, console)) as server,
        running(server, console, browse=browse),
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
