"""Make samples of web pages, Markdown and text files as offices and their sites have them.

NAME.truth.yaml in the same folder is the report that a sample shows; NAME.refuse.SUFFIX is no
report.
"""

from __future__ import annotations

import base64
import shutil
import subprocess
import tempfile
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from import_quality import variants
from import_quality.pages import (
    boxes,
    cms_page,
    in_one_table,
    lines_with_breaks,
    old_page,
    plain_page,
    table_html,
    word_page,
)
from import_quality.printed import Printed, make_printed
from import_quality.texts import (
    aligned_text,
    bars_text,
    browser_text,
    drawn_text,
    values_text,
    word_text,
    wrapped_text,
)
from nianbao.rendering import render_report
from nianbao.workspace.settings import Settings

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator

_NO_TEMPLATES = Path("no-such-folder")


def make_samples(folder: Path, rng: random.Random) -> None:
    """Write samples and their truths to a folder; the same `rng` gives the same files.

    Samples of pandoc and LibreOffice are left out where these are not installed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, suffix, make in _samples(rng):
        edition = 2019 if "2019" in name else 2021
        printed = make_printed(rng, edition, cell_notes="noted" in name)
        if (data := make(printed)) is not None:
            (folder / f"{name}.{suffix}").write_bytes(data)
            (folder / f"{name}.truth.yaml").write_text(printed.truth, "utf-8")
    for name, data in _refused(make_printed(rng)):
        (folder / name).write_bytes(data)


def _samples(
    rng: random.Random,
) -> Iterator[tuple[str, str, Callable[[Printed], bytes | None]]]:
    """Yield name, suffix and maker of each sample."""
    for name in ("ours", "ours-noted", "ours-2019"):
        yield f"web-{name}", "html", lambda printed: _ours(printed, "html")
        yield f"md-{name}", "md", lambda printed: _ours(printed, "md")
    yield from _page_samples(rng)
    yield "web-pandoc", "html", lambda p: _pandoc(_ours(p, "md"), "gfm", "html", "--standalone")
    yield "web-libreoffice", "html", _libreoffice_page
    yield "md-pandoc", "md", lambda p: _pandoc(plain_page(p).encode(), "html", "markdown-smart")
    yield "md-pandoc-grid", "md", lambda p: _pandoc(plain_page(p).encode(), "html", _GRIDS)
    yield "md-gfm", "md", lambda p: _pandoc(plain_page(p).encode(), "html", "gfm")
    yield "md-pandoc-simple", "md", lambda p: _pandoc(_ours(p, "md"), "gfm", _SIMPLE)
    yield "md-html-tables", "md", lambda p: markdown_with_html(p).encode()
    for edition in ("", "-2019"):
        yield f"text-word{edition}", "txt", lambda p: word_text(p).encode()
        yield f"text-browser{edition}", "txt", lambda p: browser_text(p).encode()
        yield f"text-values{edition}", "txt", lambda p: values_text(p).encode()
    yield "text-word-gb18030", "txt", lambda p: word_text(p).replace("\n", "\r\n").encode("gb18030")
    yield "text-word-utf16", "txt", lambda p: word_text(p).encode("utf-16")
    yield "text-browser-noted", "txt", lambda p: browser_text(p).encode("gb18030")
    yield "text-aligned", "txt", lambda p: aligned_text(p, "   ").encode()
    yield "text-aligned-wide", "txt", lambda p: aligned_text(p, "\u3000\u3000").encode()
    yield "text-single-blanks", "txt", lambda p: aligned_text(p, " ").encode()
    yield "text-wrapped", "txt", lambda p: wrapped_text(p).encode()
    yield "text-bars", "txt", lambda p: bars_text(p).encode()
    yield "text-drawn", "txt", lambda p: drawn_text(p).encode()


_GRIDS = "markdown-smart-simple_tables-multiline_tables-pipe_tables"
_SIMPLE = "markdown-smart-pipe_tables-grid_tables"


def _page_samples(
    rng: random.Random,
) -> Iterator[tuple[str, str, Callable[[Printed], bytes | None]]]:
    def page(
        name: str,
        make: Callable[[Printed], str],
        *changes: variants.Variant,
        charset: str = "utf-8",
    ) -> tuple[str, str, Callable[[Printed], bytes]]:
        def build(printed: Printed) -> bytes:
            for change in changes:
                printed = change(printed)
            return make(printed).encode(charset, "xmlcharrefreplace")

        return f"web-{name}", "html", build

    yield page("cms", cms_page)
    yield page("cms-2019", cms_page)
    yield page("cms-noted", cms_page, variants.joined_tables)
    yield page("cms-split", cms_page, variants.split_tables, variants.reworded_labels)
    yield page("cms-reworded", cms_page, variants.reworded_headings(rng), variants.joined_tables)
    yield page("cms-unnumbered", cms_page, variants.unnumbered_headings)
    yield page("cms-padded", cms_page, variants.padded_numbers, variants.spaced_headings)
    yield page("cms-run-in", cms_page, variants.run_in_sections, variants.flat_last_table)
    yield page("breaks-followed", lines_with_breaks, variants.followed_signature)
    yield page("old", old_page, charset="gb2312")
    yield page("old-2019", old_page, variants.joined_tables, charset="gbk")
    yield page("old-split", old_page, variants.split_tables, variants.spaced_headings)
    yield page("breaks", lines_with_breaks, variants.joined_tables)
    yield page("boxes", boxes, variants.reworded_labels)
    yield page("one-table", in_one_table)
    yield page("word", word_page, charset="gb2312")
    yield page("word-2019", word_page, variants.reworded_headings(rng), charset="gb2312")
    yield page("archive", lambda printed: _archive(word_page(printed)))


def _ours(printed: Printed, to: str) -> bytes:
    return render_report(
        printed.report, "html" if to == "html" else "md", Settings(), _NO_TEMPLATES
    )


def _archive(page: str) -> str:
    """Return a page as Word saves a web page in a single file (MHTML)."""
    body = base64.encodebytes(page.encode("gb2312", "xmlcharrefreplace")).decode()
    return (
        'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="----=_Part"\n\n'
        "------=_Part\nContent-Location: file:///C:/report.htm\n"
        'Content-Transfer-Encoding: base64\nContent-Type: text/html; charset="gb2312"\n\n'
        f"{body}\n------=_Part--\n"
    )


def markdown_with_html(printed: Printed) -> str:
    """Return Markdown as people write it by hand, with tables that were copied as HTML."""
    lines = []
    for part in printed.parts:
        mark = {"title": "# ", "heading": "## ", "subheading": "### "}.get(part.kind, "")
        lines += [table_html(part.rows) if part.rows else mark + part.text, ""]
    return "\n".join(lines)


def _pandoc(data: bytes, source: str, to: str, *options: str) -> bytes | None:
    try:
        import pypandoc
    except ImportError:
        return None
    text: str = pypandoc.convert_text(data.decode(), to, source, extra_args=list(options))
    return text.encode()


def _libreoffice_page(printed: Printed) -> bytes | None:
    """Return the page that LibreOffice saves of a Word file."""
    program = shutil.which("soffice")
    if program is None:
        return None
    try:
        import pypandoc
    except ImportError:
        return None
    with tempfile.TemporaryDirectory() as folder:
        word = Path(folder) / "report.docx"
        pypandoc.convert_text(plain_page(printed), "docx", "html", outputfile=str(word))
        profile = f"-env:UserInstallation=file://{folder}/profile"
        subprocess.run(
            [program, profile, "--headless", "--convert-to", "html", "--outdir", folder, str(word)],
            check=True,
            capture_output=True,
            timeout=120,
        )
        return word.with_suffix(".html").read_bytes()


def _refused(printed: Printed) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of files that are no report."""
    title = "".join(printed.document.title)
    link = f'<p><a href="/files/P020230131.docx">{title}.docx</a></p>'
    page = "<html><head><meta charset=utf-8><title>{0}</title></head><body>{1}</body></html>"
    yield "web-attachment.refuse.html", page.format(title, f"<h1>{title}</h1>{link}").encode()
    items = "".join(
        f'<li><a href="/{year}.html">{year}年政府信息公开工作年度报告</a>{year}-01-20</li>'
        for year in range(2008, 2024)
    )
    yield "web-list.refuse.html", page.format("信息公开年报", f"<ul>{items}</ul>").encode()
    script = "<div id=app></div><script>fetch('/api/article/1').then(show)</script>"
    yield "web-script.refuse.html", page.format("", script).encode()
    frame = f'<h1>{title}</h1><iframe src="/pdf/view.html?file=/files/2022.pdf"></iframe>'
    yield "web-frame.refuse.html", page.format(title, frame).encode()
    budget = (
        "<h1>2022年部门决算公开</h1><p>一、部门概况</p><p>主要职责。</p><p>二、收入支出情况</p>"
        "<table><tr><td>项目</td><td>金额</td></tr><tr><td>财政拨款</td><td>120.5</td></tr></table>"
        "<p>三、其他需要说明的事项</p><p>无。</p>"
    )
    yield "web-budget.refuse.html", page.format("决算", budget).encode()
    yield "md-readme.refuse.md", "# 说明\n\n| 名称 | 值 |\n| --- | --- |\n| a | 1 |\n".encode()
    letter = "关于召开会议的通知\n\n各科室：\n定于1月20日召开会议。\n\n办公室\n2023年1月18日\n"
    yield "text-letter.refuse.txt", letter.encode("gb18030")
    blank = "".join(
        table_html(tuple(tuple(c for c in row if c.header) for row in part.rows))
        if part.rows
        else f"<p>{escape(part.text)}</p>" * (part.kind in ("title", "heading"))
        for part in printed.parts
    )
    yield "web-blank.refuse.html", page.format("", blank).encode()
