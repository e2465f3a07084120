"""Patches that save time: at the start and over many PDFs. No byte of a PDF depends on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.rendering import fonts
from nianbao.rendering.pdf.weasyprint_patches import patched_weasyprint
from nianbao.rendering.pdf.weasyprint_patches.font_faces import font_configuration
from tests.support import SEED, run_python, write_repo

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

# Makes one PDF twice, without the patches that are named, and prints its digest, which modules
# were loaded, and how many programs were run while WeasyPrint was imported.
MAKE = """
import contextlib, hashlib, sys
from pathlib import Path
from nianbao.checks.checker import check_file
from nianbao.rendering import render_report
from nianbao.rendering.pdf import renderer
from nianbao.rendering.pdf.weasyprint_patches import patched_weasyprint
from nianbao.rendering.pdf.weasyprint_patches import pydyf_output, quick_import, subsetting
from nianbao.workspace.discovery import ReportFile
from nianbao.workspace.settings import Settings
for name in sys.argv[2:]:
    if name == "quick_import":
        quick_import.quick_import = contextlib.nullcontext
    if name == "pydyf_output":
        pydyf_output.written_once = lambda data: data
    if name == "subsetting":
        subsetting.data_or_file_of = lambda data: data
    if name == "font_faces":
        def copied():
            from weasyprint.text.fonts import FontConfiguration
            from weasyprint.urls import URLFetcher
            class Copying(FontConfiguration):
                def add_font_face(self, descriptors, _):
                    super().add_font_face(descriptors, URLFetcher())
            return Copying()
        renderer.font_configuration = copied
programs = []
sys.addaudithook(lambda event, _: event == "subprocess.Popen" and programs.append(event))
patched_weasyprint()
run = len(programs)
file = ReportFile(Path(sys.argv[1]), "2022.yaml", Path("2022"))
report = check_file(file, Settings()).report
pdfs = [render_report(report, "pdf", Settings(), Path("templates")) for _ in range(2)]
print(*(hashlib.sha256(pdf).hexdigest() for pdf in pdfs))
print(*sorted({"fontTools.subset", "fontTools.varLib"} & set(sys.modules)))
print(run)
"""


def test_the_pdf_is_byte_for_byte_the_same_without_them(tmp_path: Path) -> None:
    def made(*without: str) -> tuple[set[str], str, int]:
        done = run_python(MAKE, tmp_path, str(SEED), *without)
        assert done.returncode == 0, done.stderr
        digests, loaded, programs = done.stdout.splitlines()
        return set(digests.split()), loaded, int(programs)

    quick, loaded, programs = made()
    assert len(quick) == 1
    assert (loaded, programs) == ("", 0)
    slow, loaded, programs = made("quick_import", "pydyf_output", "subsetting", "font_faces")
    assert slow == quick
    assert loaded == "fontTools.subset fontTools.varLib"
    assert programs > 0


def test_a_variable_font_of_a_template_still_works(tmp_path: Path) -> None:
    code = """
import io, sys
import pikepdf
from nianbao.rendering.pdf.weasyprint_patches import patched_weasyprint
weasyprint = patched_weasyprint()
assert "fontTools.varLib" not in sys.modules
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
pen = TTGlyphPen(None)
pen.moveTo((0, 0)); pen.lineTo((500, 0)); pen.lineTo((500, 500)); pen.closePath()
font = FontBuilder(1000, isTTF=True)
font.setupGlyphOrder([".notdef", "a"])
font.setupCharacterMap({0x61: "a"})
font.setupGlyf({".notdef": TTGlyphPen(None).glyph(), "a": pen.glyph()})
font.setupHorizontalMetrics({".notdef": (600, 0), "a": (600, 0)})
font.setupHorizontalHeader(ascent=800, descent=-200)
font.setupNameTable({"familyName": "Varied", "styleName": "Regular"})
font.setupFvar([("wght", 100, 400, 900, "Weight")], [])
font.setupGvar({"a": []})
font.setupOS2()
font.setupPost()
font.save("varied.ttf")
css = "@font-face{font-family:v;src:url(varied.ttf);font-weight:100 900}p{font:16pt v}"
pdf = weasyprint.HTML(string=f"<style>{css}</style><p>aaa", base_url=".").write_pdf()
with pikepdf.open(io.BytesIO(pdf)) as document:
    (embedded,) = [
        bytes(each.FontFile2.read_bytes()) for each in document.objects
        if isinstance(each, pikepdf.Dictionary) and "/FontFile2" in each
    ]
print(sorted({"fvar", "gvar", "glyf"} & set(TTFont(io.BytesIO(embedded)).keys())))
"""
    done = run_python(code, tmp_path)
    assert (done.stdout, done.stderr) == ("['glyf']\n", "")


def test_our_fonts_are_registered_once_where_they_lie(monkeypatch: pytest.MonkeyPatch) -> None:
    patched_weasyprint()
    from weasyprint.text import fonts as text_fonts

    added: list[bytes] = []
    fontconfig = text_fonts.fontconfig

    class Recording:
        def __getattr__(self, name: str) -> object:
            return getattr(fontconfig, name)

        @staticmethod
        def FcConfigAppFontAddFile(config: object, path: bytes) -> int:  # noqa: N802 - fontconfig's
            added.append(path)
            return int(fontconfig.FcConfigAppFontAddFile(config, path))

    monkeypatch.setattr(text_fonts, "fontconfig", Recording())
    configuration = font_configuration.__wrapped__()
    paths = [str(each.path).encode() for each in fonts.installed_faces() if not each.face.blocks]
    assert added == []
    css = f"{fonts.font_face_css()}p{{font-family:nianbao-kai}}"
    for _ in range(2):
        html = patched_weasyprint().HTML(string=f"<style>{css}</style><p>年报")
        pdf = html.write_pdf(font_config=configuration, uncompressed_pdf=True)
        assert b"+nianbao-kai" in pdf
    assert added == paths
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
