"""Read a file in a process of its own, which can be stopped.

A small file can make a library take gigabytes or hours.
"""

from __future__ import annotations

import faulthandler
import math
import mmap
import multiprocessing
import os
import signal
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from nianbao.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

    from nianbao.importing.document import SourceDocument

# Costly files: a Flate stream, millions of path operators, a cell in the last row of a sheet.
_SECONDS: Final = 7.0
_MEMORY: Final = 360 * 1024 * 1024  # bytes of data, besides those of the process that starts it
_TOO_COSTLY: Final = "读这个文件要的时间或内存太多，没有读完。只留报告本身，另存后再导入"


def read_isolated(
    function: Callable[[bytes], SourceDocument], data: bytes, *, seconds: float = _SECONDS
) -> SourceDocument:
    """Call `function` with `data` in another process, and return the result.

    `function`: a function at the top level of a module, which the process can import.
    `seconds`: the longest time that the process may take.

    Raises UserError if `function` raises it. Raises UserError if the process ends early, or takes
    too much time or memory. Raises RuntimeError with the traceback if `function` raises another
    exception.
    """
    context: Any = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_serve, args=(sender, function, data, seconds), daemon=True)
    process.start()
    sender.close()
    try:
        if not receiver.poll(seconds):
            raise UserError(_TOO_COSTLY)
        result, error = receiver.recv()
    except EOFError:  # the process died
        raise UserError(_TOO_COSTLY) from None
    finally:
        process.kill()
        process.join()
        receiver.close()
    if error is not None:
        raise error
    document: SourceDocument = result
    return document


def _serve(
    sender: Connection,
    function: Callable[[bytes], SourceDocument],
    data: bytes,
    seconds: float,
) -> None:
    """Call `function` with `data`, and send the result or the exception as a pair."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the parent, which kills this process
    faulthandler.disable()
    with open(os.devnull, "w") as nothing:  # noqa: PTH123 - libraries print warnings and aborts
        os.dup2(nothing.fileno(), 2)
    _limit_resources(math.ceil(seconds))
    try:
        sender.send((function(data), None))
    except UserError as error:
        sender.send((None, error))
    except (MemoryError, RecursionError):
        sender.send((None, UserError(_TOO_COSTLY)))
    except Exception:  # noqa: BLE001 - raised again in the parent, where it is reported as a bug
        sender.send((None, RuntimeError(traceback.format_exc())))


def _limit_resources(seconds: int) -> None:
    """Limit the memory of this process, and its processor time, in case its parent is killed."""
    if sys.platform == "win32":
        return
    import resource

    memory = resource.RLIMIT_DATA if sys.platform == "linux" else resource.RLIMIT_AS
    for limit, wanted in ((memory, _MEMORY + _data_size()), (resource.RLIMIT_CPU, seconds)):
        _, hard = resource.getrlimit(limit)
        allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(limit, (allowed, hard))


def _data_size() -> int:
    """Return how many bytes this process uses for data; 0 on systems other than Linux."""
    try:
        pages = Path("/proc/self/statm").read_text("ascii").split()[5]
    except OSError:
        return 0
    return int(pages) * mmap.PAGESIZE
