"""The comment on a pull request, against a server that answers as GitHub or GitLab does."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tempfile
import threading
import zipfile
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.support import ROOT, clean_environment

if TYPE_CHECKING:
    from collections.abc import Iterator

MARK = "<!-- nianbao -->"
SHA = "0123456789abcdef0123456789abcdef01234567"


def archive(**files: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in files.items():
            file.writestr(name.replace("__", "."), text)
    return packed.getvalue()


class World:
    """The comments that the host holds, and the requests that change them."""

    def __init__(self) -> None:
        self.artifact: bytes | None = archive(comment__md="改了一格")
        self.pulls: list[Any] = [{"number": 7, "head": {"sha": SHA}}]
        self.notes: list[Any] = []
        self.sent: list[tuple[str, str, str]] = []
        self.asked: list[str] = []
        self.strangers: list[str | None] = []
        self.store = ""
        self.gone: set[str] = set()

    def answer(self, method: str, address: str, body: Any) -> object:
        path, query = urlsplit(address).path, parse_qs(urlsplit(address).query)
        self.asked.append(address)
        if path in self.gone:
            return None
        if method != "GET":
            self.sent.append((method, path, body["body"]))
            return {}
        if path == "/repos/o/r/pulls":
            return self.pulls if query["head"] == ["某人:改 2022"] else []
        if path == "/repos/o/r/actions/runs/5/artifacts":
            return {"artifacts": [{"id": 9}] if self.artifact is not None else []}
        if path in ("/repos/o/r/issues/7/comments", "/projects/3/merge_requests/4/notes"):
            size = int(query["per_page"][0])
            start = (int(query["page"][0]) - 1) * size
            return self.notes[start : start + size]
        return {"id": 1} if path == "/user" else None


@contextmanager
def served(world: World) -> Iterator[str]:
    """The address of a server that speaks for a world."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def reply(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"] or 0))
            if self.path == "/stored":
                world.strangers.append(self.headers["Authorization"])
                return self.say(200, world.artifact or b"")
            token = self.headers["Authorization"] or self.headers["PRIVATE-TOKEN"]
            if token not in ("Bearer secret", "secret"):
                return self.say(403, b"{}")
            if self.path == "/repos/o/r/actions/artifacts/9/zip":
                self.send_response(302)
                self.send_header("Location", f"{world.store}/stored")
                return self.end_headers()
            reported = world.answer(self.command, self.path, json.loads(body) if body else None)
            return self.say(200 if reported is not None else 404, json.dumps(reported).encode())

        def say(self, code: int, content: bytes) -> None:
            self.send_response(code)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = do_PUT = reply  # noqa: N815 - the names of the base class

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        world.store = f"http://127.0.0.1:{server.server_port}"
        try:
            yield world.store
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
    world: World, tmp_path: Path, token: str = "secret", **changed: object
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
    with served(world) as address:
        done = run(
            GITHUB_API_URL=address,
            GITHUB_REPOSITORY="o/r",
            GITHUB_TOKEN=token,
            GITHUB_EVENT_PATH=str(tmp_path / "event.json"),
        )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


def remark(
    number: int, body: str, kind: str = "Bot", login: str = "github-actions[bot]"
) -> dict[str, Any]:
    return {"id": number, "body": body, "user": {"type": kind, "login": login}}


def test_a_pull_request_gets_its_first_comment(tmp_path: Path) -> None:
    world = World()
    assert on_github(world, tmp_path) == (0, "#7 已评论\n")
    ((method, path, body),) = world.sent
    assert (method, path) == ("POST", "/repos/o/r/issues/7/comments")
    source = "[运行记录](https://example.org/o/r/actions/runs/5)"
    assert body == f"{MARK}\n年报的改动（提交 01234567，{source}）\n\n改了一格"


def test_the_next_push_renews_the_comment_wherever_it_stands(tmp_path: Path) -> None:
    world = World()
    world.notes = [remark(number, "看过了", "User") for number in range(100)]
    # Somebody who wrote our mark has not written our comment.
    world.notes += [
        remark(100, MARK + "假的", "User"),
        remark(101, "没有记号的"),
        remark(103, MARK + "别的机器人", login="other[bot]"),
    ]
    world.notes += [remark(102, MARK + "\n旧的")]
    assert on_github(world, tmp_path) == (0, "#7 评论已更新\n")
    assert [sent[:2] for sent in world.sent] == [("PATCH", "/repos/o/r/issues/comments/102")]


def test_nothing_to_say_is_said_only_where_something_was(tmp_path: Path) -> None:
    world = World()
    world.artifact = archive(comment__md="没有改动", unchanged="")
    assert on_github(world, tmp_path) == (0, "年报没有改动，不评论\n")
    world.notes = [remark(1, MARK)]
    assert on_github(world, tmp_path) == (0, "#7 评论已更新\n")
    assert [sent[0] for sent in world.sent] == ["PATCH"]


def test_a_run_that_a_newer_push_has_overtaken_says_nothing(tmp_path: Path) -> None:
    world = World()
    world.pulls[0]["head"]["sha"] = SHA[::-1]
    code, said = on_github(world, tmp_path)
    assert (code, world.sent) == (0, [])
    assert "不是哪个合并请求的最新一次" in said
    code, said = on_github(world, tmp_path, head_repository=None)
    assert (code, said) == (0, "合并请求来自的仓库已经没有了，不评论\n")


def test_a_run_that_left_nothing_says_nothing(tmp_path: Path) -> None:
    world = World()
    for world.artifact in (None, archive(other__md="x")):
        assert on_github(world, tmp_path) == (0, "这次运行没有留下要评论的话\n")
    assert world.sent == []


def test_the_number_in_an_artifact_is_nobodys_business(tmp_path: Path) -> None:
    world = World()
    world.artifact = archive(comment__md="x", number="8", pr__txt="8", **{"../../evil": "x"})
    on_github(world, tmp_path)
    assert [sent[1] for sent in world.sent] == ["/repos/o/r/issues/7/comments"]


def test_a_strangers_text_is_cut_and_calls_nobody(tmp_path: Path) -> None:
    world = World()
    world.artifact = archive(comment__md=f"@everyone 看 a@b.cn\r\n{MARK}\n" + "长" * 200_000)
    assert on_github(world, tmp_path)[0] == 0
    ((_, _, body),) = world.sent
    assert "@everyone" not in body
    assert "@\u2060everyone 看 a@\u2060b.cn\n" in body
    assert len(body) < 61_000
    assert body.endswith("……")


def test_an_archive_that_is_none_or_too_long_is_reported(tmp_path: Path) -> None:
    world = World()
    for world.artifact in (b"PK no", b"x" * 3_000_000):
        code, said = on_github(world, tmp_path)
        assert (code, world.sent) == (1, [])
        assert "不读" in said


def test_long_comments_of_others_do_not_keep_ours_from_being_updated(tmp_path: Path) -> None:
    world = World()
    long = "长" * 65_536
    world.notes = [remark(number, long, "User") for number in range(250)]
    world.notes += [remark(250, MARK + "\n旧的"), remark(251, long, "User")]
    assert on_github(world, tmp_path) == (0, "#7 评论已更新\n")
    assert [sent[:2] for sent in world.sent] == [("PATCH", "/repos/o/r/issues/comments/250")]


def test_a_comment_that_is_too_long_by_itself_is_passed_over(tmp_path: Path) -> None:
    world = World()
    world.notes = [remark(0, "长" * 12_000_000, "User"), remark(1, MARK + "\n旧的")]
    assert on_github(world, tmp_path) == (0, "#7 评论已更新\n")


@pytest.mark.parametrize(
    "note",
    [
        {"id": 1, "body": None, "user": None},
        {"id": 1, "body": MARK, "user": None},
        {"id": 1, "body": None, "user": {"type": "Bot", "login": "github-actions[bot]"}},
        "no comment at all",
    ],
)
def test_odd_comments_do_not_keep_a_new_one_from_being_written(
    tmp_path: Path, note: object
) -> None:
    world = World()
    world.notes = [note]
    assert on_github(world, tmp_path) == (0, "#7 已评论\n")


def test_a_comment_that_can_no_longer_be_changed_is_written_anew(tmp_path: Path) -> None:
    world = World()
    world.artifact = archive(comment__md="x", unchanged="")
    world.notes = [remark(1, MARK)]
    world.gone = {"/repos/o/r/issues/comments/1"}
    assert on_github(world, tmp_path) == (0, "#7 已评论\n")


def damaged_archives() -> list[bytes]:
    """Archives with one byte changed, for every byte of a small one."""
    good = archive(comment__md="改了一格" * 50)
    return [good[:at] + bytes([good[at] ^ 0xFF]) + good[at + 1 :] for at in range(len(good))]


def test_a_damaged_archive_is_reported_without_a_traceback() -> None:
    code = (
        "import sys, pathlib; sys.path.insert(0, 'ci'); import comment\n"
        "for line in pathlib.Path(sys.argv[1]).read_text().split():\n"
        "    try: comment.unpack(bytes.fromhex(line))\n"
        "    except SystemExit as error: assert '不读' in str(error)\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder, "archives")
        listed.write_text("\n".join(each.hex() for each in damaged_archives()))
        done = subprocess.run(
            [sys.executable, "-c", code, str(listed)],
            cwd=ROOT,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=60,
        )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_store_of_artifacts_does_not_see_the_token(tmp_path: Path) -> None:
    world = World()
    assert on_github(world, tmp_path)[0] == 0
    assert world.strangers == [None]


def test_a_token_that_may_not_is_reported(tmp_path: Path) -> None:
    code, said = on_github(World(), tmp_path, token="other")
    assert code == 1
    assert "的回答是 403：令牌的权限够不够？" in said


def test_gitlab_gets_one_note_that_is_renewed(tmp_path: Path) -> None:
    world = World()
    (tmp_path / "comment.md").write_text("改了一格", "utf-8")

    def post() -> str:
        with served(world) as address:
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
        f"{MARK}\n年报的改动（提交 01234567，[运行记录](https://example.org/jobs/1)）\n\n改了一格"
    )
    assert world.sent == [("POST", notes, body)]
    world.notes = [
        {"id": 11, "body": MARK, "author": {"id": 2}},
        {"id": 12, "body": MARK, "author": {"id": 1}},
    ]
    assert post() == "评论已更新\n"
    assert world.sent[1] == ("PUT", f"{notes}/12", body)
    (tmp_path / "unchanged").touch()
    world.notes = []
    assert post() == "年报没有改动，不评论\n"
    assert len(world.sent) == 2


@pytest.mark.parametrize("name", ["comment.md", ".", ".."])
def test_nothing_is_read_through_a_link_in_gitlabs_artifact(tmp_path: Path, name: str) -> None:
    secret = tmp_path / "secret" / "comment"
    secret.mkdir(parents=True)
    (secret / "comment.md").write_text("secret", "utf-8")
    folder = tmp_path / "nianbao-artifacts" / "comment"
    if name == "..":
        folder.parent.symlink_to(secret.parent)
    else:
        folder.parent.mkdir()
        if name == ".":
            folder.symlink_to(secret)
        else:
            folder.mkdir()
            (folder / name).symlink_to(secret / name)
    world = World()
    with served(world) as address:
        done = run(str(folder), GITLAB_CI="true", CI_API_V4_URL=address, NIANBAO_TOKEN="secret")
    assert (done.returncode, world.asked) == (1, [])
    assert "Traceback" not in done.stderr
