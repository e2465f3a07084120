"""Convert old formats to .docx in separate processes with a time limit."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Final, NamedTuple

from nianbao.errors import UserError
from nianbao.importing.archives import DAMAGED, ENCRYPTED

if sys.platform == "linux":
    import resource

_BINARY_SECONDS: Final = 9
_OFFICE_SECONDS: Final = 30  # its first start takes 3–10 s
_PROCESSOR_SECONDS: Final = 8  # LibreOffice takes 1–3 with its first start
_MEMORY: Final = 380 << 20  # bytes of data
_ENCRYPTED_STATUS: Final = 3

# Pure Python, but a stranger's file may make it slow or large. Prints the codes of its warnings.
_CONVERT_BINARY: Final = f"""
import sys
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (450 << 20, 450 << 20))
except (ImportError, ValueError, OSError):
    pass
from doc2docx import convert
from doc2docx.errors import EncryptedDocumentError
try:
    result = convert(sys.argv[1], sys.argv[2])
except EncryptedDocumentError:
    sys.exit({_ENCRYPTED_STATUS})
print(*(each.code for each in result.report.diagnostics))
"""
# Warnings of doc2docx after which text is missing or stands elsewhere.
_LOSSES: Final = frozenset(
    {
        "GROUPED_MAIN_TEXTBOXES_DEFERRED",
        "MAIN_TEXTBOX_TABLE_MALFORMED",
        "MALFORMED_TABLE_FLATTENED",
        "NOTE_REFERENCE_DEFERRED",
        "NUMBERING_TABLE_MALFORMED",
        "OLE_OBJECT_OMITTED",
        "TABLE_DEPTH_LIMITED",
        "TABLE_MARKER_DEFERRED",
    }
)
_OFFICE_PLACES: Final = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\\Program Files\\LibreOffice\\program\\soffice.exe",
)
# Macros, links to other files and the network are switched off.
_OFFICE_SETTINGS: Final = (
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Writer/Content/Update", "Link", "0"),
    ("Inet/Settings", "ooInetProxyType", "2"),
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)


class Converted(NamedTuple):
    """The result of a conversion.

    `data`: the bytes of a .docx file.
    `complete`: True if the conversion lost nothing.
    """

    data: bytes
    complete: bool = True


def convert_binary(data: bytes) -> Converted | None:
    """Convert a Word 97–2003 file to .docx with doc2docx.

    Return None if doc2docx is not installed or can't read the file.

    Raises UserError if the file has a password.
    """
    if find_spec("doc2docx") is None:
        return None
    with tempfile.TemporaryDirectory(prefix="nianbao-") as folder:
        source, target = Path(folder, "source.doc"), Path(folder, "target.docx")
        source.write_bytes(data)
        command = [sys.executable, "-I", "-c", _CONVERT_BINARY, str(source), str(target)]
        status, output = _run(command, _BINARY_SECONDS)
        if status == _ENCRYPTED_STATUS:
            raise UserError(ENCRYPTED)
        if status or not target.is_file():
            return None
        return Converted(target.read_bytes(), _LOSSES.isdisjoint(output.split()))


def find_office() -> str | None:
    """Return the path of LibreOffice, or None if it is not installed."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((path for path in _OFFICE_PLACES if Path(path).is_file()), None)


def convert_with_office(data: bytes, suffix: str) -> Converted | None:
    """Convert a file to .docx with LibreOffice.

    `suffix`: the suffix of the file's format, such as ".rtf".

    Return None if LibreOffice is not installed.

    Raises UserError if LibreOffice can't open the file or takes too long.
    """
    office = find_office()
    if office is None:
        return None
    with tempfile.TemporaryDirectory(prefix="nianbao-", ignore_cleanup_errors=True) as folder:
        source, profile = Path(folder, f"source{suffix}"), Path(folder, "profile")
        _write_profile(profile)
        source.write_bytes(data)
        command = [office, "--headless", "--norestore", "--nolockcheck", "--nodefault"]
        command += [f"-env:UserInstallation={profile.as_uri()}"]
        command += ["--convert-to", "docx:MS Word 2007 XML", "--outdir", folder, str(source)]
        status, _ = _run(command, _OFFICE_SECONDS)
        if status is None:
            raise UserError(
                "LibreOffice 转换这个文件用时太久，没有读。在 Word 或 WPS 里另存为 .docx"
            )
        target = source.with_suffix(".docx")
        if not target.is_file():
            raise UserError(DAMAGED)
        return Converted(target.read_bytes())


def _write_profile(profile: Path) -> None:
    """Write the settings of LibreOffice into a new profile folder."""
    items = (
        f'<item oor:path="/org.openoffice.{path}">'
        f'<prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _OFFICE_SETTINGS
    )
    start = '<?xml version="1.0" encoding="UTF-8"?>'
    root = 'oor:items xmlns:oor="http://openoffice.org/2001/registry"'
    file = profile / "user" / "registrymodifications.xcu"
    file.parent.mkdir(parents=True)
    file.write_text(f"{start}<{root}>{''.join(items)}</oor:items>", "utf-8")


def _limit(pid: int) -> None:
    """Limit the memory and the processor time of a process and of all processes that it starts."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, ValueError):  # it has ended, or is limited already
            resource.prlimit(pid, resource.RLIMIT_DATA, (_MEMORY, _MEMORY))
            resource.prlimit(pid, resource.RLIMIT_CPU, (_PROCESSOR_SECONDS, _PROCESSOR_SECONDS))


def _run(command: list[str], seconds: int) -> tuple[int | None, str]:
    """Run a program; return its exit status and its output.

    The status is None if the program was stopped after `seconds`. The programs that it started are
    stopped, too.
    """
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
    )
    _limit(process.pid)
    try:
        output, _ = process.communicate(timeout=seconds)
    except BaseException as error:
        if sys.platform != "win32":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        process.communicate()
        if isinstance(error, subprocess.TimeoutExpired):
            return None, ""
        raise
    return process.returncode, output
