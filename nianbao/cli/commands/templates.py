"""The command `templates`: list the templates that a repository can replace, or copy one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nianbao.cli.printing import print_text
from nianbao.errors import UsageError
from nianbao.utils.files import create_file, ensure_folder, reject_symlinks, remove_temporary_files
from nianbao.utils.resources import resource
from nianbao.utils.suggestions import closest
from nianbao.utils.text import display_width
from nianbao.workspace.style import ADDED_STYLES, own_templates

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nianbao.cli.console import Console

# Each template and what it draws, in Chinese; the style sheets that are added to ours come first.
TEMPLATES: Final = {
    "extra.css": "加在网页样式后面的，只写要改的几处",
    "extra-print.css": "加在 PDF 样式后面的，只写要改的几处",
    "report.html": "网页",
    "report.css": "网页的样式，整个替换",
    "print.html": "PDF",
    "print.css": "PDF 的样式，整个替换",
    "report.md": "Markdown 文件",
    "report.docx": "Word 文件的样式、页面、页眉和页脚；正文不用",
    "draft.html": "草稿的网页",
    "draft-print.html": "草稿的 PDF",
    "draft.css": "草稿的样式",
    "redline.html": "修订对照稿的网页",
    "redline-print.html": "修订对照稿的 PDF",
    "redline.css": "修订对照稿的样式",
    "redline.js": "修订对照稿里看上一处、下一处的按键",
    "note.html": "给单位的修改意见的网页",
    "changes.html": "diff --format html 的网页",
    "changes.css": "这一页的样式",
    "site/extra.css": "加在网站样式后面的，只写要改的几处",
    "site/site.css": "网站的样式，整个替换",
    "site/base.html": "网站每一页的框架",
    "site/home.html": "网站的首页",
    "site/unit.html": "网站里单位的页",
    "site/year.html": "网站里年度的页",
    "site/missing.html": "网站里没有年报的单位",
    "site/units.html": "网站里单位名单的后几页",
    "site/changes.html": "网站里公布后的改动",
    "site/search.html": "网站的查找",
    "site/compare.html": "网站里单位对比的页",
    "site/data.html": "网站的开放数据",
    "site/about.html": "网站的说明",
    "site/404.html": "网站里没有的页",
    "site/report.html": "网站里的一份年报",
    "site/_parts.html": "网站几页都有的部分",
    "site/_charts.html": "网站里的图",
    "site/charts.css": "图的样式",
    "site/tools.css": "查找、单位对比、改动的样式",
    "site/search.js": "查找的脚本",
    "site/compare.js": "单位对比的脚本",
    "site/parts.js": "这两个脚本都用的部分",
    "site/bar.css": "年报上面网站导航的样式",
    "site/_styles.html": "网站的样式由哪些组成",
    "site/feed.xml": "网站的订阅源",
    "site/sitemap.xml": "网站的站点地图",
    "site/robots.txt": "网站给搜索引擎的说明",
    "_sections.html": "网页和 PDF 里的六个部分",
    "_table.html": "一张表",
    "_draft.html": "草稿开头的提示和末尾的检查结果",
    "_redline.html": "修订对照稿开头的说明和末尾的签字",
    "_style.html": "nianbao.toml 里 [样式] 的颜色和宽度",
}
# What the added style sheets begin with: examples that change nothing.
_BEGINNINGS: Final = {
    "extra.css": "/* 加在自带样式的后面，只写要改的，例如：\nh2 { color: #7a1f1f; }\n*/\n",
    "site/extra.css": "/* 加在自带样式的后面，只写要改的，例如：\nh1 { color: #7a1f1f; }\n*/\n",
    "extra-print.css": "/* 加在自带样式的后面，只写要改的，例如：\nth { background: #fff; }\n*/\n",
}


def templates(root: Path, name: str | None, *, console: Console) -> int:
    """List the templates, or copy one template to the repository's folder templates/.

    `name`: the template to copy; None to list all.

    Return 1 if the file exists already; an existing file is not overwritten. Raises UsageError if
    there is no such template. Raises UserError if the file can't be written.
    """
    folder = root / "templates"
    if name is None:
        print_text("\n".join(_list_lines(root)), console)
        return 0
    if name not in TEMPLATES:
        near = closest(name, TEMPLATES)
        guess = f"是不是 {near}？" if near else "不写名字就列出全部"
        raise UsageError(f"没有 {name} 这个模板，{guess}")
    target = folder / name
    reject_symlinks(root, target)
    ensure_folder(target.parent)
    remove_temporary_files([target.parent])
    if not create_file(target, _beginning(name)):
        print_text(f"已有 templates/{name}，没有动", console)
        return 1
    print_text(f"已写入 templates/{name}", console)
    if name in ADDED_STYLES:
        print_text(f"它整个替换自带的样式；只改几处的，改用 {ADDED_STYLES[name]}", console)
    return 0


def _beginning(name: str) -> bytes:
    """Return the content with which a repository's own copy of a template begins.

    It is the program's own template, or a shorter example.
    """
    if name == "report.docx":
        from nianbao.rendering.docx.sample import sample_letterhead

        return sample_letterhead()
    text = _BEGINNINGS.get(name)
    return resource(f"templates/{name}").read_bytes() if text is None else text.encode()


def _list_lines(root: Path) -> Iterator[str]:
    own = own_templates(root)
    width = max(map(display_width, TEMPLATES))
    for name, meaning in TEMPLATES.items():
        mark = "（已有自己的）" if own and (own / name).is_file() else ""
        yield f"  {name:<{width}}  {meaning}{mark}"
    yield "写一份到 templates 文件夹来改：templates report.html"
