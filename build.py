#!/usr/bin/env python3
"""年报的日常命令：python build.py [命令] …（python build.py --help 列出全部命令）

Restarts itself with the interpreter of .venv, so that no environment has to be activated. It must
be valid syntax for older versions of Python and import nothing that is not in their library.
"""

import os
import sys
from importlib.util import find_spec

ROOT = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 - pathlib is slow to import
VENV = os.path.join(ROOT, ".venv")  # noqa: PTH118
WINDOWS = os.name == "nt"
VENV_PYTHON = os.path.join(VENV, *(("Scripts", "python.exe") if WINDOWS else ("bin", "python")))  # noqa: PTH118
LIBRARIES = ("click", "jinja2", "jsonschema", "markdown", "nh3", "uharfbuzz", "weasyprint", "yaml")


def _has_libraries():
    # type: () -> bool
    return sys.version_info >= (3, 11) and all(find_spec(name) for name in LIBRARIES)


def _choose_interpreter():
    # type: () -> None
    """Return if this interpreter can run the program; else restart with .venv, or exit with 2."""
    in_venv = os.path.realpath(sys.prefix) == os.path.realpath(VENV)
    in_another = not in_venv and sys.prefix != sys.base_prefix
    if (in_venv or in_another) and _has_libraries():
        return
    if not in_venv and os.access(VENV_PYTHON, os.X_OK):
        _restart([VENV_PYTHON, os.path.abspath(__file__)] + sys.argv[1:])  # noqa: PTH100, RUF005
    if not _has_libraries():
        setup = "python tools\\setup.py" if WINDOWS else "make"
        sys.stderr.write("运行环境还没有准备好。请在 {} 先运行 {}。\n".format(ROOT, setup))  # noqa: UP032
        sys.exit(2)


def _restart(command):
    # type: (list[str]) -> None
    sys.stdout.flush()
    if not WINDOWS:
        os.execv(command[0], command)
    # On Windows, exec would return to the shell at once, with two programs at one console.
    import signal
    import subprocess

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the other process gets Ctrl-C too
    sys.exit(subprocess.call(command))


if __name__ == "__main__":
    try:
        _choose_interpreter()
        from nianbao.cli.main import run
    except KeyboardInterrupt:  # loading the libraries takes a tenth of a second
        sys.stderr.write("已中断\n")
        sys.exit(130)
    run()
