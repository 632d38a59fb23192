"""The page that follows a session, served on this machine only, under an address that nobody can guess.

It reads the session's state twice a second and sends it as server-sent events. The recording does not know of it: who
looks, how slowly, or whether anybody does makes no difference.
"""

import asyncio
import contextlib
import hmac
import json
import secrets
import socket
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Final, Self

import uvicorn
from markupsafe import Markup
from sse_starlette import EventSourceResponse
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import Route
from uvicorn.protocols.http.h11_impl import H11Protocol

from monitor.base import errors, network
from monitor.live.state import Watch
from monitor.reports.html import page_policy, page_template
from monitor.scenario.marks import Marks
from monitor.text import t

HOST: Final = "127.0.0.1"
_FILES: Final = Path(__file__).parent / "page"
_EVERY_S: Final = 0.5
_START_S: Final = 20
#: Seconds in which a page that is open may still fetch the report when the session is over.
_LAST_LOOK_S: Final = 20
#: Connections at a time, and seconds in which each must have asked for something.
_MOST: Final = 64
_ASK_S: Final = 10
_MAX_MARK: Final = 4_096
_MAX_PICTURE: Final = 8 << 20
_HEADERS: Final = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"}


type _Answer = Callable[[Request], Awaitable[Response]]


class _Guarded(H11Protocol):
    """A connection of the page: one of a few, which asks soon, or is closed. Each holds a file of the recorder's."""

    top = ""
    """How the paths of the page begin, which only those know who may see it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Accept it. If there are too many, one that has not asked for anything of the page makes room: of another
        user's, if any, and the oldest."""
        super().connection_made(transport)
        self.made = self.loop.time()
        self.loop.call_later(_ASK_S, self._asked)
        if len(self.connections) > _MOST:
            strangers = [one for one in self.connections if isinstance(one, _Guarded) and not one.knows()]
            oldest = min(strangers, key=lambda one: (one.of_this_user(), one.made), default=self)
            self.connections.discard(oldest)
            oldest.transport.abort()

    def knows(self) -> bool:
        """Whether the last request was one to the page."""
        path = self.scope["path"] if self.scope else ""
        return hmac.compare_digest(path[: len(self.top)].encode(), self.top.encode())

    def of_this_user(self) -> bool:
        """Whether it is known to be our own user's."""
        return network.is_own_socket(*(self.transport.get_extra_info(end) for end in ("peername", "sockname")))

    def _asked(self) -> None:
        if self.cycle is None and not self.transport.is_closing():
            self.transport.abort()


class LivePage:
    """The page of one session, served by a thread of its own while the block runs (``with``); ``close`` it with the
    report, which is shown in its place, before the block is left."""

    def __init__(self, watch: Watch, blob: Callable[[str], bytes | None], marks: Marks | None = None) -> None:
        """``blob`` gives the bytes of a screen by its digest, None if they are not there. ``marks``: of a session by
        hand, which the page then takes."""
        self._watch = watch
        self._marks = marks
        self._blob = blob
        self._token = secrets.token_urlsafe(24)
        self._report: Path | None = None
        self._viewers = 0
        self._given = threading.Semaphore(0)
        self._socket = socket.create_server((HOST, 0))
        self.address = f"http://{HOST}:{self._socket.getsockname()[1]}/{self._token}/"
        answers = {"": self._page, "state": self._state, "screen/{digest}": self._screen, "report": self._finished}
        routes = [Route(f"/{{token}}/{path}", self._checked(answer)) for path, answer in answers.items()]
        routes.append(Route("/{token}/mark", self._checked(self._mark), methods=["POST"]))
        app = Starlette(routes=routes, middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=[HOST])])
        guarded = type("_Page", (_Guarded,), {"top": f"/{self._token}/"})
        config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", server_header=False,
                                log_level="critical", timeout_graceful_shutdown=5, http=guarded)  # fmt: skip
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._serve, name="live page", daemon=True)

    def _serve(self) -> None:
        with contextlib.suppress(Exception):  # whatever becomes of the page, the session goes on
            self._server.run(sockets=[self._socket])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close(None)

    def close(self, report: Path | None) -> None:
        """The session is over: pages that are open go on to the report, then nothing is served any more."""
        looking = self._viewers if report is not None and self._thread.is_alive() else 0
        self._report = report
        until = time.monotonic() + _LAST_LOOK_S
        for _ in range(looking):
            self._given.acquire(timeout=max(until - time.monotonic(), 0))
        self._server.should_exit = True
        self._thread.join(_START_S)
        self._socket.close()

    # What is served -----------------------------------------------------------------------------------------------

    def _checked(self, answer: _Answer) -> _Answer:
        """The answer to those who know the address, and to nobody else."""

        async def checked(request: Request) -> Response:
            known = hmac.compare_digest(str(request.path_params["token"]).encode(), self._token.encode())
            return await answer(request) if known else _nothing()

        return checked

    async def _page(self, request: Request) -> Response:
        lang, by = self._watch.lang, self._marks.by if self._marks else ""
        names = ("live.css", "live.js", "manual.js") if by else ("live.css", "live.js")
        style, *scripts = ((_FILES / name).read_text("utf-8") for name in names)
        script = "".join(scripts)
        text = page_template(_FILES / "live.html.j2").render(
            lang=lang, by=by, t=lambda key, **values: t(key, lang, **values), style=Markup(style), script=Markup(script)
        )
        # Its own style and script by digest, and what this server gives.
        policy = page_policy(style, script, "connect-src 'self'", "img-src 'self' data:") + "; frame-ancestors 'none'"
        return HTMLResponse(text, headers={**_HEADERS, "Content-Security-Policy": policy})

    async def _state(self, request: Request) -> Response:
        return EventSourceResponse(self._states(), headers=_HEADERS, ping=15)

    async def _states(self) -> AsyncIterator[dict[str, str]]:
        self._viewers += 1
        try:
            while True:
                over = self._report is not None
                yield {"event": "end" if over else "state", "data": json.dumps(self._watch.snapshot())}
                if over:
                    return
                await asyncio.sleep(_EVERY_S)
        finally:
            self._viewers -= 1

    async def _screen(self, request: Request) -> Response:
        digest = str(request.path_params["digest"])
        if digest not in self._watch.screens:
            return _nothing()
        data = await asyncio.to_thread(self._blob, digest)
        if data is None or len(data) > _MAX_PICTURE or not data.startswith((b"\x89PNG", b"\xff\xd8")):
            return _nothing()
        kind = "image/png" if data.startswith(b"\x89PNG") else "image/jpeg"
        return Response(data, media_type=kind, headers=_HEADERS)

    async def _mark(self, request: Request) -> Response:
        """A mark of the person who has the device. Only a script of this page can send JSON here: its address is
        secret, and a form elsewhere sends another type."""
        if self._marks is None or self._report is not None:
            return _nothing()
        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return Response("JSON is expected\n", 415, headers=_HEADERS, media_type="text/plain")
        data = bytearray()
        async for piece in request.stream():
            data += piece
            if len(data) > _MAX_MARK:
                return Response("too long\n", 413, headers=_HEADERS, media_type="text/plain")
        try:
            self._marks.add(json.loads(data))
        except (ValueError, RecursionError, errors.InputError) as bad:
            said = str(bad) if isinstance(bad, errors.InputError) else "JSON is expected"
            return Response(f"{said}\n", 400, headers=_HEADERS, media_type="text/plain")
        return Response(status_code=204, headers=_HEADERS)

    async def _finished(self, request: Request) -> Response:
        if self._report is None:
            return _nothing()
        data = await asyncio.to_thread(self._report.read_bytes)

        async def body() -> AsyncIterator[bytes]:
            yield data
            self._given.release()

        return StreamingResponse(body(), media_type="text/html; charset=utf-8", headers=_HEADERS)


def _nothing() -> Response:
    return Response("not found\n", 404, headers={**_HEADERS, "Connection": "close"}, media_type="text/plain")
