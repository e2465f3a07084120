"""Register our font files in place and keep them for all PDFs of a process.

WeasyPrint 70 copies every @font-face into a temporary folder, 25 MB for each PDF. Remove this when
it registers local files without a copy.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def font_configuration(files: Mapping[str, Path]) -> Any:
    """Return a configuration for any number of PDFs; `files` are our font files by URL.

    Other fonts of a template are handled by WeasyPrint as usual.
    """
    from weasyprint.text import fonts

    class InPlaceFontConfiguration(fonts.FontConfiguration):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.known: set[str] = set()

        def add_font_face(self, rule_descriptors: Mapping[str, Any], url_fetcher: Any) -> None:
            """Override FontConfiguration.add_font_face."""
            key = str(rule_descriptors)
            if key in self.known:
                return
            sources = [url for kind, url in rule_descriptors["src"] if kind == "external"]
            plain = rule_descriptors.keys() <= {"font_family", "src", "font_weight", "font_style"}
            if plain and len(sources) == 1 and sources[0] in files:
                self.add_file(files[sources[0]].as_posix(), rule_descriptors)
            else:
                super().add_font_face(rule_descriptors, url_fetcher)
            self.known.add(key)

        def add_file(self, path: str, descriptors: Mapping[str, Any]) -> None:
            """Register a file as the base class registers its copy."""
            edits = [("prepend", "family", "string", descriptors["font_family"])]
            if "font_style" in descriptors:
                style = fonts.FONTCONFIG_STYLE[descriptors["font_style"]]
                edits.append(("assign_replace", "slant", "const", style))
            if "font_weight" in descriptors:
                weight = fonts.FONTCONFIG_WEIGHT[descriptors["font_weight"]]
                edits.append(("assign_replace", "weight", "int", str(weight)))
            features = fonts.font_features(font_feature_settings="normal")
            test = f'<test name="file" compare="eq"><string>{escape(path)}</string></test>'
            scan = "".join(
                f'<edit name="{name}" mode="{mode}"><{kind}>{escape(value)}</{kind}></edit>'
                for mode, name, kind, value in edits
            )
            font = "".join(f"<string>{key} {value}</string>" for key, value in features.items())
            xml = (
                '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">\n'
                f'<fontconfig><match target="scan">{test}{scan}</match><match target="font">{test}'
                f'<edit name="fontfeatures" mode="assign_replace">{font}</edit></match>'
                "</fontconfig>"
            )
            config = self._config
            fonts.fontconfig.FcConfigParseAndLoadFromMemory(config, xml.encode(), True)
            encoded = path.encode(fonts.PREFERRED_ENCODING)
            if not fonts.fontconfig.FcConfigAppFontAddFile(config, encoded):
                raise OSError(f"fontconfig can't load {path}")
            fonts.pangoft2.pango_fc_font_map_config_changed(
                fonts.ffi.cast("PangoFcFontMap *", self.font_map)
            )

    return InPlaceFontConfiguration()
