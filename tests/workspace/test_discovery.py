"""Files: which reports there are, where their outputs go, and writing whole files."""

import os
from pathlib import Path

import pytest

from nianbao.errors import UsageError, UserError
from nianbao.utils.files import create_file, ensure_folder, reject_symlinks, write_atomically
from nianbao.workspace.discovery import (
    ReportFile,
    find_reports,
    find_root,
    reject_output_collisions,
)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test stands in its own folder."""
    monkeypatch.chdir(tmp_path)


def put(*names: str) -> None:
    for name in names:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text("", encoding="utf-8")


def found(*names: str, root: Path = Path()) -> list[tuple[str, str]]:
    """What is found: how a report is shown, and the name of its outputs."""
    return [(file.shown, file.stem.as_posix()) for file in find_reports(root, names)]


# ── which reports there are


def test_all_reports_below_reports_are_found_in_order() -> None:
    put("reports/2022.yaml", "reports/2021.yml", "reports/b/2022.yaml", "reports/a/c/2022.yaml")
    put("reports/README.md", "reports/.hidden.yaml", "reports/.git/x.yaml", "other/2022.yaml")
    assert found() == [
        ("reports/2021.yml", "2021"),
        ("reports/2022.yaml", "2022"),
        ("reports/a/c/2022.yaml", "a/c/2022"),
        ("reports/b/2022.yaml", "b/2022"),
    ]


def test_named_reports_are_found_once_in_the_order_of_their_names() -> None:
    put("reports/2022.yaml", "reports/2021.yaml", "elsewhere/x.yaml")
    names = ["reports/2022.yaml", "elsewhere/x.yaml", "./reports/2022.yaml", "reports/2021.yaml"]
    assert found(*names) == [
        ("reports/2022.yaml", "2022"),
        ("elsewhere/x.yaml", "x"),
        ("reports/2021.yaml", "2021"),
    ]


def test_a_folder_stands_for_the_reports_below_it() -> None:
    put("reports/a/2022.yaml", "reports/b/2022.yaml")
    assert found("reports/b") == [("reports/b/2022.yaml", "b/2022")]


def test_a_name_that_does_not_exist_is_kept_to_be_told() -> None:
    put("reports/2022.yaml")
    assert found("reports/2023.yaml") == [("reports/2023.yaml", "2023")]
    long = f"reports/{'a' * 300}.yaml"
    assert found(long)[0][0] == long


def test_a_folder_with_the_name_of_a_report_is_kept_to_be_told() -> None:
    put("reports/2022.yaml/inside.yaml", "reports/2021.yaml")
    assert found() == [("reports/2021.yaml", "2021"), ("reports/2022.yaml", "2022")]
    assert found("reports/2022.yaml") == [("reports/2022.yaml", "2022")]


def link(path: Path, target: Path | str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        path.symlink_to(target)
    except OSError:
        pytest.skip("no links here")


def test_a_folder_that_is_a_link_is_kept_to_be_told_and_not_entered(tmp_path: Path) -> None:
    put("secret/2022.yaml", "reports/2022.yaml", "reports/a/2022.yaml")
    link(tmp_path / "reports" / "a" / "way", tmp_path / "secret")
    link(tmp_path / "reports" / ".hidden", tmp_path / "secret")
    assert [shown for shown, _ in found()] == [
        "reports/2022.yaml",
        "reports/a/2022.yaml",
        "reports/a/way",
    ]


@pytest.mark.parametrize("names", [[], ["reports"], ["reports/2022.yaml"], ["reports/a/2022.yaml"]])
def test_reports_that_is_a_link_is_refused(tmp_path: Path, names: list[str]) -> None:
    put("secret/2022.yaml", "secret/a/2022.yaml")
    link(tmp_path / "reports", "secret")
    with pytest.raises(UserError, match=r"^reports 是一个链接") as raised:
        find_reports(tmp_path, tuple(names))
    assert not isinstance(raised.value, UsageError)


@pytest.mark.parametrize("name", ["reports/a", "reports/a/2022.yaml", "reports/a/deep/2022.yaml"])
def test_a_report_named_by_way_of_a_link_is_refused(tmp_path: Path, name: str) -> None:
    put("secret/2022.yaml", "secret/deep/2022.yaml", "reports/2022.yaml")
    link(tmp_path / "reports" / "a", tmp_path / "secret")
    with pytest.raises(UserError, match=r"^reports/a 是一个链接"):
        find_reports(tmp_path, (name,))


def test_the_way_to_a_repository_may_be_a_link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("repo/reports/2022.yaml", "repo/output/x")
    link(tmp_path / "way", "repo")
    assert found(root=tmp_path / "way") == [("way/reports/2022.yaml", "2022")]
    reject_symlinks(tmp_path / "way", tmp_path / "way" / "output")
    reject_symlinks(tmp_path / "repo" / "output", tmp_path / "way")
    monkeypatch.chdir(tmp_path / "way")
    assert found(root=Path.cwd()) == [("reports/2022.yaml", "2022")]


def test_from_another_folder_reports_are_shown_as_one_would_type_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("reports/a/2022.yaml")
    monkeypatch.chdir(tmp_path / "reports")
    assert found(root=tmp_path) == [("a/2022.yaml", "a/2022")]
    (tmp_path / "away").mkdir()
    monkeypatch.chdir(tmp_path / "away")
    assert found(root=tmp_path) == [(str(tmp_path / "reports/a/2022.yaml"), "a/2022")]


@pytest.mark.parametrize(
    ("files", "names", "words"),
    [
        ([], [], "没有 reports 文件夹"),
        (["reports/README.md"], [], "没有报告"),
        (["reports/a/README.md"], ["reports/a"], "reports/a 里没有报告"),
        (["reports/2022.yaml", "reports/2022.yml"], [], "互相覆盖"),
        (["reports/A/2022.yaml", "reports/a/2022.yaml"], [], "互相覆盖"),
        (["x/2022.yaml", "y/2022.yaml"], ["x/2022.yaml", "y/2022.yaml"], "互相覆盖"),
    ],
)
def test_what_makes_no_sense_is_a_wrong_usage(
    files: list[str], names: list[str], words: str
) -> None:
    put(*files)
    if len({name.casefold() for name in files}) < len(files) and Path("REPORTS").exists():
        pytest.skip("this file system does not tell upper case from lower")
    with pytest.raises(UsageError, match=words):
        reject_output_collisions(find_reports(Path(), tuple(names)))


def test_the_root_is_the_nearest_folder_with_reports_or_settings(tmp_path: Path) -> None:
    put("reports/a/2022.yaml", "sub/nianbao.toml", "sub/deep/x")
    assert find_root(tmp_path / "reports" / "a") == tmp_path
    assert find_root(tmp_path / "sub" / "deep") == tmp_path / "sub"
    assert find_root(Path("/")) == Path("/")
    assert find_root(Path("/"), tmp_path) == tmp_path
    assert find_root(tmp_path / "reports", Path("/")) == tmp_path


# ── writing


def test_a_file_is_written_whole_and_readable_by_all(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    write_atomically(file, b"1")
    write_atomically(file, b"22")
    assert file.read_bytes() == b"22"
    assert os.name == "nt" or file.stat().st_mode & 0o777 == 0o644
    assert [path.name for path in tmp_path.iterdir()] == ["a.html"]


def test_a_link_in_the_place_of_a_file_is_replaced_and_not_followed(tmp_path: Path) -> None:
    put("mine", "folder/x")
    for name, target in (("a.html", "mine"), ("b.html", "gone"), ("c.html", "folder")):
        link(tmp_path / name, target)
        write_atomically(tmp_path / name, b"new")
        assert not (tmp_path / name).is_symlink()
        assert (tmp_path / name).read_bytes() == b"new"
    assert (tmp_path / "mine").read_bytes() == b""
    assert not (tmp_path / "gone").exists()
    assert [path.name for path in (tmp_path / "folder").iterdir()] == ["x"]


def test_suffixes_in_capitals_are_reports_too() -> None:
    put("reports/2022.YAML", "reports/2021.Yml")
    assert found() == [("reports/2021.Yml", "2021"), ("reports/2022.YAML", "2022")]


def test_an_empty_name_is_a_wrong_usage() -> None:
    with pytest.raises(UsageError, match="名字是空的"):
        find_reports(Path(), ("",))


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.html"
    write_atomically(file, b"old")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UserError, match=r"写不了 .*a\.html：磁盘满了"):
        write_atomically(file, b"new")
    assert file.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.html"]


def test_a_folder_in_the_place_of_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.html").mkdir()
    with pytest.raises(UserError, match="写不了"):
        write_atomically(tmp_path / "a.html", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["a.html"]


def test_folders_are_made_with_those_above_them(tmp_path: Path) -> None:
    ensure_folder(tmp_path / "a" / "b")
    ensure_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()


@pytest.mark.parametrize("name", ["out", "out/below"])
def test_a_file_in_the_place_of_a_folder_is_told(tmp_path: Path, name: str) -> None:
    put("out")
    with pytest.raises(UserError, match="建不了输出文件夹"):
        ensure_folder(tmp_path / name)
    assert (tmp_path / "out").is_file()


def test_a_report_file_has_no_surprises() -> None:
    put("reports/2022.yaml")
    assert find_reports(Path(), ()) == [
        ReportFile(Path("reports/2022.yaml"), "reports/2022.yaml", Path("2022"))
    ]


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_a_file_that_is_replaced_keeps_its_permissions(tmp_path: Path) -> None:
    file = tmp_path / "2022.yaml"
    write_atomically(file, b"1")
    assert file.stat().st_mode & 0o777 == 0o644
    file.chmod(0o660)
    write_atomically(file, b"2")
    assert file.stat().st_mode & 0o777 == 0o660
    link = tmp_path / "2022.html"
    link.symlink_to(file)
    write_atomically(link, b"3")
    assert link.stat().st_mode & 0o777 == 0o644


def test_a_new_file_takes_nobodys_place(tmp_path: Path) -> None:
    file = tmp_path / "2023.yaml"
    assert create_file(file, b"mine")
    assert not create_file(file, b"yours")
    assert file.read_bytes() == b"mine"
    with pytest.raises(UserError, match="写不了"):
        create_file(tmp_path / "none" / "2023.yaml", b"")


def test_a_new_file_is_not_written_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "2023.yaml").symlink_to("elsewhere.yaml")
    assert not create_file(tmp_path / "2023.yaml", b"mine")
    assert not (tmp_path / "elsewhere.yaml").exists()
