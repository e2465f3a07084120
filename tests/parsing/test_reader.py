"""Strict YAML: values with positions, and every typing error reported."""

import os
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from nianbao.diagnostics.finding import FILE_START, Span
from nianbao.model.source import Source
from nianbao.parsing.reader import MAX_BYTES, MAX_DEPTH, parse_source, read_source
from tests.parsing.fault_cases import FAULTS, Fault, seed
from tests.strategies import damaged_reports
from tests.support import check_text, structural_findings


def parse(text: str) -> Source:
    return parse_source(text.encode(), "r.yaml")


def rules(source: Source) -> list[tuple[str, int, int]]:
    return [(f.rule, f.span.line, f.span.column) for f in source.findings]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_typo_gives_one_finding_at_its_place_that_names_it(fault: Fault, tmp_path: Path) -> None:
    findings = structural_findings(check_text(fault.content, tmp_path))
    assert [(f.rule, f.span.line, f.span.column) for f in findings] == [
        (fault.rule, fault.line, fault.column)
    ]
    (finding,) = findings
    reported = f"{finding.message} {finding.help}"
    assert [words for words in fault.says if words not in reported] == []
    assert finding.path == "reports/report.yaml"
    assert finding.help


# ── what a value is


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("0", 0),
        ("12", 12),
        ("-3", -3),
        ("+3", 3),
        ("4068.208", Decimal("4068.208")),
        ("0.50", Decimal("0.50")),
        ("true", True),
        ("FALSE", False),
        ("", None),
        ("~", None),
        ("null", None),
        ("/", "/"),
        # The surprises of YAML 1.1 are text.
        ("0123", "0123"),
        ("0x10", "0x10"),
        ("0o17", "0o17"),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("1e3", "1e3"),
        (".5", ".5"),
        ("5.", "5."),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("no", "no"),
        ("on", "on"),
        ("y", "y"),
        ("2023-01-31", "2023-01-31"),
        ("１２", "１２"),
        ("<<", "<<"),
        # Quotes make text of anything.
        ('"12"', "12"),
        ("'true'", "true"),
        ('""', ""),
    ],
)
def test_a_value_is_what_is_written(written: str, value: object) -> None:
    source = parse(f"键: {written}\n")
    assert source.data == {"键": value}
    assert isinstance(source.data, dict)
    assert type(source.data["键"]) is type(value)
    assert source.findings == ()


def test_keys_are_always_text() -> None:
    assert parse("{1: a, true: b, null: c, 2023-01-31: d}").data == {
        "1": "a",
        "true": "b",
        "null": "c",
        "2023-01-31": "d",
    }


def test_every_value_keeps_its_place_and_that_of_its_key() -> None:
    source = parse("甲: {乙: 12}\n丙:\n  - 丁\n")
    assert source.location_of(("甲", "乙")).key == Span(1, 5, 1, 6)
    assert source.location_of(("甲", "乙")).value == Span(1, 8, 1, 10)
    assert source.location_of(("丙", 0)).value == Span(3, 5, 3, 6)
    assert source.location_of(("丙", 0)).key is None


def test_the_place_of_what_is_not_there_is_that_of_what_should_hold_it() -> None:
    source = parse("甲:\n  乙: 1\n")
    assert source.location_of(("甲", "丙", 3)) == source.location_of(("甲",))
    assert parse("").location_of(("甲",)).value == FILE_START


@pytest.mark.parametrize(
    "text",
    [
        "键: |\n  一二\n  三四五\n",
        "键: |-\n\n  一二\n  三四五",
        "键: |+  # 注\n      一二\n      三四五\n\n\n",
        "外: 1\n键: |2\n    一二\n  三四五\n",
        "键: 一二三四五\n",
        'a: {b: "一二", 键: "一三四五"}\n',
        "键:   '三四五'\n",
    ],
)
def test_a_part_of_a_text_is_found_where_it_is_written(text: str) -> None:
    source = parse(text)
    pointer = next(p for p in source.locations if p and p[-1] == "键")
    value: object = source.data
    for part in pointer:
        assert isinstance(value, dict)
        value = value[part]
    assert isinstance(value, str)
    span = source.span_of_text(pointer, value, value.index("四"), 1)
    line = source.lines[span.line - 1]
    assert line[span.column - 1 : span.end_column - 1] == "四"


def test_a_part_of_a_text_with_escapes_is_placed_at_the_start_of_the_text() -> None:
    source = parse('键: "一\\n四"\n')
    assert source.span_of_text(("键",), "一\n四", 2, 1) == Span(1, 4, 1, 10)


# ── files


def test_a_bom_and_crlf_change_neither_the_data_nor_the_places() -> None:
    plain = parse_source(seed().encode(), "r.yaml")
    windows = parse_source(b"\xef\xbb\xbf" + seed().replace("\n", "\r\n").encode(), "r.yaml")
    assert windows.data == plain.data
    assert windows.locations == plain.locations
    assert windows.findings == plain.findings == ()


def test_a_typo_in_a_file_with_bom_and_crlf_is_placed_as_in_any_other() -> None:
    fault = next(fault for fault in FAULTS if fault.name == "a full-width colon after a key")
    windows = b"\xef\xbb\xbf" + fault.content.replace(b"\n", b"\r\n")
    assert rules(parse_source(windows, "r.yaml")) == [("S104", fault.line, fault.column)]


def test_old_mac_line_ends_are_line_ends() -> None:
    assert parse("a: 1\rb: 2\r").data == {"a": 1, "b": 2}


def link(path: Path, target: Path | str) -> Path:
    try:
        path.symlink_to(target)
    except OSError:
        pytest.skip("no links here")
    return path


def read(file: Path) -> tuple[str, str]:
    """Read what is no report: the rule and the message of the one finding."""
    source = read_source(file, "r.yaml")
    assert source.data is None
    assert source.lines == ()
    (finding,) = source.findings
    assert finding.span == FILE_START
    return finding.rule, finding.message


def test_a_folder_is_no_report(tmp_path: Path) -> None:
    (tmp_path / "2022.yaml").mkdir()
    assert read(tmp_path / "2022.yaml") == ("S001", "是一个文件夹，不是报告文件")


def test_a_broken_link_and_a_link_to_itself_are_no_report(tmp_path: Path) -> None:
    assert read(link(tmp_path / "a.yaml", "gone.yaml")) == ("S001", "是一个断开的链接")
    assert read(link(tmp_path / "b.yaml", "b.yaml")) == ("S001", "是一个断开的链接")


def test_a_link_that_leads_elsewhere_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("a: 1", encoding="utf-8")
    (tmp_path / "reports").mkdir()
    file = link(tmp_path / "reports" / "2022.yaml", "../secret")
    assert read(file) == ("S001", "是指向别处的链接，不读取")


def test_a_link_to_a_folder_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "reports" / "b").mkdir(parents=True)
    for name, target in (("way", tmp_path), ("a", "b")):
        file = link(tmp_path / "reports" / name, target)
        assert read(file) == ("S001", "是指向文件夹的链接，不读取")


def test_a_link_to_a_neighbour_is_read(tmp_path: Path) -> None:
    (tmp_path / "2022.yaml").write_text("a: 1", encoding="utf-8")
    assert read_source(link(tmp_path / "latest.yaml", "2022.yaml"), "r").data == {"a": 1}


def test_a_file_that_is_not_there_is_reported(tmp_path: Path) -> None:
    assert read(tmp_path / "2022.yaml") == ("S001", "没有这个文件")


@pytest.mark.parametrize(
    ("name", "help_"),
    [
        ("2022", "是不是 2022.yaml？"),
        ("2202.yaml", "是不是 2022.yaml？"),
        ("2022.yml", "是不是 2022.yaml？"),
        ("unit.yaml", "检查文件名"),
        ("gone/2022.yaml", "检查文件夹和文件的名字"),
    ],
)
def test_a_file_that_is_not_there_may_be_one_that_is(tmp_path: Path, name: str, help_: str) -> None:
    for present in ("2022.yaml", "2022.txt"):
        (tmp_path / present).write_text("", encoding="utf-8")
    (finding,) = read_source(tmp_path / name, "r.yaml").findings
    assert (finding.message, finding.help) == ("没有这个文件", help_)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs here")
def test_a_fifo_is_no_report_and_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "2022.yaml")
    assert read(tmp_path / "2022.yaml") == ("S001", "不是普通文件")


@pytest.mark.parametrize("method", ["read_bytes", "is_dir", "stat"])
def test_a_file_that_may_not_be_read_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    (tmp_path / "2022.yaml").write_text("a: 1", encoding="utf-8")

    def refuse(*_arguments: object, **_more: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, method, refuse)
    rule, message = read(tmp_path / "2022.yaml")
    assert rule == "S001"
    assert message.startswith("读不了这个文件")


def test_a_name_that_no_file_can_have_is_reported(tmp_path: Path) -> None:
    assert read(tmp_path / f"{'a' * 300}.yaml")[0] == "S001"


def test_a_file_of_just_the_largest_size_is_read(tmp_path: Path) -> None:
    file = tmp_path / "2022.yaml"
    file.write_bytes(b"a: 1\n".ljust(MAX_BYTES, b"#"))
    assert read_source(file, "r").data == {"a": 1}
    file.write_bytes(b"a: 1\n".ljust(MAX_BYTES + 1, b"#"))
    assert read(file)[0] == "S002"


def test_nesting_is_refused_just_beyond_the_limit() -> None:
    fits = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    assert parse(fits).findings == ()
    assert rules(parse(f"[{fits}]")) == [("S007", 1, MAX_DEPTH + 1)]


# ── several typing errors at once


def test_what_yaml_can_still_read_is_all_reported_in_the_order_of_the_file() -> None:
    text = "a: &x 1\nb: *x\nc: !!int 3\na: 4\nd:\t5\ne: a\u200b\x01\n"
    assert rules(parse(text)) == [
        ("S005", 1, 4),
        ("S005", 2, 4),
        ("S005", 3, 4),
        ("S006", 4, 1),
        ("S008", 5, 3),
        ("S008", 6, 6),
    ]


def test_after_an_error_of_syntax_nothing_else_is_guessed() -> None:
    assert rules(parse("a: &x 1\nb: {c: 1\n")) == [("S004", 2, 4)]


def test_the_second_of_two_keys_is_read_for_faults_of_its_own_but_not_kept() -> None:
    source = parse("a: {b: 1}\na: {b: *x}\n")
    assert rules(source) == [("S006", 2, 1), ("S005", 2, 8)]
    assert source.data == {"a": {"b": 1}}


def test_a_duplicate_names_the_line_of_the_first() -> None:
    (finding,) = parse("甲: 1\n乙: 2\n甲: 3\n").findings
    assert finding.message == "“甲”写了两次，第 1 行已经有了"


def test_one_document_may_have_its_marks() -> None:
    assert parse("---\na: 1\n...\n").data == {"a": 1}


# ── whatever comes


def within(span: Span, lines: tuple[str, ...]) -> bool:
    """Return True if a span lies inside the text (the end of a line is inside)."""
    lines = lines or ("",)
    return (
        1 <= span.line <= span.end_line <= len(lines)
        and 1 <= span.column <= len(lines[span.line - 1]) + 1
        and 1 <= span.end_column <= len(lines[span.end_line - 1]) + 1
        and (span.line, span.column) <= (span.end_line, span.end_column)
    )


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8")))
def test_no_bytes_crash_the_reader(raw: bytes) -> None:
    source = parse_source(raw, "r.yaml")
    assert source.findings or source.data is not None or yaml.safe_load(raw) is None
    assert all(within(f.span, source.lines) for f in source.findings if source.lines)


@settings(max_examples=1000)
@given(st.text(alphabet="ab1{}[]:,-|>&*!?%@`'\"#\n \t：，｛｝\u3000~.", max_size=60))
def test_no_random_punctuation_crashes_the_reader(text: str) -> None:
    source = parse(text)
    assert all(within(f.span, source.lines) for f in source.findings)
    assert all(within(mark.value, source.lines) for mark in source.locations.values())
    assert list(source.findings) == sorted(source.findings, key=lambda f: f.sort_key)
    assert [f.message for f in source.findings if "不是合法的 YAML" in f.message] == []


@given(damaged_reports())
def test_a_damaged_report_gives_findings_inside_the_file_in_order(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    checked = check_text(text, tmp_path_factory.getbasetemp())
    lines = checked.source.lines
    assert [f.message for f in checked.findings if not within(f.span, lines)] == []
    assert list(checked.findings) == sorted(checked.findings, key=lambda f: f.sort_key)
    assert checked.report is not None or checked.has_errors


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(10**12), 10**12)
        | st.text(alphabet="年报 a0/:-#'\"{}[]，｛&*!|>%@~.", max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text("甲乙ab", min_size=1), inner)
        ),
        max_leaves=8,
    )
)
def test_what_yaml_writes_is_read_back(data: object) -> None:
    text = yaml.dump(data, Dumper=_NoAliases, allow_unicode=True, width=10_000, sort_keys=False)
    source = parse(text)
    if data is None:
        assert source.data is None
    else:
        assert (source.data, source.findings) == (data, ())


class _NoAliases(yaml.CSafeDumper):
    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - the base class asks
        return True


def test_a_missing_colon_at_the_end_of_a_line_is_marked_where_the_line_ends() -> None:
    (finding,) = parse("引言\n").findings
    assert (finding.rule, finding.span) == ("S104", Span(1, 3, 1, 3))


def test_an_error_in_a_recovered_line_is_marked_where_it_is_written() -> None:
    assert rules(parse("格式: 2021\n总体情况:}\n")) == [("S104", 2, 5), ("S004", 2, 6)]


def test_a_closing_bracket_within_a_text_ends_no_row() -> None:
    source = parse("表:\n  其他: {注: 数）&“年, #19 {\n  计: 1\n")
    assert rules(source) == [("S004", 2, 7)]


def test_a_reference_without_quotes_under_a_duplicate_key_is_reported() -> None:
    assert rules(parse("a: 1\na: {{ 年度 }}\n")) == [("S006", 2, 1), ("S005", 2, 4)]
    assert rules(parse("a: 1\na:\n  ? [b]\n")) == [("S006", 2, 1), ("S005", 3, 5)]


@pytest.mark.parametrize(
    "value",
    [
        "!!python/object/apply:os.system [exit]",
        "!!python/name:os.system",
        "!!binary aGk=",
        "!!set {a, b}",
        "!!timestamp 2023-01-31",
        "!local x",
        "&anchor x",
    ],
)
def test_yaml_makes_nothing_but_plain_values(value: str) -> None:
    source = parse_source(f"a: {value}\n".encode(), "r.yaml")
    assert {finding.rule for finding in source.findings} == {"S005"}

    def leaves(data: object) -> list[object]:
        if isinstance(data, dict):
            return [leaf for each in data.values() for leaf in leaves(each)]
        return [leaf for each in data for leaf in leaves(each)] if type(data) is list else [data]

    assert {type(leaf) for leaf in leaves(source.data)} <= {str, int, type(None)}
