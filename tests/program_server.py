"""Run `build.py` in a fork of a process that has loaded the program.

Starting Python and loading the program takes a quarter of a second, and the tests run the program
many hundred times. The fork is a process of its own, with its own folder, environment, output and
exit code, as after a usual start.

Run as a script, this file is the server: it waits for requests on the socket with the number
`argv[1]`, and forks for each.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import pkgutil
import runpy
import signal
import socket
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parent.parent
# The largest request in bytes.
_LIMIT = 1 << 17


def run_in_fork(
    arguments: list[str],
    cwd: Path,
    environment: Mapping[str, str],
    encoding: str,
    timeout: float,
) -> subprocess.CompletedProcess[str]:
    """Run `build.py` in a fork, with the result of `subprocess.run`, on Linux.

    Raises TimeoutError after `timeout` seconds.
    """
    request = json.dumps([arguments, str(cwd), dict(environment)]).encode()
    with (
        tempfile.TemporaryFile("w+", encoding=encoding) as output,
        tempfile.TemporaryFile("w+", encoding=encoding) as errors,
    ):
        server = _server()
        try:
            server.connection.settimeout(timeout)
            socket.send_fds(server.connection, [request], [output.fileno(), errors.fileno()])
            code = int(server.connection.recv(_LIMIT))
        except BaseException:
            server.stop()
            _server.cache_clear()
            raise
        output.seek(0)
        errors.seek(0)
        return subprocess.CompletedProcess(arguments, code, output.read(), errors.read())


class _Server:
    """The process of the server, and the connection to it."""

    def __init__(self) -> None:
        self.connection, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with other:
            self._process = subprocess.Popen(
                [sys.executable, __file__, str(other.fileno())],
                env={"PATH": os.environ["PATH"], "PYTHONUTF8": "1", "LC_ALL": "C.UTF-8"},
                pass_fds=[other.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        atexit.register(self.stop)

    def stop(self) -> None:
        """Kill the server and the run that it waits for."""
        self.connection.close()
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


_server = cache(_Server)


# ── the server


def _load_program() -> None:
    """Load every module and what they load when they run; fill the caches of schema.json."""
    import nianbao
    from nianbao.checks.checker import check_file
    from nianbao.workspace.discovery import ReportFile
    from nianbao.workspace.settings import Settings

    for module in pkgutil.walk_packages(nianbao.__path__, "nianbao."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    seed = ROOT / "reports" / "2022.yaml"
    check_file(ReportFile(seed, "reports/2022.yaml", Path("2022")), Settings())


def _wait_for_request(connection: socket.socket) -> list[str]:
    """Fork for each request, and return its arguments in the fork, which is set up for it."""
    while True:
        request, files, _, _ = socket.recv_fds(connection, _LIMIT, 2)
        if not request:
            sys.exit()
        process = os.fork()
        if process == 0:
            connection.close()
            for number, file in enumerate(files, 1):
                os.dup2(file, number)
                os.close(file)
            arguments: list[str]
            arguments, folder, environment = json.loads(request)
            os.chdir(folder)
            os.environ.clear()
            os.environ.update(environment)
            return arguments
        for file in files:
            os.close(file)
        status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        connection.send(str(status).encode())


def _serve(number: int) -> None:
    code: object = 1  # after a traceback

    # At exit Python clears a thousand loaded modules, which takes longer than most runs. What is
    # registered first is called last, so the program's own exit functions have run by then.
    def exit_at_once() -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else 1)

    atexit.register(exit_at_once)
    sys.path[0] = str(ROOT)  # as `python build.py` sets it
    _load_program()
    gc.freeze()
    program = str(ROOT / "build.py")
    sys.argv = [program, *_wait_for_request(socket.socket(fileno=number))]
    try:
        runpy.run_path(program, run_name="__main__")
    except SystemExit as ended:
        code = ended.code
        raise


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
