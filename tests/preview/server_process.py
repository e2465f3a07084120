"""The preview's server as a user starts it, for the tests."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from tests.support import ROOT, clean_environment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATIENCE = 60


@dataclass(frozen=True, slots=True)
class Served:
    """A running server: where it is, and its process."""

    address: str
    process: subprocess.Popen[str]

    @property
    def port(self) -> int:
        """The port of the server."""
        port = urlsplit(self.address).port
        assert port
        return port

    def report(self, name: str = "reports/2022.yaml") -> str:
        """The address of the page of a report."""
        return f"{self.address}report/{quote(name)}"

    def get(
        self, path: str, method: str = "GET", headers: dict[str, str] | None = None
    ) -> tuple[http.client.HTTPResponse, str]:
        """An answer of the server, and its text."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, headers=headers or {})
            answer = connection.getresponse()
            return answer, answer.read().decode()
        finally:
            connection.close()

    def stop(self, signal_: int) -> tuple[int, str]:
        """End the server by a signal; its exit code, and what it printed to stderr."""
        self.process.send_signal(signal_)
        _, said = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, said


@contextmanager
def serving(root: Path, *arguments: str, program: Path = ROOT / "build.py") -> Iterator[Served]:
    """Run `serve` in a repository, and end it."""
    # A shell that runs the tests in the background has them, and so the server, ignore SIGINT.
    attended = None if os.name == "nt" else partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    process = subprocess.Popen(
        [sys.executable, str(program), "serve", *arguments],
        cwd=root,
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        preexec_fn=attended,
    )
    with process:
        assert process.stdout
        reported = process.stdout.readline()
        try:
            found = re.fullmatch(
                r"预览在 (http://127\.0\.0\.1:[0-9]+/)（按 Ctrl-C 结束）\n", reported
            )
            assert found, reported + process.communicate(timeout=PATIENCE)[1]
            yield Served(found[1], process)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                process.communicate(timeout=PATIENCE)
