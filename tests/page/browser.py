"""A headless Chromium that is told what to do through a pipe, by its own protocol."""

import base64
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
"""The browser of this machine, if it has one."""

FLAGS = (
    "--remote-debugging-pipe",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--no-first-run",
)

REQUEST, CONSOLE, ENTRY, FAULT = (
    "Network.requestWillBeSent",
    "Runtime.consoleAPICalled",
    "Log.entryAdded",
    "Runtime.exceptionThrown",
)


class Browser:
    """One tab, which notes what a page asks for and what it complains of.

    Attributes:
        requests: Addresses that the page asked for.
        messages: What it, or the browser about it, wrote to the console.
    """

    def __init__(self) -> None:
        assert CHROMIUM is not None
        self.requests: list[str] = []
        self.messages: list[Any] = []
        self._folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        # Chromium reads commands from file 3 and answers on file 4.
        commands, self._to = os.pipe()
        self._from, answers = os.pipe()
        os.set_inheritable(commands, True)
        os.set_inheritable(answers, True)
        flags = " ".join(["--headless", *FLAGS, f"--user-data-dir={self._folder.name}"])
        moved = f'exec "$0" {flags} about:blank 3<&{commands} 4>&{answers}'
        self._process = subprocess.Popen(
            ["bash", "-c", moved, CHROMIUM],
            pass_fds=(commands, answers),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(commands)
        os.close(answers)
        self._read = b""
        self._number = 0
        self._session: str | None = None
        self._loaded: set[str] = set()
        (target,) = [
            one for one in self.send("Target.getTargets")["targetInfos"] if one["type"] == "page"
        ]
        attached = self.send("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.send(f"{domain}.enable")
        self.send("Page.setLifecycleEventsEnabled", enabled=True)

    def send(self, method: str, **parameters: Any) -> Any:
        """Send a command and return its answer."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session is not None:
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while (answer := self._next()).get("id") != self._number:
            self._note(answer)
        assert "error" not in answer, answer
        return answer["result"]

    def open(self, path: Path, width: int, height: int = 900, dark: bool = False) -> None:
        """Show a file in a window of some width, and wait until it is there."""
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.send("Emulation.setEmulatedMedia", features=[scheme])
        loader = self.send("Page.navigate", url=path.resolve().as_uri())["loaderId"]
        while loader not in self._loaded:
            self._note(self._next())

    def ask(self, expression: str) -> Any:
        """Return the value of an expression in the page."""
        answer = self.send("Runtime.evaluate", expression=expression, returnByValue=True)
        return answer["result"]["value"]

    def picture(self, path: Path) -> None:
        """Write a picture of the whole page."""
        data = self.send("Page.captureScreenshot", captureBeyondViewport=True)["data"]
        path.write_bytes(base64.b64decode(data))

    def close(self) -> None:
        """End the browser."""
        self._process.terminate()
        self._process.wait(timeout=30)
        os.close(self._to)
        os.close(self._from)
        self._folder.cleanup()

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._read:
            more = os.read(self._from, 1 << 20)
            assert more, "the browser has ended"
            self._read += more
        message, _, self._read = self._read.partition(b"\0")
        return json.loads(message)

    def _note(self, event: dict[str, Any]) -> None:
        method, told = event.get("method"), event.get("params", {})
        if method == REQUEST:
            self.requests.append(told["request"]["url"])
        elif method in (CONSOLE, ENTRY, FAULT):
            self.messages.append(told)
        elif method == "Page.lifecycleEvent" and told["name"] == "load":
            self._loaded.add(told["loaderId"])
