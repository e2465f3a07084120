"""Messages about missing permissions, a full disk and a deleted working folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support import ROOT, write_repo

if TYPE_CHECKING:
    from collections.abc import Iterator

SEED = (ROOT / "reports/2022.yaml").read_text("utf-8")
FULL = Path("/dev/full")
# Takes away the right of root to read everything.
DROP_RIGHTS = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]

pytestmark = pytest.mark.skipif(
    os.name == "nt" or (os.geteuid() == 0 and not shutil.which("setpriv")),
    reason="permissions can't be tried out here",
)


def run(arguments: list[str], cwd: Path, out: int = subprocess.PIPE) -> tuple[int, str]:
    """Run the program without root's rights over files; return exit code and output."""
    command = [
        *(DROP_RIGHTS if os.geteuid() == 0 else []),
        sys.executable,
        "-m",
        "nianbao",
        *arguments,
    ]
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=out,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, (done.stdout or "") + done.stderr


@contextmanager
def permissions(path: Path, bits: int) -> Iterator[None]:
    """Give a folder other permissions for a `with` block."""
    path.chmod(bits)
    try:
        yield
    finally:
        path.chmod(0o755)


@pytest.mark.parametrize("bits", [0o000, 0o600])
@pytest.mark.parametrize("command", ["check", "build"])
def test_an_unreadable_folder_is_reported_and_the_others_are_read(
    tmp_path: Path, bits: int, command: str
) -> None:
    root = write_repo(tmp_path, **{"2022": SEED})
    (root / "reports/乙局").mkdir()
    (root / "reports/乙局/2022.yaml").write_text(SEED, "utf-8")
    with permissions(root / "reports/乙局", bits):
        code, output = run([command, *(["--to", "md"] if command == "build" else [])], root)
    assert code == 1
    assert "reports/乙局" in output
    assert "没有权限" in output
    assert "P301" in output
    assert "Traceback" not in output


@pytest.mark.parametrize("bits", [0o000, 0o600])
@pytest.mark.parametrize("names", [[], ["reports/2022.yaml"], ["reports"]])
def test_an_unreadable_reports_folder_is_a_finding(
    tmp_path: Path, bits: int, names: list[str]
) -> None:
    root = write_repo(tmp_path, **{"2022": SEED})
    with permissions(root / "reports", bits):
        code, output = run(["check", *names], root)
    assert (code, "S001" in output, "没有权限" in output) == (1, True, True)


@pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full")
@pytest.mark.parametrize("command", ["check", "build", "rules", "schema"])
def test_a_full_disk_gives_a_message_of_one_line(tmp_path: Path, command: str) -> None:
    root = write_repo(tmp_path, **{"2022": SEED})
    with FULL.open("w") as full:
        code, output = run([command], root, full.fileno())
    assert (code, output) == (1, "写不出结果：磁盘满了\n")


def test_a_deleted_working_folder_gives_a_message(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    script = f'cd "{gone}" && rmdir "{gone}" && exec "{sys.executable}" -m nianbao check'
    done = subprocess.run(
        ["sh", "-c", script],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 1
    assert "现在的文件夹已经不在了，换一个文件夹再运行\n" in done.stderr
    assert "Traceback" not in done.stderr
