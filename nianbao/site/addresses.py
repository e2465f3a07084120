"""Find the address of each page of the site. It stays the same while the unit or year exists.

The path of a page is relative to the folder of the site, with slashes between its parts. The page
of a report has the path of the report's HTML output (`unit/2022.html`). The page of the report's
unit is in the same folder.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from nianbao.errors import UsageError
from nianbao.workspace.discovery import TOP, reject_unportable

if TYPE_CHECKING:
    from nianbao.workspace.discovery import ReportFile

HOME: Final = "index.html"
ABOUT: Final = "about.html"
DATA: Final = "data/index.html"
NOT_FOUND: Final = "404.html"
STYLE: Final = "site.css"
FEED: Final = "feed.xml"
SITEMAP: Final = "sitemap.xml"
ROBOTS: Final = "robots.txt"
# What the site's own pages are named; no unit and no report can have one of these names.
_FOLDERS: Final = frozenset(("compare", "data", "search", "years"))
_PAGES: Final = re.compile("(?:index|unit|units|about|404|search|compare|changes)(?:-[0-9]+)?")
# A folder with such a name can stand where the site has a file.
_FILE: Final = re.compile(r".*\.(?:css|csv|docx|html|js|json|md|pdf|txt|xml)")


def unit_page(id_: str, number: int = 1) -> str:
    """Return the path of the page `number` of a unit, counted from 1.

    The page of the unit TOP is in the folder of the site itself, where index.html is the home page.
    Therefore the page of TOP is unit.html.
    """
    return numbered("unit.html" if id_ == TOP else f"{id_}/index.html", number)


def year_page(year: int, key: str = "", number: int = 1) -> str:
    """Return the path of the page `number`, counted from 1, of the list of a year's reports.

    `key`: the key of the main figure by which the list is sorted, or "" if it is sorted by name.
    """
    return numbered(f"years/{year}{key and '-'}{key}.html", number)


def home_page(number: int = 1) -> str:
    """Return the path of the home page, or of a later page (2, 3, …) of the list of all units."""
    return HOME if number == 1 else numbered("units.html", number)


def numbered(path: str, number: int) -> str:
    """Return the path of a later page of a list whose first page is at `path`.

    `number`: the number of the page, counted from 1; the first page stays at `path`.
    """
    return path if number == 1 else f"{path.removesuffix('.html')}-{number}.html"


def url(path: str) -> str:
    """Return a path as part of an address: characters that an address can't contain become %XX."""
    return quote(path.encode(errors="surrogateescape"))


def top(path: str) -> str:
    """Return the relative address from the page at `path` to the site's folder: "", "../", …"""
    return "../" * path.count("/")


def address_problem(file: ReportFile) -> str:
    """Return the reason, in Chinese, why a report can't have an address, or "" if it can."""
    path = file.stem
    try:
        str(path).encode()
        reject_unportable(path)
    except UnicodeEncodeError:
        return "名字不是 UTF-8 编码"
    except UsageError as error:
        return str(error)
    *folders, name = (part.casefold() for part in path.parts)
    if folders and folders[0] in _FOLDERS:
        return f"网站自己要用 {folders[0]} 这个文件夹，单位换一个"
    for folder in folders:
        if _FILE.fullmatch(folder):
            return f"文件夹的名字 {folder} 和网站里一个文件的名字会一样，换一个"
    return f"网站自己要用 {name} 这个名字，报告换一个，例如年度" if _PAGES.fullmatch(name) else ""
