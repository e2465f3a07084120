"""The program from its start to its exit code: `python build.py …` and `nianbao …` are the same."""

from __future__ import annotations

import atexit
import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from nianbao.cli.console import open_console
from nianbao.cli.help import explain_usage_error
from nianbao.cli.options import BUILD_PY, nianbao
from nianbao.errors import UsageError, UserError
from nianbao.utils.os_errors import describe_os_error, is_environment_error

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nianbao.cli.console import Console


def run() -> NoReturn:
    """Run the program and end the process, without taking a tenth of a check's time to tidy up."""
    code: object = 1
    try:
        main()
    except SystemExit as ended:
        code = ended.code
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    atexit._run_exitfuncs()
    os._exit(code if isinstance(code, int) else int(code is not None))


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the program and exit: 0 done, 1 something is wrong, 2 usage, 3 a bug, 130 interrupted."""
    console = open_console()
    try:
        os.getcwd()  # noqa: PTH109 - only to see that it is there
    except OSError:
        console.warn("现在的文件夹已经不在了，换一个文件夹再运行")
        sys.exit(1)
    try:
        code = nianbao.main(
            list(arguments) if arguments is not None else None,
            prog_name=_name(),
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
    except BrokenPipeError:
        # The reader of a pipe has gone (… | head); there is nobody left to tell.
        sys.stderr.close()
        sys.exit(1)
    except OSError as error:
        if not is_environment_error(error):
            _report_bug(console)
        # What can't be written now can't be written on the way out either.
        with contextlib.suppress(OSError):
            sys.stdout.close()
        print(f"{error.filename or '写不出结果'}：{describe_os_error(error)}", file=sys.stderr)
        sys.exit(1)
    except Exception:  # noqa: BLE001 - the one place where a bug is caught, to be told
        _report_bug(console)


def _report_bug(console: Console) -> NoReturn:
    """Write the log of the exception being handled, and exit."""
    from nianbao.utils.crash_log import log_current_exception

    console.warn(*log_current_exception(sys.argv).split("\n"))
    sys.exit(3)


def _name() -> str:
    """How the program was called, for its help."""
    return f"python {BUILD_PY}" if Path(sys.argv[0]).name == BUILD_PY else "nianbao"
