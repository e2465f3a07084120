"""Read a git revision: the ID of its commit, its files, the history of a folder.

No git command here runs a program that a repository configures.
"""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nianbao.errors import UsageError
from nianbao.utils.os_errors import describe_os_error

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

# Only rev-parse, rev-list, ls-tree, diff-tree, cat-file and config are run, with arguments as a
# list. As used here, they run no hook, filter, textconv, pager, fsmonitor, external diff or
# signature check that a repository configures.
# In a partial clone, git would fetch a missing object. To do this, it would run programs that the
# configuration of the repository can name (core.sshCommand, core.gitProxy, core.askPass,
# credential.helper, remote.*.vcs, remote.*.uploadpack, protocol.ext). Therefore all transports of
# git are forbidden here, and a missing object is an error.
_ENVIRONMENT: Final = {
    "GIT_ALLOW_PROTOCOL": "none",  # a name that no transport has; an empty value would allow all
    "GIT_NO_LAZY_FETCH": "1",  # git 2.45 and later do not even try
    "LC_ALL": "C",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
}
# A pull request can contain a folder that is a bare repository, with a configuration of its own.
# diff-tree reads the index, for which git asks the program that core.fsmonitor names.
_OPTIONS: Final = ("-c", "safe.bareRepository=explicit", "-c", "core.fsmonitor=false")
_CONTROL: Final = re.compile("[\x00-\x1f\x7f]")
_LINK_MODE: Final = "120000"
_FILE_MODES: Final = frozenset(("100644", "100755", "100664", _LINK_MODE))
_NO_GIT: Final = "没有安装 git"
_COMPARE_FILES: Final = "，不能和以前的版本比；可以写两个文件名"


class GitError(UsageError):
    """Raised if git fails, or if git, a revision or a file is missing.

    The message is `problem` followed by `advice`.

    `problem`: the problem, in Chinese.
    `advice`: the advice for a user who wants to compare reports, or "".
    """

    def __init__(self, problem: str, advice: str = "") -> None:
        super().__init__(problem + advice)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """An entry of a git tree: a file, a link, or something else.

    `object_id`: the ID of the entry's content.
    `size`: the size of a file or link in bytes; None for other entries.
    """

    object_id: str
    is_link: bool
    size: int | None


@dataclass(frozen=True, slots=True)
class CommitChanges:
    """The files that a commit changed, compared with its first parent.

    `commit`: the ID of the commit.
    `committed`: the time in ISO 8601, in the time zone of the commit; "" if invalid.
    `entries`: by path, the entry of each changed file; None for a deleted file.
    """

    commit: str
    committed: str
    entries: Mapping[str, TreeEntry | None]


@dataclass(slots=True, eq=False)
class Repository:
    """A git repository.

    The paths of files have slashes and are relative to `top`.

    `top`: the top folder.
    """

    top: Path
    # The git process of `batch`; None outside its `with` block.
    _batch: subprocess.Popen[bytes] | None = field(default=None, init=False, repr=False)

    def __reduce__(self) -> tuple[type[Repository], tuple[Path]]:
        """Pickle the repository without its git process."""
        return Repository, (self.top,)

    def commit_id(self, revision: str) -> str:
        """Return the ID of a revision's commit.

        `revision`: the name of the revision, such as HEAD or a tag.

        Raises GitError if there is no such revision.
        """
        if revision.startswith("-"):
            raise GitError(f"git 的版本不能以 - 开头：{revision}")
        if not revision or _CONTROL.search(revision):
            raise GitError("git 的版本是空的，或者里面有看不见的字符")
        wanted = f"{revision}^{{commit}}"
        done = _run(self.top, "rev-parse", "--verify", "--quiet", "--end-of-options", wanted)
        commit = done.stdout.decode("ascii", "replace").strip()
        if done.returncode or not commit:
            if revision == "HEAD":
                raise GitError("git 里还没有提交")
            raise GitError(f"git 里没有 {revision} 这个版本{self._hint()}")
        return commit

    def is_shallow(self) -> bool:
        """Return True if only the last commits were cloned, as is usual in CI."""
        done = _run(self.top, "rev-parse", "--is-shallow-repository")
        return done.stdout.strip() == b"true"

    def log_of_head(self) -> Path:
        """Return the path of git's log of HEAD, a file that may not exist.

        git changes this file at each commit or checkout.

        Raises GitError if git can't be run.
        """
        done = _run(self.top, "rev-parse", "--git-path", "logs/HEAD")
        return self.top / os.fsdecode(done.stdout.rstrip(b"\r\n"))

    def _hint(self) -> str:
        """Return the likely reason for a missing revision."""
        if not self.is_shallow():
            return "；报告文件的名字以 .yaml 结尾"
        return "（这里只取了最近的几次提交；先运行 git fetch --unshallow）"

    def entries(self, commit: str, folder: str, *, recursive: bool) -> Mapping[str, TreeEntry]:
        """Return the entries of a folder in a commit, by path.

        `recursive`: True to include the contents of sub-folders.

        Return {} if there is no such folder. Raises GitError if git fails.
        """
        options = ["-l", "-z", "--full-tree", *(["-r"] if recursive else [])]
        path = [f"{folder}/"] if folder else []
        done = _run(self.top, "ls-tree", *options, "--end-of-options", commit, "--", *path)
        if done.returncode:
            raise self._unreadable("这个版本", done)
        found = {}
        for line in done.stdout.split(b"\0")[:-1]:
            attributes, _, name = line.partition(b"\t")
            mode, kind, object_id, size = attributes.decode("ascii").split()
            # git prints BAD as the size of a missing object; only `content` raises an error for it.
            length = (int(size) if size.isdigit() else 0) if kind == "blob" else None
            found[os.fsdecode(name)] = TreeEntry(object_id, mode == _LINK_MODE, length)
        return found

    def history(self, commit: str, folder: str) -> list[CommitChanges]:
        """Return the files that each commit changed in a folder, the oldest commit first.

        A merge is one commit with all changes of the merged branch. A renamed file appears as a
        deleted file and an added file.

        `commit`: the ID of the last commit.
        `folder`: the path of the folder; "" for all files.

        Raises GitError if git fails.
        """
        path = ["--", f"{folder}/"] if folder else ["--"]
        line = ("--first-parent", "--parents", "--reverse", "--end-of-options", commit)
        commits = self._checked("rev-list", *line, *path)
        # Without its further parents a merge is compared with the first one.
        pairs = b"".join(b" ".join(each.split()[:2]) + b"\n" for each in commits.splitlines())
        options = ("--stdin", "-r", "-z", "--root", "--no-renames", "--date=raw", "--format=%H %cd")
        output = self._checked("diff-tree", *options, *path, text=pairs)
        found: list[tuple[str, str, dict[str, tuple[str, str]]]] = []
        tokens = iter(output.split(b"\0")[:-1])
        for token in tokens:
            if token.lstrip(b"\n").startswith(b":"):
                _, mode, _, object_id, _ = token.decode("ascii").split()
                found[-1][2][os.fsdecode(next(tokens))] = mode, object_id
            else:
                name, _, committed = token.decode("ascii").partition(" ")
                found.append((name, _iso_time(committed), {}))
        sizes = self._sizes({id_ for *_, files in found for _, id_ in files.values()})
        return [
            CommitChanges(
                name,
                committed,
                {path: _entry(mode, id_, sizes) for path, (mode, id_) in files.items()},
            )
            for name, committed, files in found
        ]

    def _sizes(self, object_ids: Collection[str]) -> dict[str, int]:
        """Return the sizes of files in bytes, by object ID; missing objects are left out."""
        wanted = "".join(f"{each}\n" for each in sorted(object_ids)).encode("ascii")
        output = self._checked("cat-file", "--batch-check", text=wanted).decode("ascii")
        answers = (line.split() for line in output.splitlines())
        return {each[0]: int(each[2]) for each in answers if len(each) == 3 and each[1] == "blob"}

    def _checked(self, *arguments: str, text: bytes = b"") -> bytes:
        """Run git with `text` as its input, and return its output. Raises GitError if it fails."""
        done = _run(self.top, *arguments, text=text)
        if done.returncode:
            raise self._unreadable("历史", done)
        return done.stdout

    @contextlib.contextmanager
    def batch(self) -> Iterator[None]:
        """Read all files within a `with` block through one git process.

        Only one thread may read files within the block.

        Raises GitError if git can't be started.
        """
        self._batch = _start_batch(self.top)
        try:
            yield
        finally:
            self._end_batch()

    def _end_batch(self) -> None:
        if self._batch is not None:
            with contextlib.suppress(OSError), self._batch:
                pass  # closes the process's pipes, which ends the process, and waits for its end
            self._batch = None

    def content(self, entry: TreeEntry) -> bytes:
        """Return the bytes of a committed file. Raises GitError if the file can't be read."""
        if self._batch is not None:
            with contextlib.suppress(OSError):
                content = _next_blob(self._batch, entry.object_id)
                if content is not None:
                    return content
            # The object is missing or damaged, or git has ended: the command below says why.
            self._end_batch()
        done = _run(self.top, "cat-file", "blob", entry.object_id)
        if done.returncode:
            raise self._unreadable("一个文件", done)
        return done.stdout

    def _unreadable(self, what: str, done: subprocess.CompletedProcess[bytes]) -> GitError:
        """Return an error that explains why git can't read an object.

        `what`: a Chinese phrase for the object. `done`: the git command that failed. A partial
        clone, for example, lacks some objects.
        """
        config = ("config", "--get-regexp", r"^remote\..*\.promisor$|^extensions\.partialclone$")
        if _run(self.top, *config).stdout:
            return GitError(
                f"git 读不出{what}：这里是用 --filter 克隆的，没有取来全部内容；"
                "先运行 git fetch --refetch --no-filter"
            )
        return GitError(f"git 读不出{what}：{_first_line(done.stderr)}")


def find_repository(folder: Path) -> Repository:
    """Return the git repository that contains a folder.

    Raises GitError if there is no repository, or if git can't be run. Raises GitError if reading is
    unsafe, for example if another user owns the repository.
    """
    done = _run(folder, "rev-parse", "--show-toplevel")
    top = os.fsdecode(done.stdout).rstrip("\n")
    if done.returncode or not top:
        if b"dubious ownership" in done.stderr:
            raise GitError(
                "git 不读别人的文件夹；是可信的，运行 git config --global --add safe.directory "
                f"{folder.absolute()}"
            )
        if b"bare repository" in done.stderr:
            raise GitError(
                f"{folder} 里藏着另一个 git 仓库，不读取；删掉里面的 HEAD、objects、refs"
            )
        if done.stderr.startswith((b"xcode-select: ", b"xcrun: ")):  # macOS without git
            raise GitError(_NO_GIT, _COMPARE_FILES)
        raise GitError("这里不是 git 仓库", _COMPARE_FILES)
    if not folder.resolve().is_relative_to(Path(top).resolve()):
        raise GitError(f"git 的设置 core.worktree 指向别的文件夹，不读取：{top}")
    return Repository(Path(top))


def _iso_time(raw: str) -> str:
    """Return a date in ISO 8601; "" if it is out of range.

    `raw`: the date as git stores it, seconds and time zone. git itself fails for a date before
    1970.
    """
    match = re.fullmatch(r"(-?[0-9]{1,12}) ([-+])([0-9]{2})([0-9]{2})", raw)
    if not match:
        return ""
    offset = timedelta(hours=int(match[3]), minutes=int(match[4])) * (-1 if match[2] == "-" else 1)
    try:
        day = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(match[1]))
        return day.astimezone(timezone(offset)).isoformat()
    except (OverflowError, ValueError):
        return ""


def _entry(mode: str, object_id: str, sizes: Mapping[str, int]) -> TreeEntry | None:
    """Return the entry of a file; None if the file was deleted.

    `mode`: the mode of the file in git. `sizes`: the sizes of files by object ID.
    """
    if not mode.strip("0"):
        return None
    size = sizes.get(object_id, 0) if mode in _FILE_MODES else None
    return TreeEntry(object_id, mode == _LINK_MODE, size)


def _run(folder: Path, *arguments: str, text: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    with _start_errors_explained():
        return subprocess.run(
            [*_command(folder), *arguments],
            env={**os.environ, **_ENVIRONMENT},
            input=text,
            capture_output=True,
            check=False,
        )


def _start_batch(folder: Path) -> subprocess.Popen[bytes]:
    with _start_errors_explained():
        return subprocess.Popen(
            [*_command(folder), "cat-file", "--batch"],
            env={**os.environ, **_ENVIRONMENT},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )


def _command(folder: Path) -> list[str]:
    return [_program(), *_OPTIONS, "-C", str(folder)]


def _program() -> str:
    """Return the name of the git program; on Windows return its path.

    Windows looks for a program in the working folder first, and a pull request can have put a
    program there. Raises FileNotFoundError if git is in no folder of PATH.
    """
    if sys.platform != "win32":
        return "git"
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        program = Path(folder, "git.exe")
        if program.is_absolute() and program.is_file():
            return str(program)
    raise FileNotFoundError


@contextlib.contextmanager
def _start_errors_explained() -> Iterator[None]:
    """Raise GitError if git can't be started within the `with` block."""
    try:
        yield
    except FileNotFoundError:
        raise GitError(_NO_GIT, _COMPARE_FILES) from None
    except OSError as error:
        raise GitError(f"git 运行不了：{describe_os_error(error)}") from error


def _next_blob(process: subprocess.Popen[bytes], object_id: str) -> bytes | None:
    """Return the bytes of a file that `cat-file --batch` prints; None if they are incomplete.

    `process`: the running git command. `object_id`: the ID of the file. Raises OSError if git has
    ended.
    """
    assert process.stdin and process.stdout  # noqa: PT018
    process.stdin.write(f"{object_id}\n".encode("ascii"))
    process.stdin.flush()
    # The answer is `<id> blob <size>`, the content and a line feed, or `<id> missing`.
    name, *kind = process.stdout.readline().split()
    if name != object_id.encode() or len(kind) != 2 or kind[0] != b"blob":
        return None
    content = process.stdout.read(int(kind[1]) + 1)
    return content[:-1] if len(content) == int(kind[1]) + 1 else None


def _first_line(output: bytes) -> str:
    return output.decode("utf-8", "replace").strip().partition("\n")[0]
