"""Write the data of one report as JSON."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

from nianbao.model.schema import Schema, load_schema

if TYPE_CHECKING:
    from nianbao.diagnostics.finding import Pointer
    from nianbao.model.report import Report


def render_json(report: Report) -> bytes:
    """Return the data of a report as JSON, with all totals.

    The keys and their nesting are those of the report file. In prose, references are replaced by
    the numbers. The JSON fits the schema of `json_schema`.
    """
    return _dump(_completed(report), default=float)  # a Decimal becomes a JSON number


def _completed(report: Report) -> dict[str, Any]:
    data: dict[str, Any] = copy.deepcopy(dict(report.data))
    computed: dict[Pointer, object] = {
        p: v.number for p, v in report.values.items() if not v.written
    }
    computed |= {pointer: prose.rendered for pointer, prose in report.texts.items()}
    for pointer, value in computed.items():
        parent: Any = data
        for part in pointer[:-1]:
            parent = parent[part] if isinstance(part, int) else parent.setdefault(part, {})
        parent[pointer[-1]] = value
    return data


def json_schema() -> bytes:
    """Return the JSON Schema of the data that `render_json` writes.

    In contrast to schema.json, every total is required.
    """
    schema = copy.deepcopy(load_schema())
    schema["title"] += "的数据"
    schema["description"] = (
        "build --to json 的内容，也是 PDF 里附的 JSON。由 schema.json 生成："
        "键和格子的写法相同，由程序计算的总计一律写出，正文里引用的数已经填入。"
    )
    _require_totals(schema)
    for definition in schema["$defs"].values():
        for option in definition.get("anyOf", ()):
            option.pop("maximum", None)  # a total may be larger than what may be written
    return _dump(schema)


def _require_totals(node: Any) -> None:
    if isinstance(node, list):
        for item in node:
            _require_totals(item)
    elif isinstance(node, dict):
        properties: Schema = node.get("properties", {})
        totals = [
            key for key, child in properties.items() if isinstance(child, dict) and _is_total(child)
        ]
        if totals:
            node["required"] = [*node.get("required", ()), *totals]
        for child in node.values():
            _require_totals(child)


def _is_total(node: Schema) -> bool:
    """Return True if `node` describes a total, itself or by the definition that it refers to."""
    if "$ref" in node and "x-total" not in node:
        return bool(load_schema()["$defs"].get(node["$ref"].rpartition("/")[2], {}).get("x-total"))
    return bool(node.get("x-total"))


def _dump(data: object, **options: Any) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=1, **options) + "\n").encode()
