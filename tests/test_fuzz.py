"""The fuzzer: a short run finds nothing, and each kind of planted bug is found, saved, replayed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

from fuzz.__main__ import main
from fuzz.case import REPORT, SOURCE, TRUTH, Case, read_case, write_case
from fuzz.mutation import Corpus, make_case
from fuzz.shrink import shrink
from nianbao.diagnostics.finding import Edit, Finding, Severity, Span
from nianbao.importing.matching.figures import CellText, read_cell
from tests.support import ROOT, run_python

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.model.form import CellKind
    from nianbao.model.source import Source

SEED = 2
# A case of this seed whose report is valid.
VALID = 14
# A case of this seed whose file is a report with its truth.
IMPORTED = 3


def run(folder: Path, *more: str) -> int:
    return main(["--folder", str(folder), "--seed", str(SEED), "--shrink-seconds", "0", *more])


def test_a_short_run_finds_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "--count", "20") == 0, capsys.readouterr().out
    out = capsys.readouterr().out
    assert out.startswith(f"种子 {SEED}，重放：make fuzz SEED={SEED}\n")
    assert "20 例" in out
    assert "没有发现毛病" in out


def test_the_time_can_be_given(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "--seconds", "0.01") == 0
    assert "，1 例，" in capsys.readouterr().out


def raises(*_: object, **__: object) -> Any:
    raise ZeroDivisionError


def hangs(*_: object, **__: object) -> Any:
    while True:
        pass


def finds_what_is_right(source: Source, **_: object) -> list[Finding]:
    edit = Edit(Span.at(1, 1, 0), "#\n")
    return [Finding("S104", Severity.ERROR, source.path, Span.at(1, 1), (), "", edits=(edit,))]


def eats_memory(*_: object, **__: object) -> Any:
    return (b"x" * 200_000_000)[:1].decode()


PLANTED = {
    "an exception": ("nianbao.rendering.document.chinese_date", raises, "html：ZeroDivisionError"),
    "an exception in a rule": (
        *("nianbao.checks.rules.dates.edition_of", raises),
        "check：ZeroDivisionError 在 nianbao/checks/rules/dates.py check_edition",
    ),
    "a hang": ("nianbao.rendering.document.chinese_date", hangs, "html：用时超过 1."),
    "memory": ("nianbao.rendering.document.chinese_date", eats_memory, "html：内存 "),
    "a finding outside its line": (
        *("nianbao.model.source.Span.at", lambda line, column, _=1: Span(line, column, line, 9999)),
        "check：",
    ),
    "a lost comment": ("nianbao.formatting.printer._trailing_comment", lambda _: "", "fmt："),
    "a lost cell": (
        *("nianbao.diff.compare.compare_cells", lambda *_: ((), ())),
        "diff：只改了一格，却是别的",
    ),
    "a lost word": (
        *("nianbao.rendering.markdown.html.html_to_gfm", lambda *_: ""),
        "md：文字和网页的不同",
    ),
    "a right report that fix changes": (
        *("fuzz.checks.find_fixable", finds_what_is_right),
        "fix --prose：再改一次，又变了",
    ),
    "an active tag of a draft": (
        *("nianbao.rendering.draft.insert_marks", lambda page, _: f"{page}<script>x</script>"),
        "build --draft：",
    ),
    "an active tag": (
        *("nianbao.rendering.templates.markdown_to_html", lambda *_: "<script>x</script>"),
        "html：有标签 script",
    ),
}


def find_planted(bug: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """Run the fuzzer on one case with a bug, and return the folder where it saved the case."""
    target, instead, expected = PLANTED[bug]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(target, instead)
        assert run(folder, "--case", str(VALID)) == 1
        out = capsys.readouterr().out
        assert f"{SEED}-{VALID} {expected}" in out
        saved = folder / f"{SEED}-{VALID}"
        assert f"make fuzz FROM={saved}" in out
        assert f"make fuzz SEED={SEED} CASE={VALID}" in out
        assert expected in (saved / "failure.txt").read_text("utf-8")
    return saved


@pytest.mark.parametrize("bug", PLANTED)
def test_a_planted_bug_is_found_and_saved(
    bug: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if bug == "memory" and not sys.platform.startswith("linux"):
        pytest.skip("measured on Linux only")
    assert (find_planted(bug, tmp_path, capsys) / REPORT).is_file()


def test_a_saved_case_fails_until_the_bug_is_gone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bug = "a lost comment"
    saved = find_planted(bug, tmp_path, capsys)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(*PLANTED[bug][:2])
        assert main(["--folder", str(tmp_path), "--from", str(saved)]) == 1
    assert main(["--folder", str(tmp_path), "--from", str(saved)]) == 0


def reads_wrong(text: str, kind: CellKind) -> CellText:
    cell = read_cell(text, kind)
    return cell._replace(number="77") if cell.number == "0" else cell


READ_FIGURES = "nianbao.importing.importer.read_figures"
IMPORT_PLANTED = {
    "an exception": (READ_FIGURES, raises, "import：ZeroDivisionError"),
    "a hang": (READ_FIGURES, hangs, "import：用时超过 "),
    "a report that can't be read": (
        *("nianbao.importing.importer.write_report", lambda *_: "格式: [\n"),
        "import：写出的报告读不了",
    ),
    "a wrong number": (
        *("nianbao.importing.matching.figures.read_cell", reads_wrong),
        "import：读错了数却没有列出",
    ),
}


@pytest.mark.parametrize("bug", IMPORT_PLANTED)
def test_a_planted_bug_of_import_is_found(
    bug: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target, instead, expected = IMPORT_PLANTED[bug]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(target, instead)
        assert run(tmp_path, "--case", str(IMPORTED)) == 1
    assert f"{SEED}-{IMPORTED} {expected}" in capsys.readouterr().out
    assert main(["--folder", str(tmp_path), "--from", str(tmp_path / f"{SEED}-{IMPORTED}")]) == 0


def test_only_imports_can_be_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "--imports", "--count", "8") == 0
    assert "，2 例，" in capsys.readouterr().out


def test_import_cases_are_of_many_formats_with_and_without_truth() -> None:
    corpus = Corpus.load()
    cases = [make_case(corpus, 7, number) for number in range(3, 160, 4)]
    assert all(SOURCE in case.files for case in cases)
    assert {TRUTH in case.files for case in cases} == {True, False}
    starts = {case.files[SOURCE][:2] for case in cases}
    assert len(starts) > 4


def test_a_seed_gives_the_same_cases_in_every_process() -> None:
    code = "import sys; sys.path.insert(0, sys.argv[1]); import hashlib\n"
    code += "from fuzz.mutation import Corpus, make_case\n"
    code += "cases = [make_case(Corpus.load(), 7, number) for number in range(20)]\n"
    code += "print(hashlib.sha256(repr(cases).encode()).hexdigest())"
    printed = {
        run_python(code, ROOT, str(ROOT / "tools"), PYTHONHASHSEED=seed).stdout for seed in "12"
    }
    assert len(printed) == 1
    assert len(printed.pop()) == 65


def test_another_number_is_another_case_of_another_kind() -> None:
    corpus = Corpus.load()
    cases = [make_case(corpus, 7, number) for number in range(40)]
    assert len({case.files.get(REPORT) or case.files[SOURCE] for case in cases}) == 40
    assert {name for case in cases for name in case.files} >= {
        *(REPORT, "reports/2021.yaml", "old/2022.yaml", "nianbao.toml"),
    }
    assert any(case.has_templates for case in cases)


def test_a_case_is_read_as_it_was_written(tmp_path: Path) -> None:
    folder = tmp_path / "7-3"
    write_case(Case("7-2", {"old/2022.yaml": b"x", "nianbao.toml": b"y"}), folder)
    case = Case("7-3", {"reports/2022.yaml": b"\xff\r\n", "templates/a.css": b""}, pdf=True)
    write_case(case, folder)
    assert read_case(folder) == case


def test_a_case_is_shrunk_to_what_makes_it_fail() -> None:
    report = "第一行\n有毛病的一行\n".encode() * 20
    case = Case("7-3", {"reports/2022.yaml": report, "old/2022.yaml": b"x"})

    def fails(case: Case) -> bool:
        return "毛病".encode() in case.files.get("reports/2022.yaml", b"")

    assert shrink(case, fails, 10).files == {"reports/2022.yaml": "毛病".encode()}
    assert shrink(case, fails, 0) == case
