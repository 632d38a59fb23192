"""A limit for the head of an HTTP/1 message: mitmproxy would keep an endless request line or header in memory."""

from collections.abc import Callable
from typing import Any, Final

from h11._receivebuffer import ReceiveBuffer
from mitmproxy.proxy import commands, events, layer
from mitmproxy.proxy.layers.http._http1 import Http1Client, Http1Server

#: Far above what servers accept (8 to 64 KiB).
_LIMIT: Final = 1 << 20
_ANSWER: Final = b"HTTP/1.1 431 Request Header Fields Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def cap_heads(report: Callable[[], object]) -> None:
    """End a connection whose head is longer than that; ``report`` is called for each."""
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
