"""`check`: findings in all formats, exit codes, and what a build log reads from them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from nianbao.cli.main import main
from nianbao.diagnostics.reporters import REPORT_FORMATS
from nianbao.utils.text import display_width
from tests.cli.printed_findings import structure_errors
from tests.parsing.fault_cases import FAULTS, Fault, change, seed
from tests.support import (
    SEED,
    fixture_reports,
    run_cli,
    run_python,
    write_repo,
)

if TYPE_CHECKING:
    from pathlib import Path


CHINESE = re.compile("[一-鿿]")


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_broken_report_has_one_finding_and_exit_code_1(
    fault: Fault,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(write_repo(tmp_path, report=fault.content))
    with pytest.raises(SystemExit) as exited:
        main(["check"])
    printed = capsys.readouterr()
    assert (exited.value.code, printed.err) == (1, "")
    assert structure_errors(printed.out) == [
        ("reports/report.yaml", fault.line, fault.column, fault.rule)
    ]
    assert CHINESE.search(printed.out.split(fault.rule)[1].splitlines()[0])
    assert "1 个错误" in printed.out


def test_all_faults_of_a_file_are_reported_in_order(tmp_path: Path) -> None:
    text = change(seed(), "年度: 2022", "年度: 二〇二二")
    text = change(text, "  平台建设:", "  平台建没:")
    text = change(text, "行政复议: {结果维持: 0,", "行政复议: {结果维持: 很多,")
    text = change(text, "机关: 古", "机关: &a 古")
    root = write_repo(tmp_path, b=text, a=text)
    errors = structure_errors(run_cli(["check"], root).stdout)
    assert [(path, rule) for path, _, _, rule in errors] == [
        (f"reports/{name}.yaml", rule) for name in "ab" for rule in ("S105", "S005", "S102", "S103")
    ]
    assert errors == sorted(errors)


def test_a_missing_report_is_a_finding(tmp_path: Path) -> None:
    done = run_cli(["check", "reports/2023.yaml"], write_repo(tmp_path, a=seed()))
    assert done.returncode == 1
    assert "reports/2023.yaml:1:1: 错误 S001 没有这个文件" in done.stdout


def test_correct_reports_pass_and_nothing_is_written(tmp_path: Path) -> None:
    files = {name: file.read_bytes() for name, file in fixture_reports().items() if file != SEED}
    root = write_repo(tmp_path, **{name.replace("-", ""): text for name, text in files.items()})
    before = sorted(root.rglob("*"))
    assert run_cli(["check"], root).returncode == 0
    assert sorted(root.rglob("*")) == before


def test_findings_are_printed_as_json(tmp_path: Path) -> None:
    fault = next(fault for fault in FAULTS if fault.name == "text for a count")
    done = run_cli(["check", "--format", "json"], write_repo(tmp_path, a=fault.content))
    assert done.returncode == 1
    report = json.loads(done.stdout)
    (finding,) = report["findings"]
    assert finding == {
        "rule": "S103",
        "severity": "error",
        "path": "reports/a.yaml",
        "line": fault.line,
        "column": fault.column,
        "end_line": fault.line,
        "end_column": fault.column + 2,
        "pointer": "/主动公开政府信息情况/第二十条第五项/行政许可/本年处理决定数量",
        "message": finding["message"],
        "help": finding["help"],
        "waived": False,
        "fixable": False,
    }
    assert report["summary"] == {"errors": 1, "warnings": 0, "infos": 0, "waived": 0}


# ── formats

RUNNER = {"GITHUB_ACTIONS": "true"}


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    return write_repo(tmp_path, **{"2022": SEED.read_text("utf-8")})


def test_text_is_the_default(repo: Path) -> None:
    done = run_cli(["check"], repo)
    assert done.stdout == run_cli(["check", "--format", "text"], repo).stdout
    assert done.stdout.startswith("reports/2022.yaml:")
    assert "\x1b" not in done.stdout


def test_on_a_github_runner_the_default_is_annotations(repo: Path) -> None:
    done = run_cli(["check"], repo, **RUNNER)
    assert done.stdout == run_cli(["check", "--format", "github"], repo).stdout
    *annotations, count, fixable = done.stdout.rstrip("\n").split("\n")
    assert all(re.match(r"::(warning|notice) file=reports/2022\.yaml,", a) for a in annotations)
    assert count.startswith("0 个错误，")
    assert fixable == "其中 1 处可以自动改正：python build.py fix --prose"


@pytest.mark.parametrize("value", ["", "false", "1"])
def test_only_the_value_true_means_a_runner(value: str, repo: Path) -> None:
    done = run_cli(["check"], repo, GITHUB_ACTIONS=value)
    assert done.stdout == run_cli(["check"], repo).stdout


@pytest.mark.parametrize("name", ["json", "gitlab", "sarif"])
def test_a_requested_format_is_used_on_a_runner(name: str, repo: Path) -> None:
    done = run_cli(["check", "--format", name], repo, **RUNNER)
    assert done.stdout == run_cli(["check", "--format", name], repo).stdout
    assert json.loads(done.stdout)


def test_text_on_a_runner_is_protected_from_commands(repo: Path) -> None:
    plain = run_cli(["check"], repo).stdout
    first, second = (
        run_cli(["check", "--format", "text"], repo, **RUNNER).stdout for _ in range(2)
    )
    token = first.split("\n")[0].removeprefix("::stop-commands::")
    assert re.fullmatch(r"[0-9a-f]{32}", token)
    assert first == f"::stop-commands::{token}\n{plain}::{token}::\n"
    assert token not in second


def test_build_prints_text_and_on_a_runner_annotations_too(repo: Path) -> None:
    plain = run_cli(["build", "--to", "md"], repo).stdout
    assert plain.endswith("已生成 output/2022.md\n")
    done = run_cli(["build", "--to", "md", "--force"], repo, **RUNNER)
    stop, *rest = done.stdout.split("\n")
    resume = rest.index(f"::{stop.removeprefix('::stop-commands::')}::")
    assert "\n".join(rest[:resume]) + "\n" == plain
    annotations = run_cli(["check"], repo, **RUNNER).stdout.rstrip("\n").split("\n")[:-2]
    assert rest[resume + 1 :] == [*annotations, ""]


@pytest.mark.parametrize("command", [["check"], ["build", "--to", "md"]])
def test_a_report_gives_no_command_to_a_runner(command: list[str], tmp_path: Path) -> None:
    text = SEED.read_text("utf-8") + '"::add-mask::##[add-mask]甲": 0\n'
    done = run_cli(command, write_repo(tmp_path, **{"2022": text}), **RUNNER)
    assert "没有“::add-mask::##[add-mask]甲”这个键" in done.stdout
    listening, token = True, "?"
    for line in done.stdout.split("\n"):
        if line.startswith("::stop-commands::"):
            listening, token = False, line.removeprefix("::stop-commands::")
        elif line == f"::{token}::":
            listening = True
        elif listening:
            assert re.match(r"::(error|warning|notice) file=|[0-9]+ 个错误|\Z", line), line
    assert listening


def test_an_unknown_format_gets_the_list_of_formats(repo: Path) -> None:
    done = run_cli(["check", "--format", "xml"], repo)
    names = "、".join(REPORT_FORMATS)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"--format 不认识“xml”，可以写：{names}\n"


def test_the_help_names_every_format(repo: Path) -> None:
    shown = run_cli(["check", "--help"], repo).stdout
    assert all(name in shown for name in REPORT_FORMATS)


@pytest.mark.parametrize("name", ["json", "gitlab", "sarif"])
def test_json_is_ascii_on_a_console_that_lacks_characters(name: str, tmp_path: Path) -> None:
    text = SEED.read_text("utf-8") + "𠮷é: 0\n"
    repo = write_repo(tmp_path, **{"2022": text})
    wide = run_cli(["check", "--format", name], repo)
    narrow = run_cli(["check", "--format", name], repo, PYTHONUTF8="0", PYTHONIOENCODING="gbk")
    assert "𠮷" in wide.stdout
    assert json.loads(narrow.stdout) == json.loads(wide.stdout)


def test_check_loads_neither_documentation_nor_other_formats(repo: Path) -> None:
    code = (
        "import sys, nianbao.cli.main\n"
        "try: nianbao.cli.main.main(['check'])\n"
        "except SystemExit: pass\n"
        "print([n for n in ('nianbao.checks.catalog', 'nianbao.checks.rules.documentation',"
        " *(f'nianbao.diagnostics.reporters.{n}' for n in ('sarif', 'gitlab', 'github')),"
        " 'weasyprint', 'jinja2')"
        " if n in sys.modules])"
    )
    assert run_python(code, repo).stdout.endswith("\n[]\n")


def test_check_of_a_report_file_loads_nothing_of_import(repo: Path) -> None:
    code = (
        "import sys, nianbao.cli.main\n"
        "try: nianbao.cli.main.main(['check', *sys.argv[1:]])\n"
        "except SystemExit: pass\n"
        "print(sorted(n for n in sys.modules if n.startswith('nianbao.importing')"
        " or n.partition('.')[0] in ('lxml', 'pypdfium2', 'python_calamine', 'doc2docx')))"
    )
    (report,) = sorted((repo / "reports").glob("*.yaml"))[-1:]
    done = run_python(code, repo, str(report.relative_to(repo)))
    assert done.stdout.endswith("\n[]\n"), done.stdout[-500:]


# ── many reports

WRONG = change(seed(), "行政处罚: {本年处理决定数量: 2}", "行政处罚: {本年处理决定数量: ２}")


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """Forty units with two reports each; in every eighth unit this year's report has an error."""
    last = seed().replace("年度: 2022", "年度: 2021")
    reports: dict[str, str | bytes] = {}
    for number in range(40):
        unit = f"青山县第{number:02}管理委员会" + "政务服务中心" * (number % 5)
        reports |= {f"{unit}__2021": last, f"{unit}__2022": seed() if number % 8 else WRONG}
    return write_repo(tmp_path, **reports)


def test_the_summary_of_forty_units_fits_on_a_screen(county: Path) -> None:
    done = run_cli(["check", "--summary"], county)
    assert (done.returncode, done.stderr) == (1, "")
    lines = done.stdout.splitlines()
    assert len(lines) == 42
    assert {display_width(line) for line in lines} <= set(range(81))
    assert all("2021、2022" in line for line in lines[1:-1])
    assert [number for number, line in enumerate(lines[1:-1]) if line.split()[2] == "1"] == [
        *(0, 8, 16, 24, 32)
    ]
    assert lines[-1].split()[:5] == ["合计", "40", "个单位", "80", "份"]


def test_the_text_of_many_reports_ends_with_the_summary(county: Path) -> None:
    whole = run_cli(["check"], county).stdout
    assert whole.endswith("\n\n" + run_cli(["check", "--summary"], county).stdout)
    positions = [whole.find(f": {label} ") for label in ("错误", "警告", "提示")]
    assert positions == sorted(positions)
    assert whole.rfind(": 错误 ") < positions[1] < whole.rfind(": 警告 ") < positions[2]


def test_five_reports_have_no_table(tmp_path: Path) -> None:
    five = write_repo(tmp_path, **{f"单位{number}__2022": seed() for number in range(5)})
    assert "合计" not in run_cli(["check"], five).stdout
    write_repo(tmp_path, 单位5__2022=seed())
    assert "合计 6 个单位" in run_cli(["check"], five).stdout.splitlines()[-1]


def test_quiet_lists_errors_alone_and_says_what_it_hides(county: Path) -> None:
    counts = json.loads(run_cli(["check", "--format", "json"], county).stdout)["summary"]
    done = run_cli(["check", "-q"], county)
    assert done.returncode == 1
    assert "警告 P" not in done.stdout
    assert done.stdout.count(": 错误 S103 ") == 5
    assert done.stdout.splitlines()[-2:] == [
        f"5 个错误；另有 {counts['warnings']} 个警告、{counts['infos']} 个提示没有显示",
        "其中 5 处可以自动改正：python build.py fix",
    ]


@pytest.mark.parametrize("to", ["json", "gitlab", "sarif", "github"])
def test_quiet_leaves_warnings_out_of_every_format(to: str, tmp_path: Path) -> None:
    root = write_repo(tmp_path, a=seed(), b=WRONG)
    whole, quiet = (run_cli(["check", *q, "--format", to], root).stdout for q in ([], ["-q"]))
    assert "正文说“我局收到1条政府信息公开申请”" in whole
    assert "正文说“" not in quiet
    assert "“２”是全角数字" in quiet
    if to == "json":
        counts = json.loads(whole)["summary"]
        summary = json.loads(quiet)["summary"]
        assert summary["errors"] == len(json.loads(quiet)["findings"]) == 1
        assert summary["hidden"] == {**counts, "errors": 0}


@pytest.mark.parametrize("option", [["-q"], ["--summary"]])
@pytest.mark.parametrize("strict", [[], ["--strict"]])
def test_quiet_and_summary_leave_the_exit_code(
    option: list[str], strict: list[str], repo: Path
) -> None:
    assert run_cli(["check", *option, *strict], repo).returncode == len(strict)


@pytest.mark.parametrize(
    ("rules", "code", "strict", "line"),
    [
        ("S103", 1, 1, "1 个错误；另有 {} 个警告、{} 个提示没有显示"),
        ("P301", 0, 1, "0 个错误，{} 个警告；另有 1 个错误、{} 个警告、{} 个提示没有显示"),
        ("f431", 0, 0, "0 个错误，{} 个提示；另有 1 个错误、{} 个警告、{} 个提示没有显示"),
        ("Y，A", 0, 0, "0 个错误；另有 1 个错误、{} 个警告、{} 个提示没有显示"),
        ("S,P", 1, 1, "1 个错误，{} 个警告；另有 {} 个提示没有显示"),
    ],
)
def test_a_filter_limits_findings_and_exit_code(
    rules: str, code: int, strict: int, line: str, tmp_path: Path
) -> None:
    root = write_repo(tmp_path, a=seed(), b=WRONG)
    done = run_cli(["check", "--rule", rules], root)
    assert done.returncode == code
    assert run_cli(["check", "--rule", rules, "--strict"], root).returncode == strict
    listed = set(re.findall(r": (?:错误|警告|提示) ([A-Z])[0-9]+ ", done.stdout))
    assert listed <= set(re.findall("[A-Z]", rules.upper()))
    pattern = re.escape(line).replace(r"\{\}", "[0-9]+")
    assert re.search(f"^{pattern}", done.stdout, re.MULTILINE)
    table = run_cli(["check", "--rule", rules, "--summary"], root)
    assert table.returncode == code
    assert table.stdout.splitlines()[-1].startswith("另有 ")


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ("p401", "没有 p401 这个编号，相近的有 P301、P305、P306\n"),
        ("A,Z", "没有 Z 这个编号，rules 列出全部的编号\n"),
        (" ，", "--rule 后面写编号或类别的字母，例如 P301,A\n"),
    ],
)
def test_an_unknown_rule_is_wrong_usage(rules: str, message: str, repo: Path) -> None:
    done = run_cli(["check", "--rule", rules], repo)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == message


def test_only_text_and_json_have_a_summary(repo: Path) -> None:
    table = json.loads(run_cli(["check", "--summary", "--format", "json"], repo).stdout)
    assert table["units"][0].items() >= {"unit": "reports", "years": ["2022"]}.items()
    done = run_cli(["check", "--summary", "--format", "sarif"], repo)
    assert (done.returncode, done.stderr) == (2, "--summary 只有 text 和 json 两种格式\n")
    assert "合计 1 个单位" in run_cli(["check", "--summary"], repo, **RUNNER).stdout


def test_wrong_settings_are_a_row_of_the_summary(repo: Path) -> None:
    (repo / "nianbao.toml").write_text("期限 = 1\n", "utf-8")
    lines = run_cli(["check", "--summary"], repo).stdout.splitlines()
    assert lines[1].split() == ["nianbao.toml", "1", "-", "-", "-"]
    assert len(lines) == 4


def test_each_file_with_findings_has_a_row_of_its_own(repo: Path) -> None:
    (repo / "nianbao.toml").write_text('[样式]\n强调色 = "#99ccff"\n', "utf-8")
    (repo / "templates").mkdir()
    (repo / "templates" / "report.css").write_text("body {}", "utf-8")
    lines = run_cli(["check", "--summary"], repo).stdout.splitlines()
    assert [line.split() for line in lines[1:3]] == [
        ["nianbao.toml", "-", "1", "-", "-"],
        ["templates/report.css", "-", "1", "-", "-"],
    ]
