"""Start the program (`python build.py …`, `nianbao …`), and turn errors into exit codes."""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from nianbao.cli.console import open_console
from nianbao.cli.exit_codes import report_bug
from nianbao.cli.help import explain_usage_error
from nianbao.cli.options import BUILD_PY, nianbao
from nianbao.errors import UsageError, UserError
from nianbao.utils.os_errors import describe_os_error, is_closed_pipe, is_environment_error

if TYPE_CHECKING:
    from collections.abc import Sequence


def run() -> NoReturn:
    """Run the program with the arguments of this process, then exit."""
    # At exit, Python would search all loaded objects for garbage, which takes 5 % of the time of a
    # `check`. The search skips frozen objects.
    atexit.register(gc.freeze)
    main()


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the program and exit: 0 success, 1 errors, 2 wrong usage, 3 a bug, 130 Ctrl-C.

    `arguments`: the words after the program's name; None for `sys.argv[1:]`.
    """
    console = open_console()
    try:
        os.getcwd()  # noqa: PTH109 - raises if the folder was deleted
    except OSError:
        console.warn("现在的文件夹已经不在了，换一个文件夹再运行")
        sys.exit(1)
    try:
        code = nianbao.main(
            list(arguments) if arguments is not None else None,
            prog_name=_program_name(),
            standalone_mode=False,
        )
        sys.stdout.flush()
        sys.exit(code if isinstance(code, int) else 0)
    except click.ClickException as error:
        console.warn(explain_usage_error(error))
        sys.exit(2)
    except UserError as error:
        console.warn(str(error))
        sys.exit(2 if isinstance(error, UsageError) else 1)
    except (KeyboardInterrupt, click.Abort):
        console.warn("已中断")
        sys.exit(130)
    except OSError as error:
        if is_closed_pipe(error):
            _discard_output()
            sys.stderr.close()
            sys.exit(1)
        if not is_environment_error(error):
            report_bug(console)
            sys.exit(3)
        _discard_output()
        print(f"{error.filename or '写不出结果'}：{describe_os_error(error)}", file=sys.stderr)
        sys.exit(1)
    except Exception:  # noqa: BLE001 - the one place that catches bugs, to write their log
        report_bug(console)
        sys.exit(3)


def _discard_output() -> None:
    """Close stdout after a failed write, because otherwise Python would write again at exit."""
    with contextlib.suppress(OSError):
        sys.stdout.close()


def _program_name() -> str:
    """Return the name under which the program was started, to print it in the help."""
    return f"python {BUILD_PY}" if Path(sys.argv[0]).name == BUILD_PY else "nianbao"
