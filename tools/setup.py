"""Set up a machine: .venv, locked dependencies, system libraries, fonts.

Run by `make`, or without make as `python tools/setup.py`, with the standard library alone. Each run
inspects the machine (half a second) and does only what is missing; a stamp in .venv records what
the environment was installed from. If something can't be installed, a message in Chinese names the
command to run, and the rest goes on: web pages, Markdown and checks need neither system libraries
nor fonts.
"""

# Older versions of Python must be able to run restart_if_old(): no newer syntax in this file.
from __future__ import annotations

import argparse
import contextlib
import errno
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import for_tests
import system_packages

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
OLDEST = (3, 11)
PANGO = ("libpango-1.0-0", "libpangoft2-1.0-0")
# The command with which the user has started this script.
COMMAND = "make" if "MAKELEVEL" in os.environ else f"python {Path('tools', 'setup.py')}"

# Prints the installed packages and, if WeasyPrint can't be imported, the error.
PROBE = """
import contextlib, io, json, sys
from importlib.metadata import distributions
import pip
packages = {d.name.lower().replace("_", "-"): d.version for d in distributions()}
problem = ""
if "weasyprint" in packages:
    with contextlib.redirect_stdout(io.StringIO()):
        try:
            import weasyprint
        except Exception as error:
            problem = f"{type(error).__name__}: {error}"
print(json.dumps({"python": sys.version_info[:2], "packages": packages, "problem": problem}))
"""


class SetupError(Exception):
    """Raised if the machine can't be set up; the message, in Chinese, names the command to run."""


@dataclass(frozen=True)
class Stamp:
    """The record of an installation: what it was made from, and what was installed.

    `root`: the path of the project. `lock`, `project`: digests of the lock file and of
    pyproject.toml. `packages`: the version of each package, by its name.
    """

    root: str
    lock: str
    project: str
    packages: dict[str, str]


@dataclass(frozen=True)
class Environment:
    """The state of an environment.

    `python`: the version of its interpreter. `packages`: the version of each package, by its name.
    `problem`: the error of importing WeasyPrint, or "".
    """

    python: tuple[int, int]
    packages: dict[str, str]
    problem: str


@dataclass(frozen=True)
class Plan:
    """The steps to take, in the order of the fields."""

    create: bool
    dependencies: bool
    project: bool


def restart_if_old() -> None:
    """Restart this script with a newer Python if this one is older than 3.11."""
    if sys.version_info >= OLDEST:
        return
    for minor in range(14, OLDEST[1] - 1, -1):
        for program, *options in ([f"python3.{minor}"], ["py", f"-3.{minor}"]):  # py: on Windows
            path = shutil.which(program)
            # It may be a shim for a version that isn't installed.
            if path and subprocess.call([path, *options, "-c", ""], stderr=subprocess.DEVNULL) == 0:
                sys.exit(subprocess.call([path, *options, __file__, *sys.argv[1:]]))
    command = system_packages.install_command(["python3.11", "python3.11-venv"], ["python"])
    sys.exit(
        f"需要 Python 3.11 或更新的版本，现在的是 {sys.version.split()[0]}。\n"
        f"  请先安装，例如：{command}"
    )


def print_now(text: str) -> None:
    """Print a line without buffering, so that it comes before what child processes print."""
    print(text, flush=True)


def venv_python(root: Path) -> Path:
    """Return the path of the interpreter in .venv, which may not exist."""
    parts = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    return root.joinpath(".venv", *parts)


def child_environment() -> dict[str, str]:
    """Return the environment variables, without those that redirect Python or pip."""
    redirecting = ("PYTHONPATH", "PYTHONHOME", "PIP_TARGET", "PIP_PREFIX", "PIP_USER", "PIP_PYTHON")
    return {key: value for key, value in os.environ.items() if key not in redirecting}


def inspect_environment(root: Path) -> Environment | None:
    """Return the state of .venv; None if its interpreter can't run or has no pip."""
    with contextlib.suppress(OSError, ValueError, KeyError, subprocess.SubprocessError):
        done = subprocess.run(
            [str(venv_python(root)), "-c", PROBE],
            cwd=root,
            env=child_environment(),
            capture_output=True,
            text=True,
            check=True,
        )
        answer = json.loads(done.stdout)
        major, minor = answer["python"]
        return Environment((major, minor), answer["packages"], answer["problem"])
    return None


def wanted_stamp(root: Path, packages: dict[str, str]) -> Stamp:
    """Return the stamp that an installation from the current files would get."""

    def digest(name: str) -> str:
        return hashlib.sha256((root / name).read_bytes()).hexdigest()

    return Stamp(str(root), digest("requirements.lock"), digest("pyproject.toml"), packages)


def read_stamp(path: Path) -> Stamp | None:
    """Return the stamp in a file, or None if the file has no valid stamp."""
    with contextlib.suppress(OSError, ValueError, TypeError):
        return Stamp(**json.loads(path.read_text(encoding="utf-8")))
    return None


def make_plan(stamp: Stamp | None, environment: Environment | None, wanted: Stamp) -> Plan:
    """Return the steps that lead from the current state to the wanted stamp.

    `stamp`: the stamp of the last installation. `environment`: the state of .venv.
    """
    if environment is None or environment.python < OLDEST or (stamp and stamp.root != wanted.root):
        return Plan(create=True, dependencies=True, project=True)
    if stamp is None or stamp.lock != wanted.lock:
        return Plan(create=False, dependencies=True, project=True)
    # Packages may have been removed or replaced since the stamp was written.
    gone = not stamp.packages.items() <= environment.packages.items()
    return Plan(create=False, dependencies=gone, project=gone or stamp.project != wanted.project)


def create_venv(root: Path) -> None:
    """Create a .venv that has only pip; an existing .venv is replaced. Raises SetupError."""
    folder = root / ".venv"
    if folder.is_symlink():  # it may belong to another checkout, which would be emptied
        raise SetupError(
            f"{folder} 是一个链接，指向 {folder.readlink()}，不清空那里。\n"
            f"  请先删掉这个链接，然后再运行 {COMMAND}"
        )
    print_now(f"建立 .venv（Python {sys.version.split()[0]}）…")
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    # Debian ships ensurepip in a package of its own.
    probe = [sys.executable, "-c", "import ensurepip, venv"]
    if subprocess.call(probe, stderr=subprocess.DEVNULL) and not system_packages.install([package]):
        command = system_packages.install_command([package], ["python3"])
        raise SetupError(
            f"本机的 Python 不能建立虚拟环境。请先运行：\n  {command}\n然后再运行 {COMMAND}"
        )
    run([sys.executable, "-m", "venv", "--clear", str(folder)], "不能建立 .venv")


def run(command: list[str], problem: str) -> None:
    """Run a command and show its output.

    Raises SetupError with the message `problem` if the command fails.
    """
    if subprocess.call(command, cwd=ROOT, env=child_environment()):
        raise SetupError(f"{problem}（{' '.join(command[:5])} …）。请检查网络后再运行 {COMMAND}")


def install(root: Path, plan: Plan) -> Environment:
    """Carry out a plan, write the stamp, return the new state.

    Raises SetupError if a step fails.
    """
    if plan.create:
        create_venv(root)
    stamp = root / ".venv" / "nianbao-setup.json"
    stamp.unlink(missing_ok=True)
    pip = [str(venv_python(root)), "-m", "pip", "--disable-pip-version-check", "install", "-qq"]
    if plan.dependencies:
        print_now("安装依赖（首次约需半分钟）…")
        lock = ["--require-hashes", "--no-deps", "-r", str(root / "requirements.lock")]
        run([*pip, *lock], "依赖没有装好")
    if plan.project:
        offline = ["--no-index", "--no-deps", "--no-build-isolation"]
        run([*pip, *offline, "--editable", str(root)], "本项目没有装好")
    environment = inspect_environment(root)
    if environment is None:
        raise SetupError(f"装好的 .venv 不能运行。请删掉它，然后再运行 {COMMAND}")
    text = json.dumps(asdict(wanted_stamp(root, environment.packages)), indent=1)
    stamp.write_text(text, encoding="utf-8")
    return environment


def install_libraries(root: Path, environment: Environment) -> bool:
    """Install WeasyPrint's system libraries if needed; return True if it can be imported."""
    if not environment.problem:
        return True
    if system_packages.install(PANGO):
        again = inspect_environment(root)
        if again and not again.problem:
            return True
    command = system_packages.install_command(PANGO, ["pango"])
    reason = ": ".join(environment.problem.splitlines()[0].split(": ")[:2])
    print_now(
        f"注意：缺少排版 PDF 的系统库（{reason}）。\n"
        f"  要生成 PDF，请运行：{command}\n  网页、Markdown 和校验不需要它，照常进行。"
    )
    return False


def install_fonts(root: Path, renew: bool) -> bool:
    """Install the fonts if needed; return True if they are installed."""
    command = [
        str(venv_python(root)),
        "-m",
        "nianbao.rendering.fonts",
        *(["--force"] if renew else ["--quiet"]),
    ]
    if subprocess.call(command, cwd=root, env=child_environment()) == 0:
        return True
    print_now("注意：字体没有装好，暂不能生成 PDF。网页、Markdown 和校验不需要字体，照常进行。")
    return False


@contextlib.contextmanager
def exclusive_lock() -> Iterator[None]:
    """Make a second set-up of the same folder wait: two at once would damage the environment."""
    with Path(__file__).open("rb", buffering=0) as file:
        if not try_lock(file):
            print_now("另一个命令正在准备环境，等它完成 …")
            while not try_lock(file):
                time.sleep(0.2)
        yield


def try_lock(file: io.FileIO) -> bool:
    """Lock an open file until it is closed; return False if another process has locked the file.

    Return True also if the file system has no locks, as on some network drives.
    """
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(1 << 30)  # beyond the end: nobody can read what is locked
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in (errno.EAGAIN, errno.EACCES)
    return True


def main() -> int:
    """Set up everything; return 0 if reports can be built, even without PDF."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a pipe may lack Chinese characters
            stream.reconfigure(errors="backslashreplace")
    parser = argparse.ArgumentParser(description="准备运行环境：.venv、依赖、系统库、字体")
    parser.add_argument("--renew-fonts", action="store_true", help="重新下载并裁剪字体")
    parser.add_argument("--tests", action="store_true", help="连同测试用的浏览器、语言服务器和 axe")
    options = parser.parse_args()
    try:
        with exclusive_lock():
            environment = inspect_environment(ROOT)
            stamp = read_stamp(ROOT / ".venv" / "nianbao-setup.json")
            plan = make_plan(stamp, environment, wanted_stamp(ROOT, {}))
            if environment is None or plan.project:
                environment = install(ROOT, plan)
            # For users who may not write here, and with PYTHONDONTWRITEBYTECODE.
            compile_all = [str(venv_python(ROOT)), "-m", "compileall", "-qq", "nianbao"]
            subprocess.call(compile_all, cwd=ROOT, env=child_environment())
            install_libraries(ROOT, environment)
            fonts_ready = install_fonts(ROOT, options.renew_fonts)
            if options.tests:
                for_tests.install_all(ROOT)
    except SetupError as failure:
        print(failure, file=sys.stderr)
        return 1
    if COMMAND != "make":
        print_now("环境已备好。生成年报，运行：python build.py")
    return 0 if fonts_ready or not options.renew_fonts else 1


if __name__ == "__main__":
    restart_if_old()
    sys.exit(main())
