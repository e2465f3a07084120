"""Register the installed font files without a copy, once for all PDFs of a process."""

# WeasyPrint 70 copies every @font-face into a temporary folder, 25 MB for each PDF. Remove this
# when WeasyPrint registers local files without a copy.

from __future__ import annotations

from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any, Final

from nianbao.rendering import fonts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nianbao.rendering.fonts import InstalledFace

# The configuration that WeasyPrint writes for its copy of a font.
_CONFIGURATION: Final = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><match target="scan">
<test name="file" compare="eq"><string>{path}</string></test>
<edit name="family" mode="prepend"><string>{family}</string></edit>
<edit name="slant" mode="assign_replace"><const>roman</const></edit>
<edit name="weight" mode="assign_replace"><int>{weight}</int></edit>
</match></fontconfig>
"""


@cache
def font_configuration() -> Any:
    """Return the font configuration for all PDFs of this process.

    Raises FontsMissingError if the fonts are not installed.
    """
    from weasyprint.text.fonts import FontConfiguration

    faces = {installed.path.as_uri(): installed for installed in fonts.installed_faces()}
    registered: set[str] = set()

    class InPlaceFontConfiguration(FontConfiguration):  # type: ignore[misc]
        def add_font_face(self, rule_descriptors: Mapping[str, Any], url_fetcher: Any) -> None:
            """Replacement for FontConfiguration.add_font_face: registers a font in place."""
            ours = [url for _, url in rule_descriptors["src"] if url in faces]
            # A font of a template is registered by WeasyPrint, which copies the font.
            if not ours:
                super().add_font_face(rule_descriptors, url_fetcher)
            elif ours[0] not in registered:
                registered.add(ours[0])
                _register(self, faces[ours[0]])

    return InPlaceFontConfiguration()


def _register(configuration: Any, installed: InstalledFace) -> None:
    from weasyprint.text import fonts as text_fonts

    config, fontconfig = configuration._config, text_fonts.fontconfig
    path, face = installed.path.as_posix(), installed.face
    weight = text_fonts.FONTCONFIG_WEIGHT[face.weight]
    xml = _CONFIGURATION.format(path=escape(path), family=face.family, weight=weight)
    fontconfig.FcConfigParseAndLoadFromMemory(config, xml.encode(), True)
    encoded = path.encode(text_fonts.PREFERRED_ENCODING)
    if not fontconfig.FcConfigAppFontAddFile(config, encoded):
        raise OSError(f"fontconfig can't load {path}")
    text_fonts.pangoft2.pango_fc_font_map_config_changed(
        text_fonts.ffi.cast("PangoFcFontMap *", configuration.font_map)
    )
