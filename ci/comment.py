#!/usr/bin/env python3
"""Puts what a change does to the reports on its pull request: one comment, renewed on every push.

On GitHub, in a workflow_run workflow, the text is the artifact of the run that made it; in
GitLab's job it is in the folder named on the command line. Either way a stranger may have written
the text: it is data, cut to size, mentions nobody, and stands below a line that says where it is
from. Which pull request it belongs to is read from the event, never from the artifact.

Nothing but the standard library: this is what runs with a token that can write.
"""

from __future__ import annotations

import io
import json
import os
import re
import sys
import urllib.error
import urllib.request
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

MARK = "<!-- nianbao -->"
ARTIFACT, TEXT, UNCHANGED = "nianbao-comment", "comment.md", "unchanged"
LARGEST_ARCHIVE, LARGEST_TEXT = 2_000_000, 60_000
PAGE = 100


class Host:
    """The interface of a host, by the header that carries the token."""

    def __init__(self, address: str, header: tuple[str, str]) -> None:
        self._address = address.rstrip("/")
        self._header = header

    def call(self, method: str, path: str, data: object = None) -> bytes:
        """The answer to a request; `path` goes behind the address of the interface."""
        body = None if data is None else json.dumps(data).encode()
        request = urllib.request.Request(f"{self._address}/{path}", body, method=method)
        if body is not None:
            request.add_header("Content-Type", "application/json")
        # GitHub leads to its store of artifacts, which is not to see the token.
        request.add_unredirected_header(*self._header)
        with urllib.request.urlopen(request, timeout=60) as answer:
            content: bytes = answer.read(LARGEST_ARCHIVE + 1)
        if len(content) > LARGEST_ARCHIVE:
            sys.exit(f"{path} 的回答太长，不读")
        return content

    def get(self, path: str) -> Any:
        """What an address says, as data."""
        return json.loads(self.call("GET", path))

    def pages(self, path: str) -> list[Any]:
        """A list that comes in pages."""
        found: list[Any] = []
        while len(found) % PAGE == 0:
            number = len(found) // PAGE + 1
            page = self.get(f"{path}?per_page={PAGE}&page={number}")
            if not page:
                break
            found += page
        return found


def main() -> None:
    """Post or renew the comment; exit with a message where that can't be."""
    try:
        if os.environ.get("GITLAB_CI") == "true":
            print(on_gitlab(Path(sys.argv[1])))
        else:
            print(on_github())
    except urllib.error.HTTPError as error:
        sys.exit(f"{error.url} 的回答是 {error.code}：令牌的权限够不够？")
    except urllib.error.URLError as error:
        sys.exit(f"连不上：{error.reason}")


def on_github() -> str:
    """What was done on GitHub, in words."""
    event = json.loads(Path(os.environ["GITHUB_EVENT_PATH"]).read_bytes())
    run = event["workflow_run"]
    repository = f"repos/{os.environ['GITHUB_REPOSITORY']}"
    token = os.environ["GITHUB_TOKEN"]
    host = Host(os.environ["GITHUB_API_URL"], ("Authorization", f"Bearer {token}"))
    if run["head_repository"] is None:
        return "合并请求来自的仓库已经没有了，不评论"
    # The event names no pull request where it came from a fork; its branch and commit it names.
    head = quote(f"{run['head_repository']['owner']['login']}:{run['head_branch']}")
    open_ones = host.get(f"{repository}/pulls?state=open&head={head}")
    numbers = [pull["number"] for pull in open_ones if pull["head"]["sha"] == run["head_sha"]]
    if not numbers:
        return "这次提交已经不是哪个合并请求的最新一次，不评论"
    listed = host.get(f"{repository}/actions/runs/{int(run['id'])}/artifacts?name={ARTIFACT}")
    if not listed["artifacts"]:
        return "这次运行没有留下要评论的话"
    number = int(listed["artifacts"][0]["id"])
    files = unpack(host.call("GET", f"{repository}/actions/artifacts/{number}/zip"))
    if TEXT not in files:
        return "这次运行没有留下要评论的话"
    body = worded(files[TEXT], f"[运行记录]({run['html_url']})", run["head_sha"])
    done = []
    for pull in numbers:
        before = next(
            (
                comment["id"]
                for comment in host.pages(f"{repository}/issues/{pull}/comments")
                if comment["body"].startswith(MARK) and comment["user"]["type"] == "Bot"
            ),
            None,
        )
        if before is not None:
            host.call("PATCH", f"{repository}/issues/comments/{before}", {"body": body})
            done.append(f"#{pull} 的评论已更新")
        elif UNCHANGED not in files:
            host.call("POST", f"{repository}/issues/{pull}/comments", {"body": body})
            done.append(f"#{pull} 已评论")
    return "\n".join(done) or "年报没有改动，不评论"


def on_gitlab(folder: Path) -> str:
    """What was done on GitLab, in words."""
    variables = os.environ
    host = Host(variables["CI_API_V4_URL"], ("PRIVATE-TOKEN", variables["NIANBAO_TOKEN"]))
    request = f"projects/{variables['CI_PROJECT_ID']}/merge_requests"
    notes = f"{request}/{variables['CI_MERGE_REQUEST_IID']}/notes"
    source = f"[运行记录]({variables['CI_JOB_URL']})"
    body = worded((folder / TEXT).read_bytes(), source, variables["CI_COMMIT_SHA"])
    own = host.get("user")["id"]
    for note in host.pages(notes):
        if note["body"].startswith(MARK) and note["author"]["id"] == own:
            host.call("PUT", f"{notes}/{note['id']}", {"body": body})
            return "评论已更新"
    if (folder / UNCHANGED).exists():
        return "年报没有改动，不评论"
    host.call("POST", notes, {"body": body})
    return "已评论"


def unpack(archive: bytes) -> dict[str, bytes]:
    """The files of an artifact, none longer than is read; never written anywhere."""
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as packed:
            wanted = {TEXT, UNCHANGED} & set(packed.namelist())
            return {name: packed.open(name).read(4 * LARGEST_TEXT + 1) for name in wanted}
    except (zipfile.BadZipFile, RuntimeError) as error:
        sys.exit(f"留下的文件不能解开，不读：{error}")


def worded(text: bytes, source: str, commit: str) -> str:
    """The comment: a mark to find it by, where it is from, then the text."""
    told = text.decode("utf-8", "replace").replace("\r\n", "\n")
    if len(told) > LARGEST_TEXT:
        told = told[:LARGEST_TEXT] + "\n\n……"
    # Between the @ and a name: an invisible character, so that nobody is called.
    told = re.sub(r"@(?=\w)", "@\u2060", told)
    return f"{MARK}\n年报的改动（提交 {commit[:8]}，{source}）\n\n{told}"


if __name__ == "__main__":
    main()
