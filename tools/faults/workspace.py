"""A repository that is reset before each trial, and runs of the program in it."""

from __future__ import annotations

import os
import shutil
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from faults.processes import Ended, Running
from faults.snapshots import Snapshot, take_snapshot
from nianbao.rendering.fonts.store import font_folder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from faults.cases import Case

_ROOT = Path(__file__).resolve().parent.parent.parent
PROGRAM: Final = (sys.executable, str(_ROOT / "build.py"))
HOOK: Final = str(Path(__file__).resolve().parent / "hook")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A case with the states before and after an undisturbed run.

    `sizes`: those of the files that the run writes, in bytes. `operations`: how many file
    operations it needs for writing. `seconds`: how long it takes.
    """

    case: Case
    before: Snapshot
    after: Snapshot
    sizes: Sequence[int]
    operations: int
    seconds: float


class PreparationError(Exception):
    """Raised if a command fails although nothing disturbs it."""


class Workspace:
    """The folder of all trials: the repository, the user's cache, and their states before a run.

    Both have the same path in each trial, because a manifest belongs to the path of an output
    folder. `program` is the command line of the program.
    """

    def __init__(self, folder: Path, program: Sequence[str] = PROGRAM) -> None:
        self._folder, self._program = folder, program
        self.root, self.cache = folder / "repository", folder / "cache"
        self._temporary = folder / "temporary"

    def prepare(self, case: Case) -> Prepared:
        """Make the repository of a case and run the case undisturbed. Raises PreparationError."""
        self._clear()
        # Where reports/ vanishes, the root is still here, not the checkout of the program.
        (self.root / "nianbao.toml").touch()
        case.prepare(self.root, self._run_well)
        (self.root / case.folder).mkdir(exist_ok=True)
        before = self.snapshot()
        self._saved.mkdir()
        for folder in (self.root, self.cache):
            shutil.copytree(folder, self._saved / folder.name, symlinks=True)
        hook = self.hook(0, 0, group=False)
        seconds = self._run_well(*case.arguments, variables=hook)
        operations, after = self._operations.stat().st_size, self.snapshot()
        changed = [name for name in after.files if after.files[name] != before.files.get(name)]
        sizes = [(self.root / name).stat().st_size for name in changed]
        return Prepared(case, before, after, sizes, operations, seconds)

    def reset(self) -> None:
        """Return to the state before the run of the prepared case."""
        for folder in (self.root, self.cache):
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(self._saved / folder.name, folder, symlinks=True)
        for left in self._temporary.glob("nianbao-*"):
            if left.is_dir():  # the rows of a workbook, if the program was killed
                shutil.rmtree(left)
            else:
                left.unlink()

    def snapshot(self) -> Snapshot:
        """Read the present state."""
        return take_snapshot(self.root, self.cache)

    def crash_logs(self) -> list[Path]:
        """Return the paths of the logs of bugs that the program wrote since the last reset."""
        return sorted(self._temporary.glob("nianbao-*.log"))

    def start(
        self,
        arguments: Sequence[str],
        *,
        variables: Mapping[str, str] | None = None,
        largest_file: int | None = None,
        prefix: Sequence[str] = (),
        name: str = "first",
    ) -> Running:
        """Start the program with a command line.

        `variables`: added to its environment. `largest_file`: the limit on the size of its files,
        in bytes. `prefix`: the command line of a program that starts it. `name`: distinguishes
        programs that run at the same time.
        """
        environment = {
            "PATH": os.environ.get("PATH", ""),
            "HOME": str(self._folder),
            "XDG_CACHE_HOME": str(self.cache),
            "TMPDIR": str(self._temporary),
            "NIANBAO_FONTS": str(font_folder()),
            "PYTHONUTF8": "1",
            **(variables or {}),
        }
        command = [*prefix, *self._program, *arguments]
        log = self._folder / name
        return Running(command, self.root, environment, log, largest_file)

    def run(self, *arguments: str) -> Ended:
        """Run the program and wait for it."""
        return self.start(arguments).wait()

    def hook(self, step: int, number: int, *, group: bool) -> dict[str, str]:
        """Return environment variables that make the program send the signal `number` to itself.

        It is sent before file operation `step` (from 1), to the process of this operation or, with
        `group`, to all processes of the command.
        """
        self._operations.unlink(missing_ok=True)
        return {
            "PYTHONPATH": HOOK,
            "FAULTS_LOG": str(self._operations),
            "FAULTS_FOLDERS": f"{self.root}{os.pathsep}{self.cache}",
            "FAULTS_STEP": str(step),
            "FAULTS_SIGNAL": str(int(number)),
            "FAULTS_GROUP": str(int(group)),
        }

    @property
    def _operations(self) -> Path:
        return self._folder / "operations"

    @property
    def _saved(self) -> Path:
        return self._folder / "saved"

    def _clear(self) -> None:
        for folder in (self.root, self.cache, self._saved, self._temporary):
            shutil.rmtree(folder, ignore_errors=True)
        for folder in (self.root, self.cache, self._temporary):
            folder.mkdir(parents=True)

    def _run_well(self, *arguments: str, variables: Mapping[str, str] | None = None) -> float:
        """Run the program and return its seconds. Raises PreparationError."""
        start = time.monotonic()
        ended = self.start(arguments, variables=variables).wait()
        seconds = time.monotonic() - start
        if ended.code or ended.survivors:
            raise PreparationError(f"{' '.join(arguments)}\n{ended.stdout}{ended.stderr}")
        return seconds
