"""A bug that one report brings to light costs that report, not the others."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support import ROOT, run_python, write_repo

SEED = (ROOT / "reports/2022.yaml").read_text("utf-8")
# Breaks a function of the program for the report of one body.
BREAK = """
import sys
import nianbao.checks.checker, nianbao.rendering.document
place, name = {place}, "{name}"
function = getattr(place, name)

def broken(*arguments):
    if "乙局" in arguments[0].{path}:
        raise ZeroDivisionError("injected")
    return function(*arguments)

setattr(place, name, broken)
from nianbao.cli.main import main
main(sys.argv[1:])
"""
PLACES = {
    "structure": {"place": "nianbao.checks.checker", "name": "check_structure", "path": "path"},
    "report": {"place": "nianbao.checks.checker", "name": "compile_report", "path": "path"},
    "output": {
        "place": "nianbao.rendering.document",
        "name": "build_document",
        "path": "source.path",
    },
}


@pytest.mark.parametrize("place", PLACES)
def test_the_other_reports_are_built_and_the_exit_code_is_3(tmp_path: Path, place: str) -> None:
    root = write_repo(tmp_path, 甲局__2022=SEED, 乙局__2022=SEED, 丙局__2022=SEED)
    code = BREAK.format(**PLACES[place])
    done = run_python(code, root, "build", "--to", "md", TMPDIR=str(tmp_path))
    assert done.returncode == 3, done.stdout + done.stderr
    written = sorted(file.relative_to(root).as_posix() for file in root.glob("output/*/*.md"))
    assert written == ["output/丙局/2022.md", "output/甲局/2022.md"]
    assert "没有做完：reports/乙局/2022.yaml" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    log = re.search(r"请把 (\S+) 的内容报告给开发者", done.stderr)
    assert log is not None
    assert "ZeroDivisionError: injected" in Path(log.group(1)).read_text("utf-8")
