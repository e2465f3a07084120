"""Which places of a PDF a link may lead to."""

from __future__ import annotations

import io

import pikepdf

from nianbao.outputs.adapters import adapted_weasyprint

PAGE = """<html lang=zh><title>x</title><h1 id=top>题</h1><a href=#b>乙</a><a name=here>此</a>
<table><tr><th id=a style="color:red">甲<th id=b>乙<tr><td headers=a id=c>1<td headers=b>2</table>
"""


def test_header_cells_are_places_only_where_a_link_leads_to_them() -> None:
    pdf = adapted_weasyprint().HTML(string=PAGE).write_pdf(pdf_variant="pdf/ua-1")
    with pikepdf.open(io.BytesIO(pdf)) as document:
        names = document.Root.Names.Dests.Names
        assert [str(name) for name in list(names)[::2]] == ["b", "c", "here", "top"]
        assert [str(name) for name in list(document.Root.StructTreeRoot.IDTree.Names)[::2]] == [
            "a",
            "b",
        ]
