"""Writing files and folders: whole or not at all, and never through a link."""

import ntpath
import os
import sys
import time
from pathlib import Path

import pytest

from nianbao.errors import UserError
from nianbao.utils.files import (
    create_file,
    ensure_folder,
    open_atomically,
    reject_symlinks,
    relative_path,
    remove_temporary_files,
    write_atomically,
)
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


def test_a_file_that_is_written_piece_by_piece_has_its_name_only_when_it_is_complete(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"old")
    with open_atomically(path) as file:
        file.write(b"1")
        file.write(b"2")
        file.flush()
        assert path.read_bytes() == b"old"
        assert Path(file.name).read_bytes() == b"12"
    assert path.read_bytes() == b"12"
    with pytest.raises(ZeroDivisionError), open_atomically(path) as file:
        file.write(b"3" * (1 // 0))
    assert path.read_bytes() == b"12"
    assert [each.name for each in tmp_path.iterdir()] == ["a.csv"]


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


LEFT = ".nianbao-a1b2c3_d.tmp"


def test_files_that_killed_processes_left_are_removed_and_no_others(tmp_path: Path) -> None:
    others = {"2022.html", ".nianbao-mine.tmp", ".nianbao-a1b2c3_d.tmp.txt"}
    create_empty_files(LEFT, *others, f"folder/{LEFT}")
    create_symlink(tmp_path / ".nianbao-00000000.tmp", "2022.html")
    remove_temporary_files([tmp_path, tmp_path / "missing"])
    assert {path.name for path in tmp_path.iterdir()} == {
        *(*others, ".nianbao-00000000.tmp", "folder"),
    }
    assert [path.name for path in (tmp_path / "folder").iterdir()] == [LEFT]


@pytest.mark.skipif(os.name == "nt", reason="locks of POSIX")
def test_no_temporary_file_is_removed_while_another_is_written_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / LEFT).touch()
    flush = os.fsync

    def remove_meanwhile(descriptor: int) -> None:
        remove_temporary_files([tmp_path])
        flush(descriptor)

    monkeypatch.setattr(os, "fsync", remove_meanwhile)
    write_atomically(tmp_path / "a.html", b"new")
    assert {path.name for path in tmp_path.iterdir()} == {LEFT, "a.html"}
    remove_temporary_files([tmp_path])
    assert {path.name for path in tmp_path.iterdir()} == {"a.html"}


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


@pytest.mark.skipif(os.name == "nt", reason="locks of POSIX")
def test_a_lock_that_another_program_holds_on_a_folder_stops_nothing(tmp_path: Path) -> None:
    code = """if True:
        import fcntl, os
        from pathlib import Path
        from nianbao.utils.files import create_file, remove_temporary_files, write_atomically
        fcntl.flock(os.open(".", os.O_RDONLY), fcntl.LOCK_EX)
        remove_temporary_files([Path()])
        write_atomically(Path("a.html"), b"new")
        create_file(Path("2023.yaml"), b"new")
    """
    (tmp_path / LEFT).touch()
    assert run_python(code, tmp_path).returncode == 0
    assert {path.name for path in tmp_path.iterdir()} == {LEFT, "a.html", "2023.yaml"}


@pytest.mark.skipif(os.name == "nt", reason="locks of POSIX")
def test_a_file_whose_writing_starts_while_others_are_removed_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    lock = fcntl.flock

    def write_after_locking(handle: int, operation: int) -> None:
        lock(handle, operation)
        (tmp_path / ".nianbao-11111111.tmp").touch()

    (tmp_path / LEFT).touch()
    monkeypatch.setattr(fcntl, "flock", write_after_locking)
    remove_temporary_files([tmp_path])
    assert {path.name for path in tmp_path.iterdir()} == {".nianbao-11111111.tmp"}


@pytest.mark.parametrize("locks", [True, False], ids=["another-holds-the-lock", "no-locks"])
def test_a_temporary_file_that_is_a_day_old_is_removed_without_a_lock(
    tmp_path: Path, locks: bool
) -> None:
    if locks:
        pytest.importorskip("fcntl")
    create_empty_files(LEFT, ".nianbao-00000000.tmp")
    yesterday = (tmp_path / LEFT).stat().st_mtime - 25 * 3600
    os.utime(tmp_path / LEFT, (yesterday, yesterday))
    hold = "import fcntl, os; fcntl.flock(os.open('.', os.O_RDONLY), fcntl.LOCK_EX)"
    code = f"""if True:
        import sys
        from pathlib import Path
        from nianbao.utils.files import remove_temporary_files
        {hold if locks else "sys.modules['fcntl'] = None"}
        remove_temporary_files([Path()])
    """
    assert run_python(code, tmp_path).returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == [".nianbao-00000000.tmp"]


# ── other systems


def test_a_path_on_another_drive_is_shown_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    assert relative_path(Path("a/b"), Path("a/c")) == "../b"
    monkeypatch.setattr(os.path, "relpath", ntpath.relpath)
    assert relative_path(Path("D:/reports/2022.yaml"), Path("C:/work")) == "D:/reports/2022.yaml"
    assert relative_path(Path("C:/work/a/b"), Path("C:/work/c")).replace("\\", "/") == "../a/b"


@pytest.mark.parametrize("refusals", [2, 99])
def test_on_windows_a_file_that_is_open_for_a_moment_is_replaced_later(
    refusals: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    replace = Path.replace

    def refuse(file: Path, target: Path) -> Path:
        if len(pauses) < refusals:
            raise PermissionError(13, "Access is denied")
        return replace(file, target)

    file = tmp_path / "2022.html"
    write_atomically(file, b"old")
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(Path, "replace", refuse)
    monkeypatch.setattr(time, "sleep", pauses.append)
    if refusals == 2:
        write_atomically(file, b"new")
    else:
        with pytest.raises(UserError, match="写不了"):
            write_atomically(file, b"new")
        assert sum(pauses) < 1
    assert file.read_bytes() == (b"new" if refusals == 2 else b"old")
    assert [path.name for path in tmp_path.iterdir()] == ["2022.html"]


def test_on_windows_a_new_file_is_never_read_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "2022.html"
    write_atomically(file, b"old")
    file.chmod(0o444)
    monkeypatch.setattr(sys, "platform", "win32")
    write_atomically(file, b"new")
    assert file.stat().st_mode & 0o200
