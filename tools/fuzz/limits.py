"""Limits of time and memory for one step of a case."""

from __future__ import annotations

import contextlib
import re
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

# Seconds of the processor and bytes that a step may take, and what it may for each byte of input.
SECONDS: Final = 1.0
SECONDS_A_BYTE: Final = 2e-6
PDF_SECONDS: Final = 10.0
PDF_SECONDS_A_BYTE: Final = 1e-4
MEMORY: Final = 150_000_000
MEMORY_A_BYTE: Final = 100
_STATUS: Final = Path("/proc/self/status")
_PEAK: Final = re.compile(r"^VmHWM:\s*([0-9]+) kB", re.MULTILINE)


class TimeLimitError(BaseException):
    """Raised if a step takes too long; no Exception, so that the package does not catch it."""


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TimeLimitError in the block when it has used `seconds` of processor time.

    On a system without timers there is no limit. C code that does not check for signals is
    interrupted only when it returns.
    """
    if not hasattr(signal, "setitimer"):
        yield
        return
    previous = signal.signal(signal.SIGPROF, _interrupt)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, previous)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise TimeLimitError


def reset_peak() -> None:
    """Forget the memory used so far, so that `peak_memory` measures from now on (Linux)."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", "ascii")


def peak_memory() -> int:
    """Return the most memory that this process used since `reset_peak`, in bytes; 0 if unknown."""
    try:
        found = _PEAK.search(_STATUS.read_text("ascii"))
    except OSError:
        return 0
    return int(found[1]) * 1024 if found else 0
