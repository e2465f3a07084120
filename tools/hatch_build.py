"""Puts schema.json and templates/ into the wheel, and keeps them out of an editable install.

Hatchling's own ``force-include`` copies them into an editable install too, where the copy would
stand beside the real files and grow stale.
"""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class DataFiles(BuildHookInterface[Any]):
    """The build hook that pyproject.toml names."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the files when ``version`` is a real wheel; "editable" gets none."""
        if version == "standard":
            build_data["force_include"].update(
                {"schema.json": "nianbao/schema.json", "templates": "nianbao/templates"}
            )
