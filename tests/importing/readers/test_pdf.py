"""PDFs are read as they are printed: ours, those of other programs, and hostile ones."""

from __future__ import annotations

import base64
import re
import time
import zlib
from io import BytesIO
from typing import TYPE_CHECKING

import lxml.html
import pikepdf
import pytest
import weasyprint
from PIL import Image

from import_quality import REAL_FILES
from nianbao.errors import UserError
from nianbao.importing.document import SourceDocument, SourceParagraph, SourceTable
from nianbao.importing.readers.pdf import read_pdf
from nianbao.rendering.fonts.store import font_folder
from tests.rendering.rendered_reports import NAMES, built

if TYPE_CHECKING:
    from collections.abc import Iterator

_REAL = REAL_FILES / "hongze-2024.pdf"
_STYLE = (
    "@font-face{font-family:Song;src:url(%s)}*{font-family:Song}body,h1,p,td{margin:0;padding:0}"
    "@page{size:400pt 300pt;margin:40pt}p{font-size:12pt;line-height:20pt;text-indent:2em}"
    "table{border-collapse:collapse;width:320pt;table-layout:fixed}td{border:1pt solid;"
    "font-size:10pt;text-align:center}h1{font-size:20pt;text-align:center}"
)


def _print(body: str, style: str = "") -> bytes:
    song = next(font_folder().glob("song-*.otf")).as_uri()
    html = f"<html><head><style>{_STYLE % song}{style}</style></head><body>{body}</body></html>"
    printed: bytes = weasyprint.HTML(string=html).write_pdf()
    return printed


def _read(body: str, style: str = "") -> SourceDocument:
    return read_pdf(_print(body, style))


def _texts(document: SourceDocument) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, SourceParagraph)]


def _tables(document: SourceDocument) -> list[SourceTable]:
    return [block for block in document.blocks if isinstance(block, SourceTable)]


def _rows(table: SourceTable) -> list[list[str]]:
    return [[cell.text if cell else "-" for cell in row] for row in table.matrix()]


def _remarks(document: SourceDocument) -> str:
    return "\n".join(f"{remark.place} {remark.message}" for remark in document.remarks)


# ── our own


def _printed(html: str) -> Iterator[str]:
    """Yield the texts of a page of ours in order, without blanks, those of cells one by one."""
    article = lxml.html.fromstring(html).find(".//article")
    assert article is not None
    for element in article.iter("h2", "h3", "p", "li", "td", "th"):
        yield "".join("".join(map(str, element.itertext())).split())


@pytest.mark.parametrize("name", NAMES)
def test_our_pdf_has_the_texts_and_cells_of_our_page(name: str) -> None:
    document = read_pdf(built(name).pdf)
    read: list[str] = []
    for block in document.blocks:
        texts = (
            [block.text] if isinstance(block, SourceParagraph) else [c.text for c in block.cells]
        )
        read += [re.sub(r"^(?:•|[0-9]+\. )|\s+", "", text) for text in texts]
    page = [text for text in _printed(built(name).html) if text]
    # The page has its title and its signature in one element each.
    assert read[1:-2] == [re.sub(r"^[0-9]+\. ", "", text) for text in page][: len(read) - 3]
    assert document.remarks == ()


@pytest.mark.parametrize("name", NAMES)
def test_our_pdf_carries_its_report(name: str) -> None:
    assert read_pdf(built(name).pdf).attachment == built(name).report.source.raw


def test_merged_cells_stand_once_with_their_spans() -> None:
    table = _tables(read_pdf(built("large-city-2025").pdf))[1]
    spans = {c.text: (c.row, c.column, c.row_span, c.column_span) for c in table.cells}
    assert spans["申请人情况"] == (0, 3, 1, 7)
    assert spans["自然人"] == (1, 3, 2, 1)
    assert spans["三、本年度办理结果"] == (5, 0, 22, 1)
    assert spans["（三）不予公开"] == (7, 1, 8, 1)


# ── paragraphs


def test_lines_are_joined_without_a_blank_between_chinese_and_with_one_between_words() -> None:
    chinese = "全年主动公开政府信息一千余条，其中通过门户网站公开八百条，通过公众号公开二百条。"
    latin = "公开指南见 Open Government Information Guide of the Example County Government 一书。"
    assert _texts(_read(f"<p>{chinese}</p><p>{latin}</p>")) == [chinese, latin]


def test_a_paragraph_goes_on_over_the_page_and_the_next_one_is_another() -> None:
    long = "全年主动公开政府信息若干条，受理申请若干件，均按期答复。" * 20
    style = "@page{@bottom-center{content:'— ' counter(page) ' —'}@top-left{content:'年度报告'}}"
    document = _read(f"<h1>报告</h1><p>{long}</p><p>{long}</p><p>短。</p><p>短。</p>", style)
    assert _texts(document) == ["报告", long, long, "短。", "短。"]
    assert _remarks(document) == "第1页 页眉或页脚没有读：年度报告"


def test_the_lines_of_a_title_and_of_a_signature_at_the_right_stay_apart() -> None:
    text = "这是正文的第一段，长度超过一行，因此在行末折行之后还有几个字。" * 2
    body = f"<h1>示例县教育局<br>2022年报告</h1><p>{text}</p><p class=r>教育局<br>2023年</p>"
    style = "p.r{text-align:right;text-indent:0}"
    assert _texts(_read(body, style)) == ["示例县教育局\n2022年报告", text, "教育局", "2023年"]


def test_a_hanging_item_of_a_list_is_one_paragraph() -> None:
    item = "集中公开规章库和行政规范性文件库，与政府公报同源发布，便于查询和下载使用。" * 2
    body = f"<p>做了两件事：</p><ul><li>{item}</li><li>{item}</li></ul><p>{item}</p>"
    texts = _texts(_read(body, "li{font-size:12pt;line-height:20pt}ul{padding-left:24pt}"))
    assert [text.lstrip("• ") for text in texts] == ["做了两件事：", item, item, item]


def test_a_character_that_is_painted_twice_to_look_bold_is_one_but_narrow_ones_stay_two() -> None:
    content = b"BT /F 12 Tf 30 200 Td (Bold) Tj 0.4 0 Td (Bold) Tj 60 0 Td (ill ,,11) Tj ET"
    assert _texts(read_pdf(_raw(content))) == ["Bold ill ,,11"]


def test_a_raised_mark_of_a_note_is_not_a_digit_of_the_number() -> None:
    table = "<table><tr><td>规章<td>22<sup>1</sup></table>"
    document = _read(table, "sup{font-size:6pt;vertical-align:super}")
    assert _rows(_tables(document)[0]) == [["规章", "22¹"]]


# ── tables


def _long_table(rows: int) -> str:
    cells = "".join(f"<tr><td>第{n}类政府信息<td>{n}<td>0" for n in range(rows))
    return f"<table><thead><tr><td>名称<td>本年<td>上年</thead><tbody>{cells}</table>"


@pytest.mark.parametrize("display", ["table-header-group", "table-row-group"])
def test_a_table_over_three_pages_is_one_with_its_header_once(display: str) -> None:
    document = _read(_long_table(40), f"thead{{display:{display}}}")
    assert len(_tables(document)) == 1
    expected = [["名称", "本年", "上年"], *([f"第{n}类政府信息", str(n), "0"] for n in range(40))]
    assert _rows(_tables(document)[0]) == expected
    assert {cell.place.page for cell in _tables(document)[0].cells} == {1, 2, 3}


def test_a_merged_cell_over_two_pages_is_one() -> None:
    merged = "<td rowspan=30>结果"
    rows = "".join(f"<tr>{merged if n == 0 else ''}<td>{n}.其他<td>{n}" for n in range(30))
    table = _tables(_read(f"<table>{rows}</table>"))[0]
    found = [(cell.text, cell.row, cell.row_span) for cell in table.cells if cell.row_span > 1]
    assert found == [("结果", 0, 30)]
    assert [row[2] for row in _rows(table)] == [str(n) for n in range(30)]


def test_figures_alone_on_the_next_page_do_not_go_on_from_their_labels() -> None:
    labels = "<tr><td>结果维持<td>结果纠正<td>其他结果"
    style = "table{width:120pt}div{height:198pt}td{padding:0}"
    document = _read(f"<div></div><table>{labels}<tr><td>12<td>0<td>7</table>", style)
    assert {cell.place.page for cell in _tables(document)[0].cells} == {1, 2}
    assert _rows(_tables(document)[0]) == [["结果维持", "结果纠正", "其他结果"], ["12", "0", "7"]]


def test_a_label_that_a_page_parts_is_one() -> None:
    label = "本机关不掌握相关政府信息而无法提供的申请"
    style = (
        "table{width:130pt}td{width:65pt;vertical-align:top}div{height:190pt}*{orphans:1;widows:1}"
    )
    document = _read(f"<div></div><table><tr><td>{label}<td>31</table>", style)
    assert _rows(_tables(document)[0]) == [[label, "31"]]


def test_text_between_two_tables_keeps_them_apart() -> None:
    table = "<table><tr><td>规章<td>1</table>"
    document = _read(f"{table}<p>注：含修订。</p>{table}")
    assert [_rows(each) for each in _tables(document)] == [[["规章", "1"]]] * 2


def test_numbers_wider_than_their_cells_stay_whole() -> None:
    table = "<table><tr><td>规章<td>1234567<td>1<td>7654321</table>"
    style = "table{width:120pt}td{overflow-wrap:normal}td:first-child{width:50pt}"
    assert _rows(_tables(_read(table, style))[0]) == [["规章", "1234567", "1", "7654321"]]


@pytest.mark.parametrize(
    "style",
    [
        "table{border-collapse:separate;border-spacing:1pt}td{border:.5pt solid}",
        "td{border:1pt dashed #888}",
        "table{border:3pt double}td{border:.2pt solid}",
        "table{border:1pt solid}td{border:0;border-bottom:1pt solid;border-right:1pt solid}",
    ],
)
def test_cells_are_found_however_their_lines_are_drawn(style: str) -> None:
    table = "<table><tr><td colspan=3>合计<tr><td>规章<td>1<td>2<tr><td>文件<td>3<td>4</table>"
    rows = _rows(_tables(_read(table, style))[0])
    assert rows == [["合计"] * 3, ["规章", "1", "2"], ["文件", "3", "4"]]


def test_a_table_without_lines_is_read_row_by_row_and_named() -> None:
    cells = "".join(f"<tr><td>第{n}类信息<td>{n}<td>{n * 7}" for n in range(4))
    table = f"<table><tr><td>名称<td>本年<td>上年{cells}</table>"
    document = _read(f"<p>第一段的文字。</p>{table}<p>第二段的文字。</p>", "td{border:0}")
    assert _texts(document) == ["第一段的文字。", "第二段的文字。"]
    expected = [["名称", "本年", "上年"], *([f"第{n}类信息", str(n), str(n * 7)] for n in range(4))]
    assert _rows(_tables(document)[0]) == expected
    assert _tables(document)[0].ragged
    assert "第1页第1个表 没有框线的表，按文字的先后分的格，请逐格核对" in _remarks(document)


def test_a_frame_around_text_is_no_table() -> None:
    style = "div{border:1pt solid;padding:15pt}"
    long = "这一段的文字比框的一行要长，因此会折行，还会再折一行，一直到第三行才写完。"
    document = _read(f"<div><p>{long}</p><p>第二段。</p></div>", style)
    assert (_texts(document), _tables(document)) == ([long, "第二段。"], [])


def test_the_framed_areas_of_a_web_page_are_text_and_the_table_inside_is_a_table() -> None:
    text = "本局收到申请，均已按时答复。" * 9
    inside = "<table style='width:200pt;margin:9pt'><tr><td>规章<td>3<tr><td>许可<td>5</table>"
    areas = (
        "<tr><td colspan=2>首页<tr><td><td>今天"
        f"<tr><td colspan=2 style='text-align:left'><p>一、总体情况<p>{text}{inside}<p>{text}"
    )
    document = _read(f"<table>{areas}</table>")
    assert _texts(document) == ["首页", "今天", "一、总体情况", text, text]
    assert [_rows(table) for table in _tables(document)] == [[["规章", "3"], ["许可", "5"]]]


def test_a_long_centred_heading_does_not_go_on_in_the_text_below_it() -> None:
    heading = "五、存在的主要问题及改进的情况和今年打算"
    text = "2024年" + "收到申请，" * 12 + "完。"
    style = "h1{font-size:12pt;line-height:20pt}"
    assert _texts(_read(f"<h1>{heading}</h1><p>{text}</p>", style)) == [heading, text]


def test_a_numbered_heading_does_not_go_on_from_a_line_that_lacks_a_little() -> None:
    line = "发布机构职能、领导信息、权责清单等信息二千条"
    style = "p{text-indent:0;margin:0;width:25em;text-align:left}"
    document = _read(f"<p>{line * 2}。</p><p>（二）依申请公开</p><p>{line * 4}。</p>", style)
    assert _texts(document) == [f"{line * 2}。", "（二）依申请公开", f"{line * 4}。"]


def test_lines_of_a_small_size_do_not_change_the_usual_distance_of_lines() -> None:
    long = "全年在政府门户网站公开各类信息两千条，其中概况类信息三十条，其余的都是政务动态。"
    small = "".join(f"<p>第{n}行小字</p>" for n in "一二三四五六七八")
    style = "p{margin:0 0 12pt;line-height:1.8}div p{font-size:5pt;margin:0;line-height:1}"
    document = _read(f"<div>{small}</div><p>{long}</p><p>{long}</p>", style)
    assert _texts(document)[-2:] == [long, long]


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_is_read_like_an_upright_one(turn: int) -> None:
    upright = _print(f"<p>第一段。</p>{_long_table(5)}<p>第二段。</p>")
    with pikepdf.open(BytesIO(upright)) as pdf:
        pdf.pages[0].rotate(turn, relative=False)
        pdf.save(turned := BytesIO())
    assert read_pdf(turned.getvalue()).blocks == read_pdf(upright).blocks
    assert read_pdf(turned.getvalue()).remarks == ()


# ── what is not read as it is


def test_white_text_is_left_out_and_named_but_not_on_a_dark_ground() -> None:
    style = "b{color:white}i{color:white;background:#036}"
    document = _read("<p>公开。<b>隐藏</b><i>标题</i></p>", style)
    assert _texts(document) == ["公开。标题"]
    assert _remarks(document) == "第1页 看不见的文字没有读：隐藏"


def test_a_number_that_is_read_in_two_ways_is_named_with_both() -> None:
    document = _read("<table><tr><td>规章<td>1<b>2</b>3</table>", "b{color:white}")
    assert _rows(_tables(document)[0]) == [["规章", "1 3"]]
    assert "第1页第1个表第1行第2列 两种方法读出的数不一样：“1 3”和“123”" in _remarks(document)


def test_text_that_is_not_painted_is_left_out() -> None:
    content = b"BT /F 12 Tf 30 200 Td (Seen, and no scan at all.) Tj 3 Tr 0 -20 Td (Unseen) Tj ET"
    document = read_pdf(_raw(content))
    assert _texts(document) == ["Seen, and no scan at all."]
    assert _remarks(document) == "第1页 看不见的文字没有读：Unseen"


def test_radicals_are_read_as_ordinary_characters_and_named() -> None:
    with pikepdf.open(BytesIO(_print("<p>一、总体情况和门户网站</p>"))) as pdf:
        for item in pdf.objects:
            if isinstance(item, pikepdf.Stream) and b"beginbfchar" in item.read_bytes():
                changed = re.sub(rb"(?i)<4e00>", b"<2f00>", item.read_bytes())
                item.write(re.sub(rb"(?i)<6237>", b"<2f3e>", changed))
        pdf.save(output := BytesIO())
    document = read_pdf(output.getvalue())
    assert _texts(document) == ["一、总体情况和门户网站"]
    assert _remarks(document) == " 部首或兼容字符读成了普通的字：⼀⼾"


def test_a_picture_in_place_of_a_table_is_named_with_its_page() -> None:
    text = "<p>二、主动公开政府信息情况如下表所示，请看图片里的数据。</p>"
    assert _remarks(_read(text + _picture(300, 150))) == "第1页 有图片，里面的文字或表没有读"


def test_a_cell_with_a_picture_says_so() -> None:
    table = _tables(_read(f"<table><tr><td>规章<td>{_picture(15, 15)}</table>"))[0]
    assert [cell.picture for cell in table.cells] == [False, True]


def _picture(width: int, height: int) -> str:
    Image.new("L", (width, height), 128).save(output := BytesIO(), "PNG")
    data = base64.b64encode(output.getvalue()).decode()
    return f"<img style='width:{width}pt' src='data:image/png;base64,{data}'>"


# ── files that can't be read


def test_a_scan_is_refused() -> None:
    with pytest.raises(UserError, match="扫描件"):
        _read(_picture(300, 200))


def test_a_file_with_a_password_is_refused_but_not_one_that_only_forbids_changes() -> None:
    plain = _print("<p>公开的文字，没有密码就能看，只是不许修改或者复制这个文件。</p>")
    for user in ("", "1234"):
        with pikepdf.open(BytesIO(plain)) as pdf:
            pdf.save(output := BytesIO(), encryption=pikepdf.Encryption(user=user, owner="5678"))
        if user:
            with pytest.raises(UserError, match="密码"):
                read_pdf(output.getvalue())
        else:
            assert read_pdf(output.getvalue()).blocks == read_pdf(plain).blocks


def test_fonts_without_meaning_are_refused() -> None:
    with pikepdf.open(BytesIO(_print("<p>这些字没有编码，只有字形，因此读不出来。</p>"))) as pdf:
        for item in pdf.objects:
            if isinstance(item, pikepdf.Dictionary) and "/ToUnicode" in item:
                del item["/ToUnicode"]
        pdf.save(output := BytesIO())
    with pytest.raises(UserError, match="字体没有说明"):
        read_pdf(output.getvalue())


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5])
def test_a_cut_off_file_is_refused(share: float) -> None:
    pdf = built("edition-2019").pdf
    with pytest.raises(UserError, match="损坏"):
        read_pdf(b"%PDF-1.7\n" + pdf[9 : int(len(pdf) * share)])


def _flate(pieces: int, piece: bytes) -> bytes:
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(piece) for _ in range(pieces)) + packer.flush()


@pytest.mark.parametrize(
    ("count", "piece"),
    [
        pytest.param(1000, b" " * 1_000_000, id="a gigabyte of blanks"),
        pytest.param(
            *(2000, b"0 0 m 9 9 l S\n" * 1000), id="millions of lines", marks=pytest.mark.slow
        ),
    ],
)
def test_a_bomb_is_refused_in_time(count: int, piece: bytes) -> None:
    bomb = _raw(_flate(count, piece), "/Filter/FlateDecode")
    started = time.monotonic()
    with pytest.raises(UserError, match="太多"):
        read_pdf(bomb)
    assert time.monotonic() - started < 12


def test_too_many_pages_are_refused() -> None:
    pdf = pikepdf.Pdf.new()
    for _ in range(301):
        pdf.add_blank_page()
    pdf.save(output := BytesIO())
    with pytest.raises(UserError, match="超过 300 页"):
        read_pdf(output.getvalue())


def _raw(content: bytes, entries: str = "") -> bytes:
    """Return a PDF of one page with this content."""
    stream = f"<<{entries}/Length {len(content)}>>stream\n".encode() + content + b"\nendstream"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 300]/Contents 4 0 R/Resources 6 0 R>>",
        stream,
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Font<</F 5 0 R>>>>",
    ]
    pdf, offsets = b"%PDF-1.4\n", []
    for number, item in enumerate(objects, 1):
        offsets.append(len(pdf))
        pdf += b"%d 0 obj\n" % number + item + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    end = b"trailer<</Size 7/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(pdf)
    return pdf + b"xref\n0 7\n0000000000 65535 f \n" + table + end


def _drawn(rules: list[tuple[int, int, int, int]], texts: list[tuple[int, int, str]]) -> bytes:
    """Return a PDF of one page, with rules from (x, y) to (x, y) and texts at (x, y), y upwards."""
    lines = "".join(f"{a} {b} m {c} {d} l S\n" for a, b, c, d in rules)
    words = "".join(f"BT /F 10 Tf 1 0 0 1 {x} {y} Tm ({text}) Tj ET\n" for x, y, text in texts)
    return _raw((lines + words).encode())


_SIDES = [(x, 40, x, 280) for x in (50, 150, 250)]


def test_the_footer_of_a_browser_is_no_text_of_the_cells_above_it() -> None:
    # Chromium draws no line under a row that the page break cuts.
    rows = [(50, y, 250, y) for y in (280, 250, 220)]
    footer = [(55, 20, "https://www.example.gov.cn/2022.html"), (300, 20, "1/2")]
    texts = [(60, 260, "A"), (160, 260, "1"), (60, 230, "B"), (160, 230, "2"), (60, 60, "C")]
    document = read_pdf(_drawn([*_SIDES, *rows], [*texts, *footer]))
    assert _rows(_tables(document)[0]) == [["A", "1"], ["B", "2"], ["C", ""]]
    assert "页眉或页脚没有读：https://www.example.gov.cn/2022.html" in _remarks(document)


def test_a_column_that_is_one_cell_on_the_whole_page_is_a_column() -> None:
    rows = [(150, y, 250, y) for y in (250, 220)]
    texts = [(160, 260, "1"), (160, 230, "2"), (160, 60, "3")]
    table = _tables(read_pdf(_drawn([*_SIDES, *rows], texts)))[0]
    assert _rows(table) == [["", "1"], ["", "2"], ["", "3"]]
    assert [cell.row_span for cell in table.cells if cell.column == 0] == [3]


@pytest.mark.parametrize("inside", [(), (100,)])
def test_a_table_that_lacks_lines_between_columns_is_a_table_of_columns(
    inside: tuple[int, ...],
) -> None:
    rows = [["A", "1", "2"], ["B", "3", "4"], ["C", "5", "60"]]
    ys = [260 - 30 * number for number in range(len(rows) + 1)]
    rules = [*((50, y, 250, y) for y in ys), *((x, ys[0], x, ys[-1]) for x in (50, *inside, 250))]
    texts = [
        (60 + 60 * column, y - 20, text)
        for y, row in zip(ys, rows, strict=False)
        for column, text in enumerate(row)
    ]
    (table,) = _tables(read_pdf(_drawn(rules, [*texts, (60, 40, "End")])))
    assert _rows(table) == rows
    assert table.ragged


def test_a_watermark_is_no_text_and_is_named() -> None:
    table = "<table><tr><td>规章<td>1<tr><td>文件<td>3</table>"
    mark = "<div style='position:fixed;top:{}pt;left:60pt;{}'>{}</div>"
    slanted = mark.format(60, "transform:rotate(-35deg)", "内部资料")
    pale = mark.format(30, "font-size:60pt;color:#ddd", "样稿")
    document = _read(f"{slanted}{pale}<p>正文的文字。</p>{table}")
    assert _texts(document) == ["正文的文字。"]
    assert _rows(_tables(document)[0]) == [["规章", "1"], ["文件", "3"]]
    assert "水印没有读：" in _remarks(document)
    assert set("内部资料样稿") <= set(_remarks(document))


def test_a_table_without_lines_has_whole_labels_and_numbers_that_nearly_touch() -> None:
    rows = "<tr><td>规章<td>0<td>10<td>18<tr><td>其他法律行政法规禁止公开<td>1<td>20<td>7"
    style = "td{border:0;padding:6pt 0}td+td{width:14pt}td:first-child{width:90pt}"
    table = f"<table style='width:132pt'>{rows}</table>"
    document = _read(f"<p>第一段的文字。</p>{table}<p>第二段的文字。</p>", style)
    assert _texts(document) == ["第一段的文字。", "第二段的文字。"]
    expected = [["规章", "0", "10", "18"], ["其他法律行政法规禁止公开", "1", "20", "7"]]
    assert _rows(_tables(document)[0]) == expected


# ── a published one


@pytest.mark.skipif(not _REAL.exists(), reason="no files of real reports on this machine")
def test_a_published_report_is_read_whole() -> None:
    document = read_pdf(_REAL.read_bytes())
    first, second, third = _tables(document)
    assert _rows(first)[3] == ["行政规范性文件", "3", "0", "8"]
    assert [cell.text for cell in second.cells if cell.row_span == 20] == ["三、本年度办理结果"]
    assert _rows(second)[15] == [
        "三、本年度办理结果", "（四）无法提供", "1.本机关不掌握相关政府信息",
        "31", "0", "0", "0", "0", "0", "31",
    ]  # fmt: skip
    assert _rows(third)[3] == list("110021000120103")
    texts = _texts(document)
    assert texts[0] == "淮安市洪泽区人民政府\n2024年政府信息公开工作年度报告"
    assert texts[-1].endswith("全年收取政府信息公开信息处理费0元。")
    assert (len(texts), document.remarks) == (17, ())
