"""nianbao.toml: settings that are read, and findings for those that are wrong."""

import re
import time
from pathlib import Path

import pytest

from nianbao.workspace.settings import FILE_NAME, Settings, read_settings
from tests.support import run_cli, write_repo


def read(tmp_path: Path, text: str | bytes) -> tuple[Settings, list[tuple[int, int, str]]]:
    """Return the settings of a file, and its findings: line, column, message with help."""
    raw = text if isinstance(text, bytes) else text.encode()
    (tmp_path / FILE_NAME).write_bytes(raw)
    settings, findings = read_settings(tmp_path)
    assert {(f.rule, f.path, f.severity.value) for f in findings} <= {("S301", FILE_NAME, "error")}
    reported = [(f.span.line, f.span.column, f"{f.message} {f.help}") for f in findings]
    assert settings == Settings() or not reported
    return settings, reported


def test_without_a_file_the_defaults_apply(tmp_path: Path) -> None:
    assert read_settings(tmp_path) == (Settings(), [])


def test_an_empty_file_gives_the_defaults(tmp_path: Path) -> None:
    assert read(tmp_path, "") == (Settings(), [])


def test_every_setting_is_read(tmp_path: Path) -> None:
    text = """\
联系方式 = "古县某路1号，0357-0000000"
机关类型 = "乡镇街道"
字体 = "系统"

[网站]
SiteName = "古县人民政府"
SiteDomain = "www.example.gov.cn"
"""
    settings, findings = read(tmp_path, "\ufeff" + text.replace("\n", "\r\n"))
    assert findings == []
    assert settings.contact == "古县某路1号，0357-0000000"
    assert settings.body_kind == "乡镇街道"
    assert settings.system_fonts
    assert settings.site == {"SiteName": "古县人民政府", "SiteDomain": "www.example.gov.cn"}


def test_open_fonts_are_the_default(tmp_path: Path) -> None:
    assert not read(tmp_path, '"字体" = "开放"')[0].system_fonts


@pytest.mark.parametrize(
    ("text", "line", "column", "expected"),
    [
        ('# 注\n"联系电话" = "1"\n', 2, 1, "联系方式、机关类型"),
        ('\n"机关类型" = "县府"\n', 2, 1, "乡镇街道"),
        ('"字体" = "宋体"\n', 1, 1, "只能是：开放、系统"),
        ('"字体" = true\n', 1, 1, "只能是：开放、系统"),
        ('\n"联系方式" = "甲\\u0000"\n', 2, 1, "“联系方式”里有看不见的字符 U+0000 删掉它"),
        ('[网站]\nSiteName = "\\ufdd0"\n', 2, 1, "“SiteName”里有看不见的字符 U+FDD0"),
        ('"期限" = "02-30"\n', 1, 1, "03-31"),
        ('"联系方式" = 12345\n', 1, 1, "加上引号"),
        ('"网站" = "x"\n', 1, 1, "[网站]"),
        ('["网站"]\nSiteName = "x"\nSiteNam = "x"\n', 3, 1, "没有“SiteNam”"),
        ('["网站"]\nSiteName = 1\n', 2, 1, "加上引号"),
        ('[网站]\nSiteName = "x"\n联系方式 = "x"\n', 3, 1, "移到 [网站] 这一行的上面"),
    ],
)
def test_a_wrong_setting_is_reported_on_its_line(
    tmp_path: Path, text: str, line: int, column: int, expected: str
) -> None:
    _, ((at_line, at_column, message),) = read(tmp_path, text)
    assert expected in message
    assert (at_line, at_column) == (line, column)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('"期限" = 0331\n', 1),
        ('"联系方式" = "一\n', 1),
        ('"联系方式" = 古县\n', 1),
        ('"字体" = "系统"\n"字体" = "开放"\n', 2),
        ('"a" = 1\r\n"联系方式" = "a', 2),
    ],
)
def test_invalid_toml_is_reported_once_on_its_line(tmp_path: Path, text: str, line: int) -> None:
    _, ((at_line, at_column, message),) = read(tmp_path, text)
    assert at_line == line
    assert 1 <= at_column <= len(text.split("\n")[line - 1]) + 1
    assert re.search("[a-z]{3}", message) is None, "the parser's own English"


WRONG = """\
"字体" = 1
"联系方式" = 1
"多" = 1
["网站"]
X = "x"
SiteName = 1
"""


def test_all_errors_are_reported_together(tmp_path: Path) -> None:
    _, findings = read(tmp_path, WRONG)
    assert [line for line, _, _ in findings] == [1, 2, 3, 5, 6]


def test_another_encoding_is_reported(tmp_path: Path) -> None:
    ((line, _, message),) = read(tmp_path, '"字体" = "系统"'.encode("gbk"))[1]
    assert (line, "UTF-8" in message) == (1, True)


def test_an_unreadable_file_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / FILE_NAME).write_text("", encoding="utf-8")

    def refuse(*_arguments: object, **_more: object) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_text", refuse)
    monkeypatch.setattr(Path, "read_bytes", refuse)
    settings, (finding,) = read_settings(tmp_path)
    assert settings == Settings()
    assert finding.message.startswith("读不了")


def test_a_link_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text('字体 = "宋"', encoding="utf-8")
    root = write_repo(tmp_path)
    for target in (tmp_path / "secret", "reports", "gone"):
        try:
            (root / FILE_NAME).symlink_to(target)
        except OSError:
            pytest.skip("no links here")
        settings, (finding,) = read_settings(root)
        assert (settings, finding.message) == (Settings(), "是一个链接，不读取")
        (root / FILE_NAME).unlink()


def test_a_too_large_file_is_reported(tmp_path: Path) -> None:
    ((_, _, message),) = read(tmp_path, "#" * 65537)[1]
    assert "太大" in message


@pytest.mark.parametrize("text", ["机关类型 = {}", "期限 = {}", "{} = 1", "[网站]\n{} = 1"])
def test_a_message_quotes_the_beginning_of_a_long_text(tmp_path: Path, text: str) -> None:
    ((_, _, message),) = read(tmp_path, text.format(f'"{"长" * 1000}"'))[1]
    assert "长" * 40 in message
    assert len(message) < 200


@pytest.mark.parametrize("value", ["9" * 4301, "-" + "9" * 4301, "0x" + "f" * 9999])
def test_a_number_longer_than_python_reads_leaves_the_reports_to_be_checked(
    tmp_path: Path, value: str
) -> None:
    root = write_repo(tmp_path, a="格式: 2021\n")
    (root / FILE_NAME).write_text(f"期限 = {value}\n", "utf-8")
    done = run_cli(["check"], root)
    column = 7 if value[0] == "-" else 6
    assert done.returncode == 1, done.stderr
    assert f"nianbao.toml:1:{column}: 错误 S301 数字太长" in done.stdout
    assert "reports/a.yaml:1:1: 错误 S101" in done.stdout


def test_very_many_dotted_keys_are_refused_quickly(tmp_path: Path) -> None:
    start = time.process_time()
    for text in ("a.", "甲."):
        keys = text * (16_000 // len(text.encode()))
        for setting in ("期限", "其他"):
            assert read(tmp_path, f"{setting}.{keys}a = 1")[1]
    assert time.process_time() - start < 5


def test_check_reports_wrong_settings_once(tmp_path: Path) -> None:
    root = write_repo(tmp_path, a="", b="")
    (root / FILE_NAME).write_text('# 注\n"字体" = "宋"\n', encoding="utf-8")
    done = run_cli(["check"], root)
    assert done.returncode == 1
    assert done.stdout.count(f"{FILE_NAME}:2:1: 错误 S301") == 1


@pytest.mark.parametrize(
    "text",
    ["0", "\r\n字体", "\n" + "甲 = " + "[" * 999, '\n"\\u5b57\\u4f53" = 1', b"\n\xff", "甲=["],
)
def test_a_finding_lies_within_its_line(tmp_path: Path, text: str | bytes) -> None:
    raw = text if isinstance(text, bytes) else text.encode()
    (tmp_path / FILE_NAME).write_bytes(raw)
    (finding,) = read_settings(tmp_path)[1]
    lines = raw.decode(errors="replace").splitlines()
    assert finding.span.line == finding.span.end_line <= len(lines)
    assert 1 <= finding.span.column <= finding.span.end_column
    assert finding.span.end_column <= len(lines[finding.span.line - 1]) + 1
