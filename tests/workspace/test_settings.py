"""nianbao.toml: what it may say, and what is told of what it may not."""

import re
from pathlib import Path

import pytest

from nianbao.workspace.settings import FILE_NAME, Settings, read_settings
from tests.support import run_cli, write_repo


def read(tmp_path: Path, text: str | bytes) -> tuple[Settings, list[tuple[int, int, str]]]:
    """The settings of a file, and what was found: line, column, message with mend."""
    raw = text if isinstance(text, bytes) else text.encode()
    (tmp_path / FILE_NAME).write_bytes(raw)
    settings, findings = read_settings(tmp_path)
    assert {(f.rule, f.path, f.severity.value) for f in findings} <= {("S301", FILE_NAME, "error")}
    told = [(f.span.line, f.span.column, f"{f.message} {f.help}") for f in findings]
    assert settings == Settings() or not told
    return settings, told


def test_without_a_file_everything_has_its_default(tmp_path: Path) -> None:
    assert read_settings(tmp_path) == (Settings(), [])


def test_an_empty_file_says_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, "") == (Settings(), [])


def test_everything_that_can_be_said_is_read(tmp_path: Path) -> None:
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


def test_the_open_faces_are_the_default(tmp_path: Path) -> None:
    assert not read(tmp_path, '"字体" = "开放"')[0].system_fonts


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ('# 注\n"联系电话" = "1"\n', 2, 1, "联系方式、机关类型"),
        ('\n"机关类型" = "县府"\n', 2, 1, "乡镇街道"),
        ('"字体" = "宋体"\n', 1, 1, "只能是：开放、系统"),
        ('"字体" = true\n', 1, 1, "只能是：开放、系统"),
        ('"期限" = "02-30"\n', 1, 1, "03-31"),
        ('"联系方式" = 12345\n', 1, 1, "加上引号"),
        ('"网站" = "x"\n', 1, 1, "[网站]"),
        ('["网站"]\nSiteName = "x"\nSiteNam = "x"\n', 3, 1, "没有“SiteNam”"),
        ('["网站"]\nSiteName = 1\n', 2, 1, "加上引号"),
        ('[网站]\nSiteName = "x"\n联系方式 = "x"\n', 3, 1, "移到 [网站] 这一行的上面"),
    ],
)
def test_what_it_may_not_say_is_told_with_its_line(
    tmp_path: Path, text: str, line: int, column: int, words: str
) -> None:
    _, ((at_line, at_column, told),) = read(tmp_path, text)
    assert words in told
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
def test_what_is_no_toml_is_told_once_on_its_line(tmp_path: Path, text: str, line: int) -> None:
    _, ((at_line, at_column, told),) = read(tmp_path, text)
    assert at_line == line
    assert 1 <= at_column <= len(text.split("\n")[line - 1]) + 1
    assert re.search("[a-z]{3}", told) is None, "the parser's own English"


WRONG = """\
"字体" = 1
"联系方式" = 1
"多" = 1
["网站"]
X = "x"
SiteName = 1
"""


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    _, findings = read(tmp_path, WRONG)
    assert [line for line, _, _ in findings] == [1, 2, 3, 5, 6]


def test_another_encoding_is_told(tmp_path: Path) -> None:
    ((line, _, told),) = read(tmp_path, '"字体" = "系统"'.encode("gbk"))[1]
    assert (line, "UTF-8" in told) == (1, True)


def test_a_file_that_may_not_be_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
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


def test_a_file_too_large_is_told(tmp_path: Path) -> None:
    ((_, _, told),) = read(tmp_path, "#" * 65537)[1]
    assert "太大" in told


def test_a_wrong_file_fails_the_check_once_and_points_into_it(tmp_path: Path) -> None:
    root = write_repo(tmp_path, a="", b="")
    (root / FILE_NAME).write_text('# 注\n"字体" = "宋"\n', encoding="utf-8")
    done = run_cli(["check"], root)
    assert done.returncode == 1
    assert done.stdout.count(f"{FILE_NAME}:2:1: 错误 S301") == 1
