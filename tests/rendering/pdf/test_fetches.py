"""Fetches of WeasyPrint for a PDF: our font files, nothing else."""

from __future__ import annotations

import http.server
import re
import threading
from typing import TYPE_CHECKING

import pytest

from tests.rendering.parsed_outputs import pages, squeeze
from tests.rendering.rendered_reports import changed
from tests.support import SEED, run_cli, write_repo

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Listening:
    """A server on this machine that writes down what it is asked for."""

    def __init__(self) -> None:
        asked: list[str] = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"body::before { content: 'FETCHED' }")

            def log_message(self, *_: object) -> None:
                """Keep quiet."""

        self.asked = asked
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"


@pytest.fixture
def listening() -> Iterator[Listening]:
    """A listening server."""
    listening = Listening()
    thread = threading.Thread(target=listening.server.serve_forever)
    thread.start()
    yield listening
    listening.server.shutdown()
    thread.join()
    listening.server.server_close()


def words_of(pdf: Path) -> str:
    """The text of a PDF without white space."""
    return squeeze("".join(page.extract_text() for page in pages(pdf.read_bytes())))


PLACES = ("{url}/a", "{file}", "//127.0.0.1:{port}/a", "ftp://127.0.0.1:{port}/a", "/etc/passwd")
STYLE = (
    '@import url("{0}"); @import "{0}"; body {{ background: url("{0}") }} '
    '@font-face {{ font-family: x; src: url("{0}") }} p::before {{ content: url("{0}"); }}'
)
TAGS = (
    '<img src="{0}"><object data="{0}"></object><embed src="{0}"><iframe src="{0}"></iframe>'
    '<link rel="stylesheet" href="{0}"><link rel="attachment" href="{0}">'
    '<a rel="attachment" href="{0}">x</a><svg><image href="{0}"/><use href="{0}#a"/></svg>'
    '<img srcset="{0} 1x"><style>@import "{0}";</style><base href="{0}"><p style="'
    "background: url('{0}')\">字</p>"
)


def test_a_users_template_and_style_sheets_can_fetch_nothing(
    tmp_path: Path, listening: Listening
) -> None:
    secret = tmp_path / "secret.css"
    secret.write_text("body::before { content: 'SECRET' }", "utf-8")
    port = listening.url.rpartition(":")[2]
    places = [place.format(url=listening.url, file=secret.as_uri(), port=port) for place in PLACES]
    root = write_repo(tmp_path, **{"2022": SEED.read_text("utf-8")})
    (root / "templates").mkdir()
    for name in ("print.css", "extra-print.css"):
        (root / "templates" / name).write_text("".join(map(STYLE.format, places)), "utf-8")
    ours = (SEED.parent.parent / "templates/print.html").read_text("utf-8")
    theirs = ours.replace("<body>", "<body>" + "".join(TAGS.format(place) for place in places))
    assert theirs != ours
    (root / "templates/print.html").write_text(theirs, "utf-8")
    done = run_cli(["--to", "pdf"], root)
    assert done.returncode == 0, done.stdout + done.stderr
    pdf = root / "output/2022.pdf"
    assert listening.asked == []
    assert "SECRET" not in words_of(pdf)
    assert "FETCHED" not in words_of(pdf)
    assert "我局高度重视" in words_of(pdf)
    assert files_in(pdf) == {"2022.yaml", "2022.json"}
    # Nothing of WeasyPrint's English about it reaches the user.
    assert not re.search("Failed|ERROR|WARNING|not fetched", done.stdout + done.stderr)


def files_in(pdf: Path) -> set[str]:
    """The names of the files that a PDF carries."""
    from pikepdf import Pdf

    with Pdf.open(pdf) as document:
        return set(document.attachments)


def test_the_server_of_this_test_would_have_heard_a_request(listening: Listening) -> None:
    from urllib.request import urlopen

    with urlopen(f"{listening.url}/a", timeout=5) as answer:
        assert b"FETCHED" in answer.read()
    assert listening.asked == ["/a"]


def test_addresses_and_images_in_prose_fetch_nothing(tmp_path: Path, listening: Listening) -> None:
    url = listening.url
    prose = f'![图]({url}/a.png)\n<img src="{url}/b.png">\n<style>@import "{url}/c"</style>\n'
    prose += f"![图](file:///etc/passwd)\n[链接]({url}/d)\n"
    text = changed(2021, {("引言",): prose, ("总体情况", "概述"): prose})
    root = write_repo(tmp_path, report=text)
    assert run_cli(["--to", "pdf,html"], root).returncode == 0
    assert listening.asked == []
    assert f"![图]({url}/a.png)" in words_of(root / "output/report.pdf")


def test_a_template_of_ones_own_may_carry_no_file_of_this_machine(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET", "utf-8")
    root = write_repo(tmp_path, **{"2022": SEED.read_text("utf-8")})
    (root / "templates").mkdir()
    link = f'<link rel="attachment" href="{secret.as_uri()}"><p>正文</p>'
    (root / "templates/print.html").write_text(link, "utf-8")
    assert run_cli(["--to", "pdf"], root).returncode == 0
    assert files_in(root / "output/2022.pdf") == {"2022.yaml", "2022.json"}
