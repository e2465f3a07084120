"""The PDF as an archive keeps it: its metadata and the attached report."""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING, Any

import jsonschema
import pikepdf
import pytest
import yaml

from tests.rendering.rendered_reports import NAMES, at, built, changed
from tests.strategies import write_yaml
from tests.support import ROOT, fixture_reports, run_cli, write_repo

if TYPE_CHECKING:
    from pathlib import Path


def attached(pdf: bytes) -> dict[str, tuple[str, str, bytes]]:
    """The files of a PDF by their names: relationship, type, content."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert len(document.Root.AF) == len(document.attachments)
        return {
            name: (
                str(spec.obj.AFRelationship),
                spec.get_file().mime_type,
                spec.get_file().read_bytes(),
            )
            for name, spec in document.attachments.items()
        }


@pytest.mark.parametrize("name", NAMES)
def test_the_yaml_inside_is_the_report_byte_for_byte(name: str) -> None:
    relationship, kind, content = attached(built(name).pdf)["report.yaml"]
    assert (relationship, kind) == ("/Source", "application/yaml")
    assert content == fixture_reports()[name].read_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_the_json_inside_has_every_cell_and_keeps_to_the_schema(name: str) -> None:
    relationship, kind, content = attached(built(name).pdf)["report.json"]
    assert (relationship, kind) == ("/Data", "application/json")
    data: Any = json.loads(content)
    schema = json.loads((ROOT / "schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(data)
    for pointer, value in built(name).report.values.items():
        written = at(data, pointer)
        if isinstance(written, dict):
            assert written["注"].strip() == value.note
            written = written["数值"]
        assert str(written) == value.text


def test_references_are_put_in_and_left_out_totals_are_there(tmp_path: Path) -> None:
    section = "收到和处理政府信息公开申请情况"
    text = changed(2021, {("引言",): f"新收{{{{ {section}.本年新收.总计 }}}}件。\n"})
    data = yaml.load(text, yaml.CSafeLoader)
    total = data[section]["本年新收"].pop("总计")
    del data[section]["本年度办理结果"]["总计"]
    root = write_repo(tmp_path, report=write_yaml(data))
    run_cli(["--to", "pdf"], root)
    read = json.loads(attached((root / "output/report.pdf").read_bytes())["report.json"][2])
    assert read["引言"] == f"新收{total}件。\n"
    assert read[section]["本年新收"]["总计"] == total
    assert set(read[section]["本年度办理结果"]["总计"]) == set(read[section]["本年新收"])


def test_the_report_inside_gives_the_same_pdf_again(tmp_path: Path) -> None:
    crlf = b"\xef\xbb\xbf" + (ROOT / "reports/2022.yaml").read_bytes().replace(b"\n", b"\r\n")
    root = write_repo(tmp_path, **{"2022": crlf})
    assert run_cli(["--to", "pdf"], root).returncode == 0
    first = (root / "output/2022.pdf").read_bytes()
    content = attached(first)["2022.yaml"][2]
    assert content == crlf
    (root / "reports/2022.yaml").write_bytes(content)
    assert run_cli(["--to", "pdf"], root).returncode == 0
    assert (root / "output/2022.pdf").read_bytes() == first


def test_the_metadata_say_title_creator_language_and_both_standards() -> None:
    with pikepdf.open(io.BytesIO(built("2022").pdf)) as document:
        with document.open_metadata() as metadata:
            assert metadata["dc:title"] == "古县文化和旅游局2022年政府信息公开工作年度报告"
            assert metadata["dc:creator"] == ["古县文化和旅游局"]
            assert metadata["dc:language"] == {"zh-CN"}
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["pdf:Producer"] == str(document.docinfo["/Producer"])
        assert str(document.Root.Lang) == "zh-CN"


def test_words_that_mean_something_to_xml_stay_words() -> None:
    from tests.rendering.rendered_reports import build

    pdf = build(changed(2021, {("机关",): "甲<乙>&“丙”{0}局"})).pdf
    with pikepdf.open(io.BytesIO(pdf)) as document, document.open_metadata() as metadata:
        assert metadata["dc:creator"] == ["甲<乙>&“丙”{0}局"]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every name of a file is Unicode")
def test_a_name_that_is_no_utf8_makes_a_pdf_all_the_same(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"\udcff2022": fixture_reports()["2022"].read_bytes()})
    done = run_cli(["build", "-q", "--to", "pdf"], root)
    assert (done.returncode, done.stderr) == (0, "")
    (pdf,) = (root / "output").glob("*.pdf")
    assert sorted(attached(pdf.read_bytes())) == ["?2022.json", "?2022.yaml"]


def test_no_attachment_is_dated_by_the_clock() -> None:
    with pikepdf.open(io.BytesIO(built("2022").pdf)) as document:
        dates = {str(spec.get_file().mod_date)[:10] for spec in document.attachments.values()}
    assert dates == {"2023-01-31"}
