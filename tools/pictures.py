"""Renews docs/images: pages of the PDF and screenshots of the web page of reports/2022.yaml.

Needs a Chromium and, for the screenshots, a Chinese font of the system (the PDF brings its own).
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
GROUND = "#c9ced4"
PAGE_WIDTH, GAP = 620, 20
COLOURS = 32
# What the picture of the redline shows: in prose, a date, a row of a table.
EDITS = (
    ("发展发展", "繁荣发展"),
    ("2023-01-31", "2023-01-28"),
    (r"(本年新收: +\{自然人: )0(.*总计: )0", r"\g<1>1\g<2>1"),
    (r"(予以公开: +\{自然人: )0(.*总计: )0", r"\g<1>1\g<2>1"),
    (r"( +总计: +\{自然人: )0(.*总计: )0", r"\g<1>1\g<2>1"),
)


class PictureFailed(Exception):  # noqa: N818 - the message is for the user
    """The pictures can't be made; the message says what to install."""


def browser() -> str:
    """Return the path of a Chromium. Raises PictureFailed."""
    for name in BROWSERS:
        if found := shutil.which(name):
            return found
    advice = system_packages.advice(["chromium", "fonts-noto-cjk"], ["chromium"])
    raise PictureFailed(f"没有找到 Chromium，截不了网页。请运行：{advice}")


def require_chinese_font() -> None:
    """Raise PictureFailed where the screenshots would show boxes; silent without fontconfig."""
    lister = shutil.which("fc-list")
    if lister is None:
        return
    listed = subprocess.run([lister, ":lang=zh-cn", "family"], capture_output=True, check=True)
    if not listed.stdout.strip():
        advice = system_packages.advice(["fonts-noto-cjk"], ["font-noto-sans-cjk"])
        raise PictureFailed(f"系统没有中文字体，截图里的字会是方框。请运行：{advice}")


def save(picture: Image.Image, name: str) -> None:
    """Write a picture with few colours, which is what black text on white needs."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    target = IMAGES / name
    small = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(target, optimize=True)
    print(f"已生成 {target.relative_to(ROOT)}（{target.stat().st_size // 1000} kB）")


def pages(pdf: Path, name: str, tables: slice) -> None:
    """Draw the title page and the pages where some of the tables begin, side by side."""
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
    sheet = Image.new("RGB", size, GROUND)
    for place, image in enumerate(drawn):
        sheet.paste(image, (GAP + place * (PAGE_WIDTH + GAP), GAP))
    save(sheet, name)


def run(command: list[str], cwd: Path) -> None:
    """Run the program. Raises PictureFailed."""
    whole = [sys.executable, str(ROOT / "build.py"), *command]
    done = subprocess.run(whole, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        raise PictureFailed(done.stdout + done.stderr)


def redline(folder: Path) -> Path:
    """Make the redline of a few edits; return its PDF."""
    text = REPORT.read_text("utf-8")
    (folder / "old.yaml").write_text(text, "utf-8")
    for old, new in EDITS:
        text = re.sub(old, new, text, count=1)
    (folder / "2022.yaml").write_text(text, "utf-8")
    run(["diff", "old.yaml", "2022.yaml", "--to", "pdf", "--output", "."], folder)
    return folder / "2022.redline.pdf"


def screenshot(url: str, width: int, height: int, folder: Path) -> Image.Image:
    """Let Chromium draw a page in a window of this size, with a profile of its own."""
    picture = folder / "screenshot.png"
    picture.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="nianbao-profile-") as profile:
        command = [browser(), *FLAGS, f"--user-data-dir={profile}"]
        command += [f"--window-size={width},{height}", f"--screenshot={picture}", url]
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=120
        )
    if not picture.is_file():
        raise PictureFailed(f"Chromium 没有截出图来：\n{done.stderr.decode(errors='replace')}")
    with Image.open(picture) as image:
        image.load()
        return image


def frames(
    page: Path, name: str, width: int, height: int, anchors: tuple[str, ...], folder: Path
) -> None:
    """Screenshot a page at several places, each in a frame: no window is narrower than 500 px."""
    boxes = "".join(
        f'<iframe src="{html.escape(page.as_uri())}#{anchor}"'
        f' style="width:{width}px;height:{height}px;border:0;margin-left:{GAP}px"></iframe>'
        for anchor in anchors
    )
    wrapper = folder / "frames.html"
    style = f"margin:{GAP}px 0;background:{GROUND};white-space:nowrap;font-size:0"
    wrapper.write_text(f'<body style="{style}">{boxes}', encoding="utf-8")
    total = len(anchors) * (width + GAP) + GAP
    save(screenshot(wrapper.as_uri(), total, height + 2 * GAP, folder), name)


def main() -> int:
    """Renew every picture; return the exit code."""
    try:
        browser()
        require_chinese_font()
        with tempfile.TemporaryDirectory(prefix="nianbao-pictures-") as name:
            folder = Path(name)
            run([str(REPORT), "--to", "html,pdf", "--output", name], ROOT)
            pages(folder / "2022.pdf", "pdf.png", slice(0, 2))
            pages(redline(folder), "redline.png", slice(1, 2))
            page = folder / "2022.html"
            frames(page, "html-1280.png", 1280, 900, ("s2",), folder)
            frames(page, "html-390.png", 390, 800, ("", "s2", "s3"), folder)
    except PictureFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
