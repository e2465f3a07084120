"""Prepares a machine: .venv, locked dependencies, system libraries, fonts; nothing twice.

Run by ``make``, with the standard library alone. What the machine has is looked up anew each time
(half a second); a stamp in .venv says only what the environment was filled from. What can't be
installed is named in Chinese with the command to run, and the rest goes on: web pages, Markdown
and checks need neither system libraries nor fonts.
"""

# Pythons before 3.11 must get as far as restart_if_old(), so newer syntax has to wait.
from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
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

# Prints what the environment holds and, if WeasyPrint can't be loaded, why.
PROBE = """
import contextlib, io, json, sys
from importlib.metadata import distributions
import pip
held = {d.name.lower().replace("_", "-"): d.version for d in distributions()}
problem = ""
if "weasyprint" in held:
    with contextlib.redirect_stdout(io.StringIO()):
        try:
            import weasyprint
        except Exception as error:
            problem = f"{type(error).__name__}: {error}"
print(json.dumps({"python": sys.version_info[:2], "held": held, "problem": problem}))
"""


class SetupFailed(Exception):  # noqa: N818 - the message is for the user
    """The environment can't be prepared; the message says what to run."""


@dataclass(frozen=True)
class Stamp:
    """What an environment was filled from (path, digests), and what it held afterwards."""

    root: str
    lock: str
    project: str
    held: dict[str, str]


@dataclass(frozen=True)
class Found:
    """What an environment holds now; ``problem`` is why WeasyPrint can't be loaded, or empty."""

    python: tuple[int, int]
    held: dict[str, str]
    problem: str


@dataclass(frozen=True)
class Plan:
    """What is to be done to the environment, in this order."""

    create: bool
    dependencies: bool
    project: bool


def restart_if_old() -> None:
    """Run this script again with a newer Python where the one at hand is older than 3.11."""
    if sys.version_info >= OLDEST:
        return
    for minor in range(14, OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        # A shim on the path may name a version that isn't there.
        if found and subprocess.call([found, "-c", ""], stderr=subprocess.DEVNULL) == 0:
            os.execv(found, [found, __file__, *sys.argv[1:]])
    sys.exit(
        f"需要 Python 3.11 或更新的版本，本机的 python3 是 {sys.version.split()[0]}。\n"
        "  请先安装，例如：sudo apt-get install python3.11 python3.11-venv"
    )


def say(text: str) -> None:
    """Print a line at once, since child processes print in between."""
    print(text, flush=True)


def venv_python(root: Path) -> Path:
    """Return where the environment's interpreter belongs."""
    parts = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    return root.joinpath(".venv", *parts)


def child_environment() -> dict[str, str]:
    """Return the environment for child processes, less what would lead Python or pip elsewhere."""
    astray = ("PYTHONPATH", "PYTHONHOME", "PIP_TARGET", "PIP_PREFIX", "PIP_USER", "PIP_PYTHON")
    return {key: value for key, value in os.environ.items() if key not in astray}


def look(root: Path) -> Found | None:
    """Return what the environment holds; None where it can't run or has no pip."""
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
        return Found((major, minor), answer["held"], answer["problem"])
    return None


def wanted_stamp(root: Path, held: dict[str, str]) -> Stamp:
    """Return the stamp of an environment that is filled from the tree as it is now."""

    def digest(name: str) -> str:
        return hashlib.sha256((root / name).read_bytes()).hexdigest()

    return Stamp(str(root), digest("requirements.lock"), digest("pyproject.toml"), held)


def read_stamp(path: Path) -> Stamp | None:
    """Return the stamp in a file, or None where there is none that can be read."""
    with contextlib.suppress(OSError, ValueError, TypeError):
        return Stamp(**json.loads(path.read_text(encoding="utf-8")))
    return None


def decide(stamp: Stamp | None, found: Found | None, wanted: Stamp) -> Plan:
    """Return what is to be done, given the stamp, what is really there, and what is wanted."""
    if found is None or found.python < OLDEST or (stamp and stamp.root != wanted.root):
        return Plan(create=True, dependencies=True, project=True)
    if stamp is None or stamp.lock != wanted.lock:
        return Plan(create=False, dependencies=True, project=True)
    # What the stamp claims must still be there: packages may have been removed or replaced since.
    gone = not stamp.held.items() <= found.held.items()
    return Plan(create=False, dependencies=gone, project=gone or stamp.project != wanted.project)


def create(root: Path) -> None:
    """Make an empty .venv with pip in it. Raises SetupFailed."""
    say(f"建立 .venv（Python {sys.version.split()[0]}）…")
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    # Debian leaves ensurepip out of its Python unless this package is there.
    probe = [sys.executable, "-c", "import ensurepip, venv"]
    if subprocess.call(probe, stderr=subprocess.DEVNULL) and not system_packages.install([package]):
        what = system_packages.advice([package], ["python3"])
        raise SetupFailed(f"本机的 Python 不能建立虚拟环境。请先运行：\n  {what}\n然后再运行 make")
    run([sys.executable, "-m", "venv", "--clear", str(root / ".venv")], "不能建立 .venv")


def run(command: list[str], problem: str) -> None:
    """Run a command with its output shown; raise SetupFailed with ``problem`` if it fails."""
    if subprocess.call(command, cwd=ROOT, env=child_environment()):
        raise SetupFailed(f"{problem}（{' '.join(command[:5])} …）。请检查网络后再运行 make")


def fill(root: Path, plan: Plan) -> Found:
    """Carry the plan out and stamp the environment; return what it holds. Raises SetupFailed."""
    stamp = root / ".venv" / "nianbao-setup.json"
    stamp.unlink(missing_ok=True)
    if plan.create:
        create(root)
    pip = [str(venv_python(root)), "-m", "pip", "--disable-pip-version-check", "install", "-qq"]
    if plan.dependencies:
        say("安装依赖（首次约需半分钟）…")
        lock = ["--require-hashes", "--no-deps", "-r", str(root / "requirements.lock")]
        run([*pip, *lock], "依赖没有装好")
    if plan.project:
        offline = ["--no-index", "--no-deps", "--no-build-isolation"]
        run([*pip, *offline, "--editable", str(root)], "本项目没有装好")
    found = look(root)
    if found is None:
        raise SetupFailed("装好的 .venv 不能运行。请运行 make clean，然后再运行 make")
    text = json.dumps(asdict(wanted_stamp(root, found.held)), indent=1)
    stamp.write_text(text, encoding="utf-8")
    return found


def libraries(root: Path, found: Found) -> bool:
    """See to WeasyPrint's system libraries; return whether it can be loaded."""
    if not found.problem:
        return True
    if system_packages.install(PANGO):
        again = look(root)
        if again and not again.problem:
            return True
    what = system_packages.advice(PANGO, ["pango"])
    reason = ": ".join(found.problem.splitlines()[0].split(": ")[:2])
    say(
        f"注意：缺少排版 PDF 的系统库（{reason}）。\n"
        f"  要生成 PDF，请运行：{what}\n  网页、Markdown 和校验不需要它，照常进行。"
    )
    return False


def fonts(root: Path, renew: bool) -> bool:
    """See to the fonts; return whether they are there."""
    command = [
        str(venv_python(root)),
        "-m",
        "nianbao.rendering.fonts",
        *(["--force"] if renew else ["--quiet"]),
    ]
    if subprocess.call(command, cwd=root, env=child_environment()) == 0:
        return True
    say("注意：字体没有装好，暂不能生成 PDF。网页、Markdown 和校验不需要字体，照常进行。")
    return False


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Keep a second make in the same tree waiting: two at once would spoil the environment."""
    try:
        import fcntl
    except ImportError:  # Windows has no make of its own, and no fcntl
        yield
        return
    with Path(__file__).open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say("另一个 make 正在准备环境，等它完成 …")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def main() -> int:
    """Prepare everything; return 0 when reports can be built, were it without PDF."""
    parser = argparse.ArgumentParser(description="准备运行环境：.venv、依赖、系统库、字体")
    parser.add_argument("--renew-fonts", action="store_true", help="重新下载并裁剪字体")
    parser.add_argument("--tests", action="store_true", help="连同测试用的浏览器和语言服务器")
    options = parser.parse_args()
    try:
        with alone():
            found = look(ROOT)
            stamp = read_stamp(ROOT / ".venv" / "nianbao-setup.json")
            plan = decide(stamp, found, wanted_stamp(ROOT, {}))
            if found is None or plan.project:
                found = fill(ROOT, plan)
            # Ready also for those who run it without leave to write, or with Python told not to.
            compile_all = [str(venv_python(ROOT)), "-m", "compileall", "-qq", "nianbao"]
            subprocess.call(compile_all, cwd=ROOT, env=child_environment())
            libraries(ROOT, found)
            fonts_ready = fonts(ROOT, options.renew_fonts)
            if options.tests:
                for_tests.prepare(ROOT)
    except SetupFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0 if fonts_ready or not options.renew_fonts else 1


if __name__ == "__main__":
    restart_if_old()
    sys.exit(main())
