"""Find the address of each page of the site.

Paths of pages are relative to the folder of the site, with slashes between their parts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from nianbao.errors import UsageError
from nianbao.workspace.discovery import TOP, reject_unportable

if TYPE_CHECKING:
    from nianbao.workspace.discovery import ReportFile

# A page keeps its address while its unit or year exists. The page of a report has the path of the
# report's HTML output (unit/2022.html); the page of the unit is in the same folder.
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
    """Return the path of a page of a unit.

    `number`: the number of the page, counted from 1, if the unit has several pages.
    """
    # In the folder of the site itself, index.html is the home page.
    return numbered("unit.html" if id_ == TOP else f"{id_}/index.html", number)


def year_page(year: int, key: str = "", number: int = 1) -> str:
    """Return the path of a page of the list of a year's reports.

    With the key "missing", return the path of the list of units without a report.

    `key`: the key of the main figure that sorts the list; "" to sort by unit name.
    `number`: the number of the page, counted from 1.
    """
    return numbered(f"years/{year}{key and '-'}{key}.html", number)


def home_page(number: int = 1) -> str:
    """Return the path of a page of the list of all units.

    `number`: counted from 1; the first page is the home page.
    """
    return HOME if number == 1 else numbered("units.html", number)


def numbered(path: str, number: int) -> str:
    """Return the path of a page of a long list, such as units-2.html.

    `path`: the path of the first page of the list.
    `number`: the number of the page, counted from 1.
    """
    return path if number == 1 else f"{path.removesuffix('.html')}-{number}.html"


def url(path: str) -> str:
    """Encode a path for an address: a character that is not allowed becomes %XX."""
    return quote(path.encode(errors="surrogateescape"))


def top(path: str) -> str:
    """Return the relative address from the page at `path` to the site's folder: "", "../", …"""
    return "../" * path.count("/")


def address_problem(file: ReportFile) -> str:
    """Return the reason, in Chinese, why a report can't have an address.

    Return "" if there is no such reason.
    """
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
