"""What is changed of mitmproxy in the worker's process: its dispatch of events to addons is prepared, work that the
worker needs not is left out, and heads have a limit.

Which addon wants which event does not change while it runs, and mitmproxy asks all of them, and each event for its
fields, anew for each of a dozen events per request.
"""

import dataclasses
import inspect
import logging
from collections.abc import Callable
from typing import Any, Final

from h11._receivebuffer import ReceiveBuffer
from mitmproxy import exceptions, flow, hooks, http
from mitmproxy.addonmanager import AddonManager
from mitmproxy.proxy import commands, events, layer
from mitmproxy.proxy.layers.http import HttpStream
from mitmproxy.proxy.layers.http._events import RequestData
from mitmproxy.proxy.layers.http._http1 import Http1Client, Http1Server
from mitmproxy.proxy.mode_servers import ProxyConnectionHandler

from monitor.collectors.proxy.capture import MEMORY

_log = logging.getLogger(__name__)
#: Longest head of a request or response: far above what servers accept (8 to 64 KiB).
_MAX_HEAD: Final = 1 << 20
_TOO_LARGE: Final = b"HTTP/1.1 431 Request Header Fields Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Addons(AddonManager):
    """The same addons in the same order with the same arguments: those that ``worker.py`` adds, ``HttpCapture``
    (``traffic.py``) among them. None may be added later."""

    def __init__(self, master: Any) -> None:
        super().__init__(master)  # type: ignore[no-untyped-call]
        self._wanted: dict[str, list[Callable[..., Any]]] = {}
        self._fields: dict[type, tuple[str, ...]] = {}

    def add(self, *addons: Any) -> None:
        """Add them to the end of the chain."""
        super().add(*addons)  # type: ignore[no-untyped-call]
        self._wanted.clear()

    async def trigger_event(self, event: hooks.Hook) -> None:
        """Tell every addon that wants it. What one of them raises is logged, and the next is told."""
        wanted = self._wanted.get(event.name)
        if wanted is None:
            wanted = [hook for addon in self.chain for _, hook in self._iter_hooks(addon, event)]
            if event.name != "load":
                self._wanted[event.name] = wanted
        if not wanted:
            return
        arguments = self._arguments(event)
        for hook in wanted:
            try:
                answer = hook(*arguments)
                if answer is not None and inspect.isawaitable(answer):
                    await answer
            except exceptions.AddonHalt:
                return
            except exceptions.OptionsError:
                raise
            except Exception as error:  # noqa: BLE001  as mitmproxy does: an addon's fault ends nothing
                _log.exception("Addon error: %s", error)

    async def handle_lifecycle(self, event: hooks.Hook) -> Any:
        """Tell them, and that a flow has changed if it is about one. Returns what it is about."""
        message = self._arguments(event)[0]
        await self.trigger_event(event)
        if isinstance(message, flow.Flow) and self._wanted.get(hooks.UpdateHook.name) != []:
            await self.trigger_event(hooks.UpdateHook([message]))
        return message

    def _arguments(self, event: hooks.Hook) -> list[Any]:
        kind = type(event)
        names = self._fields.get(kind)
        if names is None:
            names = self._fields[kind] = tuple(field.name for field in dataclasses.fields(event))  # type: ignore[arg-type]
        return [getattr(event, name) for name in names]


def leave_out_work() -> None:
    """Leave out what mitmproxy does for every message and this worker needs not."""
    # The types of what mitmproxy's own parsers made need no check; ``python -O`` leaves it out, too.
    http.MessageData.__post_init__ = lambda _: None  # type: ignore[method-assign]
    ProxyConnectionHandler.handle_hook = _handle_hook  # type: ignore[method-assign]


async def _handle_hook(self: ProxyConnectionHandler, hook: commands.StartHook) -> None:
    """As mitmproxy's own, without a generator and a look at the fields for each event."""
    watchdog, addons = self.timeout_watchdog, self.master.addons
    watchdog.can_timeout.clear()
    watchdog.blocker += 1
    try:
        data: Any = await addons.handle_lifecycle(hook)
        if isinstance(data, flow.Flow) and data.intercepted:
            await data.wait_for_resume()  # type: ignore[no-untyped-call]
    finally:
        watchdog.blocker -= 1
        if watchdog.blocker == 0:
            watchdog.register_activity()  # type: ignore[no-untyped-call]
            watchdog.can_timeout.set()


def cap_heads(report: Callable[[], object]) -> None:
    """End a connection whose head is longer, or what frames a body, or what comes before an answer: mitmproxy would
    keep an endless request line, header or extension of a chunk in memory. ``report`` is called for each."""
    for kind, answer in ((Http1Server, _TOO_LARGE), (Http1Client, b"")):
        _cap(kind, answer, report)


def _cap(kind: type[Any], answer: bytes, report: Callable[[], object]) -> None:
    handle = kind._handle_event

    def capped(self: Any, event: events.Event) -> layer.CommandGenerator[None]:
        yield from handle(self, event)
        # What there is of a body has been taken out by now.
        if isinstance(event, events.DataReceived) and len(self.buf) > _MAX_HEAD and self.state != self.done:
            report()
            if kind is Http1Client:  # what a client sent is evidence: see ``leftover``
                self.buf = ReceiveBuffer()
            if answer and self.request is None:
                yield commands.SendData(self.conn, answer)
            yield commands.CloseConnection(self.conn)
            self.state = self.done

    kind._handle_event = capped


def stream_long_bodies(stream: Callable[[http.HTTPFlow], object]) -> None:
    """Have ``stream`` take a request's body as it passes once it is longer than what is kept in memory, where its head
    did not say so. It sets the flow's ``request.stream``."""

    def check(self: Any, request: bool) -> layer.CommandGenerator[bool]:
        data = bytes(self.request_body_buf) if request and len(self.request_body_buf) > MEMORY else b""
        if data:
            stream(self.flow)
            self.request_body_buf.clear()
            yield from self.start_request_stream()
            yield from self.handle_event(RequestData(self.stream_id, data))
        return False

    HttpStream.check_body_size = check  # type: ignore[method-assign]
