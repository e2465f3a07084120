"""The benchmarks run and their reports are valid; no figure is asserted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nianbao.checks.checker import check_file
from nianbao.diagnostics.finding import Severity
from nianbao.workspace.discovery import find_reports
from nianbao.workspace.settings import Settings
from tests.support import ROOT, run_python

if TYPE_CHECKING:
    from pathlib import Path


def test_the_reports_are_varied_and_have_no_errors(tmp_path: Path) -> None:
    code = "import sys; sys.path.insert(0, sys.argv[1]); from pathlib import Path\n"
    code += "from bench.reports import write_reports; write_reports(Path('.'), 5)"
    done = run_python(code, tmp_path, str(ROOT / "tools"))
    assert (done.returncode, done.stderr) == (0, "")
    files = find_reports(tmp_path, ())
    texts = {file.path.read_text("utf-8") for file in files}
    assert len(texts) == 5
    assert len({len(text) for text in texts}) > 1
    for file in files:
        checked = check_file(file, Settings())
        assert [f for f in checked.findings if f.severity is Severity.ERROR] == []
        assert checked.report is not None


def test_a_part_of_the_benchmarks_runs(tmp_path: Path) -> None:
    code = "import runpy, sys; sys.path.insert(0, sys.argv.pop(1))\n"
    code += "runpy.run_module('bench', run_name='__main__')"
    done = run_python(code, tmp_path, str(ROOT / "tools"), "4", "--count", "3", "--runs", "1")
    assert done.returncode == 0, done.stderr
    assert "4 3 份，HTML 和 Markdown：" in done.stdout


@pytest.mark.slow
def test_the_benchmark_of_the_site_runs(tmp_path: Path) -> None:
    code = "import runpy, sys; sys.path.insert(0, sys.argv.pop(1))\n"
    code += "runpy.run_module('bench', run_name='__main__')"
    done = run_python(code, tmp_path, str(ROOT / "tools"), "site", "--count", "10", "--runs", "1")
    assert done.returncode == 0, done.stderr
    for label in ("5 份", "10 份", "20 份", "没有变化", "变了一份"):
        assert f"网站，{label}：" in done.stdout
