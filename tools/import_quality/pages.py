"""Make web pages like those of content management systems, old sites and Word."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from import_quality.printed import Part, Printed, PrintedCell, Rows

_INDENT = "text-indent: 2em; font-family: 仿宋_GB2312, FangSong; font-size: 16pt; line-height: 28pt"


def plain_page(printed: Printed) -> str:
    """Return a page with the report alone, in plain elements."""
    levels = {"title": "h1", "heading": "h2", "subheading": "h3"}
    body = "\n".join(
        table_html(part.rows) if part.rows else _element(levels.get(part.kind, "p"), part.text)
        for part in printed.parts
    )
    return f"<!DOCTYPE html><html><head><meta charset='utf-8'></head><body>{body}</body></html>"


def cms_page(printed: Printed) -> str:
    """Return a page of a content management system, with everything around the article."""
    title = "".join(printed.document.title)
    links = "".join(f'<li><a href="/c{n}/">{name}</a></li>' for n, name in enumerate(_CHANNELS))
    related = "".join(
        f'<li><a href="/{year}.html">{year}年政府信息公开工作年度报告</a></li>'
        for year in (2018, 2019)
    )
    return f"""<!DOCTYPE html>
<html lang="zh"><head><meta charset="utf-8"><title>{escape(title)}_政府信息公开年报</title>
<meta name="ArticleTitle" content="{escape(title)}"><link rel="stylesheet" href="/css/main.css">
<style>.hide{{display:none}} .con p{{margin:0}} @media print{{.con{{color:#000}}}}</style>
<script>var id = 1; document.write("<div>一、总体情况</div>");</script></head>
<body><div class="top"><ul class="menu">{links}</ul><form><input type="text" name="q"
 placeholder="请输入关键字"><input type="submit" value="搜索"></form></div>
<div class="pos">您所在的位置：<a href="/">首页</a> &gt; <a href="/xxgk/">政府信息公开</a> &gt;
 <a href="/nb/">政府信息公开年报</a></div>
<div class="main"><div class="left"><h3>信息公开目录</h3><ul>{links}</ul></div>
<div class="con"><h1 class="t">{escape(title)}</h1>
<div class="info"><span>发布时间：2023-01-20 09:12</span> <span>来源：本站</span>
<span>浏览次数：<em id="hits">128</em></span> <span>字号：[<a href="javascript:;">大</a>
<a href="javascript:;">中</a> <a href="javascript:;">小</a>]</span></div>
<table class="xxgk"><tr><td>索 引 号：</td><td>01234567-8/2023-00012</td><td>主题分类：</td>
<td>年报</td></tr></table>
<div class="hide">分享到微信朋友圈</div>
<div id="zoom"><div class="TRS_Editor">{_cms_body(printed.parts)}</div></div>
<div class="share">分享到： <a href="#">微博</a> <a href="#">微信</a></div>
<p class="tools"><a href="javascript:window.print()">打印本页</a>
<a href="javascript:window.close()">关闭窗口</a></p>
<div class="rel"><h4>相关链接</h4><ul>{related}</ul></div></div></div>
<div class="foot"><p>主办单位：示例县人民政府办公室　承办单位：示例县大数据中心</p>
<p>网站标识码：1234567890 <a href="//beian">示ICP备12345678号</a> 地址：示例县人民路1号</p></div>
</body></html>"""


_CHANNELS = ("首页", "政务公开", "主动公开目录", "依申请公开", "互动交流", "政府信息公开年报")


def _cms_body(parts: Iterable[Part]) -> str:
    pieces = []
    for part in parts:
        text = escape(part.text)
        if part.rows:
            pieces.append(f'<div align="center">{table_html(part.rows, _CMS_CELL)}</div>')
        elif part.kind == "title":
            pieces.append(
                f'<p style="text-align:center"><span style="font-size:22pt">{text}</span></p>'
            )
        elif part.kind == "heading":
            pieces.append(f'<p style="{_INDENT}"><strong><span>{text}</span></strong></p>')
        elif part.kind == "signature":
            pieces.append(f'<p style="text-align:right">{text}&nbsp;&nbsp;</p>')
        else:
            pieces.append(f'<p style="{_INDENT}">&emsp;&emsp;<span lang="EN-US">{text}</span></p>')
        pieces.append("<p>&nbsp;</p>" if part.kind == "title" else "")
    return "\n".join(pieces)


_CMS_CELL = '<p style="text-align:center"><span style="font-size:10.5pt">{}</span></p>'


def old_page(printed: Printed) -> str:
    """Return a page that is laid out in tables and declares gb2312."""
    title = "".join(printed.document.title)
    body = "".join(map(_old_part, printed.parts))
    return f"""<HTML><HEAD><META http-equiv=Content-Type content="text/html; charset=gb2312">
<TITLE>{escape(title)}</TITLE></HEAD><BODY><TABLE width=1000 align=center><TR><TD colspan=2>
<A href="/">首页</A> | <A href="/zwgk">政务公开</A> | <A href="/bsfw">办事服务</A></TD></TR>
<TR><TD width=200 valign=top><TABLE><TR><TD><A href=1.htm>领导信息</A></TD></TR><TR><TD>
<A href=2.htm>机构职能</A></TD></TR></TABLE></TD><TD><TABLE width="100%"><TR><TD align=center>
<FONT size=5>{escape(title)}</FONT></TD></TR><TR><TD align=center>发布日期：2023年1月20日 点击数：56
 【<A href="javascript:print()">打印</A>】【<A href="javascript:close()">关闭</A>】</TD></TR>
<TR><TD>{body}</TD></TR><TR><TD>上一篇：<A href=3.htm>没有了</A></TD></TR></TABLE></TD></TR>
<TR><TD colspan=2 align=center>版权所有：示例县人民政府 技术支持：示例公司</TD></TR></TABLE></BODY>
</HTML>"""


def _old_part(part: Part) -> str:
    if part.rows:
        return f"<CENTER>{table_html(part.rows, '<FONT size=2>{}</FONT>')}</CENTER>"
    text = f"<B>{escape(part.text)}</B>" if part.kind == "heading" else escape(part.text)
    align = "center" if part.kind == "title" else "left"
    return f"<P align={align}><FONT face=宋体>　　{text}</FONT></P>\n"


def lines_with_breaks(printed: Printed) -> str:
    """Return a page whose paragraphs are separated by <br>."""
    pieces = [
        table_html(part.rows)
        if part.rows
        else f"&nbsp;&nbsp;&nbsp; {escape(part.text)}<br /><br />"
        for part in printed.parts
    ]
    return (
        "<html><head><meta charset=utf-8></head><body><h2>信息公开</h2><div class=article>"
        f"{''.join(pieces)}</div><footer><p>网站地图</p></footer></body></html>"
    )


def boxes(printed: Printed) -> str:
    """Return a page of nested boxes without <p>, as social media editors make them."""
    pieces = []
    for part in printed.parts:
        inner = (
            table_html(part.rows, "<section>{}</section>")
            if part.rows
            else f'<span style="color:#333">{escape(part.text)}</span>'
        )
        box = f'<section style="box-sizing:border-box"><section>{inner}</section></section>'
        pieces.append(f"{box}<section><br></section>")
    return _page(f"<div id=js_content>{''.join(pieces)}</div>")


def in_one_table(printed: Printed) -> str:
    """Return a page on which the whole report, with its tables, is in the rows of one table."""
    rows = []
    for part in printed.parts:
        if part.rows:
            rows += _tr(part.rows)
        else:
            rows.append(f"<tr><td colspan=10>{escape(part.text)}</td></tr>")
    return _page(f"<table border=1>{''.join(rows)}</table>")


def _page(body: str) -> str:
    return f"<html><head><meta charset=utf-8></head><body>{body}</body></html>"


def word_page(printed: Printed) -> str:
    """Return a page as Word saves it, with its conditional comments and styles."""
    pieces = []
    for part in printed.parts:
        text = escape(part.text)
        if part.rows:
            pieces.append(
                table_html(
                    part.rows,
                    "<p class=MsoNormal align=center style='mso-pagination:widow-orphan'>"
                    "<span lang=EN-US style='mso-bidi-font-size:12.0pt'>{}<o:p></o:p></span></p>",
                )
            )
        elif part.kind == "subheading" and text.startswith("（"):
            number, _, words = text.partition("）")
            pieces.append(
                "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]>"
                f"<span style='mso-list:Ignore'>{number}）<span style='font:7.0pt Times'>"
                f"&nbsp;&nbsp; </span></span><![endif]><span>{words}</span></p>"
            )
        else:
            pieces.append(
                f"<p class=MsoNormal style='text-indent:32.0pt;mso-char-indent-count:2.0'><span\n"
                f"style='font-size:16.0pt;font-family:仿宋_GB2312'>{_broken(text)}"
                "<span\nlang=EN-US><o:p></o:p></span></span></p>"
            )
    return f"""<html xmlns:o="urn:schemas-microsoft-com:office:office"><head>
<meta http-equiv=Content-Type content="text/html; charset=gb2312">
<meta name=Generator content="Microsoft Word 15">
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Print</w:View></w:WordDocument></xml><![endif]-->
<style><!-- p.MsoNormal {{mso-style-parent:""; margin:0cm;}}
@page WordSection1 {{size:595.3pt 841.9pt;}} --></style>
</head><body lang=ZH-CN style='text-justify-trim:punctuation'><div class=WordSection1>
{chr(10).join(pieces)}
</div></body></html>"""


def _broken(text: str) -> str:
    """Break the source of a text as Word does, in the middle of Chinese words."""
    return "\n".join(text[n : n + 38] for n in range(0, len(text), 38)) if text.isalpha() else text


def _element(tag: str, text: str) -> str:
    return f"<{tag}>{escape(text)}</{tag}>"


def table_html(rows: Rows, cell: str = "{}") -> str:
    """Return the HTML of a table; `cell`: the HTML of a cell's content, with {} for its text."""
    return f'<table border="1" cellspacing="0"><tbody>{"".join(_tr(rows, cell))}</tbody></table>'


def _tr(rows: Rows, cell: str = "{}") -> list[str]:
    return [f"<tr>{''.join(_td(each, cell) for each in row)}</tr>\n" for row in rows]


def _td(cell: PrintedCell, around: str) -> str:
    spans = (("rowspan", cell.rowspan), ("colspan", cell.colspan))
    attributes = "".join(f' {name}="{span}"' for name, span in spans if span > 1)
    return f"<td{attributes}>{around.format(escape(cell.text).replace(chr(160), '&nbsp;'))}</td>"
