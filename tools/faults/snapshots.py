"""Record the state of a repository as the digest of every file, and compare two states."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

# What a web page says of the files of the same report: a line of links, and JSON-LD.
_LINKS: Final = re.compile(
    rb'<p class="files">.*?</p>|<script type="application/ld\+json">.*?</script>'
)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state of a repository and of the user's cache.

    `files`: the digest of each file, by its path below the repository, without .git. `unlinked`:
    the same for each web page, without its links to the other files of its report. `cached`: the
    paths of the files in the cache; they have no digests, because a manifest lists reports in the
    order in which they were done, so its bytes vary.
    """

    files: Mapping[str, str]
    unlinked: Mapping[str, str]
    cached: frozenset[str]


def take_snapshot(root: Path, cache: Path) -> Snapshot:
    """Return the present state of the repository `root` and of the user's cache."""
    contents = {
        name: path.read_bytes() for name, path in _files(root) if not name.startswith(".git/")
    }
    files = {name: _digest(content) for name, content in contents.items()}
    unlinked = {
        name: _digest(_LINKS.sub(b"", content))
        for name, content in contents.items()
        if name.endswith(".html")
    }
    return Snapshot(files, unlinked, frozenset(name for name, _ in _files(cache)))


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path


def find_damage(
    before: Snapshot, after: Snapshot, now: Snapshot, *, leftovers: bool, missing: bool
) -> list[str]:
    """Return a line in Chinese for each file that is neither as before nor as after a command.

    A web page may lack links to files that could not be written.

    `before`, `after`: the states around an undisturbed run. `now`: the state to check.
    `leftovers`: True to allow hidden files that neither state has. `missing`: True to allow that
    files are gone.
    """
    problems = []
    for name, digest in now.files.items():
        known = {before.files.get(name), after.files.get(name)}
        pages = {before.unlinked.get(name), after.unlinked.get(name)} - {None}
        if digest in known or now.unlinked.get(name) in pages:
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
