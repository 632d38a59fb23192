"""Pages in a real browser, headless Chromium, driven over pipes by its DevTools protocol: nothing listens on a port. It
has no network: what a page asks for, the app fetches (``fetch`` of PROTOCOL.md), and calls of its objects likewise."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import sys
import tempfile
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

_INSIDE, _OWN = Path(__file__).with_name("page.js").read_text("utf-8").split("// ---- the page's own world\n")
_ASSETS, _ASSET_HOST, _BRIDGE = "file:///android_asset/", "https://asset.invalid/", "https://bridge.invalid/"
_FLAGS = (
    "--headless --remote-debugging-pipe --no-first-run --disable-gpu --disable-dev-shm-usage --disable-extensions "
    "--disable-background-networking --disable-component-update --disable-sync --proxy-server=127.0.0.1:9 --mute-audio"
).split()
#: The browser's ends of the pipes must be 3 and 4.
_START = (
    "import os, sys; r, w = map(int, sys.argv[1:3]); os.dup2(w, 4); os.dup2(r, 3); os.execvp(sys.argv[3], sys.argv[3:])"
)
_WAIT, _LONGEST = 15.0, 64 * 1024 * 1024
Said = dict[str, Any]
Tell = Callable[..., None]
"""Sends an event to the app."""


class Browser:
    """One process for all views, started at the first page."""

    def __init__(self, program: str) -> None:
        self._program, self._number = program, 0
        self._process: asyncio.subprocess.Process | None = None
        self._starting = asyncio.Lock()
        self._waiting: dict[int, asyncio.Future[Said]] = {}
        self.views: dict[str, Driven] = {}
        """By session."""

    async def start(self) -> None:
        async with self._starting:
            if self._process is not None:
                return
            self._profile = tempfile.mkdtemp(prefix="standin-web-")
            (theirs, self._out), (into, told) = os.pipe(), os.pipe()
            flags = [*_FLAGS, f"--user-data-dir={self._profile}", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
            none = asyncio.subprocess.DEVNULL
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-ISEc", _START, str(theirs), str(told), self._program, *flags, "about:blank",
                stdin=none, stdout=none, stderr=none, pass_fds=(theirs, told),
            )  # fmt: skip
            os.close(theirs)
            os.close(told)
            reader = asyncio.StreamReader(limit=_LONGEST)
            made = asyncio.StreamReaderProtocol(reader)
            await asyncio.get_running_loop().connect_read_pipe(lambda: made, os.fdopen(into, "rb"))
            self._reading = asyncio.create_task(self._read(reader))

    async def _read(self, reader: asyncio.StreamReader) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            while True:
                said = json.loads((await reader.readuntil(b"\0"))[:-1])
                if waiting := self._waiting.pop(said.get("id", 0), None):
                    if not waiting.done():
                        waiting.set_result(said.get("result", {}))
                elif view := self.views.get(said.get("sessionId", "")):
                    with contextlib.suppress(KeyError, TypeError, ValueError):  # a page may ask the bridge for nonsense
                        view.heard(said["method"], said.get("params", {}))

    def tell(self, method: str, session: str = "", **params: Any) -> asyncio.Future[Said]:
        """Send a command; what comes of it may be awaited."""
        self._number += 1
        waiting = self._waiting[self._number] = asyncio.get_running_loop().create_future()
        message = {
            "id": self._number,
            "method": method,
            "params": params,
            **({"sessionId": session} if session else {}),
        }
        with contextlib.suppress(OSError):  # it has crashed
            os.write(self._out, json.dumps(message).encode() + b"\0")
        return waiting

    async def do(self, method: str, session: str = "", **params: Any) -> Said:
        """A command's result; empty if it fails or takes too long."""
        with contextlib.suppress(TimeoutError):
            return await asyncio.wait_for(self.tell(method, session, **params), _WAIT)
        return {}

    async def close(self) -> None:
        if self._process is not None:
            os.close(self._out)
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()
            self._reading.cancel()
            shutil.rmtree(self._profile, ignore_errors=True)


class Driven:
    """The page of one view."""

    def __init__(self, browser: Browser, tell: Tell) -> None:
        self._browser, self._tell = browser, tell
        self._target = self._session = self._url = self._html = ""
        self._world = 0
        self._loaded = asyncio.Event()

    async def load(self, url: str, html: str, objects: dict[str, list[str]]) -> None:
        self.drop()  # its objects and scripts are those of the page
        await self._browser.start()
        self._target = (await self._browser.do("Target.createTarget", url="about:blank")).get("targetId", "")
        attached = await self._browser.do("Target.attachToTarget", targetId=self._target, flatten=True)
        self._session = attached.get("sessionId", "")
        self._browser.views[self._session] = self
        self._url = url.replace(_ASSETS, _ASSET_HOST) if url.startswith((_ASSETS, "http")) else f"{_ASSET_HOST}blank"
        self._html = html
        given = f"{_OWN}\nstandin({json.dumps(objects)}, {json.dumps(_BRIDGE)});"
        for method, params in (
            ("Page.enable", {}), ("Runtime.enable", {}), ("Fetch.enable", {"patterns": [{"urlPattern": "*"}]}),
            ("Page.setBypassCSP", {"enabled": True}),
            ("Runtime.addBinding", {"name": "standinShows", "executionContextName": "standin"}),
            ("Page.addScriptToEvaluateOnNewDocument", {"source": _INSIDE, "worldName": "standin"}),
            ("Page.addScriptToEvaluateOnNewDocument", {"source": given}),
        ):  # fmt: skip
            await self._browser.do(method, self._session, **params)
        self._loaded.clear()
        await self._browser.do("Page.navigate", self._session, url=self._url)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._loaded.wait(), _WAIT)

    def heard(self, method: str, a: Said) -> None:
        """An event of the browser; what is in frames of the page is not shown."""
        within = a.get("frameId", self._target) == self._target
        if method == "Runtime.bindingCalled" and a["executionContextId"] == self._world:
            self._tell("page", **json.loads(a["payload"]))
        elif method == "Runtime.executionContextCreated" and a["context"]["name"] == "standin":
            if a["context"]["auxData"]["frameId"] == self._target:
                self._world = a["context"]["id"]
        elif method == "Page.domContentEventFired":
            self._loaded.set()
        elif method == "Page.frameRequestedNavigation" and not a["url"].startswith(("http", "about:", "data:")):
            if within:
                self._tell("go", url=a["url"])
        elif method == "Page.javascriptDialogOpening":  # as where the app answers none
            self._browser.tell("Page.handleJavaScriptDialog", self._session, accept=False)
        elif method == "Fetch.requestPaused":
            self._wanted(a["requestId"], a["request"], within and a.get("resourceType") == "Document")

    def _wanted(self, number: str, request: Said, document: bool) -> None:
        url, address = request["url"], request["url"].replace(_ASSET_HOST, _ASSETS)
        if self._html and document and url.split("#")[0] == self._url.split("#")[0]:
            self._fulfil(number, 200, "text/html; charset=utf-8", b64encode(self._html.encode()).decode())
            self._html = ""
        elif url.startswith(_BRIDGE):
            _, name, method = urlsplit(url).path.split("/")
            self._tell("call", call=number, object=name, method=method, args=json.loads(unquote(urlsplit(url).query)))
        elif document or url.endswith("/favicon.ico"):  # which a WebView does not ask for
            self._browser.tell("Fetch.failRequest", self._session, requestId=number, errorReason="Aborted")
            if document:
                self._tell("go", url=address)
        else:
            own = {k: v for k, v in request["headers"].items() if k in ("Accept", "Content-Type") or k.startswith("X-")}
            body = "".join(part.get("bytes", "") for part in request.get("postDataEntries", [])[:1])
            self._tell("fetch", request=number, url=address, headers=own, **({"body": body} if body else {}))

    def _fulfil(self, number: str, status: int, kind: str, body: str) -> None:
        headers = [{"name": "Content-Type", "value": kind}, {"name": "Access-Control-Allow-Origin", "value": "*"}]
        sent = {"requestId": number, "responseCode": status, "responseHeaders": headers, "body": body}
        self._browser.tell("Fetch.fulfillRequest", self._session, **sent)

    async def answer(self, a: Said) -> None:
        """A part of the page was fetched, or not."""
        if a["status"]:
            self._fulfil(a["request"], int(a["status"]), a["type"], a["body"])
        else:
            self._browser.tell("Fetch.failRequest", self._session, requestId=a["request"], errorReason="Failed")

    async def result(self, a: Said) -> None:
        """A method of the app's object gave this."""
        self._fulfil(a["call"], 200, "application/json", b64encode(json.dumps(a["value"]).encode()).decode())

    async def click(self, a: Said) -> None:
        """Nobody waits for it: the page may ask the app for something meanwhile."""
        self._act(f"standinClick({int(a['node'])})")

    async def type(self, a: Said) -> None:
        self._act(f"standinType({int(a['node'])}, {json.dumps(a['text'])})")

    def _act(self, script: str) -> None:
        self._browser.tell("Runtime.evaluate", self._session, expression=script, contextId=self._world)

    async def eval(self, a: Said) -> str:
        """What a script comes to, as JSON."""
        found = await self._browser.do("Runtime.evaluate", self._session, expression=a["script"], returnByValue=True)
        return json.dumps(found.get("result", {}).get("value"), ensure_ascii=False)

    def drop(self) -> None:
        """The view is gone: so is its page."""
        if self._browser.views.pop(self._session, None):
            self._browser.tell("Target.closeTarget", targetId=self._target)
