"""Edits of a print of a report go into its file, and nothing else of the file changes."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nianbao.checks.checker import compile_source
from nianbao.diff.redline.tracked import render_tracked
from nianbao.errors import UserError
from nianbao.importing.importer import import_document
from nianbao.importing.onto import merge_edits
from nianbao.importing.readers import read_document
from nianbao.importing.readers.word.conversion import convert_with_office, find_office
from nianbao.model.form import load_form
from nianbao.model.report import value_at
from nianbao.parsing.reader import parse_source
from nianbao.rendering import render_report
from nianbao.rendering.document import build_document
from nianbao.workspace.settings import Settings
from tests.formatting.messy_yaml import Scrawler
from tests.importing.round_trip import compile_report, differences, printed_and_imported
from tests.strategies import reports, write_yaml, written_reports
from tests.support import SEED, check_text, fixture_reports

if TYPE_CHECKING:
    from nianbao.importing.importer import ImportedReport
    from nianbao.model.report import Report
    from nianbao.rendering import Format

MANY = int(os.environ.get("ROUND_TRIPS", "8"))
NOWHERE = Path(os.devnull)


def printed(report: Report) -> str:
    """Return the web page of a report."""
    return render_report(report, "html", Settings(), NOWHERE).decode()


def read(page: str) -> ImportedReport:
    """Return what `import` reads from a web page."""
    return import_document(read_document(page.encode(), "html"))


def after(text: str, *edits: tuple[str, str]) -> str:
    """Return the file after edits of its web page, all of which must have been taken over."""
    report = compile_report(text)
    page = printed(report)
    for old, new in edits:
        assert page.count(old) >= 1, old
        page = page.replace(old, new, 1)
    result = merge_edits(report, read(page), Settings(), ())
    assert result.left == ()
    return result.source.raw.decode()


def replaced(text: str, *edits: tuple[str, str]) -> str:
    """Return a text in which each of some strings, which it has once, is replaced."""
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


# ── nothing was edited


@pytest.mark.parametrize("to", ["html", "md", "docx", "pdf"])
@pytest.mark.parametrize("name", sorted(fixture_reports()))
def test_a_print_without_edits_changes_nothing(name: str, to: Format) -> None:
    text = fixture_reports()[name].read_text("utf-8")
    report = compile_report(text)
    result = merge_edits(report, printed_and_imported(report, to), Settings(), ())
    assert (result.source.raw.decode(), result.left, result.doubts) == (text, (), ())


@settings(max_examples=MANY)
@given(written_reports(), st.sampled_from(["html", "md", "docx"]))
def test_a_print_of_any_report_changes_nothing(data: dict[str, Any], to: Format) -> None:
    text = write_yaml(data)
    report = compile_report(text)
    result = merge_edits(report, printed_and_imported(report, to), Settings(), ())
    assert (result.source.raw.decode(), result.left) == (text, ())


@settings(max_examples=MANY)
@given(reports(), st.sampled_from(["html", "md", "docx"]))
def test_a_print_of_hostile_texts_changes_nothing(data: dict[str, Any], to: Format) -> None:
    text = write_yaml(data)
    report = compile_report(text)
    try:
        imported = printed_and_imported(report, to)
    except UserError:  # not recognized as a report
        return
    result = merge_edits(report, imported, Settings(), ())
    assert (result.source.raw.decode(), result.left) == (text, ())


# ── random edits


def _with_comments(text: str) -> str:
    """Return a report file with a comment at the end of every line and one above it.

    Only the lines of texts have none.
    """
    lines: list[str] = []
    within = -1
    for line in text.split("\n"):
        indent = len(line) - len(line.lstrip(" "))
        if within >= 0 and (not line.strip() or indent > within):
            lines.append(line)
            continue
        within = -1
        if not line.strip():
            lines.append(line)
            continue
        key = re.match(r" *(?:- )*([^:]*)", line)
        assert key is not None
        if re.search(r": \|[-+0-9]*$", line) or re.match(r" *- \|", line):
            within = indent + 2 * line.lstrip().startswith("- ")
        lines += [" " * indent + f"# 上面 {key[1]}", f"{line}  # 后面"]
    return "\n".join(lines)


def _cells(data: Any, pointer: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return the pointers of all numbers in the tables of a report, those with notes too."""
    if isinstance(data, dict):
        return [found for key, value in data.items() for found in _cells(value, (*pointer, key))]
    is_number = isinstance(data, int) and len(pointer) > 1
    return [pointer] if is_number else []


def _texts(data: Any, pointer: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return the pointers of all texts of several lines."""
    items: Any = ()
    if isinstance(data, dict):
        items = data.items()
    elif isinstance(data, list):
        items = enumerate(data)
    elif isinstance(data, str) and "\n" in data:
        return [pointer]
    return [found for key, value in items for found in _texts(value, (*pointer, key))]


def _put(data: Any, pointer: tuple[str | int, ...], value: object) -> None:
    value_at(data, pointer[:-1])[pointer[-1]] = value


def _edit_text(text: str, chance: Random) -> str:
    lines = text.split("\n")
    plain = [
        number for number, line in enumerate(lines) if re.match(r"(?![-|（]|[0-9]+\.|无)\S", line)
    ]
    if not plain:
        return text
    number = chance.choice(plain)
    word = f"另有{chance.randrange(1000, 9999)}"
    kind = chance.randrange(4)
    if kind == 0:
        lines[number] = f"经统计{word}，{lines[number]}"
    elif kind == 1:
        lines[number] += f"（{word}）"
    elif kind == 2:
        lines.insert(number + 1, f"本年度增加的一段，{word}件。")
    elif len(plain) > 1:
        del lines[number]
    return "\n".join(lines)


def _unshared(data: Any) -> Any:
    """Return a copy in which no two cells are one object."""
    if isinstance(data, dict):
        return {key: _unshared(value) for key, value in data.items()}
    return [_unshared(each) for each in data] if isinstance(data, list) else data


def _edited(data: dict[str, Any], chance: Random) -> dict[str, Any]:
    """Return a report with a few edits of cells, notes, texts and the date."""
    new: dict[str, Any] = _unshared(data)
    cells, texts = _cells(new), _texts(new)
    for pointer in chance.sample(cells, min(len(cells), chance.randrange(4))):
        _put(new, pointer, chance.randrange(10**6))
    for pointer in chance.sample(texts, min(len(texts), chance.randrange(4))):
        _put(new, pointer, _edit_text(value_at(new, pointer), chance))
    if chance.random() < 0.2:
        new["成文日期"] = "2019-03-31"
    return new


def _extended(data: dict[str, Any], chance: Random) -> dict[str, Any]:
    """Return a report with texts, blocks and notes that were added, and others removed."""
    new: dict[str, Any] = _unshared(data)
    form = load_form(new["格式"])
    for section in form.sections:
        group = new[section.key]
        if not isinstance(group, dict):
            continue
        for text in (*section.texts, *((section.notes,) if section.notes else ())):
            key = str(text.pointer[-1])
            word = f"增加的{chance.randrange(1000, 9999)}"
            if text.kind == "extra":
                item = {"标题": word, "正文": f"{word}，第一段。\n{word}，第二段。\n"}
                _change_list(group, key, item, chance)
            elif text.kind == "notes":
                _change_list(group, key, f"{word}，见附件。", chance)
            elif chance.random() < 0.3 and not (group.get(key) or "").strip():
                group[key] = f"{word}，一段。\n"
    for pointer in chance.sample(_cells(new), 2):
        if pointer[-1] != "数值":
            _put(new, pointer, {"数值": 12, "注": "其中修订3件"})
    return new


def _change_list(group: dict[str, Any], key: str, item: object, chance: Random) -> None:
    """Add an item to a list, or remove one."""
    items = group.get(key) or []
    if chance.random() < 0.4:
        items.insert(chance.randrange(len(items) + 1), item)
        group[key] = items
    elif items and chance.random() < 0.4:
        del items[chance.randrange(len(items))]


@settings(max_examples=MANY)
@given(written_reports(), st.integers(0, 2**32))
def test_texts_blocks_and_notes_are_added_and_removed_in_any_layout(
    data: dict[str, Any], seed: int
) -> None:
    chance = Random(seed)
    extended = compile_report(write_yaml(_extended(data, chance)))
    text = Scrawler(chance, 0.2).report(data)
    result = merge_edits(compile_report(text), read(printed(extended)), Settings(), ())
    if re.search(r'注"?:\s*\[[^\]]*#', text):  # a list in brackets with a comment stays as it is
        assert {each.pointer[-2] for each in result.left} <= {"注"}
        return
    assert result.left == ()
    assert differences(extended, compile_report(result.source.raw.decode())) == []


@settings(max_examples=MANY)
@given(written_reports(), st.integers(0, 2**32))
def test_the_edits_are_made_in_any_layout_and_no_comment_is_lost(
    data: dict[str, Any], seed: int
) -> None:
    chance = Random(seed)
    edited = _edited(data, chance)
    text = Scrawler(chance, 0.3).report(data)
    page = read(printed(compile_report(write_yaml(edited))))
    result = merge_edits(compile_report(text), page, Settings(), ())
    assert result.left == ()
    assert result.source.data == parse_source(write_yaml(edited).encode(), "").data
    numbers = [re.findall("#[0-9]+ ", each) for each in (text, result.source.raw.decode())]
    assert numbers[0] == numbers[1]


@settings(max_examples=2 * MANY)
@given(
    written_reports(), st.integers(0, 2**32), st.sampled_from(["html", "md", "docx"]), st.booleans()
)
def test_exactly_the_edits_are_made_and_all_comments_stay(
    data: dict[str, Any], seed: int, to: Format, windows: bool
) -> None:
    chance = Random(seed)
    edited = _edited(data, chance)
    text, expected = (_with_comments(write_yaml(each)) for each in (data, edited))
    raw, wanted = text.encode(), expected.encode()
    if windows:
        raw, wanted = (b"\xef\xbb\xbf" + each.replace(b"\n", b"\r\n") for each in (raw, wanted))
    report = compile_source(parse_source(raw, "report.yaml")).report
    assert report is not None
    page = printed_and_imported(compile_report(expected), to)
    result = merge_edits(report, page, Settings(), ())
    assert result.left == ()
    assert result.source.raw.decode() == wanted.decode()


# ── single edits, on the report of 2022

TEXT = SEED.read_text("utf-8")
APPLICATION = "我局收到1条政府信息公开申请"
NEW = "    本年新收:           {自然人: 0,"


def test_an_edited_line_keeps_its_references_emphasis_and_links() -> None:
    line = "我局收到{{ 收到和处理政府信息公开申请情况.本年新收.总计 }}条政府信息公开申请"
    text = replaced(
        TEXT,
        ("2022年，" + APPLICATION, "**2022年**，" + line),
        ("县委、县政府的领导", "[县委](https://example.com/a)、县政府的领导"),
    )
    done = after(text, ("我局收到0条", "本局共收到0条"), ("</a>、县政府", "</a>和县政府"))
    assert done == replaced(text, ("我局收到{{", "本局共收到{{"), ("/a)、县", "/a)和县"))


def test_a_reference_whose_number_was_edited_in_the_text_alone_is_replaced() -> None:
    reference = "{{ 收到和处理政府信息公开申请情况.本年新收.自然人 }}"
    text = replaced(TEXT, (APPLICATION, f"我局收到{reference}条政府信息公开申请"))
    done = after(text, ("我局收到0条", "我局收到8条"))
    assert done == replaced(text, (reference, "8"))


def test_a_reference_follows_its_cell_whether_the_text_was_edited_too_or_not() -> None:
    reference = "{{ 主动公开政府信息情况.第二十条第六项.行政处罚.本年处理决定数量 }}"
    text = replaced(TEXT, (APPLICATION, f"处罚{reference}件，我局收到1条政府信息公开申请"))
    page = printed(compile_report(text))
    cell = re.search(r"行政处罚</th>\s*<td[^>]*>(2)</td>", page)
    assert cell is not None
    in_table = page[: cell.start(1)] + "7" + page[cell.end(1) :]
    expected = replaced(
        text, ("行政处罚: {本年处理决定数量: 2}", "行政处罚: {本年处理决定数量: 7}")
    )
    for edited, left in (
        (in_table.replace("处罚2件", "处罚7件"), []),
        (in_table, [("处罚7件", "处罚2件")]),
    ):
        result = merge_edits(compile_report(text), read(edited), Settings(), ())
        assert result.source.raw.decode() == expected
        shown = [(each.report[13:17], each.file[13:17]) for each in result.left]
        assert shown == left or (left and shown[0] != ("", ""))


def test_a_further_block_is_removed_and_another_one_added_where_it_stands() -> None:
    title = "全面提升政务服务效能"
    page = printed(compile_report(TEXT))
    start = page.index("<h3", page.index("监督保障") - 200)
    block = re.search(rf"<h3[^>]*>[^<]*{title}</h3>.*?(?=</section>)", page, re.DOTALL)
    assert block is not None
    assert start < block.start()
    removed = page.replace(block.group(), "")
    result = merge_edits(compile_report(TEXT), read(removed), Settings(), ())
    assert result.left == ()
    done = result.source.raw.decode()
    data = compile_report(done).data["总体情况"]
    assert data["补充"] == []
    assert [key for key in data if key != "补充"] == [
        key for key in compile_report(TEXT).data["总体情况"] if key != "补充"
    ]
    again = merge_edits(compile_report(done), read(page), Settings(), ())
    assert again.left == ()
    assert differences(compile_report(TEXT), compile_report(again.source.raw.decode())) == []


def test_a_deleted_text_leaves_its_key_and_its_comment() -> None:
    line = next(line for line in TEXT.split("\n") if "公开平台建设情况。" in line)
    text = line.strip()
    noted = replaced(TEXT, ("  平台建设: |", "  平台建设: |  # 找小王核对"))
    done = after(noted, (text, ""))
    assert done == replaced(
        noted, (f"  平台建设: |  # 找小王核对\n    {text}", "  平台建设:   # 找小王核对")
    )


# ── totals


def _total_printed_as(page: str, row: str, number: str) -> str:
    """Return a page on which the last cell of a row has another number."""
    cell = r"<td[^>]*>[^<]*</td>"
    match = re.search(rf"{row}</th>(?:\s*{cell})*?\s*<td[^>]*>([^<]*)</td>\s*</tr>", page)
    assert match is not None
    return page[: match.start(1)] + number + page[match.end(1) :]


_ROW = next(line for line in TEXT.split("\n") if line.startswith("  上年结转:"))
WITHOUT_TOTAL = replaced(TEXT, (_ROW, _ROW.replace(", 总计: 0}", "}  # 手算")))


def test_a_total_that_is_printed_otherwise_than_computed_is_written_as_printed() -> None:
    page = _total_printed_as(
        printed(compile_report(WITHOUT_TOTAL)), "上年结转政府信息公开申请数量", "9"
    )
    result = merge_edits(compile_report(WITHOUT_TOTAL), read(page), Settings(), ())
    assert result.left == ()
    expected = replaced(WITHOUT_TOTAL, ("其他: 0}  # 手算", "其他: 0, 总计: 9}  # 手算"))
    assert result.source.raw.decode() == expected
    assert {doubt.unclear for doubt in result.doubts} == {False}  # the sum does not add up


# ── what is not taken over


def test_a_cell_that_was_not_read_for_sure_is_not_changed_and_listed() -> None:
    page = printed(compile_report(TEXT))
    cell = re.search(r"行政处罚</th>\s*<td[^>]*>(2)</td>", page)
    assert cell is not None
    for shown, said in (("三件", "不是数"), ("", "是空的"), ("3①", "注的记号")):
        edited = page[: cell.start(1)] + shown + page[cell.end(1) :]
        edited = edited.replace("2023年1月31日", "2023年2月1日")
        result = merge_edits(compile_report(TEXT), read(edited), Settings(), ())
        assert result.source.raw.decode() == replaced(TEXT, ("2023-01-31", "2023-02-01"))
        assert [each.pointer[-2] for each in result.left] == ["行政处罚"]
        assert said in result.left[0].reason
        assert result.left[0].place.table


def test_the_texts_of_a_section_whose_heading_is_lost_are_not_deleted() -> None:
    page = printed(compile_report(TEXT))
    heading = re.search(r"<h2[^>]*>六、其他需要报告的事项</h2>", page)
    assert heading is not None
    edited = page.replace(heading.group(), "").replace("无其他需要报告的事项。", "")
    result = merge_edits(compile_report(TEXT), read(edited), Settings(), ())
    assert "无其他需要报告的事项。" in result.source.raw.decode()
    assert [each.pointer for each in result.left] == [("其他需要报告的事项",)]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "古县文化和旅游局",
            "新县文化和旅游局",
            "机关是“古县文化和旅游局”，文件的“新县文化和旅游局”",
        ),
        ("2022年政府", "2023年政府", "年度是“2022”，文件的“2023”"),
    ],
)
def test_a_print_of_another_report_is_refused_with_both_names(
    old: str, new: str, said: str
) -> None:
    report = compile_report(TEXT)
    page = printed(report)
    assert old in page
    with pytest.raises(UserError, match="不是同一份报告") as error:
        merge_edits(report, read(page.replace(old, new)), Settings(), ())
    assert said in str(error.value)


def test_notes_of_waivers_are_no_notes_of_the_report(tmp_path: Path) -> None:
    cell = "/收到和处理政府信息公开申请情况/上年结转/总计"
    waiver = f"  - {{规则: A101, 位置: {cell}, 数值: [5, 0], 理由: 已经公布}}"
    text = replaced(TEXT, (_ROW, _ROW.replace("总计: 0", "总计: 5"))) + f"豁免:\n{waiver}\n"
    checked = check_text(text, tmp_path)
    waived = [finding for finding in checked.findings if finding.waived]
    assert [bool(finding.note) for finding in waived] == [True]
    assert checked.report is not None
    page = render_report(checked.report, "html", Settings(), NOWHERE, waived).decode()
    assert "按原公布数" in page
    result = merge_edits(checked.report, read(page), Settings(), waived)
    assert (result.source.raw.decode(), result.left) == (text, ())


# ── Word files


def _onto(text: str, document: bytes) -> str:
    """Return the file after the edits of a Word file, all of which must have been taken over."""
    imported = import_document(read_document(document, "docx"))
    result = merge_edits(compile_report(text), imported, Settings(), ())
    assert result.left == ()
    return result.source.raw.decode()


def _edited_in_word(text: str) -> bytes:
    """Return the Word file of a report in which a sentence and a number were edited."""
    report = compile_report(text)
    document = docx.Document(io.BytesIO(render_report(report, "docx", Settings(), NOWHERE)))
    runs = [run for paragraph in document.paragraphs for run in paragraph.runs]
    run = next(run for run in runs if "收到1条" in run.text)
    run.text = run.text.replace("收到1条", "共收到2条")
    row = next(row for row in document.tables[0].rows if "规章" in row.cells[0].text)
    row.cells[1].paragraphs[0].runs[0].text = "17"
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


IN_WORD = (
    ("收到1条", "共收到2条"),
    ("    规章:           {本年制发件数: 0,", "    规章:           {本年制发件数: 17,"),
)


def test_edits_in_a_word_file_are_taken_over() -> None:
    assert _onto(TEXT, _edited_in_word(TEXT)) == replaced(TEXT, *IN_WORD)


@pytest.mark.skipif(find_office() is None, reason="no LibreOffice on this machine")
def test_a_word_file_that_another_program_saved_has_the_edits_alone() -> None:
    again = convert_with_office(_edited_in_word(TEXT), ".docx")
    assert again is not None
    assert _onto(TEXT, again.data) == replaced(TEXT, *IN_WORD)
    page = convert_with_office(printed(compile_report(TEXT)).encode(), ".html")
    assert page is not None
    assert _onto(TEXT, page.data) == TEXT


@settings(max_examples=MANY)
@given(written_reports(), st.integers(0, 2**32))
def test_tracked_changes_that_were_left_in_are_taken_over_as_accepted(
    data: dict[str, Any], seed: int
) -> None:
    edited = _edited(data, Random(seed))
    text, expected = (_with_comments(write_yaml(each)) for each in (data, edited))
    old, new = (build_document(compile_report(each), Settings()) for each in (text, expected))
    assert _onto(text, render_tracked(old, new, NOWHERE)) == expected
