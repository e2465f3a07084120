#!/usr/bin/env python3
"""Post what a change does to the reports as one comment on its pull request, updated on every push.

On GitHub, in a workflow_run workflow, the text is an artifact of the run that made it; in GitLab's
job it is in the folder named on the command line. A stranger may have written that text: it is
data, cut to size, mentions nobody, and stands below a line that says where it is from. The pull
request is taken from the event, never from the artifact.

Only the standard library is used: this program runs with a token that can write.
"""

from __future__ import annotations

import io
import json
import os
import re
import stat
import sys
import time
import urllib.error
import urllib.request
import zipfile
import zlib
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MARKER = "<!-- nianbao -->"
ARTIFACT, TEXT, UNCHANGED = "nianbao-comment", "comment.md", "unchanged"
GITHUB_BOT = "github-actions[bot]"
MAX_ANSWER, MAX_PAGE, MAX_TEXT = 2_000_000, 32_000_000, 60_000
# Items a page, from quick to small: a page that is too long is requested again in smaller ones.
PAGE_SIZES = (100, 10, 1)
# Seconds for looking through the comments of a pull request before a new one is written.
MAX_SEARCH = 120.0


class AnswerTooLongError(Exception):
    """The answer to a request is longer than allowed."""


class Host:
    """The REST interface of a host. `header` carries the token."""

    def __init__(self, address: str, header: tuple[str, str]) -> None:
        self._address = address.rstrip("/")
        self._header = header

    def call(self, method: str, path: str, data: object = None, longest: int = MAX_ANSWER) -> bytes:
        """Send a request to a path of the interface and return the answer.

        Raises AnswerTooLongError and urllib.error.URLError.
        """
        body = None if data is None else json.dumps(data).encode()
        request = urllib.request.Request(f"{self._address}/{path}", body, method=method)
        if body is not None:
            request.add_header("Content-Type", "application/json")
        # GitHub redirects to its store of artifacts, which must not see the token.
        request.add_unredirected_header(*self._header)
        with urllib.request.urlopen(request, timeout=60) as answer:
            content: bytes = answer.read(longest + 1)
        if len(content) > longest:
            raise AnswerTooLongError(path)
        return content

    def get(self, path: str) -> Any:
        """Return the JSON document at a path."""
        return json.loads(self.call("GET", path))

    def items(self, path: str) -> Iterator[Any]:
        """Yield the items of a list that comes in pages, except single ones that are too long.

        Anybody can write long comments, so an item that is too long is passed over: the one we
        look for is short. Raises TimeoutError after MAX_SEARCH seconds.
        """
        end = time.monotonic() + MAX_SEARCH
        start = 0
        while True:
            page = self._page(path, start, PAGE_SIZES, end)
            yield from page.items
            if page.is_last:
                return
            start += PAGE_SIZES[0]

    def _page(self, path: str, start: int, sizes: tuple[int, ...], end: float) -> Page:
        """Return the `sizes[0]` items from `start` on, in smaller pages where they are too long."""
        if time.monotonic() > end:
            raise TimeoutError(path)
        size = sizes[0]
        query = f"{path}?per_page={size}&page={start // size + 1}"
        try:
            items = json.loads(self.call("GET", query, longest=MAX_PAGE))
        except AnswerTooLongError:
            if len(sizes) == 1:
                return Page([], is_last=False)
            found: list[Any] = []
            for part in range(start, start + size, sizes[1]):
                page = self._page(path, part, sizes[1:], end)
                found += page.items
                if page.is_last:
                    return Page(found, is_last=True)
            return Page(found, is_last=False)
        return Page(items, is_last=len(items) < size)


class Outcome(Enum):
    """What was done with the comment, as it is printed."""

    CREATED = "已评论"
    UPDATED = "评论已更新"
    UNCHANGED = "年报没有改动，不评论"


class Page:
    """Some items of a list, and whether it ends with them."""

    def __init__(self, items: list[Any], *, is_last: bool) -> None:
        self.items = items
        self.is_last = is_last


def main() -> None:
    """Post or update the comment; exit with a message if that is not possible."""
    try:
        if os.environ.get("GITLAB_CI") == "true":
            print(on_gitlab(Path(sys.argv[1])))
        else:
            print(on_github())
    except urllib.error.HTTPError as error:
        sys.exit(f"{error.url} 的回答是 {error.code}：令牌的权限够不够？")
    except urllib.error.URLError as error:
        sys.exit(f"连不上：{error.reason}")
    except AnswerTooLongError as error:
        sys.exit(f"{error} 的回答太长，不读")
    except OSError as error:
        sys.exit(f"读不了：{error}")


def on_github() -> str:
    """Comment on the pull requests of a workflow run; return a message in Chinese."""
    event = json.loads(Path(os.environ["GITHUB_EVENT_PATH"]).read_bytes())
    run = event["workflow_run"]
    repository = f"repos/{os.environ['GITHUB_REPOSITORY']}"
    token = os.environ["GITHUB_TOKEN"]
    host = Host(os.environ["GITHUB_API_URL"], ("Authorization", f"Bearer {token}"))
    if run["head_repository"] is None:
        return "合并请求来自的仓库已经没有了，不评论"
    # The event of a fork's pull request has its branch and commit, but not its number.
    head = quote(f"{run['head_repository']['owner']['login']}:{run['head_branch']}")
    pulls = host.get(f"{repository}/pulls?state=open&head={head}")
    numbers = [pull["number"] for pull in pulls if pull["head"]["sha"] == run["head_sha"]]
    if not numbers:
        return "这次提交已经不是哪个合并请求的最新一次，不评论"
    listed = host.get(f"{repository}/actions/runs/{int(run['id'])}/artifacts?name={ARTIFACT}")
    if not listed["artifacts"]:
        return "这次运行没有留下要评论的话"
    number = int(listed["artifacts"][0]["id"])
    files = unpack(host.call("GET", f"{repository}/actions/artifacts/{number}/zip"))
    if TEXT not in files:
        return "这次运行没有留下要评论的话"
    body = comment_body(files[TEXT], f"[运行记录]({run['html_url']})", run["head_sha"])

    def is_ours(comment: Any) -> bool:
        user = comment["user"] or {}  # null where the account is gone
        return bool(user.get("type") == "Bot" and user.get("login") == GITHUB_BOT)

    done = []
    for pull in numbers:
        comments = f"{repository}/issues/{pull}/comments"
        edited = f"{repository}/issues/comments"
        outcome = post(host, comments, edited, "PATCH", is_ours, body, files)
        if outcome is not Outcome.UNCHANGED:
            done.append(f"#{pull} {outcome.value}")
    return "\n".join(done) or Outcome.UNCHANGED.value


def on_gitlab(folder: Path) -> str:
    """Write the note on a merge request; return a message in Chinese."""
    variables = os.environ
    if not variables.get("NIANBAO_TOKEN"):
        return "没有 NIANBAO_TOKEN 这个变量，不评论"
    files = read_folder(folder)
    if TEXT not in files:
        return "这次运行没有留下要评论的话"
    host = Host(variables["CI_API_V4_URL"], ("PRIVATE-TOKEN", variables["NIANBAO_TOKEN"]))
    request = f"projects/{variables['CI_PROJECT_ID']}/merge_requests"
    notes = f"{request}/{variables['CI_MERGE_REQUEST_IID']}/notes"
    source = f"[运行记录]({variables['CI_JOB_URL']})"
    body = comment_body(files[TEXT], source, variables["CI_COMMIT_SHA"])
    own = host.get("user")["id"]

    def is_ours(note: Any) -> bool:
        return bool((note["author"] or {}).get("id") == own)

    return post(host, notes, notes, "PUT", is_ours, body, files).value


def post(
    host: Host,
    comments: str,
    address: str,
    method: str,
    is_ours: Callable[[Any], bool],
    body: str,
    files: dict[str, bytes],
) -> Outcome:
    """Update our comment among `comments`, at `address`/its number, or write a new one.

    A new one is also written if the comments cannot be read or the old one cannot be changed: an
    old comment that names an old commit must not be the last word.
    """
    listed, before = True, None
    try:
        ours = (c["id"] for c in host.items(comments) if is_ours(c) and is_marked(c))
        before = next(ours, None)
    except (OSError, ValueError, LookupError, TypeError):
        listed = False
    if before is not None:
        try:
            host.call(method, f"{address}/{before}", {"body": body})
            return Outcome.UPDATED
        except (OSError, AnswerTooLongError):
            listed = False
    if listed and UNCHANGED in files:
        return Outcome.UNCHANGED
    host.call("POST", comments, {"body": body})
    return Outcome.CREATED


def is_marked(comment: Any) -> bool:
    """Return True if a comment begins as ours do."""
    return str(comment["body"] or "").startswith(MARKER)


def read_folder(folder: Path) -> dict[str, bytes]:
    """Read the files that the first job has left; a link is not followed."""
    files = {}
    if folder.is_symlink() or folder.parent.is_symlink():
        sys.exit(f"{folder} 是一个链接，不读")
    for name in (TEXT, UNCHANGED):
        path = folder / name
        if not os.path.lexists(path):
            continue
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | os.O_NONBLOCK)
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                sys.exit(f"{path} 不是普通文件，不读")
            files[name] = file.read(4 * MAX_TEXT + 1)
    return files


def unpack(archive: bytes) -> dict[str, bytes]:
    """Return the files of an artifact, cut to a maximum size; nothing is written to disk."""
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as packed:
            wanted = {TEXT, UNCHANGED} & set(packed.namelist())
            return {name: packed.open(name).read(4 * MAX_TEXT + 1) for name in wanted}
    except (
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        EOFError,
        ValueError,
        LookupError,
        RuntimeError,  # encrypted; NotImplementedError: an unknown compression
    ) as error:
        sys.exit(f"留下的文件不能解开，不读：{error}")


def comment_body(text: bytes, source: str, commit: str) -> str:
    """Return the comment: the marker to find it by, where it is from, then the text."""
    content = text.decode("utf-8", "replace").replace("\r\n", "\n")
    if len(content) > MAX_TEXT:
        content = content[:MAX_TEXT] + "\n\n……"
    # An invisible character between the @ and a name, so that nobody is notified.
    content = re.sub(r"@(?=\w)", "@\u2060", content)
    return f"{MARKER}\n年报的改动（提交 {commit[:8]}，{source}）\n\n{content}"


if __name__ == "__main__":
    main()
