#!/usr/bin/env python3
"""Post the changes of reports as one comment on a pull request, updated on every push.

On GitHub, in a workflow_run workflow, the text is an artifact of the run that made it; in GitLab's
job it is in the folder named on the command line. The text is untrusted: it is shortened, mentions
nobody, and stands below a line that names its source. The number of the pull request comes from
the event, never from the artifact.

This script runs with a token that can write, so it uses the standard library alone.
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

MARKER = "<!-- nianbao -->"
ARTIFACT, TEXT, UNCHANGED = "nianbao-comment", "comment.md", "unchanged"
LARGEST_ARCHIVE, LARGEST_TEXT = 2_000_000, 60_000
PAGE = 100


class Host:
    """Client for the API of a host; `header` carries the token."""

    def __init__(self, address: str, header: tuple[str, str]) -> None:
        self._address = address.rstrip("/")
        self._header = header

    def call(self, method: str, path: str, data: object = None) -> bytes:
        """Return the response to a request for `path`, which is relative to the API's address."""
        body = None if data is None else json.dumps(data).encode()
        request = urllib.request.Request(f"{self._address}/{path}", body, method=method)
        if body is not None:
            request.add_header("Content-Type", "application/json")
        # GitHub redirects to its artifact store, which must not get the token.
        request.add_unredirected_header(*self._header)
        with urllib.request.urlopen(request, timeout=60) as response:
            content: bytes = response.read(LARGEST_ARCHIVE + 1)
        if len(content) > LARGEST_ARCHIVE:
            sys.exit(f"{path} 的回答太长，不读")
        return content

    def get(self, path: str) -> Any:
        """Return a response as data."""
        return json.loads(self.call("GET", path))

    def get_all(self, path: str) -> list[Any]:
        """Return all items of a paged list."""
        items: list[Any] = []
        while len(items) % PAGE == 0:
            number = len(items) // PAGE + 1
            page = self.get(f"{path}?per_page={PAGE}&page={number}")
            if not page:
                break
            items += page
        return items


def main() -> None:
    """Post or update the comment; exit with a message on failure."""
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
    """Comment on GitHub; return a message."""
    event = json.loads(Path(os.environ["GITHUB_EVENT_PATH"]).read_bytes())
    run = event["workflow_run"]
    repository = f"repos/{os.environ['GITHUB_REPOSITORY']}"
    token = os.environ["GITHUB_TOKEN"]
    host = Host(os.environ["GITHUB_API_URL"], ("Authorization", f"Bearer {token}"))
    if run["head_repository"] is None:
        return "合并请求来自的仓库已经没有了，不评论"
    # For a fork the event has no pull request number, only its branch and commit.
    head = quote(f"{run['head_repository']['owner']['login']}:{run['head_branch']}")
    pulls = host.get(f"{repository}/pulls?state=open&head={head}")
    numbers = [pull["number"] for pull in pulls if pull["head"]["sha"] == run["head_sha"]]
    if not numbers:
        return "这次提交已经不是哪个合并请求的最新一次，不评论"
    artifacts = host.get(f"{repository}/actions/runs/{int(run['id'])}/artifacts?name={ARTIFACT}")
    if not artifacts["artifacts"]:
        return "这次运行没有留下要评论的话"
    number = int(artifacts["artifacts"][0]["id"])
    files = unpack(host.call("GET", f"{repository}/actions/artifacts/{number}/zip"))
    if TEXT not in files:
        return "这次运行没有留下要评论的话"
    body = comment_body(files[TEXT], f"[运行记录]({run['html_url']})", run["head_sha"])
    done = []
    for pull in numbers:
        existing = next(
            (
                comment["id"]
                for comment in host.get_all(f"{repository}/issues/{pull}/comments")
                if comment["body"].startswith(MARKER) and comment["user"]["type"] == "Bot"
            ),
            None,
        )
        if existing is not None:
            host.call("PATCH", f"{repository}/issues/comments/{existing}", {"body": body})
            done.append(f"#{pull} 的评论已更新")
        elif UNCHANGED not in files:
            host.call("POST", f"{repository}/issues/{pull}/comments", {"body": body})
            done.append(f"#{pull} 已评论")
    return "\n".join(done) or "年报没有改动，不评论"


def on_gitlab(folder: Path) -> str:
    """Comment on GitLab; return a message."""
    variables = os.environ
    host = Host(variables["CI_API_V4_URL"], ("PRIVATE-TOKEN", variables["NIANBAO_TOKEN"]))
    request = f"projects/{variables['CI_PROJECT_ID']}/merge_requests"
    notes = f"{request}/{variables['CI_MERGE_REQUEST_IID']}/notes"
    source = f"[运行记录]({variables['CI_JOB_URL']})"
    body = comment_body((folder / TEXT).read_bytes(), source, variables["CI_COMMIT_SHA"])
    own = host.get("user")["id"]
    for note in host.get_all(notes):
        if note["body"].startswith(MARKER) and note["author"]["id"] == own:
            host.call("PUT", f"{notes}/{note['id']}", {"body": body})
            return "评论已更新"
    if (folder / UNCHANGED).exists():
        return "年报没有改动，不评论"
    host.call("POST", notes, {"body": body})
    return "已评论"


def unpack(archive: bytes) -> dict[str, bytes]:
    """Return the known files of an artifact, each cut to a maximum size."""
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as packed:
            wanted = {TEXT, UNCHANGED} & set(packed.namelist())
            return {name: packed.open(name).read(4 * LARGEST_TEXT + 1) for name in wanted}
    except (zipfile.BadZipFile, RuntimeError) as error:
        sys.exit(f"留下的文件不能解开，不读：{error}")


def comment_body(text: bytes, source: str, commit: str) -> str:
    """Return the comment: a marker that identifies it, the source, then the text."""
    changes = text.decode("utf-8", "replace").replace("\r\n", "\n")
    if len(changes) > LARGEST_TEXT:
        changes = changes[:LARGEST_TEXT] + "\n\n……"
    # An invisible character after @ prevents a mention.
    changes = re.sub(r"@(?=\w)", "@\u2060", changes)
    return f"{MARKER}\n年报的改动（提交 {commit[:8]}，{source}）\n\n{changes}"


if __name__ == "__main__":
    main()
