"""No file hurts: each is refused by one message, in little time and memory, and fetches nothing."""

from __future__ import annotations

import os
import re
import socket
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from nianbao.errors import UserError
from nianbao.importing.files import import_file
from nianbao.importing.readers.word.conversion import find_office
from tests.importing import hostile_files as files
from tests.support import run_cli, run_python

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

NAMES = sorted(files.hostile_files(""))
OFFICE = (".rtf", ".odt", "junk.doc")  # what LibreOffice opens
# Those that took the most memory, or a minute, before there were limits.
LARGE = (
    *("attributes.html", "boundaries.mht", "content-bomb.pdf", "deep.rtf", "lines.txt"),
    *("saves.pdf", "strings.xlsx", "text-50mb.docx", "zeros-hidden.docx"),
)
# They are read until a limit, of time or of work.
SLOW = ("aligned.txt", "forms.pdf", "labels.html", "saves.pdf", "wrapped.txt")
SECONDS = 10.0
MEGABYTES = 500
MEASURE = """
import resource, subprocess, sys
code = subprocess.run([sys.executable, "-m", "nianbao", "import", *sys.argv[1:]]).returncode
print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""


class Server:
    """Counts the connections to an address that stands in the files."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.visits: list[bytes] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection:
                self.visits.append(connection.recv(100))


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    with closing(server.listener):
        yield server


def processor_seconds() -> float:
    """Return the processor time of this process and its children, which no other process delays."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def marked(names: Iterable[str]) -> list[object]:
    """Return the parameters of a test, with the mark `slow` for those in SLOW."""
    return [pytest.param(each, marks=[pytest.mark.slow] * (each in SLOW)) for each in names]


def needs_office(name: str) -> None:
    if name.endswith(OFFICE) and find_office() is None:
        pytest.skip("LibreOffice is not installed")


def test_the_server_counts_visits(server: Server) -> None:
    with socket.create_connection(server.listener.getsockname()) as connection:
        connection.sendall(b"GET")
        connection.recv(1)
    assert server.visits == [b"GET"]


@pytest.mark.parametrize("name", marked(name for name in NAMES if name not in LARGE))
def test_a_hostile_file_is_refused_soon_by_one_message(
    name: str, tmp_path: Path, server: Server
) -> None:
    needs_office(name)
    file = tmp_path / name
    file.write_bytes(files.hostile_files(server.address)[name]())
    start = processor_seconds()
    with pytest.raises(UserError) as refused:
        import_file(file, name)
    assert processor_seconds() - start < SECONDS
    message = str(refused.value)
    assert re.fullmatch(rf"{re.escape(name)}：.*[\u4e00-\u9fff].*", message), message
    assert not server.visits


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux")
@pytest.mark.parametrize("name", marked(LARGE))
def test_a_bomb_takes_little_memory(name: str, tmp_path: Path, server: Server) -> None:
    needs_office(name)
    file, target = tmp_path / name, tmp_path / "out" / "2022.yaml"
    file.write_bytes(files.hostile_files(server.address)[name]())
    start = processor_seconds()
    done = run_python(MEASURE, tmp_path, name, "-o", str(target))
    seconds = processor_seconds() - start
    message, last = done.stdout.rstrip().rsplit("\n", 1)
    code, megabytes = map(int, last.split())
    assert (code, message.count("\n")) == (1, 0), done.stdout
    assert message.startswith(f"{name}：")
    assert "Traceback" not in done.stderr
    assert megabytes < MEGABYTES
    assert seconds < SECONDS
    assert not target.exists()
    assert not server.visits


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("links.docx", files.linked_word_file),
        ("links.html", files.linked_page),
        ("links.mht", files.web_archive),
    ],
)
def test_a_report_with_links_is_imported_and_nothing_is_fetched(
    name: str, make: Callable[[str], bytes], tmp_path: Path, server: Server
) -> None:
    file = tmp_path / name
    file.write_bytes(make(server.address))
    imported = import_file(file, name)
    assert "规章" in imported.text
    assert len(imported.text) < 50_000
    assert not server.visits


def test_an_entity_does_not_bring_a_file_of_the_machine_into_a_report(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("秘密的内容", "utf-8")
    page = tmp_path / "page.html"
    page.write_bytes(files.linked_page(secret.as_uri()))
    assert "秘密的内容" not in import_file(page, "page.html").text


def test_a_long_text_that_is_merged_over_a_table_is_not_repeated(tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_bytes(files.spread_text())
    text = import_file(file, "report.html").text
    assert 2_000 < len(text) < 400_000


def test_tables_that_span_too_many_positions_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    spans = f"<table><tr><td colspan=199 rowspan=300>1{'<tr><td>2' * 299}</table>" * 3
    file.write_bytes(files.spread_text().replace(b"</body>", spans.encode() + b"</body>"))
    with pytest.raises(UserError, match="表格超过"):
        import_file(file, "report.html")


def test_an_encrypted_workbook_of_excel_97_is_named(tmp_path: Path) -> None:
    file = tmp_path / "a.xls"
    file.write_bytes(files.encrypted_xls())
    with pytest.raises(UserError, match="密码"):
        import_file(file, "a.xls")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no FIFOs")
def test_what_is_no_file_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo.docx")
    for path in (tmp_path / "fifo.docx", tmp_path, Path("/dev/zero")):
        with pytest.raises(UserError, match="不是一个文件"):
            import_file(path, path.name)


@pytest.mark.skipif(sys.platform != "linux", reason="/proc has files without a size")
def test_a_file_that_is_larger_than_it_says_is_read_to_the_limit_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("nianbao.importing.files.MAX_BYTES", 99)
    with pytest.raises(UserError, match="超过了"):
        import_file(Path("/proc/self/maps"), "maps")


def test_control_characters_of_a_name_do_not_get_to_the_terminal(tmp_path: Path) -> None:
    name = "a\x1b[31m\u202e\n.docx"
    (tmp_path / name).write_bytes(b"")
    done = run_cli(["import", name], tmp_path)
    assert done.returncode == 1
    assert done.stdout.count("\n") == 1
    assert not re.search("[\x1b\u202e]", done.stdout)


def test_control_characters_do_not_get_into_the_report(tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    cells = "<tr><td>甲\x08乙</td><td>\x84\ufdd0</td></tr><tr><td>丙</td><td>丁</td></tr>"
    further = f"<table>{cells}</table>"
    page = files.spread_text().decode().replace("</body>", f"{further}</body>")
    file.write_text(page, "utf-8")
    imported = import_file(file, "report.html")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0]", imported.text)
