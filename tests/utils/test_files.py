"""Writing files and folders: whole or not at all, and never through a link."""

import os
from pathlib import Path

import pytest

from nianbao.errors import UserError
from nianbao.utils.files import create_file, ensure_folder, reject_symlinks, write_atomically
from tests.support import create_empty_files, create_symlink, run_python


@pytest.fixture(autouse=True)
def _working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run each test in a folder of its own."""
    monkeypatch.chdir(tmp_path)


def test_a_path_may_lead_to_the_base_by_a_link_but_not_below_it(tmp_path: Path) -> None:
    create_empty_files("repo/output/x")
    create_symlink(tmp_path / "linked", "repo")
    create_symlink(tmp_path / "repo" / "inner", "output")
    reject_symlinks(tmp_path / "linked", tmp_path / "linked" / "output")
    reject_symlinks(tmp_path / "repo" / "output", tmp_path / "linked")
    with pytest.raises(UserError, match=r"^repo/inner 是一个链接"):
        reject_symlinks(tmp_path / "repo", tmp_path / "repo" / "inner" / "deep")


def test_a_file_is_replaced_whole_and_readable_by_all(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    write_atomically(file, b"1")
    write_atomically(file, b"22")
    assert file.read_bytes() == b"22"
    assert os.name == "nt" or file.stat().st_mode & 0o777 == 0o644
    assert [path.name for path in tmp_path.iterdir()] == ["a.html"]


def test_writing_replaces_a_link_and_does_not_follow_it(tmp_path: Path) -> None:
    create_empty_files("mine", "folder/x")
    for name, target in (("a.html", "mine"), ("b.html", "gone"), ("c.html", "folder")):
        create_symlink(tmp_path / name, target)
        write_atomically(tmp_path / name, b"new")
        assert not (tmp_path / name).is_symlink()
        assert (tmp_path / name).read_bytes() == b"new"
    assert (tmp_path / "mine").read_bytes() == b""
    assert not (tmp_path / "gone").exists()
    assert [path.name for path in (tmp_path / "folder").iterdir()] == ["x"]


def test_a_failed_write_keeps_the_old_file_and_leaves_nothing(
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


def test_writing_to_a_folder_is_a_user_error(tmp_path: Path) -> None:
    (tmp_path / "a.html").mkdir()
    with pytest.raises(UserError, match="写不了"):
        write_atomically(tmp_path / "a.html", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["a.html"]


def test_a_folder_is_created_with_those_above_it(tmp_path: Path) -> None:
    ensure_folder(tmp_path / "a" / "b")
    ensure_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()


@pytest.mark.parametrize("name", ["out", "out/below"])
def test_a_file_where_a_folder_is_needed_is_a_user_error(tmp_path: Path, name: str) -> None:
    create_empty_files("out")
    with pytest.raises(UserError, match="建不了输出文件夹"):
        ensure_folder(tmp_path / name)
    assert (tmp_path / "out").is_file()


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_a_replaced_file_keeps_its_permissions(tmp_path: Path) -> None:
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


def test_creating_a_file_never_overwrites(tmp_path: Path) -> None:
    file = tmp_path / "2023.yaml"
    assert create_file(file, b"mine")
    assert not create_file(file, b"yours")
    assert file.read_bytes() == b"mine"
    with pytest.raises(UserError, match="写不了"):
        create_file(tmp_path / "none" / "2023.yaml", b"")


def test_creating_a_file_does_not_follow_a_link(tmp_path: Path) -> None:
    (tmp_path / "2023.yaml").symlink_to("elsewhere.yaml")
    assert not create_file(tmp_path / "2023.yaml", b"mine")
    assert not (tmp_path / "elsewhere.yaml").exists()


@pytest.mark.parametrize("hard_links", [True, False], ids=["hard-links", "no-hard-links"])
def test_a_created_file_has_its_permissions_and_leaves_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hard_links: bool
) -> None:
    def refuse(_source: Path, target: Path) -> None:
        assert not os.path.lexists(target)
        raise PermissionError(1, "Operation not permitted")  # as on FAT

    if not hard_links:
        monkeypatch.setattr(os, "link", refuse)
    file = tmp_path / "2023.yaml"
    assert create_file(file, b"mine")
    assert file.read_bytes() == b"mine"
    umask = os.umask(0)
    os.umask(umask)
    assert os.name == "nt" or file.stat().st_mode & 0o777 == 0o666 & ~umask
    assert [path.name for path in tmp_path.iterdir()] == ["2023.yaml"]


def test_without_hard_links_a_created_file_still_never_overwrites(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "2023.yaml"

    def refuse(_source: Path, _target: Path) -> None:
        file.write_bytes(b"of somebody else")  # at this moment
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    assert not create_file(file, b"mine")
    assert file.read_bytes() == b"of somebody else"
    assert [path.name for path in tmp_path.iterdir()] == ["2023.yaml"]


def test_a_process_that_ends_while_it_creates_a_file_leaves_no_part_of_it(tmp_path: Path) -> None:
    code = """if True:
        import os, sys
        from pathlib import Path
        import nianbao.utils.files as files
        os.fsync = lambda _descriptor: os._exit(9)
        files.create_file(Path(sys.argv[1]), b"x" * 1_000_000)
    """
    file = tmp_path / "2023.yaml"
    assert run_python(code, tmp_path, str(file)).returncode == 9
    assert not file.exists()
    assert create_file(file, b"whole")
