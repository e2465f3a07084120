"""Define the styles, fonts, lists and settings of a Word file after GB/T 9704-2012.

The styles have the ids and names of Word's built-in styles.
"""

# By these ids and names, Word, WPS and screen readers recognize headings, page numbers and tables.

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nianbao.rendering.fonts.faces import face_for

if TYPE_CHECKING:
    from collections.abc import Iterator

# In twips (twentieths of a point). 22 lines of 579 fill the 225 mm of the text area; with 580 there
# would be 21.
LINE: Final = 579
# Between characters of 16 pt, so that 28 take a little less than the 156 mm of a line, also where a
# program rounds their widths up. It is the text's own, not that of a grid of characters: in such a
# grid LibreOffice gives a character that is wider than its field two fields, and ONLYOFFICE knows
# no grid.
_SPACING: Final = -6
CHARACTER: Final = 320 + _SPACING
TEXT_WIDTH: Final = 8845  # 156 mm
MM: Final = 1440 / 25.4  # twips
# The space between a table and the note or the heading below it.
ABOVE_NOTE: Final = round(1 * MM)
BELOW_TABLE: Final = round(3 * MM)
# A4; margins of 37, 26, 35 and 28 mm. The page number (14 pt) begins 7 mm below the text area.
PAGE: Final = (
    '<w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1587" w:header="851" '
    'w:footer="1307" w:gutter="0"/><w:cols w:space="425"/>'
    f'<w:docGrid w:type="lines" w:linePitch="{LINE}"/>'
)
_FANGSONG, _KAI, _SONG, _TITLE, _HEI = (
    face_for(key).official[0] for key in ("fangsong", "kai", "song", "xiaobiaosong", "hei")
)
# Of each font: PANOSE, family and pitch (ISO/IEC 29500-1 17.8.3), by which a program finds a font
# of the same kind where it lacks this one and its other names.
_PANOSE: Final = {
    _FANGSONG: ("02010609030101010101", "modern", "fixed"),
    _KAI: ("02010609030101010101", "modern", "fixed"),
    _SONG: ("02010600030101010101", "auto", "variable"),
    _TITLE: ("02010601030101010101", "auto", "variable"),
    _HEI: ("02010609060101010101", "modern", "fixed"),
}
_FURTHER_NAMES: Final = {_TITLE: ("华文中宋", "STZhongsong")}  # Word and WPS lack the 小标宋
_UNSPACED: Final = '<w:spacing w:val="0"/>'
_EXACT: Final = f'<w:spacing w:line="{LINE}" w:lineRule="exact"/>'
# No space between Chinese and digits: 28 characters fill a line whatever they are.
_TIGHT: Final = '<w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>'
_HANGING: Final = 400  # of a bullet, which takes a whole character in Chinese fonts
_FIRST_LINE: Final = f'<w:ind w:firstLineChars="200" w:firstLine="{2 * CHARACTER}"/>'


def _fonts(name: str) -> str:
    return f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}" w:eastAsia="{name}"/>'


def _size(half_points: int) -> str:
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


def _style(
    kind: str,
    identifier: str,
    name: str,
    base: str = "",
    *,
    paragraph: str = "",
    run: str = "",
    following: str = "",
    is_own: bool = False,
) -> str:
    """Return the XML of a style.

    `kind`: paragraph or character.
    `base`: the id of the style that it is based on.
    `paragraph`, `run`: properties as XML.
    `following`: the id of the style of the next paragraph.
    `is_own`: True for a style that Word does not have.
    """
    default = ' w:default="1"' if identifier in ("Normal", "DefaultParagraphFont") else ""
    own = ' w:customStyle="1"' if is_own else ""
    return (
        f'<w:style w:type="{kind}"{default}{own} w:styleId="{identifier}"><w:name w:val="{name}"/>'
        + (f'<w:basedOn w:val="{base}"/>' if base else "")
        + (f'<w:next w:val="{following}"/>' if following else "")
        + "<w:qFormat/>"
        + (f"<w:pPr>{paragraph}</w:pPr>" if paragraph else "")
        + (f"<w:rPr>{run}</w:rPr>" if run else "")
        + "</w:style>"
    )


def _paragraph_styles() -> Iterator[str]:
    def style(
        identifier: str, name: str, paragraph: str, run: str = "", following: str = ""
    ) -> str:
        return _style(
            *("paragraph", identifier, name, "Normal"),
            paragraph=paragraph,
            run=run,
            following=following,
        )

    def own(identifier: str, name: str, base: str, paragraph: str, run: str = "") -> str:
        return _style(
            *("paragraph", identifier, name, base), paragraph=paragraph, run=run, is_own=True
        )

    yield _style(
        *("paragraph", "Normal", "Normal"),
        paragraph=f'<w:widowControl w:val="0"/>{_TIGHT}<w:snapToGrid w:val="0"/>{_EXACT}'
        '<w:jc w:val="both"/>',
        run=f'<w:spacing w:val="{_SPACING}"/>',
    )
    centred = '<w:jc w:val="center"/>'
    yield style(
        *("Title", "Title"),
        f'<w:keepNext/><w:spacing w:before="{LINE}" w:after="{LINE}"/>{centred}',
        _fonts(_TITLE) + _UNSPACED + _size(44),
        "BodyText",
    )
    yield style(
        *("Subtitle", "Subtitle"), f'<w:spacing w:after="{LINE}"/>{centred}', "", "BodyText"
    )
    yield style("BodyText", "Body Text", _FIRST_LINE)
    faces = {1: _HEI, 2: _KAI}
    for level in range(1, 10):
        yield style(
            *(f"Heading{level}", f"heading {level}"),
            f'<w:keepNext/>{_FIRST_LINE}<w:outlineLvl w:val="{level - 1}"/>',
            _fonts(faces[level]) if level in faces else "",
            "BodyText",
        )
    yield style(
        "ListBullet", "List Bullet", '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    )
    yield style("ListNumber", "List Number", _FIRST_LINE)
    yield style("ListContinue", "List Continue", _FIRST_LINE)
    yield style("Quote", "Quote", _FIRST_LINE)
    yield style("Signature", "Signature", f'<w:spacing w:before="{LINE}"/><w:jc w:val="left"/>')
    # A date that is a little wider in another font stays on its line.
    yield style("Date", "Date", '<w:ind w:right="-640"/><w:jc w:val="left"/>')
    footer = '<w:spacing w:line="280" w:lineRule="exact"/>'
    yield style("Footer", "footer", footer, _fonts(_SONG) + _UNSPACED + _size(28))
    yield style("Header", "header", footer, _fonts(_SONG) + _UNSPACED + _size(21))
    # Table text: 9, 10.5 and 8 pt.
    for suffix, name, size, line in (
        ("", "", 18, 212),
        ("Large", "大", 21, 294),
        ("Small", "小", 16, 189),
    ):
        spacing = f'<w:spacing w:line="{line}" w:lineRule="exact"/>'
        yield own(
            *(f"TableText{suffix}", f"表格文字{name}", "Normal"),
            f"{spacing}{centred}",
            _fonts(_SONG) + _UNSPACED + _size(size),
        )
    yield own("TableNote", "表注", "TableTextLarge", '<w:jc w:val="both"/>')
    gap = '<w:keepNext/><w:spacing w:line="20" w:lineRule="exact"/>'
    yield own("TableGap", "表间", "Normal", gap, f"<w:vanish/>{_size(2)}")


def _character_styles() -> Iterator[str]:
    yield _style("character", "DefaultParagraphFont", "Default Paragraph Font")
    base = "DefaultParagraphFont"
    # There is no bold cut of 仿宋; GB/T 9704 has 黑体 for what stands out.
    yield _style("character", "Strong", "Strong", base, run=_fonts(_HEI))
    yield _style("character", "Emphasis", "Emphasis", base, run=_fonts(_KAI))
    yield _style("character", "HTMLCode", "HTML Code", base, run=_fonts(_SONG))
    yield _style("character", "Hyperlink", "Hyperlink", base)


def _table_styles() -> Iterator[str]:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>' for side in sides
    )
    yield (
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal">'
        '<w:name w:val="Normal Table"/><w:uiPriority w:val="99"/><w:semiHidden/>'
        '<w:unhideWhenUsed/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/></w:tblPr></w:style>'
        '<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/>'
        '<w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders>'
        f"{borders}</w:tblBorders></w:tblPr></w:style>"
    )


def styles_xml(namespaces: str) -> str:
    """Return the XML of the part styles.xml.

    `namespaces`: the xmlns attributes of the root element.
    """
    # The font of Chinese for quotation marks and dashes too.
    fonts = _fonts(_FANGSONG).replace("/>", ' w:cs="Times New Roman" w:hint="eastAsia"/>')
    language = '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ug-CN"/>'
    return (
        f"<w:styles {namespaces}><w:docDefaults><w:rPrDefault><w:rPr>{fonts}{_size(32)}{language}"
        "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
        + "".join([*_paragraph_styles(), *_character_styles(), *_table_styles()])
        + "</w:styles>"
    )


def fonts_xml(namespaces: str) -> str:
    """Return the XML of the part fontTable.xml.

    Word uses this part to replace a missing font by a similar font.

    `namespaces`: the xmlns attributes of the root element.
    """
    entries = []
    for key in ("fangsong", "kai", "song", "xiaobiaosong", "hei"):
        name, *others = face_for(key).official
        panose, family, pitch = _PANOSE[name]
        names = ",".join([*others, *_FURTHER_NAMES.get(name, ())])
        entries.append(
            f'<w:font w:name="{name}"><w:altName w:val="{names}"/>'
            f'<w:panose1 w:val="{panose}"/><w:charset w:val="86"/><w:family w:val="{family}"/>'
            f'<w:pitch w:val="{pitch}"/></w:font>'
        )
    return f"<w:fonts {namespaces}>{''.join(entries)}</w:fonts>"


def numbering_xml(namespaces: str, style: str) -> str:
    """Return the XML of the part numbering.xml: a bullet list with nine levels.

    `namespaces`: the xmlns attributes of the root element.
    `style`: the id of the paragraph style for items of the first level.
    """
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="bullet"/>'
        + (f'<w:pStyle w:val="{style}"/>' if level == 0 else "")
        + '<w:suff w:val="tab"/><w:lvlText w:val="•"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="{2 * CHARACTER * (level + 1)}" '
        f'w:hanging="{_HANGING}"/></w:pPr><w:rPr>{_fonts(_SONG)}</w:rPr></w:lvl>'
        for level in range(9)
    )
    return (
        f'<w:numbering {namespaces}><w:abstractNum w:abstractNumId="0">'
        f'<w:multiLevelType w:val="hybridMultilevel"/>{levels}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )


def settings_xml(namespaces: str, *, has_even_pages: bool, is_mirrored: bool = False) -> str:
    """Return the XML of the part settings.xml.

    `namespaces`: the xmlns attributes of the root element.
    `has_even_pages`: True if even pages have footers of their own.
    `is_mirrored`: True if the margins of even pages are mirrored.
    """
    # The layout is that of Word since 2013 (compatibilityMode 15).
    mirrored = "<w:mirrorMargins/>" if is_mirrored else ""
    even = "<w:evenAndOddHeaders/>" if has_even_pages else ""
    return (
        f'<w:settings {namespaces}><w:zoom w:percent="100"/>{mirrored}'
        f'<w:defaultTabStop w:val="{CHARACTER}"/>{even}'
        '<w:characterSpacingControl w:val="doNotCompress"/><w:compat>'
        '<w:compatSetting w:name="compatibilityMode" '
        'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
        '<w:themeFontLang w:val="zh-CN" w:eastAsia="zh-CN" w:bidi="ug-CN"/></w:settings>'
    )


def footer_xml(namespaces: str, side: str) -> str:
    """Return the XML of a footer with the page number: — 1 — (GB/T 9704-2012 7.5).

    `namespaces`: the xmlns attributes of the root element.
    `side`: left or right, the side of the page number.
    """
    return (
        # The number is one character away from the margin.
        f'<w:ftr {namespaces}><w:p><w:pPr><w:pStyle w:val="Footer"/><w:ind w:{side}Chars="100" '
        f'w:{side}="280"/><w:jc w:val="{side}"/></w:pPr>{_text("— ")}'
        f'<w:fldSimple w:instr=" PAGE ">{_text("1")}</w:fldSimple>{_text(" —")}</w:p></w:ftr>'
    )


def _text(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'
