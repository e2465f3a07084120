"""Finding the repository and its reports, and the paths of their outputs."""

from pathlib import Path

import pytest

from nianbao.errors import UsageError, UserError
from nianbao.workspace.discovery import (
    ReportFile,
    find_reports,
    find_root,
    reject_output_collisions,
    reject_unportable,
)
from tests.support import create_empty_files, create_symlink


@pytest.fixture(autouse=True)
def _working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run each test in a folder of its own."""
    monkeypatch.chdir(tmp_path)


def found(*names: str, root: Path = Path()) -> list[tuple[str, str]]:
    """Return the path shown and the stem of each report found."""
    return [(file.shown, file.stem.as_posix()) for file in find_reports(root, names)]


def test_all_reports_in_the_reports_folder_are_found_in_order() -> None:
    create_empty_files(
        "reports/2022.yaml", "reports/2021.yml", "reports/b/2022.yaml", "reports/a/c/2022.yaml"
    )
    create_empty_files(
        "reports/README.md", "reports/.hidden.yaml", "reports/.git/x.yaml", "other/2022.yaml"
    )
    assert found() == [
        ("reports/2021.yml", "2021"),
        ("reports/2022.yaml", "2022"),
        ("reports/a/c/2022.yaml", "a/c/2022"),
        ("reports/b/2022.yaml", "b/2022"),
    ]


def test_named_reports_are_found_once_in_the_given_order() -> None:
    create_empty_files("reports/2022.yaml", "reports/2021.yaml", "elsewhere/x.yaml")
    names = ["reports/2022.yaml", "elsewhere/x.yaml", "./reports/2022.yaml", "reports/2021.yaml"]
    assert found(*names) == [
        ("reports/2022.yaml", "2022"),
        ("elsewhere/x.yaml", "x"),
        ("reports/2021.yaml", "2021"),
    ]


def test_a_folder_name_selects_the_reports_below_it() -> None:
    create_empty_files("reports/a/2022.yaml", "reports/b/2022.yaml")
    assert found("reports/b") == [("reports/b/2022.yaml", "b/2022")]


def test_a_name_that_does_not_exist_is_kept() -> None:
    create_empty_files("reports/2022.yaml")
    assert found("reports/2023.yaml") == [("reports/2023.yaml", "2023")]
    long = f"reports/{'a' * 300}.yaml"
    assert found(long)[0][0] == long


def test_a_folder_named_like_a_report_is_kept_and_not_entered() -> None:
    create_empty_files("reports/2022.yaml/inside.yaml", "reports/2021.yaml")
    assert found() == [("reports/2021.yaml", "2021"), ("reports/2022.yaml", "2022")]
    assert found("reports/2022.yaml") == [("reports/2022.yaml", "2022")]


def test_a_linked_folder_is_kept_and_not_entered(tmp_path: Path) -> None:
    create_empty_files("secret/2022.yaml", "reports/2022.yaml", "reports/a/2022.yaml")
    create_symlink(tmp_path / "reports" / "a" / "linked", tmp_path / "secret")
    create_symlink(tmp_path / "reports" / ".hidden", tmp_path / "secret")
    assert [shown for shown, _ in found()] == [
        "reports/2022.yaml",
        "reports/a/2022.yaml",
        "reports/a/linked",
    ]


@pytest.mark.parametrize("names", [[], ["reports"], ["reports/2022.yaml"], ["reports/a/2022.yaml"]])
def test_a_linked_reports_folder_is_rejected(tmp_path: Path, names: list[str]) -> None:
    create_empty_files("secret/2022.yaml", "secret/a/2022.yaml")
    create_symlink(tmp_path / "reports", "secret")
    with pytest.raises(UserError, match=r"^reports 是一个链接") as raised:
        find_reports(tmp_path, tuple(names))
    assert not isinstance(raised.value, UsageError)


@pytest.mark.parametrize("name", ["reports/a", "reports/a/2022.yaml", "reports/a/deep/2022.yaml"])
def test_a_report_behind_a_link_is_rejected(tmp_path: Path, name: str) -> None:
    create_empty_files("secret/2022.yaml", "secret/deep/2022.yaml", "reports/2022.yaml")
    create_symlink(tmp_path / "reports" / "a", tmp_path / "secret")
    with pytest.raises(UserError, match=r"^reports/a 是一个链接"):
        find_reports(tmp_path, (name,))


def test_the_repository_itself_may_be_reached_by_a_link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_empty_files("repo/reports/2022.yaml", "repo/output/x")
    create_symlink(tmp_path / "linked", "repo")
    assert found(root=tmp_path / "linked") == [("linked/reports/2022.yaml", "2022")]
    monkeypatch.chdir(tmp_path / "linked")
    assert found(root=Path.cwd()) == [("reports/2022.yaml", "2022")]


def test_paths_are_shown_relative_to_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_empty_files("reports/a/2022.yaml")
    monkeypatch.chdir(tmp_path / "reports")
    assert found(root=tmp_path) == [("a/2022.yaml", "a/2022")]
    (tmp_path / "away").mkdir()
    monkeypatch.chdir(tmp_path / "away")
    assert found(root=tmp_path) == [(str(tmp_path / "reports/a/2022.yaml"), "a/2022")]


@pytest.mark.parametrize(
    ("files", "names", "message"),
    [
        ([], [], "没有 reports 文件夹"),
        (["reports/README.md"], [], "没有报告"),
        (["reports/a/README.md"], ["reports/a"], "reports/a 里没有报告"),
        (["reports/2022.yaml", "reports/2022.yml"], [], "互相覆盖"),
        (["reports/A/2022.yaml", "reports/a/2022.yaml"], [], "互相覆盖"),
        (["x/2022.yaml", "y/2022.yaml"], ["x/2022.yaml", "y/2022.yaml"], "互相覆盖"),
    ],
)
def test_missing_reports_and_equal_outputs_are_usage_errors(
    files: list[str], names: list[str], message: str
) -> None:
    create_empty_files(*files)
    if len({name.casefold() for name in files}) < len(files) and Path("REPORTS").exists():
        pytest.skip("the file system ignores case")
    with pytest.raises(UsageError, match=message):
        reject_output_collisions(find_reports(Path(), tuple(names)))


def test_the_root_is_the_nearest_folder_with_reports_or_settings(tmp_path: Path) -> None:
    create_empty_files("reports/a/2022.yaml", "sub/nianbao.toml", "sub/deep/x")
    assert find_root(tmp_path / "reports" / "a") == tmp_path
    assert find_root(tmp_path / "sub" / "deep") == tmp_path / "sub"
    assert find_root(Path("/")) == Path("/")
    assert find_root(Path("/"), tmp_path) == tmp_path
    assert find_root(tmp_path / "reports", Path("/")) == tmp_path


def test_suffixes_in_capitals_count() -> None:
    create_empty_files("reports/2022.YAML", "reports/2021.Yml")
    assert found() == [("reports/2021.Yml", "2021"), ("reports/2022.YAML", "2022")]


def test_an_empty_name_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="名字是空的"):
        find_reports(Path(), ("",))


def test_a_report_file_has_path_shown_path_and_stem() -> None:
    create_empty_files("reports/2022.yaml")
    assert find_reports(Path(), ()) == [
        ReportFile(Path("reports/2022.yaml"), "reports/2022.yaml", Path("2022"))
    ]


@pytest.mark.parametrize(
    "name",
    [
        "局：科",
        "水利局",
        "con局",
        "com",
        "com10",
        "auxiliary",
        "2022.科",
        "科 室",
        "...局",
        "〈办〉",
    ],
)
def test_a_name_that_every_system_allows_is_accepted(name: str) -> None:
    reject_unportable(Path(name, "下属"))


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("局:科", "里有“:”"),
        ("局?", "里有“?”"),
        ("a<b", "里有“<”"),
        ("局*", "里有“*”"),
        ("局\\科", "里有“\\”"),
        ("局\n", "里有“\n”"),
        ("水利局.", "以点或空格结尾"),
        ("水利局 ", "以点或空格结尾"),
        ("con", "是设备的名字"),
        ("Aux", "是设备的名字"),
        ("nul.局", "是设备的名字"),
        ("COM1", "是设备的名字"),
        ("lpt9 ", "以点或空格结尾"),
    ],
)
def test_a_name_that_windows_does_not_allow_is_an_error(name: str, problem: str) -> None:
    with pytest.raises(UsageError) as error:
        reject_unportable(Path("下属", name))
    assert str(error.value) == f"文件夹的名字“{name}”{problem}，在 Windows 上不能用，换一个"


@pytest.mark.parametrize("names", [("a/B", "A/b"), ("caf\u00e9", "cafe\u0301")])
def test_names_that_are_one_file_on_some_systems_collide(names: tuple[str, str]) -> None:
    files = [ReportFile(Path(name), name, Path(name)) for name in names]
    with pytest.raises(UsageError, match="互相覆盖"):
        reject_output_collisions(files)
