"""Show the progress of a long run, as a bar or as lines in a log."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final, Self

if TYPE_CHECKING:
    from nianbao.cli.console import Console

# Seconds after which a terminal gets a bar, and seconds between two lines in a log.
_BAR_AFTER: Final = 1.0
_LINE_EVERY: Final = 30.0


class Progress:
    """Counts the reports that are done, and shows the number on the error stream.

    `total`: the number of all reports.
    `label`: a Chinese verb for the work, such as 生成.
    `quiet`: show nothing.
    """

    def __init__(self, total: int, label: str, console: Console, *, quiet: bool = False) -> None:
        self._total, self._label, self._console = total, label, console
        self._done = 0
        self._quiet = quiet
        self._terminal = console.err.isatty()  # stdout can be a pipe: it is only for results
        self._start = self._shown = time.monotonic()
        self._bar: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.render_finish()

    def step(self) -> None:
        """Count one more report as done, and show the progress."""
        self._done += 1
        now = time.monotonic()
        if self._quiet:
            return
        if self._bar is not None:
            self._bar.update(1)
        elif self._terminal:
            if now - self._start > _BAR_AFTER and self._done < self._total:
                self._open()
        elif now - self._shown > _LINE_EVERY:
            self._shown = now
            self._console.warn(f"{self._label} {self._done}/{self._total} 份，{self.pace()}")

    def pace(self) -> str:
        """Return a Chinese text with the number of reports per second and the remaining time."""
        rate = self._done / max(time.monotonic() - self._start, 0.001)
        minutes, seconds = divmod(round((self._total - self._done) / rate), 60)
        left = f"，还要 {minutes}:{seconds:02}" if self._done < self._total else ""
        return f"每秒 {rate:.1f} 份{left}"

    def _open(self) -> None:
        import click

        self._bar = click.progressbar(
            length=self._total,
            label=self._label,
            file=self._console.err,
            show_pos=True,
            show_percent=False,
            show_eta=False,  # click would measure the time from the start of the bar
            item_show_func=lambda _: f"{self.pace():<24}",
            width=24,
        )
        self._bar.update(self._done)
