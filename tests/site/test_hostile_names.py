"""Hostile names, titles and texts do nothing on any page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lxml import etree, html

from nianbao.workspace.roster import format_units
from tests.site.sites import ADDRESS, Published, write_reports
from tests.site.test_links import dead_links

if TYPE_CHECKING:
    from pathlib import Path

NAME = "</title></script><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7*7 }}&\"'"
FOLDER = "a&b#c%20'd{{1}}"


def test_hostile_names_stay_text_on_every_page(tmp_path: Path) -> None:
    root = tmp_path / "repo"
    write_reports(
        root, {FOLDER: NAME.replace("{{ 7*7 }}", ""), "javascript": "javascript:alert(3)"}
    )
    rows: list[dict[str, str | int | bool]] = [
        {"编号": FOLDER, "名称": NAME},
        {"编号": "javascript", "名称": "javascript:alert(3)"},
        {"编号": "missing", "名称": f"{NAME}]]>"},
    ]
    (root / "units.toml").write_text(format_units(rows), "utf-8")
    (root / "nianbao.toml").write_text(f'网址 = "{ADDRESS}"\n', "utf-8")
    site = Published(root, tmp_path / "site")
    done = site.publish()
    assert done.returncode == 0, done.stdout + done.stderr
    pages = sorted(site.folder.rglob("*.html"))
    shown = 0
    for page in pages:
        text = page.read_text("utf-8")
        tree: Any = html.fromstring(text)
        assert tree.xpath("//script[not(@type='application/ld+json') and not(@src)]|//img") == []
        assert tree.xpath("//@*[starts-with(name(), 'on')]") == []
        assert tree.xpath("//a[starts-with(@href, 'javascript:')]") == []
        assert "49" not in re.findall(r">(\d+)&amp;", text)
        shown += NAME in tree.text_content()
    assert shown > len(pages) / 3
    assert dead_links(site.folder) == []
    feed: Any = etree.parse(site.folder / "feed.xml")
    titles = feed.xpath("//*[local-name()='title']/text()")
    assert f"{NAME}2022年年报" in titles
