"""Parse XML from a stranger: no DTD, no entities, nothing fetched, limited size."""

from __future__ import annotations

from lxml import etree

from nianbao.errors import UserError
from nianbao.importing.archives import DAMAGED
from nianbao.importing.limits import MAX_PART, MAX_TAGS, refuse_size


def parse_xml(data: bytes, *, keep_comments: bool = False) -> etree._Element:
    """Return the root element of an XML document.

    `keep_comments`: True to keep comments and processing instructions.

    Raises UserError if the XML is not well-formed, has a DTD, or is too large.
    """
    # The numbers of tags and attributes determine how much memory libxml2 takes.
    if len(data) > MAX_PART or max(data.count(b"<"), data.count(b"=")) > MAX_TAGS:
        raise refuse_size("文件内容太多")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=not keep_comments,
        remove_pis=not keep_comments,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UserError(DAMAGED) from error
    if root is None:
        raise UserError(DAMAGED)
    if root.getroottree().docinfo.internalDTD is not None:
        raise UserError(
            "文件里有 DTD 或实体声明，不是正常的 Office 文件，没有读。在 Word 里另存一份再导入"
        )
    return root
