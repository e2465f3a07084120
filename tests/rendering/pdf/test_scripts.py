"""Names and lines in the country's other scripts, and rare Hanzi: printed, joined, in order."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from functools import cache
from typing import Any

import page as validator
import pikepdf
import pytest

from nianbao.rendering.fonts import SCRIPTS, installed_faces
from nianbao.rendering.pdf.glyphs import find_missing_glyphs
from tests.rendering.pdf_structure import structure
from tests.rendering.rendered_reports import Built, build, built, changed, compiled

SAMPLES = {
    "tibetan": "བོད་རང་སྐྱོང་ལྗོངས",
    "uyghur": "ئايگۈل مەمەت",
    "mongolian": "ᠥᠪᠥᠷ ᠮᠣᠩᠭᠣᠯ",
    "korean": "연변조선족자치주",
    "yi": "ꆈꌠꁱꂷ",
    "dai": "ᥖᥭᥰ",
    "new-dai": "ᦑᦺᦟᦹᧉ",
    "tai-tham": "ᨲᩱ",
    "lisu": "ꓡꓲꓢꓴ",
    "miao": "𖼊𖽧",
    "latin": "ƽɓŋ",
    "rare-hanzi": "𠀀𪚥𬺰",
}
UYGHUR_LINE = "ئاپتونوم رايونلۇق خەلق ھۆكۈمىتى 2022-يىلى ئۇچۇرلىرىنى ئاشكارىلىدى."


@pytest.fixture(scope="module", autouse=True)
def _fonts() -> None:
    """The fonts of another system may lack these faces."""
    if {face.face.key for face in installed_faces()}.isdisjoint(SAMPLES):
        pytest.skip("no faces of other scripts are set up")


@cache
def all_scripts() -> Built:
    """A report with every sample in prose, in tables, in headings and in its name."""
    samples = list(SAMPLES.values())
    lines = [f"本局收到{sample}提出的申请1件，已经办结，并告知其权利。" for sample in samples]
    table = "\n".join(["| 名称 | 件数 |", "|---|---|", *(f"| {each} | 3 |" for each in samples)])
    extra = [{"标题": f"{samples[0]}与{samples[1]}", "正文": table}]
    cell = ("主动公开政府信息情况", "第二十条第五项", "行政许可", "本年处理决定数量")
    return build(
        changed(
            2021,
            {
                ("机关",): f"{samples[0]}文化局",
                ("总体情况", "补充"): extra,
                ("其他需要报告的事项",): "\n".join([*lines, UYGHUR_LINE]),
                cell: {"数值": 2, "注": f"{samples[0]}1件、{samples[1]}1件"},
            },
        )
    )


def fonts_of(pdf: bytes) -> dict[str, Any]:
    """The embedded fonts, by the family that nianbao gives them, without the prefix."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return {
            str(font.BaseFont).split("+nianbao-")[1]: font.ToUnicode.read_bytes()
            for page in document.pages
            for font in page.Resources.Font.values()
        }


def texts_of_glyphs(pdf: bytes, key: str) -> list[str]:
    """Return the text of each glyph of an embedded font."""
    codes = re.findall(rb"^<[0-9a-fA-F]+> <([0-9a-fA-F]+)>$", fonts_of(pdf)[key], re.MULTILINE)
    texts = [bytes.fromhex(code.decode()).decode("utf-16-be") for code in codes]
    return [text for text in texts if text != "\uffff"]  # the range of codes


def extracted(pdf: bytes) -> str:
    """The text that a reader of the PDF copies, without marks of direction and white space."""
    if shutil.which("pdftotext") is None:
        pytest.skip("no pdftotext here")
    done = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return re.sub(r"[\s\u200e\u200f\u202a-\u202e]", "", done.stdout.decode())


def test_each_script_is_printed_in_a_face_of_its_own() -> None:
    assert SAMPLES.keys() == {face.key for face in SCRIPTS}
    assert list(find_missing_glyphs(all_scripts().report)) == []
    assert fonts_of(all_scripts().pdf).keys() >= SAMPLES.keys()


def test_an_ordinary_report_embeds_none_of_them() -> None:
    assert fonts_of(built("2022").pdf).keys().isdisjoint(SAMPLES)


@pytest.mark.parametrize("profile", ["pdfa-3a", "ua1"])
def test_an_independent_validator_finds_nothing(profile: str) -> None:
    summary = validator.validate_pdf_bytes(all_scripts().pdf, profile=profile)
    assert [failure.message for failure in summary.failures] == []
    assert summary.is_compliant


@pytest.mark.parametrize("key", SAMPLES)
def test_text_is_copied_in_reading_order(key: str) -> None:
    sample = SAMPLES[key].replace(" ", "")
    text = extracted(all_scripts().pdf)
    assert f"本局收到{sample}提出的申请1件" in text
    assert f"{sample}3" in text


@pytest.mark.parametrize(
    ("key", "letter", "word"),
    [("uyghur", "ب", "ببب"), ("mongolian", "ᠨ", "ᠨᠨᠨ")],
)
def test_a_letter_takes_another_form_at_the_start_in_the_middle_and_at_the_end(
    key: str, letter: str, word: str
) -> None:
    pdf = build(changed(2021, {("其他需要报告的事项",): f"收到{word}的申请。"})).pdf
    assert texts_of_glyphs(pdf, key) == [letter] * 3


def test_tibetan_letters_below_others_are_one_glyph() -> None:
    pdf = build(changed(2021, {("其他需要报告的事项",): "收到སྐྱ的申请。"})).pdf
    assert texts_of_glyphs(pdf, "tibetan") == ["སྐྱ"]


def test_a_rare_hanzi_that_no_face_has_is_refused() -> None:
    report = compiled(changed(2021, {("其他需要报告的事项",): "姓名：𠀀𰻞。"}))  # U+30EDE
    assert ["𰻞" in finding.message for finding in find_missing_glyphs(report)] == [True]


def test_a_paragraph_that_begins_in_uyghur_runs_from_right_to_left() -> None:
    assert f'<p dir="rtl">{UYGHUR_LINE}</p>' in all_scripts().html
    assert all_scripts().html.count('dir="rtl"') == 2  # and a cell
    assert "dir=" not in built("2022").html


def test_a_number_after_a_uyghur_name_stays_after_it() -> None:
    assert f"{SAMPLES['uyghur']}\u200e1件" in all_scripts().html
    assert "\u200e" not in built("2022").html


def test_the_structure_tree_has_the_text_in_reading_order() -> None:
    root = structure(all_scripts().pdf)
    text = "".join(paragraph.text for paragraph in root.all("P"))
    assert SAMPLES["mongolian"] in text
    assert SAMPLES["korean"] in text
