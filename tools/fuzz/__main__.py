"""`make fuzz`: check cases until the time is up, and print and save what does not hold."""

from __future__ import annotations

import argparse
import faulthandler
import secrets
import shutil
import sys
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fuzz.case import Case, read_case, write_case
from fuzz.checks import check_case
from fuzz.failure import FailedCheckError
from fuzz.limits import peak_memory
from fuzz.mutation import Corpus, make_case
from fuzz.shrink import shrink

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

FOLDER: Final = Path(".fuzz")
# C code that no signal interrupts ends the process after so many seconds; its case is in running/.
_HANG: Final = 180


@dataclass(slots=True)
class _Fuzzer:
    """A run: its folder, the failures so far by signature, and counts."""

    folder: Path
    shrink_seconds: float
    failures: dict[str, FailedCheckError] = field(default_factory=dict)
    count: int = 0
    peak: int = 0

    def check(self, case: Case) -> None:
        """Check a case; a failure of a new kind is shrunk, saved and printed."""
        self.count += 1
        failure = self._try(case)
        self.peak = max(self.peak, peak_memory())
        if failure is None or failure.signature in self.failures:
            return
        self.failures[failure.signature] = failure
        smaller = shrink(case, self._fails_like(failure), self.shrink_seconds)
        saved = self.folder / case.name
        shutil.rmtree(saved, ignore_errors=True)
        write_case(smaller, saved)
        (saved / "failure.txt").write_text(f"{failure}\n\n{failure.log}\n", "utf-8")
        print(f"{case.name} {failure}")
        print(f"  输入存在 {saved}（{case.size} 字节，缩到 {smaller.size} 字节）")
        seed, _, number = case.name.partition("-")
        print(f"  重放：make fuzz FROM={saved}；缩小以前的：make fuzz SEED={seed} CASE={number}")
        sys.stdout.flush()

    def _fails_like(self, failure: FailedCheckError) -> Callable[[Case], bool]:
        def fails(case: Case) -> bool:
            again = self._try(case)
            return again is not None and again.signature == failure.signature

        return fails

    def _try(self, case: Case) -> FailedCheckError | None:
        running = self.folder / "running"
        write_case(case, running)
        faulthandler.dump_traceback_later(_HANG, exit=True, file=sys.__stderr__ or sys.stderr)
        try:
            check_case(case, running)
        except FailedCheckError as failure:
            return failure
        except Exception as error:  # noqa: BLE001 - a parser that reads our outputs gives up
            return FailedCheckError("检查本身", type(error).__name__, traceback.format_exc())
        finally:
            faulthandler.cancel_dump_traceback_later()
        return None


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the fuzzer and return the exit code: 1 if a check does not hold."""
    parser = argparse.ArgumentParser(prog="make fuzz", description="造出各种输入，找程序的毛病")
    parser.add_argument("--seconds", type=float, default=60, help="跑多少秒（SECONDS=）")
    parser.add_argument("--seed", type=int, help="种子（SEED=），默认另取一个")
    parser.add_argument("--case", type=int, help="只跑这个种子的第几例（CASE=）")
    parser.add_argument("--count", type=int, help="跑多少例为止，不看时间")
    parser.add_argument("--from", dest="saved", type=Path, help="只跑存下的一例（FROM=）")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="不对的输入存在哪里")
    parser.add_argument("--shrink-seconds", type=float, default=20, help="每例最多用多少秒缩小")
    options = parser.parse_args(arguments)
    seed = secrets.randbelow(10**9) if options.seed is None else options.seed
    options.folder.mkdir(parents=True, exist_ok=True)
    # A saved case is as small as it gets.
    fuzzer = _Fuzzer(options.folder, 0 if options.saved else options.shrink_seconds)
    corpus = Corpus.load()
    start = time.monotonic()
    if options.saved is not None:
        fuzzer.check(read_case(options.saved))
    else:
        print(f"种子 {seed}，重放：make fuzz SEED={seed}", flush=True)
        for number in _numbers(options, start):
            fuzzer.check(make_case(corpus, seed, number))
    seconds = time.monotonic() - start
    found = f"{len(fuzzer.failures)} 种毛病" if fuzzer.failures else "没有发现毛病"
    print(
        f"{seconds:.0f} 秒，{fuzzer.count} 例，每分钟 {fuzzer.count / seconds * 60:.0f} 例，"
        f"内存最多 {fuzzer.peak // 10**6} MB；{found}"
    )
    return int(bool(fuzzer.failures))


def _numbers(options: argparse.Namespace, start: float) -> Iterator[int]:
    """Yield the numbers of the cases to check."""
    if options.case is not None:
        yield options.case
        return
    number = 0
    while (
        number < options.count
        if options.count is not None
        else time.monotonic() < start + options.seconds
    ):
        yield number
        number += 1


if __name__ == "__main__":
    faulthandler.enable()
    sys.exit(main())
