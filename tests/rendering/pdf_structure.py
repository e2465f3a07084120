"""Reading the structure tree of a PDF back with pikepdf, which had no part in making it."""

from __future__ import annotations

import io
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pikepdf

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(eq=False)
class Element:
    """An element of the tree: its name, its entries, its kids, and the text of its own."""

    name: str
    entries: Any
    kids: list[Element] = field(default_factory=list)
    own: str = ""
    document: Any = None  # kept open as long as its root is

    @property
    def text(self) -> str:
        """All text in it; kids after its own."""
        return self.own + "".join(kid.text for kid in self.kids)

    def all(self, *names: str) -> Iterator[Element]:
        """The elements of these names in it, in order."""
        for kid in self.kids:
            if kid.name in names:
                yield kid
            yield from kid.all(*names)

    def attribute(self, name: str) -> Any:
        """An attribute of it, or None."""
        attributes = self.entries.get("/A")
        return None if attributes is None else attributes.get(name)


def structure(pdf: bytes) -> Element:
    """The document element of a PDF."""
    document = pikepdf.open(io.BytesIO(pdf))
    texts = [marked_texts(page) for page in document.pages]
    numbers = {page.objgen: number for number, page in enumerate(document.pages)}
    (root,) = document.Root.StructTreeRoot.K
    element = _element(root, texts, numbers)
    element.document = document
    return element


def _element(entries: Any, texts: list[dict[int, str]], numbers: dict[Any, int]) -> Element:
    element = Element(str(entries.S).lstrip("/"), entries)
    for kid in entries.get("/K", []):
        if isinstance(kid, int):
            element.own += texts[numbers[entries.Pg.objgen]][kid]
        elif kid.get("/Type") == "/MCR":
            element.own += texts[numbers[kid.Pg.objgen]][int(kid.MCID)]
        elif kid.get("/Type") != "/OBJR":
            element.kids.append(_element(kid, texts, numbers))
    return element


def marked_texts(page: Any) -> dict[int, str]:
    """The text of each piece of marked content of a page, by its number; -1 for artifacts.

    Text that is not marked at all is under None.
    """
    fonts = {str(name): _to_unicode(font) for name, font in page.Resources.Font.items()}
    found: dict[Any, str] = defaultdict(str)
    stack: list[Any] = []
    font: dict[int, str] = {}
    instructions: Any = pikepdf.parse_content_stream(page)
    for operands, operator in instructions:
        match str(operator):
            case "BDC":
                stack.append(int(operands[1].get("/MCID", -1)))
            case "BMC":
                stack.append(-1)
            case "EMC":
                stack.pop()
            case "Tf":
                font = fonts[str(operands[0])]
            case "Tj" | "TJ":
                pieces = operands[0] if str(operator) == "TJ" else operands
                codes = b"".join(bytes(p) for p in pieces if isinstance(p, pikepdf.String))
                place = stack[-1] if stack else None
                found[place] += "".join(
                    font[int.from_bytes(codes[i : i + 2])] for i in range(0, len(codes), 2)
                )
    assert not stack
    return found


def _to_unicode(font: Any) -> dict[int, str]:
    """The characters of a font's two-byte codes."""
    table: dict[int, str] = {}
    reading = ""
    for line in font.ToUnicode.read_bytes().decode("ascii").splitlines():
        if "beginbf" in line:
            reading = line.split()[-1]
        elif line.startswith("endbf"):
            reading = ""
        elif reading == "beginbfchar":
            code, text = line.replace("<", "").replace(">", "").split(maxsplit=1)
            table[int(code, 16)] = bytes.fromhex(text.replace(" ", "")).decode("utf-16-be")
    return table
