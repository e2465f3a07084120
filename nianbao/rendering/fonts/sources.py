"""Download packages with fonts from Debian or PyPI, and extract the font files."""

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

from nianbao.utils.os_errors import describe_os_error

Echo = Callable[[str], None]


class FontDownloadError(Exception):
    """A package could not be downloaded. The message says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class FontFile:
    """A font in a package of Debian or PyPI.

    `package`: the name of the package.
    `file`: the name of the font file.
    `full_name`: the full name in the font's name table.
    `sha256`: the SHA-256 of the file, in hexadecimal.
    """

    package: str
    file: str
    full_name: str
    sha256: str


_NOTO: Final = "fonts-noto-cjk"
_TEX: Final = "texlive-lang-chinese"
_NOTO_CORE: Final = "fonts-noto-core"
_HANAZONO: Final = "fonts-hanazono"
_PYPI: Final = "pylopdf-fonts-zh-cn"

# The package versions that the digests below belong to; another version is used with a message.
_DEBIAN_VERSIONS: Final[Mapping[str, str]] = {
    _NOTO: "1:20220127+repack1-1",
    _TEX: "2022.20230122-1",
    _NOTO_CORE: "20201225-1",
    _HANAZONO: "20170904-2.1",
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

# Other scripts of the country, and rare Hanzi.
DEBIAN_SCRIPTS: Final[Mapping[str, FontFile]] = {
    "korean": FontFile(
        _NOTO, "NotoSerifCJK-Regular.ttc", "Noto Serif CJK KR", DEBIAN["song"].sha256
    ),
    "tibetan": FontFile(
        _NOTO_CORE,
        "NotoSerifTibetan-Regular.ttf",
        "Noto Serif Tibetan Regular",
        "5893c1e0aefb250bcbeff5c0f8ee4bb27cd3dc19b47d14954b154b094e10ee63",
    ),
    "uyghur": FontFile(
        _NOTO_CORE,
        "NotoNaskhArabic-Regular.ttf",
        "Noto Naskh Arabic Regular",
        "8c67eaa2f0086872628fc3f7f760386f83c8be5c5e9a1ba3a38891237b2ac7cb",
    ),
    "mongolian": FontFile(
        _NOTO_CORE,
        "NotoSansMongolian-Regular.ttf",
        "Noto Sans Mongolian Regular",
        "601afb9f08fbbc39f0cf72cb7e11079ada6fa3feed1fadca8e6e5095e7957687",
    ),
    "yi": FontFile(
        _NOTO_CORE,
        "NotoSansYi-Regular.ttf",
        "Noto Sans Yi Regular",
        "f621f514dce105a414ef7373a36b54ccc8d760a6319ad7133695fb42a1f02552",
    ),
    "dai": FontFile(
        _NOTO_CORE,
        "NotoSansTaiLe-Regular.ttf",
        "Noto Sans Tai Le Regular",
        "a2cde56384066013cf1efafc5d3cfc142b9a0d10c77c7e1f8ee2880cbe121d4c",
    ),
    "new-dai": FontFile(
        _NOTO_CORE,
        "NotoSansNewTaiLue-Regular.ttf",
        "Noto Sans New Tai Lue Regular",
        "53005c3e1b61c5d3002510479144867a5a1370a32a78c5cf374f9a6dd576cf9b",
    ),
    "tai-tham": FontFile(
        _NOTO_CORE,
        "NotoSansTaiTham-Regular.ttf",
        "Noto Sans Tai Tham Regular",
        "d3065a143eb21f13406307602940b9f7cd20e935a1e20a829f9867b152056714",
    ),
    "lisu": FontFile(
        _NOTO_CORE,
        "NotoSansLisu-Regular.ttf",
        "Noto Sans Lisu Regular",
        "243c09079c08619a4b11621f07027c10e5eb067b7e2e217537ae5e01be79e21b",
    ),
    "miao": FontFile(
        _NOTO_CORE,
        "NotoSansMiao-Regular.ttf",
        "Noto Sans Miao Regular",
        "0568835387144b9d03b5b5b3694859766fedd59f7c17b3e1036fa944fc9a9298",
    ),
    "latin": FontFile(
        _NOTO_CORE,
        "NotoSerif-Regular.ttf",
        "Noto Serif Regular",
        "9d7583b7dc9e812afd32a14280c5cac3160012efe50c8d08938f4fea266ff67f",
    ),
    "rare-hanzi": FontFile(
        _HANAZONO,
        "HanaMinB.ttf",
        "HanaMinB Regular",
        "829543436cdf7b4c6730e2af5806fa406f8ddf0d4b656e0cd49c58d4db1c8d3c",
    ),
}

_SERIF: Final = FontFile(
    _PYPI,
    "NotoSerifSC-Regular.otf",
    "Noto Serif SC",
    "e8f396decc1f0963a016a989c3d8852e863d1350996f573860a80767c83a1cd3",
)
# One package with a 宋体 and a 黑体, which also replace the other three fonts.
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
    # Elsewhere these could be programs that a pull request has put into the working folder.
    linux = sys.platform == "linux"
    return linux and bool(shutil.which("apt-get") and shutil.which("dpkg-deb"))


def fetch_debian(folder: Path, echo: Echo) -> Mapping[str, FontFile]:
    """Download Debian packages, and extract the font files into `folder`.

    Missing fonts of DEBIAN_SCRIPTS are left out.

    `echo`: a function that prints a message.

    Return the font files by the key of the font, such as song. Raises FontDownloadError if apt or a
    package of DEBIAN is missing.
    """
    # Root rights are not needed: packages are downloaded and unpacked, not installed.
    if not has_apt():
        raise FontDownloadError("本机没有 apt-get 和 dpkg-deb")
    fonts = {**DEBIAN, **DEBIAN_SCRIPTS}
    for package in dict.fromkeys(font.package for font in fonts.values()):
        echo(f"下载 {package} …")
        members = {font.file for font in fonts.values() if font.package == package}
        try:
            archive = _apt_download(package, folder)
            _unpack_deb(archive, members, folder)
        except FontDownloadError as failure:
            if any(font.package == package for font in DEBIAN.values()):
                raise
            echo(f"注意：没有取得 {package}，用到其中文字的报告不能生成 PDF（{failure}）")
            fonts = {key: font for key, font in fonts.items() if font.package != package}
        else:
            archive.unlink()
    _compare(fonts.values(), folder, echo)
    return fonts


def fetch_pypi(folder: Path, echo: Echo) -> Mapping[str, FontFile]:
    """Download a PyPI package, and extract the font files into `folder`.

    `echo`: a function that prints a message.

    Return the font files by the key of the font, such as song. Raises FontDownloadError if the
    download fails.
    """
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
    """Download a Debian package into a folder, and return the path of the file.

    The pinned version is tried first, then any version. If both fail, new package lists are
    downloaded, and both are tried again.
    """
    pinned = f"{package}={_DEBIAN_VERSIONS[package]}"
    # Keep package lists of our own, so that an update needs no root rights.
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
    """Extract the files named in `members` from any folder of a Debian package to `folder`."""
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
        raise FontDownloadError(f"{command[0]} 不能运行：{describe_os_error(error)}") from None
    if done.returncode:
        last = "；".join(done.stdout.strip().splitlines()[-2:])
        raise FontDownloadError(f"{' '.join(command[:3])} 失败：{last}")
