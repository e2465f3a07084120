"""Define the theme of a Word file: the fonts of the styles, and no effects."""

from __future__ import annotations

from typing import Final

from nianbao.rendering.fonts.faces import face_for

# ISO/IEC 29500-1 20.1.6.2: what colours a theme has. Nothing in a report is coloured.
_COLOURS: Final = (
    "dk1 000000, lt1 FFFFFF, dk2 44546A, lt2 E7E6E6, accent1 1F4E8C, accent2 ED7D31, "
    "accent3 A5A5A5, accent4 FFC000, accent5 5B9BD5, accent6 70AD47, hlink 0563C1, folHlink 954F72"
)
_FILL: Final = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'


def theme_xml() -> str:
    """Return the XML of the part theme1.xml: the colours and fonts of a Word file."""
    colours = "".join(
        f'<a:{name}><a:srgbClr val="{value}"/></a:{name}>'
        for name, value in map(str.split, _COLOURS.split(", "))
    )
    fonts = "".join(
        f'<a:{kind}><a:latin typeface="{name}"/><a:ea typeface="{name}"/><a:cs typeface=""/>'
        f"</a:{kind}>"
        for kind, name in (
            ("majorFont", face_for("hei").official[0]),
            ("minorFont", face_for("fangsong").official[0]),
        )
    )
    effects = "<a:effectStyle><a:effectLst/></a:effectStyle>"
    formats = (
        f"<a:fillStyleLst>{_FILL * 3}</a:fillStyleLst>"
        f"<a:lnStyleLst>{f'<a:ln>{_FILL}</a:ln>' * 3}</a:lnStyleLst>"
        f"<a:effectStyleLst>{effects * 3}</a:effectStyleLst>"
        f"<a:bgFillStyleLst>{_FILL * 3}</a:bgFillStyleLst>"
    )
    return (
        '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="nianbao">'
        f'<a:themeElements><a:clrScheme name="nianbao">{colours}</a:clrScheme>'
        f'<a:fontScheme name="nianbao">{fonts}</a:fontScheme>'
        f'<a:fmtScheme name="nianbao">{formats}</a:fmtScheme></a:themeElements></a:theme>'
    )
