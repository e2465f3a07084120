"""Build hook that puts schema.json and templates/ into the wheel, not into an editable install.

Hatchling's own `force-include` copies them into an editable install too, where the copies would
get out of date.
"""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class DataFiles(BuildHookInterface[Any]):
    """Build hook named in pyproject.toml."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the files to a real wheel; `version` is "standard" or "editable"."""
        if version == "standard":
            build_data["force_include"].update(
                {"schema.json": "nianbao/schema.json", "templates": "nianbao/templates"}
            )
