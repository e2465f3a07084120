"""Client of yaml-language-server, which editors use for YAML files.

It speaks the Language Server Protocol over stdin and stdout. A request waits for its response, and
meanwhile requests of the server are answered with the settings.
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

PROGRAM = (
    Path(__file__).parent.parent / "node_modules/yaml-language-server/bin/yaml-language-server"
)
NODE = shutil.which("node") or shutil.which("nodejs")
MISSING = (
    "no node on this machine"
    if NODE is None
    else ""
    if PROGRAM.exists()
    else "no yaml-language-server: make test installs it where there is npm"
)
_TIMEOUT = 60
# Columns of the protocol count UTF-16 units, which are the characters of what the tests write.
_CAPABILITIES = {
    "workspace": {"configuration": True},
    "textDocument": {
        "completion": {"completionItem": {"snippetSupport": True}},
        "hover": {"contentFormat": ["markdown"]},
    },
}
# Kind of a completion of one key; other kinds insert several keys or values.
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
        self._diagnostics: dict[str, list[dict[str, Any]]] = {}
        assert self._process.stdout is not None
        reading = (self._process.stdout, self._messages)
        self._reader = threading.Thread(target=_read, args=reading, daemon=True)
        self._reader.start()
        uri = root.as_uri()
        self._request(
            "initialize",
            processId=None,
            rootUri=uri,
            workspaceFolders=[{"uri": uri, "name": root.name}],
            capabilities=_CAPABILITIES,
        )
        self._send("initialized", {})
        # The server asks for the settings now; requests before that would not use them.
        while not self._configured:
            self._receive()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._request("shutdown")
        self._send("exit", None)
        self._process.wait(_TIMEOUT)
        self._reader.join(_TIMEOUT)
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            stream.close()

    def keys(self, file: str, text: str) -> list[str]:
        """Return the completed keys at the cursor ▮ of a text, in the order of the form."""
        items = self._at_cursor(file, text, "textDocument/completion")["items"]
        return [item["label"] for item in items if item["kind"] == _PROPERTY]

    def hover(self, file: str, text: str) -> str:
        """Return the hover text at the cursor ▮, or an empty string."""
        shown = self._at_cursor(file, text, "textDocument/hover")
        return str(shown["contents"]["value"]) if shown else ""

    def diagnostics(self, file: str, text: str) -> list[tuple[int, str]]:
        """Return the diagnostics of a text: line, from 1, and message."""
        uri = self._open(file, text)
        while uri not in self._diagnostics:
            self._receive()
        return [
            (diagnostic["range"]["start"]["line"] + 1, diagnostic["message"])
            for diagnostic in self._diagnostics.pop(uri)
        ]

    def _at_cursor(self, file: str, text: str, method: str) -> Any:
        before, cursor, after = text.partition("▮")
        assert cursor
        uri = self._open(file, before + after)
        position = {"line": before.count("\n"), "character": len(before.rpartition("\n")[2])}
        return self._request(method, textDocument={"uri": uri}, position=position)

    def _open(self, file: str, text: str) -> str:
        """Open a text as a file, which need not exist; return its URI.

        Each text has a name of its own, so that no response is about an earlier text.
        """
        self._opened += 1
        path = self._root / file
        uri = path.with_name(f"{path.stem}-{self._opened}{path.suffix}").as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._send("textDocument/didOpen", {"textDocument": document})
        return uri

    def _request(self, method: str, **parameters: Any) -> Any:
        self._number += 1
        number = self._number
        self._write({"id": number, "method": method, "params": parameters or None})
        while True:
            message = self._receive()
            if message.get("id") == number and "method" not in message:
                assert "error" not in message, message
                return message["result"]

    def _receive(self) -> dict[str, Any]:
        """Return the next message, after answering requests and storing diagnostics."""
        message = self._messages.get(timeout=_TIMEOUT)
        method = message.get("method")
        if method and "id" in message:
            result = None
            if method == "workspace/configuration":
                result = [
                    self._settings_below(item["section"]) for item in message["params"]["items"]
                ]
                self._configured = True
            self._write({"id": message["id"], "result": result})
        elif method == "textDocument/publishDiagnostics":
            found = message["params"]
            self._diagnostics[found["uri"]] = found["diagnostics"]
        return message

    def _settings_below(self, name: str) -> dict[str, Any]:
        """Return the settings below a dotted name, nested as an editor sends them."""
        section: dict[str, Any] = {}
        for key, value in self._settings.items():
            if key.startswith(f"{name}."):
                *above, last = key.removeprefix(f"{name}.").split(".")
                node = section
                for part in above:
                    node = node.setdefault(part, {})
                node[last] = value
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
