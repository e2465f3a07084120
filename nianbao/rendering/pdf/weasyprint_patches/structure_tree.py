"""Build the structure tree of the PDF, for screen readers, from the HTML elements."""

# WeasyPrint 70 builds its tree from the boxes of each page (see its `pdf/tags.py`). Therefore it
# links cells under merged headers to wrong headers, splits a paragraph, list or table at a page
# break, repeats the header of a table, and leaves page numbers untagged. This module makes one tree
# element for each HTML element, and links each cell to exactly the headers in its `headers`
# attribute. Remove this when WeasyPrint builds its tree from elements and follows `headers`.
#
# Names: ISO 32000-1 14.8.4; attributes: 14.8.5.7; requirements: ISO 14289-1 (PDF/UA-1) clause 7.

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from nianbao.rendering.pdf.weasyprint_patches.tag_attributes import (
    alternative_text,
    element_attributes,
)

# HTML elements without a name here are not in the tree: their text belongs to their parent.
_NAMES: Final = {
    **{f"h{level}": f"H{level}" for level in range(1, 7)},
    **dict.fromkeys(("ul", "ol", "dl"), "L"),
    **{name: name.title() for name in ("table", "caption")},
    **{name: name.upper() for name in ("tr", "th", "td", "p")},
    "section": "Sect",
    "blockquote": "BlockQuote",
    "a": "Link",
    "code": "Code",
    "li": "LI",
    "dt": "LI",
    "dd": "LI",
    "li::marker": "Lbl",
    "thead": "THead",
    "tbody": "TBody",
    "tfoot": "TFoot",
    "img": "Figure",
    "{http://www.w3.org/2000/svg}svg": "Figure",
}
# Elements that contain other elements, and text only inside a paragraph.
_GROUPS: Final = frozenset(
    {"Document", "Sect", "BlockQuote", "L", "Table", "THead", "TBody", "TFoot", "TR"}
)
_PAGINATION: Final = {"Type": "/Pagination"}


@dataclass(eq=False, slots=True)
class _StructureElement:
    """An element of the structure tree.

    `name`: the structure type, such as TH.
    `entry`: the PDF object.
    `page`: the first page, counted from 0.
    `kids`: the children in order: elements, MCIDs (ids of marked content) or PDF references.
    """

    name: str
    entry: Any
    page: int
    kids: list[Any] = field(default_factory=list)


def add_tags(pdf: Any, document: Any, pdf_version: str, page_streams: list[Any]) -> None:  # noqa: ARG001 - the signature is WeasyPrint's
    """Add a structure tree to a PDF; replaces weasyprint.pdf.add_tags."""
    tree = _StructureTree(pdf)
    for number, (page, stream) in enumerate(zip(document.pages, page_streams, strict=True)):
        tree.add_page(number, page._page_box, stream)
    tree.finish()


class _StructureTree:
    """Builds the structure tree of a PDF page by page.

    Pages are counted from 0. Boxes are those of WeasyPrint's layout. An MCID is the id of a piece
    of marked content on its page.
    """

    def __init__(self, pdf: Any) -> None:
        import pydyf
        from weasyprint.formatting_structure import boxes
        from weasyprint.layout.absolute import AbsolutePlaceholder

        self._placeholder = AbsolutePlaceholder
        self._margin, self._text_box = boxes.MarginBox, boxes.TextBox
        self._make = pydyf.Dictionary
        self._text = pydyf.String
        self._array = pydyf.Array
        self._pdf = pdf
        self._root = self._add_object({"Type": "/StructTreeRoot"})
        self._document = self._element("Document", self._root, 0)
        self._nodes: dict[tuple[Any, str], _StructureElement] = {}
        self._ids: dict[str, Any] = {}
        self._described: list[tuple[Any, list[str]]] = []
        # For each page and MCID, a reference to the element that has the marked content.
        self._parents: list[list[Any]] = []
        self._annotations: list[tuple[Any, Any]] = []
        self._tags: dict[Any, Any] = {}
        self._artifacts: set[int] = set()
        self._drawn_headers: dict[Any, int] = {}

    def add_page(self, number: int, page_box: Any, stream: Any) -> None:
        """Add the content of a page. `stream`: the content stream, which has the MCIDs by box."""
        self._tags = stream._tags
        self._artifacts = set()
        self._parents.append(["null"] * len(self._tags))
        self._walk(page_box, self._document, number)
        assert not self._tags, "text without a place in the tree"
        _mark_artifacts(stream, self._artifacts, self._make(_PAGINATION))

    def _walk(self, box: Any, parent: _StructureElement, page: int) -> None:
        """Add a box and its children to the tree. `parent`: the element of the parent box."""
        if isinstance(box, self._placeholder):
            box = box._box
        if isinstance(box, self._margin) or self._is_repeated(box, page):
            self._add_artifact(box, page)
            return
        node = parent if isinstance(box, self._text_box) else self._node_of(box, parent, page)
        if box in self._tags:
            self._add_content(node, self._tags.pop(box)["mcid"], page)
        if box.link_annotation and node.name == "Link":
            self._add_link(node, box, page)
        for child in getattr(box, "children", ()):
            self._walk(child, node, page)

    def _is_repeated(self, box: Any, page: int) -> bool:
        """Return True if a box is a table header that was drawn on an earlier page already."""
        if not getattr(box, "is_header", False):
            return False
        return self._drawn_headers.setdefault(box.element, page) != page

    def _add_artifact(self, box: Any, page: int) -> None:
        """Mark a box and its children as artifacts, which screen readers skip.

        Links in the box are added to the element of the first box of the same HTML element.
        """
        if box in self._tags:
            self._artifacts.add(self._tags.pop(box)["mcid"])
        link = self._nodes.get((box.element, box.element_tag))
        if box.link_annotation and link:
            self._add_link(link, box, page)
        for child in getattr(box, "children", ()):
            self._add_artifact(child, page)

    def _add_content(self, node: _StructureElement, mcid: int, page: int) -> None:
        """Add marked content to an element. A group gets the content inside a new paragraph (P).

        `mcid`: the id of the content on its page.
        """
        if node.name in _GROUPS:
            node = self._child("P", node, page)
        reference = self._pdf.page_references[page]
        elsewhere = {"Type": "/MCR", "Pg": reference, "MCID": mcid}
        node.kids.append(mcid if page == node.page else self._make(elsewhere))
        self._parents[page][mcid] = node.entry.reference

    def _add_link(self, node: _StructureElement, box: Any, page: int) -> None:
        annotation = box.link_annotation
        reference = self._pdf.page_references[page]
        kid = self._add_object({"Type": "/OBJR", "Obj": annotation.reference, "Pg": reference})
        node.kids.append(kid.reference)
        # Alternative description of the link (PDF/UA-1, 7.18.5).
        annotation.setdefault("Contents", self._text(box.element.get("href") or "链接"))
        self._annotations.append((annotation, node.entry.reference))

    # ── elements

    def _node_of(self, box: Any, parent: _StructureElement, page: int) -> _StructureElement:
        """Return the structure element of a box; create it at the first box of an HTML element.

        For a box without a structure type, return `parent`, the element of the parent box.
        """
        element, tag = box.element, box.element_tag
        name = _NAMES.get(tag) if element is not None else None
        if name is None:
            return parent
        key = (element, tag)
        if key not in self._nodes:
            self._nodes[key] = self._new(name, box, parent, page)
        return self._nodes[key]

    def _new(self, name: str, box: Any, parent: _StructureElement, page: int) -> _StructureElement:
        element = box.element
        if element.get("role") == "note" and name == "P":
            name = "Note"
        if name == "Lbl":
            # The box of the marker is inside LBody, but in the tree Lbl comes before LBody.
            item = self._nodes[element, "li::item"]
            return self._child("Lbl", item, page, first=True)
        node = self._child(name, parent, page)
        if name == "LI":
            self._nodes[element, "li::item"] = node
            return self._child("LBody", node, page)
        attributes = self._make(element_attributes(name, box, self._text))
        if attributes:
            if "Headers" in attributes:
                attributes["Headers"] = self._array(attributes["Headers"])
            node.entry["A"] = attributes
        if name == "Figure":
            node.entry["Alt"] = self._text(alternative_text(element))
        if element.get("aria-describedby"):
            self._described.append((node.entry, element.get("aria-describedby").split()))
        if name == "Note" or (name == "TH" and element.get("id")):
            self._identify(node, element.get("id") or f"note-{len(self._ids)}")
        return node

    def _identify(self, node: _StructureElement, name: str) -> None:
        node.entry["ID"] = self._text(name)
        self._ids[name] = node.entry.reference

    def _child(
        self, name: str, parent: _StructureElement, page: int, *, first: bool = False
    ) -> _StructureElement:
        node = self._element(name, parent.entry, page)
        parent.kids.insert(0 if first else len(parent.kids), node)
        return node

    def _element(self, name: str, parent: Any, page: int) -> _StructureElement:
        entry = {"Type": "/StructElem", "S": f"/{name}", "P": parent.reference}
        entry["Pg"] = self._pdf.page_references[page]
        return _StructureElement(name, self._add_object(entry), page)

    def _add_object(self, entries: dict[str, Any]) -> Any:
        added = self._make(entries)
        self._pdf.add_object(added)
        return added

    # ── the end

    def finish(self) -> None:
        """Write the children of every element, the root of the tree and the catalog entries."""
        self._write_children(self._document)
        numbers: list[Any] = []
        for page, parents in enumerate(self._parents):
            numbers += [page, self._array(parents)]
        for number, (annotation, reference) in enumerate(self._annotations, len(self._parents)):
            annotation["StructParent"] = number
            numbers += [number, reference]
        for entry, notes in self._described:
            entry["Ref"] = self._array([self._ids[note] for note in notes if note in self._ids])
        names: list[Any] = []
        for name, reference in sorted(self._ids.items()):
            names += [self._text(name), reference]
        parents_tree = self._add_object({"Nums": self._array(numbers)})
        self._root["K"] = self._array([self._document.entry.reference])
        self._root["ParentTree"] = parents_tree.reference
        self._root["ParentTreeNextKey"] = len(self._parents) + len(self._annotations)
        if names:
            self._root["IDTree"] = self._add_object({"Names": self._array(names)}).reference
        self._pdf.catalog["StructTreeRoot"] = self._root.reference
        self._pdf.catalog["ViewerPreferences"] = self._make({"DisplayDocTitle": "true"})
        self._pdf.catalog["MarkInfo"] = self._make({"Marked": "true"})

    def _write_children(self, node: _StructureElement) -> None:
        kids = []
        for kid in node.kids:
            if isinstance(kid, _StructureElement):
                self._write_children(kid)
                kids.append(kid.entry.reference)
            else:
                kids.append(kid)
        node.entry["K"] = self._array(kids)


def _mark_artifacts(stream: Any, pieces: set[int], kind: Any) -> None:
    """Turn some of the marked content of a stream into artifacts.

    `pieces`: the MCIDs of this content. `kind`: the properties that the artifacts get.
    """
    import pydyf

    operands = stream.stream
    for index, operand in enumerate(operands):
        if isinstance(operand, pydyf.Dictionary) and operand.get("MCID") in pieces:
            operands[index - 1 : index + 1] = ["/Artifact", kind]
