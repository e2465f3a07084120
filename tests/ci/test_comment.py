"""The comment on a pull request, tested against a server that imitates GitHub and GitLab."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import threading
import zipfile
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from tests.support import ROOT, clean_environment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MARKER = "<!-- nianbao -->"
SHA = "0123456789abcdef0123456789abcdef01234567"


def archive(**files: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in files.items():
            file.writestr(name.replace("__", "."), text)
    return packed.getvalue()


class FakeHost:
    """Data of a fake GitHub or GitLab, and the requests it received."""

    def __init__(self) -> None:
        self.artifact: bytes | None = archive(comment__md="改了一格")
        self.pulls: list[Any] = [{"number": 7, "head": {"sha": SHA}}]
        self.notes: list[Any] = []
        self.sent: list[tuple[str, str, str]] = []
        self.requested: list[str] = []
        self.store_tokens: list[str | None] = []
        self.store = ""

    def answer(self, method: str, address: str, body: Any) -> object:
        path, query = urlsplit(address).path, parse_qs(urlsplit(address).query)
        self.requested.append(address)
        if method != "GET":
            self.sent.append((method, path, body["body"]))
            return {}
        if path == "/repos/o/r/pulls":
            return self.pulls if query["head"] == ["某人:改 2022"] else []
        if path == "/repos/o/r/actions/runs/5/artifacts":
            return {"artifacts": [{"id": 9}] if self.artifact is not None else []}
        if path in ("/repos/o/r/issues/7/comments", "/projects/3/merge_requests/4/notes"):
            start = (int(query["page"][0]) - 1) * 100
            return self.notes[start : start + 100]
        return {"id": 1} if path == "/user" else None


@contextmanager
def served(host: FakeHost) -> Iterator[str]:
    """Serve a fake host; yield its address."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def reply(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"] or 0))
            if self.path == "/stored":
                host.store_tokens.append(self.headers["Authorization"])
                return self.say(200, host.artifact or b"")
            token = self.headers["Authorization"] or self.headers["PRIVATE-TOKEN"]
            if token not in ("Bearer secret", "secret"):
                return self.say(403, b"{}")
            if self.path == "/repos/o/r/actions/artifacts/9/zip":
                self.send_response(302)
                self.send_header("Location", f"{host.store}/stored")
                return self.end_headers()
            response = host.answer(self.command, self.path, json.loads(body) if body else None)
            return self.say(200 if response is not None else 404, json.dumps(response).encode())

        def say(self, code: int, content: bytes) -> None:
            self.send_response(code)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = do_PUT = reply  # noqa: N815 - the names of the base class

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        host.store = f"http://127.0.0.1:{server.server_port}"
        try:
            yield host.store
        finally:
            server.shutdown()
            thread.join()


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", str(ROOT / "ci" / "comment.py"), *arguments],
        env=clean_environment(no_proxy="*", **variables),
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )


def on_github(
    host: FakeHost, tmp_path: Path, token: str = "secret", **changed: object
) -> tuple[int, str]:
    event: dict[str, dict[str, object]] = {
        "workflow_run": {
            "id": 5,
            "head_sha": SHA,
            "head_branch": "改 2022",
            "head_repository": {"owner": {"login": "某人"}},
            "html_url": "https://example.org/o/r/actions/runs/5",
        }
    }
    event["workflow_run"] |= changed
    (tmp_path / "event.json").write_text(json.dumps(event), "utf-8")
    with served(host) as address:
        done = run(
            GITHUB_API_URL=address,
            GITHUB_REPOSITORY="o/r",
            GITHUB_TOKEN=token,
            GITHUB_EVENT_PATH=str(tmp_path / "event.json"),
        )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


def comment(number: int, body: str, kind: str = "Bot") -> dict[str, Any]:
    return {"id": number, "body": body, "user": {"type": kind}}


def test_a_pull_request_gets_its_first_comment(tmp_path: Path) -> None:
    host = FakeHost()
    assert on_github(host, tmp_path) == (0, "#7 已评论\n")
    ((method, path, body),) = host.sent
    assert (method, path) == ("POST", "/repos/o/r/issues/7/comments")
    source = "[运行记录](https://example.org/o/r/actions/runs/5)"
    assert body == f"{MARKER}\n年报的改动（提交 01234567，{source}）\n\n改了一格"


def test_the_next_push_updates_the_comment_on_any_page(tmp_path: Path) -> None:
    host = FakeHost()
    host.notes = [comment(number, "看过了", "User") for number in range(100)]
    # Comments of users with our marker are not ours.
    host.notes += [comment(100, MARKER + "假的", "User"), comment(101, "别的机器人")]
    host.notes += [comment(102, MARKER + "\n旧的")]
    assert on_github(host, tmp_path) == (0, "#7 的评论已更新\n")
    assert [sent[:2] for sent in host.sent] == [("PATCH", "/repos/o/r/issues/comments/102")]


def test_without_changes_only_an_existing_comment_is_updated(tmp_path: Path) -> None:
    host = FakeHost()
    host.artifact = archive(comment__md="没有改动", unchanged="")
    assert on_github(host, tmp_path) == (0, "年报没有改动，不评论\n")
    host.notes = [comment(1, MARKER)]
    assert on_github(host, tmp_path) == (0, "#7 的评论已更新\n")
    assert [sent[0] for sent in host.sent] == ["PATCH"]


def test_a_run_before_a_newer_push_posts_nothing(tmp_path: Path) -> None:
    host = FakeHost()
    host.pulls[0]["head"]["sha"] = SHA[::-1]
    code, output = on_github(host, tmp_path)
    assert (code, host.sent) == (0, [])
    assert "不是哪个合并请求的最新一次" in output
    code, output = on_github(host, tmp_path, head_repository=None)
    assert (code, output) == (0, "合并请求来自的仓库已经没有了，不评论\n")


def test_a_run_without_an_artifact_posts_nothing(tmp_path: Path) -> None:
    host = FakeHost()
    for host.artifact in (None, archive(other__md="x")):
        assert on_github(host, tmp_path) == (0, "这次运行没有留下要评论的话\n")
    assert host.sent == []


def test_a_number_in_the_artifact_is_ignored(tmp_path: Path) -> None:
    host = FakeHost()
    host.artifact = archive(comment__md="x", number="8", pr__txt="8", **{"../../evil": "x"})
    on_github(host, tmp_path)
    assert [sent[1] for sent in host.sent] == ["/repos/o/r/issues/7/comments"]


def test_untrusted_text_is_shortened_and_mentions_nobody(tmp_path: Path) -> None:
    host = FakeHost()
    host.artifact = archive(comment__md=f"@everyone 看 a@b.cn\r\n{MARKER}\n" + "长" * 200_000)
    assert on_github(host, tmp_path)[0] == 0
    ((_, _, body),) = host.sent
    assert "@everyone" not in body
    assert "@\u2060everyone 看 a@\u2060b.cn\n" in body
    assert len(body) < 61_000
    assert body.endswith("……")


def test_an_invalid_or_too_large_archive_is_an_error(tmp_path: Path) -> None:
    host = FakeHost()
    for host.artifact in (b"PK no", b"x" * 3_000_000):
        code, output = on_github(host, tmp_path)
        assert (code, host.sent) == (1, [])
        assert "不读" in output


def test_the_artifact_store_does_not_get_the_token(tmp_path: Path) -> None:
    host = FakeHost()
    assert on_github(host, tmp_path)[0] == 0
    assert host.store_tokens == [None]


def test_a_token_without_permission_is_an_error(tmp_path: Path) -> None:
    code, output = on_github(FakeHost(), tmp_path, token="other")
    assert code == 1
    assert "的回答是 403：令牌的权限够不够？" in output


def test_gitlab_gets_one_note_that_is_updated(tmp_path: Path) -> None:
    host = FakeHost()
    (tmp_path / "comment.md").write_text("改了一格", "utf-8")

    def post() -> str:
        with served(host) as address:
            done = run(
                str(tmp_path),
                GITLAB_CI="true",
                CI_API_V4_URL=address,
                CI_PROJECT_ID="3",
                CI_MERGE_REQUEST_IID="4",
                CI_COMMIT_SHA=SHA,
                CI_JOB_URL="https://example.org/jobs/1",
                NIANBAO_TOKEN="secret",
            )
        assert done.returncode == 0, done.stderr
        return done.stdout

    notes = "/projects/3/merge_requests/4/notes"
    assert post() == "已评论\n"
    body = (
        f"{MARKER}\n年报的改动（提交 01234567，[运行记录](https://example.org/jobs/1)）\n\n改了一格"
    )
    assert host.sent == [("POST", notes, body)]
    host.notes = [
        {"id": 11, "body": MARKER, "author": {"id": 2}},
        {"id": 12, "body": MARKER, "author": {"id": 1}},
    ]
    assert post() == "评论已更新\n"
    assert host.sent[1] == ("PUT", f"{notes}/12", body)
    (tmp_path / "unchanged").touch()
    host.notes = []
    assert post() == "年报没有改动，不评论\n"
    assert len(host.sent) == 2
