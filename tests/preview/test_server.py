"""The server: what it answers, to whom, and how it ends."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import struct
import sys
import threading
from contextlib import ExitStack
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from nianbao.preview.server import PreviewServer
from nianbao.preview.store import PreviewStore
from nianbao.preview.views import cached_list_page, list_page, report_name
from tests.preview.server_process import PATIENCE, Served, serving
from tests.support import FIXTURES, ROOT, SEED, run_cli, write_repo

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EVIL = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
NAME = f"reports/{EVIL.replace('/', '')}2022.yaml"


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two reports, one of them all that a stranger may send."""
    root = write_repo(tmp_path_factory.mktemp("server"), **{"2022": SEED.read_bytes()})
    hostile = SEED.read_text("utf-8").replace("平台建设: |", f"平台{EVIL.replace(chr(34), '')}: |")
    (root / NAME).write_text(hostile, "utf-8")
    (root / "secret.txt").write_text("SECRET", "utf-8")
    return root


@pytest.fixture(scope="module")
def served(repo: Path) -> Iterator[Served]:
    with serving(repo) as running:
        yield running


def test_a_report_is_shown_as_build_makes_it(repo: Path, served: Served) -> None:
    run_cli(["build", "reports/2022.yaml", "--to", "html"], repo)
    _, page = served.get("/page/reports/2022.yaml")
    without_marks = re.sub(r'<a class="finding-mark.*?</a>', "", page)
    style = (ROOT / "templates/draft.css").read_text("utf-8")
    assert without_marks != page
    assert without_marks.replace(f"\n{style}", "") == (repo / "output/2022.html").read_text("utf-8")


def test_what_check_finds_stands_next_to_it(repo: Path, served: Served) -> None:
    _, page = served.get("/report/reports/2022.yaml")
    found = run_cli(["check", "reports/2022.yaml"], repo).stdout
    places = re.findall(r"^(reports/2022\.yaml:[0-9]+:[0-9]+): (\S+) (\S+)", found, re.MULTILINE)
    summaries = re.findall(r"<summary.*?</summary>", page)
    assert [
        (place, word.partition(" ")[2], rule)
        for summary in summaries
        for word, rule, place in [re.findall(r'<span class="\w+">(.*?)</span>', summary)]
    ] == places
    assert found.splitlines()[-2] in page  # the last line names the command `fix`


def test_with_several_reports_there_is_a_list_and_with_one_that_report(
    served: Served, tmp_path: Path
) -> None:
    answer, page = served.get("/")
    assert answer.status == 200
    assert '<a href="/report/reports/2022.yaml">reports/2022.yaml</a>' in page
    assert f'<a href="/report/{quote(NAME)}">' in page
    with serving(write_repo(tmp_path, **{"2022": SEED.read_bytes()})) as one:
        answer, _ = one.get("/")
        assert (answer.status, answer.headers["Location"]) == (302, "/report/reports/2022.yaml")
        assert "全部报告" not in one.get("/report/reports/2022.yaml")[1]


def test_a_report_that_is_named_may_lie_anywhere(tmp_path: Path) -> None:
    file = FIXTURES / "edition-2019.yaml"
    with serving(tmp_path, str(file)) as one:
        location = one.get("/")[0].headers["Location"]
        assert one.get(location)[0].status == 200


@pytest.mark.skipif(os.name == "nt", reason="names of files there are Unicode")
def test_a_name_of_any_bytes_has_an_address(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2022": SEED.read_bytes()})
    (root / "reports" / "2022.yaml").rename(root / os.fsdecode(b"reports/\xff2021.yaml"))
    with serving(root) as one:
        answer, page = one.get(one.get("/")[0].headers["Location"])
        assert answer.status == 200
        assert "reports/\\udcff2021.yaml" in page


@pytest.mark.parametrize(
    "path",
    [
        *("/secret.txt", "/report/secret.txt", "/page/secret.txt", "/events/secret.txt"),
        *("/report/reports/../secret.txt", "/page/..%2fsecret.txt", "/page//etc/passwd", "/page/"),
        *(
            "/page/reports/2023.yaml",
            "/report/",
            "/favicon.ico",
            "/templates/preview/preview.js",
            "//x/y",
        ),
        *("/page/%00", "/report/%ff", "/report/reports"),
    ],
)
def test_nothing_is_served_but_the_pages(path: str, served: Served) -> None:
    answer, text = served.get(path)
    assert answer.status == 404
    assert "SECRET" not in text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "HEAD", "ABC"])
def test_there_is_nothing_to_do_but_look(method: str, served: Served) -> None:
    assert served.get("/", method)[0].status == 405


@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "127.0.0.1:1", "", "a b"])
def test_a_request_by_another_name_learns_nothing(host: str, served: Served) -> None:
    name = host.format(port=served.port)
    for path in ("/", "/report/reports/2022.yaml", "/events/"):
        answer, text = served.get(path, headers={"Host": name})
        assert answer.status == 403
        assert "2022" not in text.replace(served.address, "")


def test_it_is_called_localhost_too(served: Served) -> None:
    assert served.get("/", headers={"Host": f"localhost:{served.port}"})[0].status == 200


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have one loopback address")
def test_it_listens_at_one_address_alone(served: Served) -> None:
    with socket.socket() as client:
        client.settimeout(PATIENCE)
        with pytest.raises(OSError, match="refused"):
            client.connect(("127.0.0.2", served.port))


def test_every_answer_forbids_what_it_does_not_need(served: Served) -> None:
    for path in ("/", "/report/reports/2022.yaml", "/page/reports/2022.yaml", "/frame", "/x"):
        answer, page = served.get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe-eval" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer.headers.get("Access-Control-Allow-Origin") is None
        kind = answer.headers["Content-Type"].partition(";")[0]
        assert kind == ("text/plain" if path in ("/page/reports/2022.yaml", "/x") else "text/html")
        if path == "/frame":
            assert "sandbox allow-same-origin" in policy
            assert "script-src" not in policy
        elif kind == "text/html":
            (nonce,) = set(re.findall(r'nonce="([^"]+)"', page))
            assert f"script-src 'nonce-{nonce}'" in policy
    assert served.get("/")[1] != served.get("/")[1], "a nonce is used once"


def test_words_of_strangers_are_words(served: Served) -> None:
    for path in ("/", f"/report/{quote(NAME)}"):
        _, page = served.get(path)
        assert len(re.findall("<script", page)) == 1
        assert "<img" not in page
        assert "onerror=alert(2)&gt;" in page
    assert "没有“平台&gt;&lt;script&gt;" in served.get(f"/report/{quote(NAME)}")[1]


def test_characters_that_turn_the_reading_order_are_not_shown(tmp_path: Path) -> None:
    text = SEED.read_text("utf-8").replace("机关: 古县", "机关: 古\u202e县")
    with serving(write_repo(tmp_path, **{"2022": text})) as one:
        page = one.get("/report/reports/2022.yaml")[1]
        assert "U+202E" in page
        assert "\u202e" not in page


def test_a_bug_is_reported_and_the_next_request_is_answered(
    repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reported: list[BaseException | None] = []
    name = str(repo / "reports" / "2022.yaml")

    def broken(*_arguments: object) -> str:
        raise ZeroDivisionError("a bug")

    with PreviewServer(
        PreviewStore(repo, (name,)), 0, lambda: reported.append(sys.exception())
    ) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        monkeypatch.setattr("nianbao.preview.server.report_page", broken)
        connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=PATIENCE)
        connection.request("GET", f"/report/{quote(name)}")
        with pytest.raises(http.client.RemoteDisconnected):
            connection.getresponse()
        connection.close()
        connection.request("GET", f"/page/{quote(name)}")
        assert connection.getresponse().status == 200
        connection.close()
        server.shutdown()
    assert [type(error) for error in reported] == [ZeroDivisionError]


def test_a_browser_that_hangs_up_is_no_bug(repo: Path) -> None:
    reported: list[bool] = []
    name = str(repo / "reports" / "2022.yaml")
    store = PreviewStore(repo, (name,))
    with PreviewServer(store, 0, lambda: reported.append(True)) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        for path in ("/", f"/page/{quote(name)}", f"/events/{quote(name)}"):
            with socket.create_connection(("127.0.0.1", server.server_port)) as client:
                host = f"127.0.0.1:{server.server_port}"
                client.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
                # Closing like this sends a reset, and the writing side gets an error.
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        store.close()
        server.shutdown()
    assert reported == []


# ── how it begins and ends


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize(
    ("number", "code", "said"), [(signal.SIGINT, 130, "已中断"), (signal.SIGTERM, 0, "")]
)
def test_it_ends_at_once_and_lets_go_of_port_and_connections(
    number: int, code: int, said: str, tmp_path: Path
) -> None:
    with serving(write_repo(tmp_path, **{"2022": SEED.read_bytes()})) as served:
        connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=PATIENCE)
        connection.request("GET", "/events/reports/2022.yaml")
        answer = connection.getresponse()
        assert answer.readline().startswith(b"data: ")
        ended, reported = served.stop(number)
        assert (ended, reported.strip()) == (code, said)
        assert answer.read() in (b"\n", b"")
        connection.close()
        with socket.socket() as client, pytest.raises(OSError, match="refused"):
            client.connect(("127.0.0.1", served.port))


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_template_without_end_does_not_keep_it_from_ending(number: int, tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2022": SEED.read_bytes()})
    (root / "templates").mkdir()
    loops = "".join(f"{{% for {name} in range(99999) %}}" for name in "abcd")
    (root / "templates" / "report.html").write_text(loops + "{% endfor %}" * 4, "utf-8")
    with serving(root) as served, socket.create_connection(("127.0.0.1", served.port)) as client:
        request = f"GET /page/reports/2022.yaml HTTP/1.0\r\nHost: 127.0.0.1:{served.port}\r\n\r\n"
        client.sendall(request.encode())
        # A save, so that the thread that watches waits behind the one that renders.
        (root / "reports" / "2022.yaml").write_bytes(SEED.read_bytes() + b"\n")
        assert served.stop(number)[0] == (130 if number == signal.SIGINT else 0)


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2022": SEED.read_bytes()})
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = run_cli(["serve", "--port", port], root)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"用不了端口 {port}：端口已被占用。换一个，或者不写\n"


def test_a_path_that_does_not_exist_is_the_finding_of_check(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2022": SEED.read_bytes()})
    names = ["reports/2023.yaml", "reports/甲局"]
    checked = run_cli(["check", *names], root)
    assert checked.stdout.count("错误 S001 没有这个文件") == 2
    done = run_cli(["serve", "reports/2022.yaml", *names], root)
    assert (done.returncode, done.stdout, done.stderr) == (1, checked.stdout, "")


@pytest.mark.parametrize("port", ["x", "-1", "65536", "1.5", "٣", ""])
def test_a_port_that_is_none_is_wrong_usage(port: str, tmp_path: Path) -> None:
    done = run_cli(["serve", f"--port={port}"], write_repo(tmp_path, **{"2022": b""}))
    assert done.returncode == 2
    assert done.stderr == f"--port 要写 0 到 65535 的整数，写的是“{port}”\n"


def test_without_reports_there_is_nothing_to_serve(tmp_path: Path) -> None:
    done = run_cli(["serve"], write_repo(tmp_path))
    assert (done.returncode, done.stdout) == (2, "")


def test_many_connections_may_wait_at_a_time(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repo)
    with PreviewServer(PreviewStore(repo, ()), 0, lambda: None) as server, ExitStack() as stack:
        # Nobody accepts them: a connection for which there is no room is not made.
        for _ in range(60):
            address = "127.0.0.1", server.server_port
            stack.enter_context(socket.create_connection(address, timeout=2))


def test_a_list_that_is_kept_has_another_nonce_in_every_answer() -> None:
    cached_list_page.cache_clear()
    pages = [list_page(["a.yaml", EVIL], "1", nonce) for nonce in ("first", "second")]
    assert cached_list_page.cache_info().misses == 1
    for page, own, other in (*zip(pages, ("first", "second"), ("second", "first"), strict=True),):
        assert re.findall(r'nonce="([^"]*)"', page) == [own, own]
        assert f'"{other}"' not in page
    assert "b.yaml" in list_page(["b.yaml"], "2", "third")


def test_on_windows_bytes_that_are_no_text_are_the_name_of_no_report(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert report_name("%E5%B1%80/2022.yaml") == "局/2022.yaml"
    monkeypatch.setattr(os, "fsdecode", bytes.decode)  # as there
    assert report_name("%E5%B1%80/2022.yaml") == "局/2022.yaml"
    assert report_name("%ff") == ""
