"""The user's folders on each system."""

from pathlib import Path

import pytest

from nianbao.utils.user_dirs import user_cache_folder, user_data_folder


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A home folder, and no variable that names another."""
    for name in ("XDG_CACHE_HOME", "XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("platform", "cache", "data"),
    [
        ("linux", ".cache/nianbao", ".local/share/nianbao"),
        ("darwin", "Library/Caches/nianbao", "Library/Application Support/nianbao"),
        ("win32", "AppData/Local/nianbao", "AppData/Local/nianbao"),
    ],
)
def test_each_system_has_its_folders(
    platform: str, cache: str, data: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nianbao.utils.user_dirs.sys.platform", platform)
    assert user_cache_folder() == home / cache
    assert user_data_folder() == home / data


def test_variables_name_other_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("nianbao.utils.user_dirs.sys.platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "c"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "d"))
    assert user_cache_folder() == tmp_path / "c" / "nianbao"
    assert user_data_folder() == tmp_path / "d" / "nianbao"
