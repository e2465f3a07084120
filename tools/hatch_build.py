"""Build hook that puts schema.json and templates/ into the wheel, not into an editable install.

The option `force-include` of Hatchling would also copy these files into an editable install, where
the copies would become out of date.
"""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class DataFiles(BuildHookInterface[Any]):
    """The build hook that pyproject.toml names."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the files to a wheel, except to that of an editable install.

        `version`: "standard", or "editable" for an editable install.
        """
        if version == "standard":
            build_data["force_include"].update(
                {"schema.json": "nianbao/schema.json", "templates": "nianbao/templates"}
            )
