"""Style sheets that are added to ours, and [样式]: they change what they name, and nothing else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from nianbao.utils.colours import MIN_CONTRAST, contrast
from nianbao.workspace.style import DARK_GROUND
from tests.preview.browser import MISSING, browsing
from tests.rendering.parsed_outputs import pages
from tests.support import SEED, create_symlink, run_cli, write_repo

if TYPE_CHECKING:
    from pathlib import Path

LINE = "h2 { color: #7a1f1f; }\n"
# Of every element, the place and all computed properties.
EVERYTHING = """
return [...document.querySelectorAll("body, body *")].map(element => {
  const style = getComputedStyle(element), box = element.getBoundingClientRect();
  const values = Object.fromEntries([...style].map(name => [name, style.getPropertyValue(name)]));
  return {tag: element.tagName, box: [box.x, box.y, box.width, box.height], ...values};
});
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = write_repo(tmp_path, **{"2022": SEED.read_bytes()})
    (root / "templates").mkdir()
    return root


def outputs(root: Path, *arguments: str) -> dict[str, bytes]:
    """Build into a new folder and return the outputs by suffix."""
    done = run_cli([*arguments, "-o", "made"], root)
    assert done.returncode == 0, done.stdout + done.stderr
    return {file.suffix: file.read_bytes() for file in (root / "made").glob("2022.*")}


def page(root: Path) -> str:
    return outputs(root, "--to", "html")[".html"].decode()


def test_one_line_of_extra_css_is_added_and_the_rest_stays_byte_for_byte(root: Path) -> None:
    before = outputs(root)
    (root / "templates/extra.css").write_text(LINE, "utf-8")
    after = outputs(root)
    assert after[".html"].decode().count(LINE) == 1
    assert after[".html"].decode().replace(LINE, "") == before[".html"].decode()
    assert (after[".pdf"], after[".md"]) == (before[".pdf"], before[".md"])


@pytest.mark.skipif(bool(MISSING), reason=MISSING)
def test_one_line_of_extra_css_changes_the_colour_and_nothing_else(
    root: Path, tmp_path: Path
) -> None:
    found: list[list[dict[str, Any]]] = []
    with browsing(tmp_path) as browser:
        for style in ("", LINE):
            (root / "templates/extra.css").write_text(style, "utf-8")
            page(root)
            browser.open((root / "made/2022.html").as_uri())
            found.append(browser.run(EVERYTHING))
    before, after = found
    assert len(before) == len(after) > 400
    differing = [
        (one["tag"], {name for name in one if one[name] != other[name]})
        for one, other in zip(before, after, strict=True)
        if one != other
    ]
    assert [tag for tag, _ in differing] == ["H2"] * 6
    for _, names in differing:
        assert "color" in names
        # A property without a colour of its own has that of the text.
        assert all(name == "color" or "color" in name or "rule" in name for name in names), names
        assert {one["color"] for one in after if one["tag"] == "H2"} == {"rgb(122, 31, 31)"}


def test_an_added_print_style_changes_the_pdf_alone(root: Path) -> None:
    before = outputs(root)
    (root / "templates/extra-print.css").write_text("h1 { color: #7a1f1f; }", "utf-8")
    after = outputs(root)
    assert after[".pdf"] != before[".pdf"]
    assert (after[".html"], after[".md"]) == (before[".html"], before[".md"])


def test_drafts_redlines_and_the_page_of_changes_have_the_added_styles_too(root: Path) -> None:
    (root / "templates/extra.css").write_text(LINE, "utf-8")
    (root / "templates/extra-print.css").write_text("@page { size: A5 }", "utf-8")
    (root / "nianbao.toml").write_text('样式.强调色 = "#7a1f1f"\n', "utf-8")
    (root / "old.yaml").write_text(SEED.read_text("utf-8").replace("古县", "旧县"), "utf-8")
    run_cli(["--draft", "-o", "."], root)
    sides = ("old.yaml", "reports/2022.yaml")
    run_cli(["diff", *sides, "--to", "html,pdf", "-o", "."], root)
    changes = run_cli(["diff", *sides, "--format", "html"], root).stdout
    for text in (
        (root / "2022.draft.html").read_text("utf-8"),
        (root / "2022.redline.html").read_text("utf-8"),
        changes,
    ):
        style = text[text.index("<style>") : text.index("</style>")]
        assert style.rstrip().endswith(LINE.rstrip()), "after all others"
        assert ":root { --accent: #7a1f1f; }" in style
    for name in ("2022.draft.pdf", "2022.redline.pdf"):
        (sheet, *_) = pages((root / name).read_bytes())
        assert sheet.width == pytest.approx(419.5, abs=1), f"{name} is not on A5"


@pytest.mark.parametrize(
    "style",
    [
        "@media print{#main{color:red}}",
        "p::after{content:'{{ document.year }} {% if %} {% raw %}{% endraw %} {{{{'}",
        "{##}{# nothing",
        "@font-face{{}",
        "/* \ufeff甲 */\n\nh1{color:red}\n",
    ],
)
def test_a_style_sheet_is_no_template(style: str, root: Path) -> None:
    (root / "templates/extra.css").write_text(style, "utf-8")
    assert f"\n{style}\n</style>" in page(root)
    (root / "templates/extra.css").unlink()
    (root / "templates/report.css").write_text(style, "utf-8")
    assert f"<style>\n{style}" in page(root)


def test_an_end_tag_in_a_style_sheet_ends_nothing(root: Path) -> None:
    style = "/* </style><script>alert(1)</script> </STYLE > */ p::after{content:'</style>'}"
    (root / "templates/extra.css").write_text(style, "utf-8")
    made = page(root)
    assert made.lower().count("</style") == 1
    assert style.replace("</style", "<\\/style").replace("</STYLE", "<\\/STYLE") in made


def test_a_link_out_of_the_repository_is_no_style_sheet(root: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.css").write_text("SECRET", "utf-8")
    create_symlink(root / "templates/extra.css", tmp_path / "secret.css")
    done = run_cli(["--to", "html"], root)
    assert done.returncode == 1
    assert "templates/extra.css:1:1: 错误 S302 模板不能用：是一个链接" in done.stdout
    assert not (root / "output/2022.html").exists()


def test_the_style_of_the_settings_is_on_the_page(root: Path) -> None:
    before = page(root)
    style = '[样式]\n强调色 = "#c8102e"\n宽度 = "66rem"\n徽标文字 = "古县人民政府"\n'
    (root / "nianbao.toml").write_text(style, "utf-8")
    after = page(root)
    added = [line for line in after.split("\n") if line not in before.split("\n")]
    accent, dark_accent, *others = added
    assert accent == ":root { --accent: #c8102e; }"
    found = re.fullmatch(
        r"@media .*dark\) \{ :root \{ --accent: (#[0-9a-f]{6}); \} \}", dark_accent
    )
    assert found
    assert contrast(found[1], DARK_GROUND) >= MIN_CONTRAST
    assert others == [
        ":root { --width: 66rem; }",
        '<header class="emblem"><p>古县人民政府</p></header>',
    ]
    kept = [line for line in after.split("\n") if line not in added]
    assert "\n".join(kept) == before


@pytest.mark.parametrize(
    "value", ["red;}*{display:none", "</style><script>alert(1)</script>", "url(http://example.org)"]
)
@pytest.mark.parametrize("key", ["强调色", "宽度", "徽标文字"])
def test_a_hostile_style_builds_nothing(key: str, value: str, root: Path) -> None:
    (root / "nianbao.toml").write_text(f'[样式]\n{key} = "{value}"\n', "utf-8")
    done = run_cli(["--to", "html"], root)
    assert done.returncode == 1
    assert f"nianbao.toml:2:1: 错误 S301 “{key}”不能写" in done.stdout
    assert not (root / "output/2022.html").exists()


def test_a_weak_accent_is_a_warning_and_builds_a_darker_one(root: Path) -> None:
    (root / "nianbao.toml").write_text('[样式]\n强调色 = "#ffcc00"\n', "utf-8")
    done = run_cli(["--to", "html"], root)
    assert done.returncode == 0
    assert "nianbao.toml:2:1: 警告 S304" in done.stdout
    assert ":root { --accent: #856a00; }" in (root / "output/2022.html").read_text("utf-8")
