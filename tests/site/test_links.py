"""The folder of the site holds together: links, sizes, no requests, feed and site map."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from lxml import etree, html

from tests.site.sites import ADDRESS, Published

LINKS = ("href", "src", "action", "poster", "srcset")
ATOM = "{http://www.w3.org/2005/Atom}"
PLACES = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def parse(page: Path) -> Any:
    return html.fromstring(page.read_bytes())


@cache
def ids(page: Path) -> frozenset[str]:
    return frozenset(parse(page).xpath("//@id"))


def dead_links(folder: Path) -> list[str]:
    """Every link of every page that leads nowhere or out of the folder."""
    return [
        f"{page.relative_to(folder).as_posix()}: {link}"
        for page in sorted(folder.rglob("*.html"))
        for element in parse(page).iter()
        for name in LINKS
        if (link := element.get(name)) is not None and not leads_somewhere(folder, page, link)
    ]


def leads_somewhere(folder: Path, page: Path, link: str) -> bool:
    """Return True if a link leads to a file of the folder, and to an id in it."""
    here = PurePosixPath(page.relative_to(folder).as_posix())
    if link.startswith(ADDRESS):
        link, here = "./" + link.removeprefix(ADDRESS), PurePosixPath("404.html")
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return False
    target = normpath((here.parent / unquote(parts.path)).as_posix() if parts.path else str(here))
    file = folder / target
    file = file / "index.html" if file.is_dir() else file
    if target.startswith("..") or not file.is_file():
        return False
    return not parts.fragment or parts.fragment in ids(file)


def test_full_addresses_are_names_of_pages_and_links_of_the_page_for_missing_ones(
    county: Published,
) -> None:
    for page in county.folder.rglob("*.html"):
        full = parse(page).xpath("//*[not(@rel='canonical')]/@href[starts-with(., 'http')]")
        assert page.name == "404.html" or full == []


def test_no_link_is_dead_or_leads_out_of_the_folder(county: Published) -> None:
    assert len(list(county.folder.rglob("*.html"))) > 40
    assert dead_links(county.folder) == []


def test_the_checker_finds_a_dead_link(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(
        '<p id="a"><a href="gone.html"></a><a href="#b"></a><a href="../x"></a><a href="#a"></a>'
    )
    assert dead_links(tmp_path) == [f"index.html: {link}" for link in ("gone.html", "#b", "../x")]


def test_no_page_but_those_of_reports_is_larger_than_sixty_kilobytes(county: Published) -> None:
    large = [
        page.name
        for page in county.folder.rglob("*.html")
        if page.stat().st_size > 60_000 and not re.fullmatch(r"20\d\d\.html", page.name)
    ]
    assert large == []


def test_pages_ask_for_nothing_but_the_style_sheet(county: Published) -> None:
    for page in county.folder.rglob("*.html"):
        tree = parse(page)
        scripts = tree.xpath("//script[not(@type='application/ld+json')]/@src")
        expected = {"search.html": ["parts.js", "search.js"]}
        expected["compare.html"] = ["parts.js", "compare.js"]
        assert scripts == expected.get(page.name, [])
        assert tree.xpath("//img|//iframe|//object|//embed|//video|//audio") == []
        assert tree.xpath("//@style[contains(., 'url')]") == []
        sheets = {link.rpartition("/")[2] for link in tree.xpath("//link[@rel='stylesheet']/@href")}
        assert sheets <= {"site.css"}
    style = (county.folder / "site.css").read_text("utf-8")
    assert not re.search(r"url\(|@import|@font-face", style)


@pytest.mark.parametrize("path", ["水利局/2022.html", "years/2022.html", "unit.html", "index.html"])
def test_canonical_addresses_follow_from_the_setting(path: str, county: Published) -> None:
    (link,) = county.page(path).xpath("//link[@rel='canonical']/@href")
    assert link.startswith(ADDRESS)
    assert unquote(link.removeprefix(ADDRESS)) == path.removesuffix("index.html")
    assert link.isascii()


def test_the_feed_has_every_report_with_its_date_and_the_map_every_page(county: Published) -> None:
    feed = etree.parse(county.folder / "feed.xml").getroot()
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 11
    dates = [str(entry.findtext(f"{ATOM}updated")) for entry in entries]
    assert dates == sorted(dates, reverse=True)
    assert feed.findtext(f"{ATOM}updated") == dates[0] == "2023-01-20T00:00:00+08:00"
    listed = {
        unquote(str(loc.text).removeprefix(ADDRESS))
        for loc in etree.parse(county.folder / "sitemap.xml").iter(f"{PLACES}loc")
    }
    assert {"", "about.html", "data/", "水利局/", "unit.html", "水利局/2022.html"} <= listed
    for path in listed:
        assert (county.folder / path).exists()


def test_meta_tags_of_the_settings_are_on_every_page(county: Published) -> None:
    for page in county.folder.rglob("*.html"):
        names = parse(page).xpath("//meta[@name='SiteName']/@content")
        assert names == ["青山县人民政府"], page
