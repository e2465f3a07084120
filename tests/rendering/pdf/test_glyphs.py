"""The characters that the PDF lacks: looked for where there may be any, and nowhere else."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from nianbao.rendering import fonts
from tests.parsing.fault_cases import change, seed
from tests.support import run_cli, run_python, write_repo

if TYPE_CHECKING:
    from pathlib import Path

RARE = change(seed(), "机关: 古县", "机关: 古🎉县")
LOADED = """
import sys
from nianbao.cli.main import main
try:
    main(sys.argv[1:])
finally:
    print("loaded", "nianbao.rendering.fonts.coverage" in sys.modules, "weasyprint" in sys.modules)
"""


@pytest.mark.parametrize(("text", "fonts_loaded"), [(seed(), False), (RARE, True)])
def test_a_check_reads_of_the_fonts_only_for_characters_beyond_gb_2312(
    tmp_path: Path, text: str, fonts_loaded: bool
) -> None:
    done = run_python(LOADED, write_repo(tmp_path, report=text), "check")
    assert done.stdout.splitlines()[-1] == f"loaded {fonts_loaded} False"


def test_the_faces_have_gb_2312_but_for_two_marks() -> None:
    # What is passed over without a look.
    cells = (bytes((row, cell)) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
    text = "".join(pair.decode("gb2312", errors="ignore") for pair in cells)
    assert len(text) > 7000
    assert set(fonts.uncovered(text, fonts.stack("fangsong"))) <= {"ˇ", "ˉ"}


def test_what_one_face_has_and_its_stand_ins_lack_is_reported() -> None:
    # It would be a box in a heading or a table.
    stacks = [fonts.stack(face.key) for face in fonts.FACES]
    everywhere = fonts.stack("song")
    assert all(set(everywhere) <= set(stack) for stack in stacks)
    assert fonts.uncovered("\u205d", fonts.stack("fangsong")) == []
    assert fonts.uncovered("\u205d", everywhere) == ["\u205d"]


def test_a_check_warns_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = change(RARE, "格式: 2021", "格式: 2021\n文号: 字🎊")
    done = run_cli(["check", "--format", "json"], write_repo(tmp_path, report=text))
    assert done.returncode == 0
    findings = json.loads(done.stdout)["findings"]
    assert [f["line"] for f in findings] == sorted(f["line"] for f in findings)
    reported = [f for f in findings if f["rule"] == "F501"]
    assert [(f["severity"], f["pointer"]) for f in reported] == [
        ("warning", "/文号"),
        ("warning", "/机关"),
    ]


def test_a_check_without_fonts_says_nothing_of_them(tmp_path: Path) -> None:
    root = write_repo(tmp_path, report=RARE)
    done = run_cli(["check"], root, NIANBAO_FONTS=str(tmp_path / "none"))
    assert (done.returncode, done.stderr) == (0, "")
    assert "F501" not in done.stdout


def test_a_damaged_list_of_characters_holds_back_the_pdf_with_a_message(tmp_path: Path) -> None:
    folder = tmp_path / "fonts"
    shutil.copytree(fonts.font_folder(), folder, copy_function=shutil.copy)
    (folder / "coverage.json").unlink()
    (folder / "coverage.json").write_text("{", encoding="utf-8")
    root = write_repo(tmp_path, report=RARE)
    done = run_cli(["--to", "md,pdf"], root, NIANBAO_FONTS=str(folder))
    assert done.returncode == 1
    assert "coverage.json" in done.stderr
    assert [path.name for path in (root / "output").iterdir()] == ["report.md"]
