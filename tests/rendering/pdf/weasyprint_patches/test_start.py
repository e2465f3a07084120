"""What spares time at the start and over many PDFs: nothing in a PDF may depend on it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from nianbao.rendering import fonts
from nianbao.rendering.pdf.weasyprint_patches import ffi_tables, patched_weasyprint
from tests.support import ROOT, SEED, run_python, write_repo

if TYPE_CHECKING:
    import pytest

# Makes one PDF, without some of the adapters, and prints its digest and what was loaded.
MAKE = """
import contextlib, hashlib, sys
import nianbao.rendering.pdf.weasyprint_patches as adapters
from nianbao.rendering.pdf.weasyprint_patches import cffi_cache, font_faces, lazy_fonttools
from nianbao.rendering.pdf.weasyprint_patches import pydyf_output
for name in sys.argv[2:]:
    if name == "cffi_cache":
        cffi_cache.cached_declarations = contextlib.nullcontext
    if name == "lazy_fonttools":
        lazy_fonttools.lazy_fonttools = contextlib.nullcontext
    if name == "pydyf_output":
        pydyf_output.write_once = lambda write: write
    if name == "font_faces":
        from weasyprint.text.fonts import FontConfiguration
        font_faces.font_configuration = lambda _: FontConfiguration()
from pathlib import Path
from nianbao.checks.checker import check_file
from nianbao.workspace.discovery import ReportFile
from nianbao.rendering import render_report
from nianbao.workspace.settings import Settings
file = ReportFile(Path(sys.argv[1]), "2022.yaml", Path("2022"))
report = check_file(file, Settings()).report
pdfs = [render_report(report, "pdf", Settings(), Path("templates")) for _ in range(2)]
print(*(hashlib.sha256(pdf).hexdigest() for pdf in pdfs))
print(*sorted({"fontTools", "pycparser"} & set(sys.modules)))
"""


def test_the_pdf_is_byte_for_byte_what_it_is_without_them(tmp_path: Path) -> None:
    def made(*without: str) -> tuple[set[str], list[str]]:
        done = run_python(MAKE, tmp_path, str(SEED), *without)
        assert done.returncode == 0, done.stderr
        digests, loaded = done.stdout.split("\n")[:2]
        return set(digests.split()), loaded.split()

    quick, loaded = made()
    assert len(quick) == 1
    assert loaded == []
    slow, loaded = made("cffi_cache", "lazy_fonttools", "pydyf_output", "font_faces")
    assert slow == quick
    assert loaded == ["fontTools", "pycparser"]


def test_the_tables_are_those_of_the_pinned_weasyprint() -> None:
    code = "import ffi_tables; print(ffi_tables.tables(), end='')"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT}/tools:{ROOT}", "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    _, _, text = done.stdout.partition('"""What')  # cffi says on stdout what it writes
    assert f'"""What{text}' == Path(str(ffi_tables.__file__)).read_text("utf-8")


def test_a_font_that_needs_font_tools_gets_it(tmp_path: Path) -> None:
    """A template of a repository brings in a font as WOFF, which fontTools unpacks."""
    code = """
import io, sys
from nianbao.rendering.pdf.weasyprint_patches import patched_weasyprint
weasyprint = patched_weasyprint()
assert "fontTools" not in sys.modules
from weasyprint.pdf import fonts
try:
    fonts.TTFont(io.BytesIO(b"no font"))
except fonts.TTLibError:
    print("printed")
"""
    done = run_python(code, tmp_path)
    assert (done.stdout, done.stderr) == ("printed\n", "")


def test_a_font_of_ours_is_used_where_it_lies_and_registered_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    patched_weasyprint()
    from weasyprint.text import fonts as theirs

    from nianbao.rendering.pdf.weasyprint_patches.font_faces import font_configuration

    face = fonts.installed_faces()[0]
    configuration = font_configuration({face.path.as_uri(): face.path})
    added: list[bytes] = []
    real = theirs.fontconfig.FcConfigAppFontAddFile

    class Counting:
        def __getattr__(self, name: str) -> object:
            return getattr(theirs_fontconfig, name)

        @staticmethod
        def FcConfigAppFontAddFile(config: object, path: bytes) -> int:  # noqa: N802 - fontconfig's
            added.append(path)
            return int(real(config, path))

    theirs_fontconfig = theirs.fontconfig
    monkeypatch.setattr(theirs, "fontconfig", Counting())
    rule = {"font_family": "x", "src": [("external", face.path.as_uri())], "font_weight": 400}
    for _ in range(2):
        configuration.add_font_face(rule, None)
    assert added == [str(face.path).encode()]
    assert configuration._folder is None


def test_many_pdfs_in_one_repository_come_from_one_process_and_end_well(tmp_path: Path) -> None:
    text = SEED.read_text("utf-8")
    root = write_repo(tmp_path, 甲__2022=text, 乙__2022=text)
    code = "import sys; from nianbao.cli.main import main; main(sys.argv[1:])"
    done = run_python(code, root, "build", "--to", "pdf", "--jobs", "1")
    assert (done.returncode, done.stderr) == (0, "")
    made = [file.read_bytes() for file in root.glob("output/*/2022.pdf")]
    assert len(made) == 2
    assert made[0] == made[1]
