"""The program as users run it: exit codes, messages, and what it leaves on the disk."""

import json
import os
import re
import shutil
import signal
from pathlib import Path

import pytest

from nianbao.cli.main import main
from nianbao.cli.options import nianbao
from nianbao.utils.text import display_width
from tests.parsing.fault_cases import FAULTS, NEW, Fault, change, seed
from tests.support import SEED, fixture_reports, run_cli, run_python, write_repo

COMMANDS = sorted(nianbao.commands)
ENGLISH = re.compile(
    r"\b(?:usage|options?|commands?|args?|arguments?|error|show|missing|try|exit)\b", re.IGNORECASE
)
CHINESE = re.compile("[一-鿿]")
PLACE = re.compile(r"^(reports/\S+?):(\d+):(\d+): 错误 (S\d+) ", re.MULTILINE)


def places(text: str) -> list[tuple[str, int, int, str]]:
    """What the text says is wrong: path, line, column, rule; of the structure's rules alone."""
    return [
        (path, int(line), int(column), rule) for path, line, column, rule in PLACE.findall(text)
    ]


# ── broken reports


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_broken_report_is_told_once_and_exits_with_1(
    fault: Fault,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(write_repo(tmp_path, report=fault.content))
    with pytest.raises(SystemExit) as exited:
        main(["check"])
    said = capsys.readouterr()
    assert (exited.value.code, said.err) == (1, "")
    assert places(said.out) == [("reports/report.yaml", fault.line, fault.column, fault.rule)]
    assert CHINESE.search(said.out.split(fault.rule)[1].splitlines()[0])
    assert "1 个错误" in said.out


def test_broken_reports_leave_their_outputs_alone_and_do_not_hold_up_the_others(
    tmp_path: Path,
) -> None:
    broken = {f"fault{number:03}": fault.content for number, fault in enumerate(FAULTS)}
    root = write_repo(tmp_path, good=seed(), **broken)
    (root / "output").mkdir()
    earlier = {
        root / "output" / f"{name}.{to}": f"{name} {to}".encode()
        for name in broken
        for to in ("html", "md", "pdf")
    }
    for file, content in earlier.items():
        file.write_bytes(content)
    done = run_cli(["build", "--to", "html,md"], root)
    assert (done.returncode, done.stderr) == (1, "")
    assert {file: file.read_bytes() for file in earlier} == earlier
    assert "Traceback" not in done.stdout
    told = {path: (line, column, rule) for path, line, column, rule in places(done.stdout)}
    assert told == {
        f"reports/fault{number:03}.yaml": (fault.line, fault.column, fault.rule)
        for number, fault in enumerate(FAULTS)
    }
    assert len(places(done.stdout)) == len(FAULTS)
    assert "古县文化和旅游局" in (root / "output" / "good.html").read_text(encoding="utf-8")
    assert (root / "output" / "good.md").is_file()
    assert len(list((root / "output").iterdir())) == len(earlier) + 2
    assert "已生成 output/good.html\n已生成 output/good.md\n" in done.stdout


def test_several_faults_of_a_file_come_in_one_run_in_order(tmp_path: Path) -> None:
    text = change(seed(), "年度: 2022", "年度: 二〇二二")
    text = change(text, "  平台建设:", "  平台建没:")
    text = change(text, "行政复议: {结果维持: 0,", "行政复议: {结果维持: 很多,")
    text = change(text, "机关: 古", "机关: &a 古")
    root = write_repo(tmp_path, b=text, a=text)
    told = places(run_cli(["check"], root).stdout)
    assert [(path, rule) for path, _, _, rule in told] == [
        (f"reports/{name}.yaml", rule) for name in "ab" for rule in ("S105", "S005", "S102", "S103")
    ]
    assert told == sorted(told)


def test_what_is_no_file_is_told_and_the_rest_is_built(tmp_path: Path) -> None:
    root = write_repo(tmp_path, good=seed())
    reports = root / "reports"
    (reports / "folder.yaml").mkdir()
    (tmp_path / "secret").write_text(seed(), encoding="utf-8")
    names = {"folder": "文件夹"}
    try:
        (reports / "broken.yaml").symlink_to("gone.yaml")
        (reports / "elsewhere.yaml").symlink_to(tmp_path / "secret")
        names |= {"broken": "断开的链接", "elsewhere": "指向别处"}
        os.mkfifo(reports / "pipe.yaml")
        names["pipe"] = "不是普通文件"
    except (OSError, AttributeError):
        assert os.name == "nt"
    done = run_cli(["build", "--to", "md"], root)
    assert (done.returncode, done.stderr) == (1, "")
    for name, words in names.items():
        (line,) = [line for line in done.stdout.splitlines() if f"{name}.yaml:1:1: " in line]
        assert words in line
    assert [path.name for path in (root / "output").iterdir()] == ["good.md"]


def test_wrong_sums_hold_a_report_back_like_any_other_error(tmp_path: Path) -> None:
    root = write_repo(tmp_path, a=change(seed(), NEW, NEW.replace("总计: 0", "总计: 5")))
    (root / "output").mkdir()
    (root / "output" / "a.html").write_bytes(b"earlier")
    done = run_cli(["build", "--to", "html,md"], root)
    assert done.returncode == 1
    assert re.search(r"^reports/a\.yaml:\d+:\d+: 错误 A\d+ ", done.stdout, re.MULTILINE)
    assert "已生成" not in done.stdout
    assert [path.read_bytes() for path in (root / "output").iterdir()] == [b"earlier"]


def test_warnings_hold_nothing_back_and_count_only_when_strict(tmp_path: Path) -> None:
    root = write_repo(tmp_path, a=change(seed(), "我局收到1条", "我局收到99999条"))
    done = run_cli(["build", "--to", "md"], root)
    assert (done.returncode, "警告" in done.stdout) == (0, True)
    (root / "output" / "a.md").unlink()
    assert run_cli(["build", "--to", "md", "--strict"], root).returncode == 1
    assert (root / "output" / "a.md").is_file()
    assert run_cli(["check"], root).returncode == 0
    assert run_cli(["check", "--strict"], root).returncode == 1


def test_a_fault_holds_back_the_pdf_as_well(tmp_path: Path) -> None:
    root = write_repo(tmp_path, a=change(seed(), "年度: 2022", "年度: 二"))
    (root / "output").mkdir()
    (root / "output" / "a.pdf").write_bytes(b"earlier")
    assert run_cli([], root).returncode == 1
    assert [path.name for path in (root / "output").iterdir()] == ["a.pdf"]
    assert (root / "output" / "a.pdf").read_bytes() == b"earlier"


def test_with_wrong_settings_nothing_is_built(tmp_path: Path) -> None:
    root = write_repo(tmp_path, a=seed(), b=seed())
    (root / "nianbao.toml").write_text('联系方式 = "古县”\n', encoding="utf-8")
    done = run_cli([], root)
    assert (done.returncode, done.stderr) == (1, "")
    assert "nianbao.toml:1:11: 错误 S301 引号是全角的" in done.stdout
    assert not (root / "output").exists()
    (root / "output").mkdir()
    (root / "output" / "a.html").write_text("earlier", encoding="utf-8")
    assert run_cli(["--to", "html", "reports/a.yaml"], root).returncode == 1
    assert [path.name for path in (root / "output").iterdir()] == ["a.html"]
    assert (root / "output" / "a.html").read_text(encoding="utf-8") == "earlier"


# ── links, which a stranger's pull request can bring


def link(path: Path, target: Path) -> None:
    try:
        path.symlink_to(target)
    except OSError:
        pytest.skip("no links here")


@pytest.mark.parametrize("name", ["reports", "templates", "output"])
def test_a_folder_of_the_repository_that_is_a_link_is_refused(tmp_path: Path, name: str) -> None:
    root = write_repo(tmp_path, **{"2022": seed()})
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "2022.yaml").write_text(seed(), encoding="utf-8")
    if name == "reports":
        shutil.rmtree(root / name)
    link(root / name, elsewhere)
    done = run_cli(["--to", "html"], root)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"{name} 是一个链接，不跟着它走。换成文件夹本身\n"
    assert [path.name for path in elsewhere.iterdir()] == ["2022.yaml"]
    assert not (root / "output" / "2022.html").exists()


def test_templates_that_lead_to_the_repository_itself_bring_nothing_out(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2022": seed()})
    (root / ".git").mkdir()
    (root / ".git" / "config").write_text("token = SECRET", encoding="utf-8")
    (root / "report.md").write_text('{% include ".git/config" %}', encoding="utf-8")
    link(root / "templates", Path())
    done = run_cli(["--to", "md"], root)
    assert done.returncode == 1
    assert "templates 是一个链接" in done.stderr
    assert not (root / "output").exists()


def test_a_linked_folder_among_the_outputs_is_refused_and_the_rest_is_built(tmp_path: Path) -> None:
    root = write_repo(tmp_path, unit__2022=seed(), good=seed())
    (root / "output").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "mine").write_text("mine", encoding="utf-8")
    link(root / "output" / "unit", tmp_path / "elsewhere")
    link(root / "output" / "good.html", tmp_path / "mine")
    done = run_cli(["--to", "html"], root)
    assert done.returncode == 1
    assert done.stderr == "output/unit 是一个链接，不跟着它走。换成文件夹本身\n"
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert (tmp_path / "mine").read_text(encoding="utf-8") == "mine"
    assert "古县文化和旅游局" in (root / "output" / "good.html").read_text(encoding="utf-8")


def test_an_output_folder_that_the_user_names_may_be_a_link(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2022": seed()})
    (tmp_path / "elsewhere").mkdir()
    link(root / "way", tmp_path / "elsewhere")
    assert run_cli(["--to", "md", "-o", "way"], root).returncode == 0
    assert (tmp_path / "elsewhere" / "2022.md").is_file()


def test_a_linked_folder_of_reports_is_told_and_not_read(tmp_path: Path) -> None:
    root = write_repo(tmp_path, good=seed())
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "2022.yaml").write_text("SECRET", encoding="utf-8")
    link(root / "reports" / "unit", tmp_path / "elsewhere")
    done = run_cli(["--to", "md"], root)
    assert (done.returncode, done.stderr) == (1, "")
    assert "reports/unit:1:1: 错误 S001 是指向文件夹的链接，不读取" in done.stdout
    assert "SECRET" not in done.stdout
    assert [path.name for path in (root / "output").iterdir()] == ["good.md"]


def test_last_years_file_is_not_read_through_a_link(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2022": seed()})
    last = change(seed(), "年度: 2022", "年度: 2021")
    last = re.sub(r"(现行有效件数: )0", r"\g<1>987", last)
    (tmp_path / "secret").write_text(last, encoding="utf-8")
    link(root / "reports" / "2021.yaml", tmp_path / "secret")
    assert "987" not in run_cli(["check", "reports/2022.yaml"], root).stdout
    (root / "reports" / "2021.yaml").unlink()
    (root / "reports" / "2021.yaml").write_text(last, encoding="utf-8")
    assert "987" in run_cli(["check", "reports/2022.yaml"], root).stdout


# ── names that would steer a terminal

NASTY = "a\x1b[2J\x1b]0;x\x07\r\n已生成 b\u202e\u2066\x9b1m"
STEERING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["check"], 1),
        (["--to", "md"], 1),
        (["--to", "md", f"reports/{NASTY}.yaml"], 0),
        (["check", f"reports/{NASTY}2.yaml"], 1),
        (["build", f"reports/{NASTY}.yaml", f"x/{NASTY}.yaml"], 2),
        (["check", f"empty{NASTY}"], 2),
        (["check", f"--{NASTY}"], 2),
        (["check", "--format", NASTY], 2),
        (["--to", NASTY], 2),
        (["rules", NASTY], 2),
        (["--to", "md", "-o", f"reports/{NASTY}.yaml"], 1),
        (["schema", "-o", f"{NASTY}.json"], 0),
        ([NASTY], 1),
    ],
)
def test_a_name_does_not_steer_the_terminal(
    arguments: list[str], code: int, tmp_path: Path
) -> None:
    root = write_repo(tmp_path)
    try:
        for name in (NASTY, f"broken{NASTY}"):
            text = seed() if name == NASTY else ""
            (root / "reports" / f"{name}.yaml").write_text(text, encoding="utf-8")
        (root / f"empty{NASTY}").mkdir()
    except OSError:
        pytest.skip("this file system takes no such names")
    done = run_cli(arguments, root)
    assert done.returncode == code
    said = done.stdout + done.stderr
    assert said
    assert "Traceback" not in said
    assert STEERING.search(said) is None
    assert not any(line.startswith("已生成 b") for line in said.splitlines())


# ── what comes from elsewhere


def test_a_file_from_windows_gives_the_same_page(tmp_path: Path) -> None:
    windows = b"\xef\xbb\xbf" + seed().replace("\n", "\r\n").encode()
    root = write_repo(tmp_path, a__report=seed(), b__report=windows)
    done = run_cli(["build", "--to", "html,md"], root)
    assert done.returncode == 0
    for to in ("html", "md"):
        pages = [(root / "output" / unit / f"report.{to}").read_bytes() for unit in "ab"]
        assert pages[0] == pages[1]


@pytest.mark.parametrize("command", ["check", "build"])
def test_a_chinese_console_of_windows_does_not_crash_a_message(
    tmp_path: Path, command: str
) -> None:
    root = write_repo(tmp_path, a=change(seed(), "机关: 古", "𠀀🈶键: 1\n机关: 古"))
    done = run_cli([command], root, encoding="gbk", PYTHONIOENCODING="gbk")
    assert done.returncode == 1
    assert "没有“\\U00020000\\U0001f236键”这个键" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_an_ascii_terminal_does_not_crash_help_or_messages(tmp_path: Path) -> None:
    root = write_repo(tmp_path, a="")
    for arguments, code in ((["--help"], 0), (["check"], 1), (["--nope"], 2)):
        done = run_cli(arguments, root, PYTHONIOENCODING="ascii", PYTHONUTF8="0", LC_ALL="C")
        assert done.returncode == code
        assert "Traceback" not in done.stderr


def test_colours_are_for_terminals(tmp_path: Path) -> None:
    assert "\x1b" not in run_cli(["check"], write_repo(tmp_path, a="")).stdout


# ── outputs that can't be made


def test_a_file_in_the_place_of_the_output_folder_is_told_and_kept(tmp_path: Path) -> None:
    root = write_repo(tmp_path, a=seed())
    (root / "output").write_text("mine", encoding="utf-8")
    done = run_cli(["build", "--to", "html"], root)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "建不了输出文件夹 output：已经有一个同名的文件\n"
    assert (root / "output").read_text(encoding="utf-8") == "mine"


def test_an_output_that_cannot_be_written_does_not_hold_up_the_others(tmp_path: Path) -> None:
    root = write_repo(tmp_path, a__x=seed(), b__x=seed(), c=seed(), d="")
    (root / "output").mkdir()
    (root / "output" / "a").write_text("mine", encoding="utf-8")
    (root / "output" / "c.html").mkdir()
    done = run_cli(["build", "--to", "html,md"], root)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "output/a：已经有一个同名的文件" in done.stderr
    assert "写不了 output/c.html" in done.stderr
    assert "reports/d.yaml:1:1: 错误 S009" in done.stdout
    assert (root / "output" / "b" / "x.html").is_file()
    assert (root / "output" / "c.md").is_file()
    assert (root / "output" / "a").read_text(encoding="utf-8") == "mine"


def test_outputs_go_where_one_asks(tmp_path: Path) -> None:
    root = write_repo(tmp_path, unit__2022=seed())
    assert run_cli(["build", "--to", "md", "-o", "a/b"], root).returncode == 0
    assert [path.relative_to(root).as_posix() for path in root.rglob("*.md")] == [
        "a/b/unit/2022.md"
    ]


def test_from_a_folder_below_the_same_repository_is_built(tmp_path: Path) -> None:
    root = write_repo(tmp_path, unit__2022=seed())
    done = run_cli(["--to", "md"], root / "reports" / "unit")
    assert done.returncode == 0
    assert (root / "output" / "unit" / "2022.md").is_file()


# ── help and usage


def text_of(arguments: list[str], tmp_path: Path, code: int) -> str:
    done = run_cli(arguments, tmp_path)
    assert done.returncode == code
    text = done.stderr if code else done.stdout
    assert (done.stdout if code else done.stderr) == ""
    assert CHINESE.search(text)
    return text


@pytest.mark.parametrize("command", [None, *COMMANDS])
def test_help_is_in_chinese_throughout(command: str | None, tmp_path: Path) -> None:
    text = text_of([*([command] if command else []), "--help"], tmp_path, 0)
    assert text.startswith("用法：")
    assert ENGLISH.findall(re.sub(r"--?[a-z]+|\b[a-z]+\.[a-z]+\b", "", text)) == []
    if command is None:
        assert [line.split()[0] for line in text.splitlines() if line[2:].split(" ")[0] in COMMANDS]
    assert all(CHINESE.search(line) for line in text.splitlines() if line.startswith("  -"))


@pytest.mark.parametrize("command", [None, *COMMANDS])
def test_help_stands_in_columns_and_explains_every_argument(
    command: str | None, tmp_path: Path
) -> None:
    text = text_of([*([command] if command else []), "--help"], tmp_path, 0)
    assert re.search(":$", text, re.MULTILINE) is None
    for section in re.split("^.+：\n", text, flags=re.MULTILINE)[1:]:
        rows = re.findall("^  (.+?  +)(?=[^ ])", section.split("\n\n")[0], re.MULTILINE)
        assert len({display_width(name) for name in rows}) == 1
        assert len(rows) == section.split("\n\n")[0].strip("\n").count("\n") + 1
    for argument in re.findall(r"\[(?!选项)[^\]]+\]", text.splitlines()[0]) if command else ():
        assert re.search(rf"^  {re.escape(argument)}  \S", text, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_listed_with_what_it_does(command: str, tmp_path: Path) -> None:
    lines = text_of(["-h"], tmp_path, 0).splitlines()
    (line,) = [line for line in lines if line.split()[:1] == [command]]
    assert CHINESE.search(line)
    assert "…" not in line
    assert "..." not in line


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--nope"], "没有 --nope 这个选项"),
        (["build", "--too", "md"], "是不是 --to？"),
        (["check", "--nope"], "没有 --nope 这个选项"),
        (["check", "-x"], "没有 -x 这个选项"),
        (["chekc"], "没有 chekc 这个命令，是不是 check？"),
        (["bild"], "没有 bild 这个命令，是不是 build？"),
        (["frobnicate"], "没有 frobnicate 这个命令，也没有这个文件"),
        (["build", "--to", "docs"], "“docs”，可以写：html"),
        (["build", "--to", ","], "--to 不认识"),
        (["build", "--to"], "--to 后面要写一个值"),
        (["check", "--format", "xml"], "“xml”，可以写：text"),
        (["check", "--format"], "--format 后面要写一个值"),
        (["check", "--strict=1"], "--strict 后面不能写一个值"),
        (["schema", "x"], "多了 x"),
        (["fonts", "x"], "多了 x"),
        (["check", "empty"], "empty 里没有报告"),
    ],
)
def test_wrong_usage_is_told_in_chinese_and_exits_with_2(
    arguments: list[str], words: str, tmp_path: Path
) -> None:
    root = write_repo(tmp_path, a=seed())
    (root / "empty").mkdir()
    text = text_of(arguments, root, 2)
    assert words in text
    assert text.count("\n") == 1
    assert not ENGLISH.search(re.sub(r"--\w+", "", text))
    assert sorted(path.name for path in root.iterdir()) == ["empty", "reports"]


def test_without_reports_one_is_told_where_to_go(tmp_path: Path) -> None:
    done = run_python("from nianbao.cli.main import main\nmain([])", tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "没有 reports 文件夹" in done.stderr
    (tmp_path / "reports").mkdir()
    assert "没有报告" in text_of(["check"], tmp_path, 2)


def test_from_outside_of_any_repository_build_py_works_in_its_own(tmp_path: Path) -> None:
    done = run_cli(["check", "--format", "json"], tmp_path)
    # Whoever works in the checkout may have other reports there, finished or not.
    assert str(SEED) in {finding["path"] for finding in json.loads(done.stdout)["findings"]}


def test_a_report_named_outside_of_any_repository_is_built_beside(tmp_path: Path) -> None:
    (tmp_path / "2022.yaml").write_text(seed(), encoding="utf-8")
    assert run_cli(["2022.yaml", "--to", "md"], tmp_path).returncode == 0
    assert (tmp_path / "output" / "2022.md").is_file()


def test_a_report_that_is_not_there_is_a_finding(tmp_path: Path) -> None:
    done = run_cli(["check", "reports/2023.yaml"], write_repo(tmp_path, a=seed()))
    assert done.returncode == 1
    assert "reports/2023.yaml:1:1: 错误 S001 没有这个文件" in done.stdout


def test_the_version_is_shown(tmp_path: Path) -> None:
    assert re.fullmatch(r"nianbao \d+\.\d+\.\d+\n", run_cli(["--version"], tmp_path).stdout)


# ── check and schema


def test_sound_reports_pass_and_nothing_is_written(tmp_path: Path) -> None:
    files = {name: file.read_bytes() for name, file in fixture_reports().items() if file != SEED}
    root = write_repo(tmp_path, **{name.replace("-", ""): text for name, text in files.items()})
    before = sorted(root.rglob("*"))
    assert run_cli(["check"], root).returncode == 0
    assert sorted(root.rglob("*")) == before


def test_findings_can_be_had_as_json(tmp_path: Path) -> None:
    fault = next(fault for fault in FAULTS if fault.name == "text for a count")
    done = run_cli(["check", "--format", "json"], write_repo(tmp_path, a=fault.content))
    assert done.returncode == 1
    told = json.loads(done.stdout)
    (finding,) = told["findings"]
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
    }
    assert told["summary"] == {"errors": 1, "warnings": 0, "infos": 0, "waived": 0}


def test_the_schema_is_given_as_it_is(tmp_path: Path) -> None:
    schema = (SEED.parents[1] / "schema.json").read_text(encoding="utf-8")
    assert run_cli(["schema"], tmp_path).stdout.rstrip("\n") == schema.rstrip("\n")
    assert run_cli(["schema", "-o", "a/s.json"], tmp_path).returncode == 0
    assert (tmp_path / "a" / "s.json").read_text(encoding="utf-8") == schema


# ── bugs and interruptions

BREAK = """
import nianbao.cli.commands.check as command
def broken(*_): {how}
command.find_reports = broken
from nianbao.cli.main import main
main(["check"])
"""


def test_a_bug_exits_with_3_and_leaves_a_log_to_paste(tmp_path: Path) -> None:
    code = BREAK.format(how="raise ZeroDivisionError('the cause')")
    done = run_python(code, tmp_path, TMPDIR=str(tmp_path), TEMP=str(tmp_path))
    assert (done.returncode, done.stdout) == (3, "")
    assert "Traceback" not in done.stderr
    assert "程序出错了" in done.stderr
    assert "the cause" in done.stderr
    (log,) = tmp_path.glob("nianbao-*.log")
    assert str(log) in done.stderr
    text = log.read_text(encoding="utf-8")
    assert "ZeroDivisionError: the cause" in text
    assert "nianbao 0." in text
    assert "weasyprint 70.0" in text


def test_a_bug_is_told_even_where_no_log_can_be_written(tmp_path: Path) -> None:
    how = "import tempfile; tempfile.NamedTemporaryFile = lambda *_, **__: open('/no/one'); 1 / 0"
    done = run_python(BREAK.format(how=how), tmp_path)
    assert done.returncode == 3
    assert "ZeroDivisionError" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="signals are another matter there")
def test_an_interruption_exits_with_130_and_one_word(tmp_path: Path) -> None:
    code = BREAK.format(
        # Whoever starts the tests in the background has them ignore it.
        how="import os, signal, time; signal.signal(signal.SIGINT, signal.default_int_handler)"
        f"; os.kill(os.getpid(), {int(signal.SIGINT)}); time.sleep(9)"
    )
    done = run_python(code, tmp_path)
    assert (done.returncode, done.stdout, done.stderr.strip()) == (130, "", "已中断")


GO_AWAY = """
import subprocess, sys
command = [sys.executable, *sys.argv[1:]]
child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
child.stdout.read(10)
child.stdout.close()
print(child.stderr.read().decode(), child.wait())
"""


def test_a_reader_that_goes_away_is_no_bug(tmp_path: Path) -> None:
    root = write_repo(
        tmp_path, **{f"r{number}": seed().replace(": 0", ": x") for number in range(9)}
    )
    done = run_python(GO_AWAY, root, str(SEED.parents[1] / "build.py"), "check")
    assert done.stdout.split() == ["1"]
