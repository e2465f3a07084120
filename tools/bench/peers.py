"""Other programs that make a PDF of the same text in the same fonts."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from importlib.metadata import version
from typing import TYPE_CHECKING

from bench.measure import Program
from nianbao.rendering import fonts

if TYPE_CHECKING:
    from pathlib import Path

_PAGE = """
@page{size:A4;margin:37mm 26mm 35mm 28mm}
body{font-family:nianbao-fangsong,nianbao-song;font-size:16pt;text-align:justify}
h1{font-family:nianbao-xiaobiaosong;font-size:22pt;text-align:center;font-weight:400}
h2{font-family:nianbao-hei;font-size:16pt;font-weight:400}
h3,h4{font-family:nianbao-kai;font-size:16pt;font-weight:400}
table{font-family:nianbao-song;font-size:9pt;border-collapse:collapse}
th,td{border:1px solid;font-weight:400}
"""
_TYPST = """#set page(paper: "a4", margin: (top: 37mm, right: 26mm, bottom: 35mm, left: 28mm))
#set text(font: {families}, size: 16pt, lang: "zh")
#show table: set text(size: 9pt)
#let horizontalrule = line(length: 100%)
"""


def peers(folder: Path, markdown: Path, html: Path) -> list[Program]:
    """Return those programs that are installed; each makes one PDF in `folder`.

    `markdown`, `html`: the files with the text.
    """
    programs = []
    if importlib.util.find_spec("pypandoc"):
        import pypandoc

        pandoc = pypandoc.get_pandoc_path()
        css = folder / "page.css"
        css.write_text(fonts.font_face_css() + _PAGE, "utf-8")
        options = [pandoc, "-f", "gfm", "-s", "--metadata", "title=-", "--css", str(css)]
        command = [*options, "--pdf-engine=weasyprint", "-o", "pandoc.pdf", str(markdown)]
        programs.append(Program("pandoc → WeasyPrint", command, folder))
        if importlib.util.find_spec("typst"):
            programs.append(_typst(folder, markdown, pandoc))
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium:
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
        flags += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
        profile = f"--user-data-dir={folder / 'profile'}"
        command = [chromium, *flags, profile, "--print-to-pdf=chromium.pdf", html.as_uri()]
        programs.append(Program("Chromium", command, folder))
    return programs


def _typst(folder: Path, markdown: Path, pandoc: str) -> Program:
    """Return Typst on the Markdown; pandoc converts it beforehand, which isn't measured."""
    command = [pandoc, "-f", "gfm", "-t", "typst", str(markdown)]
    body = subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout
    families = "(" + ", ".join(f'"{name}"' for name in _families()) + ")"
    source = folder / "report.typ"
    source.write_text(_TYPST.replace("{families}", families) + body, "utf-8")
    arguments = f"{str(source)!r}, output='typst.pdf', font_paths=[{str(fonts.font_folder())!r}]"
    code = f"import typst; typst.compile({arguments}, ignore_system_fonts=True)"
    return Program("Typst", [sys.executable, "-c", code], folder)


def _families() -> list[str]:
    """Return the family names of the font files, the body font first."""
    from fontTools.ttLib import TTFont

    names = []
    for face in fonts.installed_faces():
        with TTFont(face.path, lazy=True) as font:
            names.append(str(font["name"].getBestFamilyName()))
    return list(dict.fromkeys(names))


def describe_versions() -> str:
    """Return the versions of all programs, in one line."""
    versions = [f"Python {sys.version.split()[0]}", f"WeasyPrint {version('weasyprint')}"]
    if importlib.util.find_spec("pypandoc"):
        import pypandoc

        versions.append(f"pandoc {pypandoc.get_pandoc_version()}")
    if importlib.util.find_spec("typst"):
        versions.append(f"Typst {version('typst')}")
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium:
        done = subprocess.run([chromium, "--version"], capture_output=True, text=True, check=False)
        versions.append(" ".join(done.stdout.split()[:2]))
    return ", ".join(versions)
