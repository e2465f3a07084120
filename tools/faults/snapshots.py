"""Record the state of a repository as the digest of every file, and compare two states."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state of a repository and of the user's cache.

    `files`: the digest of each file, by its path below the repository, without .git. `cached`: the
    paths of the files in the cache; they have no digests, because a manifest lists reports in the
    order in which they were done, so its bytes vary.
    """

    files: Mapping[str, str]
    cached: frozenset[str]


def take_snapshot(root: Path, cache: Path) -> Snapshot:
    """Return the present state of the repository `root` and of the user's cache."""
    files = {
        name: sha256(path.read_bytes()).hexdigest()
        for name, path in _files(root)
        if not name.startswith(".git/")
    }
    return Snapshot(files, frozenset(name for name, _ in _files(cache)))


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path


def find_damage(
    before: Snapshot, after: Snapshot, now: Snapshot, *, leftovers: bool, missing: bool
) -> list[str]:
    """Return a line in Chinese for each file that is neither as before nor as after a command.

    `before`, `after`: the states around an undisturbed run. `now`: the state to check.
    `leftovers`: True to allow hidden files that neither state has. `missing`: True to allow that
    files are gone.
    """
    problems = []
    for name, digest in now.files.items():
        known = {before.files.get(name), after.files.get(name)}
        if digest in known:
            continue
        if known != {None}:
            problems.append(f"{name} 既不是旧的，也不是新的")
        elif not (leftovers and name.rpartition("/")[2].startswith(".")):
            problems.append(f"多出了 {name}")
    lost = (before.files.keys() & after.files.keys()) - now.files.keys()
    if not missing:
        problems += [f"{name} 不见了" for name in sorted(lost)]
    if not leftovers:
        problems += [f"缓存里多出了 {name}" for name in sorted(_extra(now, before, after))]
    return problems


def _extra(now: Snapshot, *known: Snapshot) -> frozenset[str]:
    return now.cached.difference(*(each.cached for each in known))


def find_differences(expected: Snapshot, now: Snapshot) -> list[str]:
    """Return a line in Chinese for each way in which the state `now` differs from `expected`."""
    names = sorted(expected.files.keys() | now.files.keys())
    different = [name for name in names if expected.files.get(name) != now.files.get(name)]
    return [
        *(f"{name} 与没有打断的不同" for name in different),
        *(f"缓存里多出了 {name}" for name in sorted(_extra(now, expected))),
    ]
