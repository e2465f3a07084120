"""Make PDFs with the programs that offices and sites use.

Each function returns None if its program is not installed. The parameter `folder` is a folder for
temporary files.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from html import escape
from typing import TYPE_CHECKING, Any

from nianbao.rendering.fonts.store import font_folder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_TIMEOUT = 120
_FONTCONFIG = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir>
<alias><family>serif</family><prefer><family>Noto Serif CJK SC</family></prefer></alias>
<alias><family>sans-serif</family><prefer><family>Noto Sans CJK SC</family></prefer></alias>
<alias><family>仿宋_GB2312</family><prefer><family>FandolFang R</family></prefer></alias>
<alias><family>宋体</family><prefer><family>Noto Serif CJK SC</family></prefer></alias>
</fontconfig>
"""


def print_with_weasyprint(page: str, folder: Path) -> bytes | None:
    """Print an HTML page with WeasyPrint as it is, without the changes of this program."""
    code = "import sys, weasyprint; weasyprint.HTML(sys.argv[1]).write_pdf(sys.argv[2])"
    return _printed(page, folder, [sys.executable, "-c", code, "page.html", "page.pdf"])


def print_with_chromium(page: str, folder: Path, *, headers: bool = False) -> bytes | None:
    """Print an HTML page with Chromium; `headers`: True to add date, title and page numbers."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        return None
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-quic"]
    flags += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    flags += [] if headers else ["--no-pdf-header-footer"]
    profile = f"--user-data-dir={folder / 'profile'}"
    address = (folder / "page.html").as_uri()
    return _printed(page, folder, [program, *flags, profile, "--print-to-pdf=page.pdf", address])


def convert_with_libreoffice(file: Path, to: str, *options: str) -> bytes | None:
    """Return a file converted to the format `to` with LibreOffice; `options`: of its command."""
    program = shutil.which("soffice")
    if program is None:
        return None
    profile = f"-env:UserInstallation={(file.parent / 'office').as_uri()}"
    command = [program, profile, "--headless", *options, "--convert-to", to, "--outdir", "made"]
    _run([*command, file.name], file.parent)
    return (file.parent / "made" / file.with_suffix(f".{to}").name).read_bytes()


def print_with_typst(source: str) -> bytes | None:
    """Return the PDF of a Typst document; `source`: its text."""
    try:
        import typst
    except ImportError:
        return None
    compile_source: Any = typst.compile
    fonts = [str(font_folder())]
    printed: bytes = compile_source(source.encode(), font_paths=fonts, ignore_system_fonts=True)
    return printed


def scan(pdf: bytes, folder: Path) -> bytes | None:
    """Return the pages of a PDF as pictures, as a scanner makes them."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    pictures = [page.render(scale=1).to_pil() for page in document]
    file = folder / "scan.pdf"
    pictures[0].save(file, save_all=True, append_images=pictures[1:])
    return file.read_bytes()


def page_with_style(body: str, style: str, title: str) -> str:
    """Return an HTML page; `style`: its CSS."""
    head = f"<meta charset=utf-8><title>{escape(title)}</title><style>{style}</style>"
    return f"<!DOCTYPE html><html lang=zh><head>{head}</head><body>{body}</body></html>"


def _printed(page: str, folder: Path, command: Sequence[str]) -> bytes | None:
    (folder / "page.html").write_text(page, "utf-8")
    _run(command, folder)
    return (folder / "page.pdf").read_bytes()


def _run(command: Sequence[str], folder: Path) -> None:
    """Run a program that finds the fonts of this repository and no others."""
    config = folder / "fonts.conf"
    config.write_text(_FONTCONFIG.format(fonts=font_folder(), cache=folder / "cache"), "utf-8")
    environment = {**os.environ, "FONTCONFIG_FILE": str(config), "HOME": str(folder)}
    subprocess.run(
        command, cwd=folder, env=environment, check=True, capture_output=True, timeout=_TIMEOUT
    )
