"""End a process at a chosen file operation. Python imports this module in every process it starts.

With FAULTS_END_AT_LIMIT the process ends when a file would grow beyond the size limit of the
process, in the middle of a write; Python itself would ignore the signal of that limit.

With FAULTS_LOG a signal is sent before the file operation number FAULTS_STEP. All processes of a
command append one byte to this log for each operation that writes below FAULTS_FOLDERS, so the size
of the log is the number of operations so far.
"""

from __future__ import annotations

import os
import signal
import sys

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_EVENTS = frozenset({"os.rename", "os.link", "os.remove", "os.chmod", "os.mkdir"})


def _install(log: str, folders: list[str], step: int, number: int, *, group: bool) -> None:
    descriptor = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def on_event(event: str, arguments: tuple[object, ...]) -> None:
        if event not in _EVENTS and (event != "open" or not int(str(arguments[2])) & _WRITING):
            return
        path = arguments[0]
        if not isinstance(path, str | bytes | os.PathLike):
            return
        absolute = os.path.abspath(os.fsdecode(path))  # noqa: PTH100 - pathlib would call the hook
        if not any(absolute.startswith(folder) for folder in folders):
            return
        os.write(descriptor, b".")
        if os.fstat(descriptor).st_size == step:
            os.kill(0 if group else os.getpid(), number)

    sys.addaudithook(on_event)


if "FAULTS_END_AT_LIMIT" in os.environ:
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
if "FAULTS_LOG" in os.environ:
    _install(
        os.environ["FAULTS_LOG"],
        os.environ["FAULTS_FOLDERS"].split(os.pathsep),
        int(os.environ["FAULTS_STEP"]),
        int(os.environ["FAULTS_SIGNAL"]),
        group=os.environ["FAULTS_GROUP"] == "1",
    )
