"""A client of yaml-language-server, which is what editors ask about a YAML file.

Messages of the Language Server Protocol over stdin and stdout: requests wait for their answer, what
the server asks in between is answered with the settings.
"""

from __future__ import annotations

import json
import queue
import shutil
import subprocess
import threading
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Mapping

PROGRAM = Path(__file__).parent / "node_modules/yaml-language-server/bin/yaml-language-server"
NODE = shutil.which("node") or shutil.which("nodejs")
MISSING = (
    "no node on this machine"
    if NODE is None
    else ""
    if PROGRAM.exists()
    else "no yaml-language-server: make test installs it where there is npm"
)
_PATIENCE = 60
# Columns of the protocol count UTF-16 units, which are the characters of what the tests write.
_CAPABILITIES = {
    "workspace": {"configuration": True},
    "textDocument": {
        "completion": {"completionItem": {"snippetSupport": True}},
        "hover": {"contentFormat": ["markdown"]},
    },
}
# The kind of a completion that is one key; others put in many at once, or values.
_PROPERTY = 10


class LanguageServer:
    """A running server for one folder; `settings` are those of an editor, by dotted name."""

    def __init__(self, root: Path, settings: Mapping[str, Any]) -> None:
        assert NODE is not None
        self._root = root
        self._settings = settings
        self._process = subprocess.Popen(
            [NODE, str(PROGRAM), "--stdio"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._messages: queue.Queue[dict[str, Any]] = queue.Queue()
        self._number = self._opened = 0
        self._configured = False
        self._faults: dict[str, list[dict[str, Any]]] = {}
        assert self._process.stdout is not None
        reading = (self._process.stdout, self._messages)
        self._reader = threading.Thread(target=_read, args=reading, daemon=True)
        self._reader.start()
        uri = root.as_uri()
        self._ask(
            "initialize",
            processId=None,
            rootUri=uri,
            workspaceFolders=[{"uri": uri, "name": root.name}],
            capabilities=_CAPABILITIES,
        )
        self._send("initialized", {})
        # It asks for the settings now; what it is asked before it has them, it answers without.
        while not self._configured:
            self._take()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._ask("shutdown")
        self._send("exit", None)
        self._process.wait(_PATIENCE)
        self._reader.join(_PATIENCE)
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            stream.close()

    def keys(self, file: str, text: str) -> list[str]:
        """The keys offered where ▮ stands in a text, in the order of the form."""
        items = self._at_mark(file, text, "textDocument/completion")["items"]
        return [item["label"] for item in items if item["kind"] == _PROPERTY]

    def hover(self, file: str, text: str) -> str:
        """What is shown when the pointer rests where ▮ stands; empty where that is nothing."""
        shown = self._at_mark(file, text, "textDocument/hover")
        return str(shown["contents"]["value"]) if shown else ""

    def faults(self, file: str, text: str) -> list[tuple[int, str]]:
        """What is marked in a text: the line, from 1, and the words."""
        uri = self._open(file, text)
        while uri not in self._faults:
            self._take()
        return [
            (fault["range"]["start"]["line"] + 1, fault["message"])
            for fault in self._faults.pop(uri)
        ]

    def _at_mark(self, file: str, text: str, method: str) -> Any:
        before, mark, after = text.partition("▮")
        assert mark
        uri = self._open(file, before + after)
        place = {"line": before.count("\n"), "character": len(before.rpartition("\n")[2])}
        return self._ask(method, textDocument={"uri": uri}, position=place)

    def _open(self, file: str, text: str) -> str:
        """Show the server a text as a file that is being edited; nothing need be on the disk.

        Each has a name of its own, so that no answer is about the text before.
        """
        self._opened += 1
        path = self._root / file
        uri = path.with_name(f"{path.stem}-{self._opened}{path.suffix}").as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._send("textDocument/didOpen", {"textDocument": document})
        return uri

    def _ask(self, method: str, **parameters: Any) -> Any:
        self._number += 1
        number = self._number
        self._write({"id": number, "method": method, "params": parameters or None})
        while True:
            message = self._take()
            if message.get("id") == number and "method" not in message:
                assert "error" not in message, message
                return message["result"]

    def _take(self) -> dict[str, Any]:
        """The next message; what is no answer of ours is seen to."""
        message = self._messages.get(timeout=_PATIENCE)
        method = message.get("method")
        if method and "id" in message:
            result = None
            if method == "workspace/configuration":
                result = [self._section(item["section"]) for item in message["params"]["items"]]
                self._configured = True
            self._write({"id": message["id"], "result": result})
        elif method == "textDocument/publishDiagnostics":
            found = message["params"]
            self._faults[found["uri"]] = found["diagnostics"]
        return message

    def _section(self, name: str) -> dict[str, Any]:
        """The settings below a name, as an editor hands them out: nested where names are dotted."""
        section: dict[str, Any] = {}
        for key, value in self._settings.items():
            if key.startswith(f"{name}."):
                *above, last = key.removeprefix(f"{name}.").split(".")
                place = section
                for part in above:
                    place = place.setdefault(part, {})
                place[last] = value
        return section

    def _send(self, method: str, parameters: Any) -> None:
        self._write({"method": method, "params": parameters})

    def _write(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self._process.stdin.flush()


def _read(stream: IO[bytes], messages: queue.Queue[dict[str, Any]]) -> None:
    while head := stream.readline():
        length = 0
        while head.strip():
            name, _, value = head.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
            head = stream.readline()
        messages.put(json.loads(stream.read(length)))
