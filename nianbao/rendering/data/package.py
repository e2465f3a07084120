"""Describe the files of a data package (Frictionless).

See https://specs.frictionlessdata.io/data-package/.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from nianbao.model.schema import load_schema
from nianbao.rendering.data.fields import NOT_APPLICABLE
from nianbao.rendering.data.records import NUMBER_TYPES, WIDE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from nianbao.rendering.data.fields import DataTable
    from nianbao.rendering.data.records import DataColumn

DESCRIPTOR: Final = "datapackage.json"
_GENERATOR: Final = "nianbao data"
_OWN_NAME: Final = re.compile(r"[a-z0-9-]+\.(?:csv|xlsx|sqlite)")
_MAX_BYTES: Final = 10_000_000
_TITLES: Final = {
    "reports": "收了哪些报告",
    "cells": "长表：一格一行",
    "dictionary": "字典：每一格的名称、类型和说明",
}
_KEYS: Final[dict[str, list[str]]] = {
    "reports": ["报告"],
    "cells": ["报告", "路径"],
    "dictionary": ["格式", "路径"],
}
_OF_REPORT: Final = {
    "fields": ["报告"],
    "reference": {"resource": "reports", "fields": ["报告"]},
}
_OF_FIELD: Final = {
    "fields": ["格式", "路径"],
    "reference": {"resource": "dictionary", "fields": ["格式", "路径"]},
}
# Files that are no tables of a package: a media type for each.
_MEDIA_TYPES: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "sqlite": "application/vnd.sqlite3",
}


def common_resource(name: str, columns: Sequence[DataColumn]) -> dict[str, Any]:
    """Describe a CSV file that all editions share, for datapackage.json.

    `name`: reports (the list of reports), cells (the long table) or dictionary.
    """
    schema: dict[str, Any] = {
        "fields": list(map(_field, columns)),
        "missingValues": [""],
        "primaryKey": _KEYS[name],
    }
    if name == "cells":
        schema["foreignKeys"] = [_OF_REPORT, _OF_FIELD]
    return _table(name, _TITLES[name], schema)


def wide_resource(table: DataTable) -> dict[str, Any]:
    """Describe the CSV file of a wide table, for datapackage.json.

    A wide table has one line for each report, and one column for each cell.
    """
    fields = [
        *map(_field, WIDE),
        *(
            {
                "name": field.name,
                "type": NUMBER_TYPES[field.kind],
                "title": f"{field.row} / {field.column}",
                "description": field.description,
                **({} if field.kind == "signed" else {"constraints": {"minimum": 0}}),
            }
            for field in table.fields
        ),
    ]
    schema = {
        "fields": fields,
        "missingValues": ["", NOT_APPLICABLE],
        "primaryKey": _KEYS["reports"],
        "foreignKeys": [_OF_REPORT],
    }
    return _table(table.name, table.title, schema)


def other_resource(path: str) -> dict[str, Any]:
    """Describe the workbook or the database, for datapackage.json.

    `path`: the file name, which ends with .xlsx or .sqlite.
    """
    suffix = path.rpartition(".")[2]
    kind = {"type": "file", "format": suffix, "mediatype": _MEDIA_TYPES[suffix]}
    return {"name": suffix, "path": path, "profile": "data-resource", **kind}


def describe_package(resources: Iterable[dict[str, Any]]) -> bytes:
    """Return the content of datapackage.json.

    `resources`: the descriptions of the files.
    """
    # No licence is given: the publisher decides.
    title = load_schema()["title"]
    package = {
        "profile": "data-package",
        "name": "nianbao-data",
        "title": f"{title}的数据",
        "generator": _GENERATOR,
        "resources": list(resources),
    }
    return (json.dumps(package, ensure_ascii=False, indent=1) + "\n").encode()


def own_files(folder: Path) -> set[str]:
    """Return the names of the files that the command `data` wrote into a folder earlier."""
    try:
        with (folder / DESCRIPTOR).open("rb") as file:
            package = json.loads(file.read(_MAX_BYTES))
        if package["generator"] != _GENERATOR:
            return set()
        paths = [resource["path"] for resource in package["resources"]]
        return {DESCRIPTOR, *(path for path in paths if _OWN_NAME.fullmatch(path))}
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return set()


def _table(name: str, title: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "path": f"{name}.csv",
        "title": title,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "doubleQuote": True, "lineTerminator": "\r\n"},
        "schema": schema,
    }


def _field(column: DataColumn) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": column.name,
        "type": column.type,
        "description": column.description,
    }
    constraints: dict[str, Any] = {"required": True} if column.required else {}
    if column.values:
        constraints["enum"] = list(column.values)
    return {**field, "constraints": constraints} if constraints else field
