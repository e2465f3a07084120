"""Describe a report for search engines, as JSON-LD inside the web page."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from nianbao.utils.safe_json import escape

if TYPE_CHECKING:
    from nianbao.rendering.document import Document

# What could end the element or begin a comment in it, and what old browsers take for a line break.
_UNSAFE: Final = re.compile("[<>&\u2028\u2029]")


def json_ld(document: Document) -> Markup:
    """Describe a report as a schema.org Dataset for search engines.

    Return the content of `<script type="application/ld+json">`, safely escaped.
    """
    title, meta = "".join(document.title), dict(document.meta)
    tables = [table.title for section in document.sections for table in section.tables]
    dataset = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": title,
        "description": f"{title}：{'；'.join(section.title for section in document.sections)}",
        "creator": {"@type": "GovernmentOrganization", "name": document.body},
        "temporalCoverage": f"{document.year}-01-01/{document.year}-12-31",
        "datePublished": meta["PubDate"],
        "inLanguage": "zh-CN",
        "variableMeasured": tables,
        "distribution": [
            {
                "@type": "DataDownload",
                "name": file.label,
                "encodingFormat": file.media_type,
                "contentUrl": file.href,
            }
            for file in document.files
        ],
    }
    return script_json({key: value for key, value in dataset.items() if value})


def script_json(data: object) -> Markup:
    """Return data as JSON, escaped for the content of a `<script>`."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return Markup(_UNSAFE.sub(lambda match: escape(match.group()), text))
