"""The adapter that lets WeasyPrint cut embedded fonts with uharfbuzz."""

import io
from pathlib import Path

import pytest
from fontTools.pens.recordingPen import RecordingPen
from fontTools.ttLib import TTFont

from nianbao.rendering.fonts import FACES, font_face_css, installed_faces, stack
from nianbao.rendering.pdf.weasyprint_patches import patched_weasyprint

PAGE = (
    '<html lang="zh-CN"><style>{css}p{{font-family:nianbao-song}}</style>'
    "<p>政府信息公开年报㙍𬭎，“引号”…—、《》①㎡"
)


def render() -> bytes:
    html = patched_weasyprint().HTML(string=PAGE.format(css=font_face_css()))
    pdf: bytes = html.write_pdf(uncompressed_pdf=True)
    return pdf


def outline(font: TTFont, glyph: int) -> object:
    """Return the drawing of a glyph; equal drawings are equal."""
    pen = RecordingPen()
    font.getGlyphSet()[font.getGlyphName(glyph)].draw(pen)
    return pen.value


def test_the_same_page_gives_the_same_bytes() -> None:
    assert render() == render()


def test_the_embedded_font_has_the_glyphs_used_and_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    patched_weasyprint()
    from weasyprint.pdf import fonts

    visible: list[tuple[dict[int, str], bytes]] = []
    subset = fonts.Font.subset

    def watch(font: fonts.Font, to_unicode: dict[int, str], hinting: bool) -> None:
        subset(font, to_unicode, hinting)
        visible.append((to_unicode, font.file_content))

    monkeypatch.setattr(fonts.Font, "subset", watch)
    render()
    ((used, content),) = visible
    (song,) = [installed for installed in installed_faces() if installed.face.key == "song"]
    assert len(content) < song.size / 20
    with TTFont(io.BytesIO(content)) as font, TTFont(song.path, lazy=True) as whole:
        assert font["maxp"].numGlyphs == max(used) + 1
        assert not {"GSUB", "GPOS", "BASE"} & set(font.keys())
        assert {glyph: outline(font, glyph) for glyph in used} == {
            glyph: outline(whole, glyph) for glyph in used
        }
        unused = set(range(1, max(used))) - set(used)
        assert not any(outline(font, glyph) for glyph in unused)


def test_a_font_of_ours_is_read_where_it_lies_and_any_other_as_ever(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    patched_weasyprint()
    from weasyprint.pdf import fonts

    (song,) = [installed for installed in installed_faces() if installed.face.key == "song"]
    other = tmp_path / "other.otf"
    with TTFont(song.path) as font:
        font["name"].setName("Other", 1, 3, 1, 0x409)
        font.save(other)
    visible: list[object] = []
    subset = fonts.Font.subset

    def watch(font: fonts.Font, to_unicode: dict[int, str], hinting: bool) -> None:
        visible.append(font.file_content)
        subset(font, to_unicode, hinting)

    monkeypatch.setattr(fonts.Font, "subset", watch)
    render()
    assert visible == [song.path]
    css = f"@font-face{{font-family:nianbao-song;src:url({other.as_uri()})}}"
    patched_weasyprint().HTML(string=PAGE.format(css=css)).write_pdf()
    assert visible[1:] == [other.read_bytes()]


def test_a_font_that_is_not_cut_is_embedded_whole() -> None:
    pdf = (
        patched_weasyprint()
        .HTML(string=PAGE.format(css=font_face_css()))
        .write_pdf(full_fonts=True, uncompressed_pdf=True)
    )
    (song,) = [installed for installed in installed_faces() if installed.face.key == "song"]
    assert song.path.read_bytes() in pdf


def test_the_text_can_be_read_back() -> None:
    import pypdfium2

    with pypdfium2.PdfDocument(render()) as document:
        text = document[0].get_textpage().get_text_bounded()
    assert "政府信息公开年报㙍𬭎，“引号”…—、《》①㎡" in text


@pytest.mark.parametrize("key", [face.key for face in FACES])
def test_a_stand_in_character_neither_shifts_nor_raises_its_line(key: str) -> None:
    css = font_face_css() + f"p{{font:16pt/29pt {','.join(stack(key))};margin:0}}"
    heights = set()
    for text in ("年报", "年𬭎㙍陳", "陳年", "年—a1陳"):
        page = patched_weasyprint().HTML(string=f"<style>{css}</style><p>{text}").render().pages[0]
        (line,) = [box for box in page._page_box.descendants() if type(box).__name__ == "LineBox"]
        heights.add((round(line.height, 6), round(line.baseline, 6)))
    assert len(heights) == 1
