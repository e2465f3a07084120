"""Update docs/images: pages of the PDF and of the web page of reports/2022.yaml, and the site.

This needs Chromium and, for the screenshots, a Chinese font of the system; the PDF contains its own
fonts.
"""

from __future__ import annotations

import html
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pypdfium2
from PIL import Image

import system_packages
from demo.county import UNITS
from demo.repository import DemoError, make_demo, new_folder
from nianbao.model.form import load_form

ROOT = Path(__file__).resolve().parent.parent
REPORT = ROOT / "reports" / "2022.yaml"
IMAGES = ROOT / "docs" / "images"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--hide-scrollbars", "--force-device-scale-factor=1"),
)
BACKGROUND = "#c9ced4"
PAGE_WIDTH, GAP = 620, 20
COLOURS = 32
# Edits that the picture of the redline shows: in prose, in a date, in rows of a table.
EDITS = (
    ("发展发展", "繁荣发展"),
    ("2023-01-31", "2023-01-28"),
    (r"(本年新收: +\{自然人: )0(.*总计: )0", r"\g<1>1\g<2>1"),
    (r"(予以公开: +\{自然人: )0(.*总计: )0", r"\g<1>1\g<2>1"),
    (r"( +总计: +\{自然人: )0(.*总计: )0", r"\g<1>1\g<2>1"),
)


class PictureError(Exception):
    """Raised if the pictures can't be made; the message, in Chinese, says why."""


def find_browser() -> str:
    """Return the path of Chromium. Raises PictureError if it is not installed."""
    for name in BROWSERS:
        if found := shutil.which(name):
            return found
    advice = system_packages.install_command(["chromium", "fonts-noto-cjk"], ["chromium"])
    raise PictureError(f"没有找到 Chromium，截不了网页。请运行：{advice}")


def require_chinese_font() -> None:
    """Raise PictureError if the system has no Chinese font; without fontconfig, do nothing."""
    lister = shutil.which("fc-list")
    if lister is None:
        return
    listed = subprocess.run([lister, ":lang=zh-cn", "family"], capture_output=True, check=True)
    if not listed.stdout.strip():
        advice = system_packages.install_command(["fonts-noto-cjk"], ["font-noto-sans-cjk"])
        raise PictureError(f"系统没有中文字体，截图里的字会是方框。请运行：{advice}")


def save(picture: Image.Image, name: str) -> None:
    """Write a picture with 32 colours, which are enough for black text on white.

    `name`: the name of its file in docs/images.
    """
    IMAGES.mkdir(parents=True, exist_ok=True)
    target = IMAGES / name
    small = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(target, optimize=True)
    print(f"已生成 {target.relative_to(ROOT)}（{target.stat().st_size // 1000} kB）")


def save_pages(pdf: Path, name: str, tables: slice) -> None:
    """Draw the title page and the pages on which some tables begin, side by side.

    `name`: the name of the picture. `tables`: which of the tables.
    """
    document = pypdfium2.PdfDocument(pdf)
    texts = [page.get_textpage().get_text_range() for page in document]
    titles = [section.title for section in load_form(2021).sections if section.grids][tables]
    numbers = {0}
    for title in titles:
        numbers.update(number for number, text in enumerate(texts) if title in text)
    drawn = []
    for number in sorted(numbers):
        page = document[number]
        drawn.append(page.render(scale=PAGE_WIDTH / page.get_width()).to_pil())
    height = max(image.height for image in drawn)
    size = (len(drawn) * (PAGE_WIDTH + GAP) + GAP, height + 2 * GAP)
    sheet = Image.new("RGB", size, BACKGROUND)
    for index, image in enumerate(drawn):
        sheet.paste(image, (GAP + index * (PAGE_WIDTH + GAP), GAP))
    save(sheet, name)


def run(command: list[str], cwd: Path) -> None:
    """Run nianbao with the words `command` in the folder `cwd`.

    Raises PictureError if it fails.
    """
    program = [sys.executable, str(ROOT / "build.py"), *command]
    done = subprocess.run(program, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        raise PictureError(done.stdout + done.stderr)


def make_redline(folder: Path) -> Path:
    """Make the redline of a report with EDITS; return the path of its PDF."""
    text = REPORT.read_text("utf-8")
    (folder / "old.yaml").write_text(text, "utf-8")
    for old, new in EDITS:
        text = re.sub(old, new, text, count=1)
    (folder / "2022.yaml").write_text(text, "utf-8")
    run(["diff", "old.yaml", "2022.yaml", "--to", "pdf", "--output", "."], folder)
    return folder / "2022.redline.pdf"


def screenshot(url: str, width: int, height: int, folder: Path) -> Image.Image:
    """Return a screenshot of a web page, made by Chromium with a temporary profile.

    `width`, `height`: the size of the window in pixels.
    """
    picture = folder / "screenshot.png"
    picture.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="nianbao-profile-") as profile:
        command = [find_browser(), *FLAGS, f"--user-data-dir={profile}"]
        command += [f"--window-size={width},{height}", f"--screenshot={picture}", url]
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=120
        )
    if not picture.is_file():
        raise PictureError(f"Chromium 没有截出图来：\n{done.stderr.decode(errors='replace')}")
    with Image.open(picture) as image:
        image.load()
        return image


def save_anchors(
    page: Path, name: str, width: int, height: int, anchors: tuple[str, ...], folder: Path
) -> None:
    """Write one picture with a web page at several anchors, side by side.

    Each anchor is in an iframe, because no window of Chromium is narrower than 500 px.
    """
    boxes = "".join(
        f'<iframe src="{html.escape(page.as_uri())}#{anchor}"'
        f' style="width:{width}px;height:{height}px;border:0;margin-left:{GAP}px"></iframe>'
        for anchor in anchors
    )
    wrapper = folder / "anchors.html"
    style = f"margin:{GAP}px 0;background:{BACKGROUND};white-space:nowrap;font-size:0"
    wrapper.write_text(f'<body style="{style}">{boxes}', encoding="utf-8")
    total = len(anchors) * (width + GAP) + GAP
    save(screenshot(wrapper.as_uri(), total, height + 2 * GAP, folder), name)


def main() -> int:
    """Update every picture; return the exit code."""
    try:
        find_browser()
        require_chinese_font()
        with tempfile.TemporaryDirectory(prefix="nianbao-pictures-") as name:
            folder = Path(name)
            run([str(REPORT), "--to", "html,pdf", "--output", name], ROOT)
            save_pages(folder / "2022.pdf", "pdf.png", slice(0, 2))
            save_pages(make_redline(folder), "redline.png", slice(1, 2))
            page = folder / "2022.html"
            save_anchors(page, "html-1280.png", 1280, 900, ("s2",), folder)
            save_anchors(page, "html-390.png", 390, 800, ("", "s2", "s3"), folder)
            home = make_demo(new_folder(folder / "demo"), ["html"])
            save_anchors(home, "site.png", 1280, 1500, ("",), folder)
            unit = home.parent / UNITS[5].folder / "index.html"
            save_anchors(unit, "site-unit.png", 1280, 1200, ("",), folder)
            save_anchors(unit, "site-390.png", 390, 800, ("", "figures", "s2"), folder)
    except (PictureError, DemoError) as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
