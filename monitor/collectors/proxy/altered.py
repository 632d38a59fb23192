"""What is changed of mitmproxy in the worker's process: work that it needs not is left out, heads have a limit."""

from collections.abc import Callable
from typing import Any, Final

from h11._receivebuffer import ReceiveBuffer
from mitmproxy import flow, http
from mitmproxy.proxy import commands, events, layer
from mitmproxy.proxy.layers.http._http1 import Http1Client, Http1Server
from mitmproxy.proxy.mode_servers import ProxyConnectionHandler


def spare() -> None:
    """Leave out what mitmproxy does for every message and this worker needs not."""
    http.MessageData.__post_init__ = _unchecked  # type: ignore[method-assign]
    ProxyConnectionHandler.handle_hook = _handle_hook  # type: ignore[method-assign]


def _unchecked(_: http.MessageData) -> None:
    """The types of what mitmproxy's own parsers made need no check; ``python -O`` leaves it out, too."""


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


#: Far above what servers accept (8 to 64 KiB).
_LIMIT: Final = 1 << 20
_ANSWER: Final = b"HTTP/1.1 431 Request Header Fields Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def cap_heads(report: Callable[[], object]) -> None:
    """End a connection whose head is longer: mitmproxy would keep an endless request line or header in memory.
    ``report`` is called for each."""
    for kind, answer in ((Http1Server, _ANSWER), (Http1Client, b"")):
        _cap(kind, answer, report)


def _cap(kind: type[Any], answer: bytes, report: Callable[[], object]) -> None:
    read_headers = kind.read_headers

    def capped(self: Any, event: events.ConnectionEvent) -> layer.CommandGenerator[None]:
        yield from read_headers(self, event)
        waiting = self.response is None if kind is Http1Client else self.request is None
        if isinstance(event, events.DataReceived) and waiting and len(self.buf) > _LIMIT:
            report()
            self.buf = ReceiveBuffer()
            if answer:
                yield commands.SendData(self.conn, answer)
            yield commands.CloseConnection(self.conn)
            self.state = self.done

    kind.read_headers = capped
