"""The address of the site in nianbao.toml: a place on the web that other addresses begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nianbao.workspace.settings import read_settings

if TYPE_CHECKING:
    from pathlib import Path


def read(tmp_path: Path, address: str) -> tuple[str, list[str]]:
    (tmp_path / "nianbao.toml").write_text(f"网址 = {address}\n", "utf-8")
    settings, findings = read_settings(tmp_path)
    return settings.address, [finding.message for finding in findings]


@pytest.mark.parametrize("end", ["", "/"])
@pytest.mark.parametrize(
    "address",
    ["https://www.example.gov.cn", "http://localhost:8000/a", "https://a.cn/%E5%B9%B4/b_1"],
)
def test_an_address_ends_with_one_slash(address: str, end: str, tmp_path: Path) -> None:
    assert read(tmp_path, f'"{address}{end}"') == (f"{address}/", [])


@pytest.mark.parametrize(
    "address",
    [
        *(
            '"www.example.gov.cn"',
            '"javascript:alert(1)"',
            '"https://"',
            '"https://a b"',
            "7",
            "[]",
        ),
        *('"https://a.cn/?q"', '"https://a.cn/#x"', '"https://u:p@a.cn/"', '"https://a.cn/<b>"'),
        *('"https://a.cn/年报/"', '"https://a.cn//b"', '"https://a.cn/%zz"', '"ftp://a.cn/"', '""'),
    ],
)
def test_anything_else_is_refused(address: str, tmp_path: Path) -> None:
    used, messages = read(tmp_path, address)
    assert used == ""
    assert [message[:7] for message in messages] == ["“网址”写的是 "[:7]]
