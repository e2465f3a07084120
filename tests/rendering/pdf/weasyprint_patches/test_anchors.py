"""The places of a PDF that a link may lead to."""

from __future__ import annotations

import io

import pikepdf
import pytest

from nianbao.rendering.pdf.weasyprint_patches import patched_weasyprint

PAGE = """<html lang=zh><title>x</title><h1 id=top>题</h1><a href=#b>乙</a><a name=here>此</a>
<table><tr><th id=a style="color:red">甲<th id=b>乙<tr><td headers=a id=c>1<td headers=b>2</table>
"""


def test_header_cells_are_places_only_where_a_link_leads_to_them() -> None:
    pdf = patched_weasyprint().HTML(string=PAGE).write_pdf(pdf_variant="pdf/ua-1")
    with pikepdf.open(io.BytesIO(pdf)) as document:
        names = document.Root.Names.Dests.Names
        assert [str(name) for name in list(names)[::2]] == ["b", "c", "here", "top"]
        assert [str(name) for name in list(document.Root.StructTreeRoot.IDTree.Names)[::2]] == [
            "a",
            "b",
        ]


@pytest.mark.parametrize(
    "link",
    [
        "<a href='#%E7%94%B2'>到甲</a>",
        "<a href=' #甲 '>到甲</a>",
        "<svg width=9 height=9><a href='#甲'><text>到甲</text></a></svg>",
        "<style>p{-weasy-link:url(#甲)}</style><p>到甲",
        "<style>p::after{content:target-counter('#甲', page)}</style><p>见第",
        "<style>p::after{content:target-text(attr(data-of))}</style><p data-of='#甲'>见",
    ],
)
def test_a_link_of_any_kind_makes_a_header_cell_a_place(link: str) -> None:
    page = f"<html lang=zh><table><tr><th id=甲>甲<th id=乙>乙</table>{link}"
    pdf = patched_weasyprint().HTML(string=page).write_pdf()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert [str(name) for name in list(document.Root.Names.Dests.Names)[::2]] == ["甲"]
