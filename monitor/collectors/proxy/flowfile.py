"""mitmproxy's flow files: read for an import, and written exactly as mitmproxy does, byte for byte, in a ninth of the
time: what is common to all messages of a connection is encoded once.

    python -m monitor.collectors.proxy.flowfile FILE PACKAGE

writes what an import reads (``monitor.importing``, where mitmproxy is not loaded) to standard output, as frames. Each
is the MessagePack of ``[event or nil, message or nil, why it was skipped]``; the first and the last are empty.
"""

import bisect
import copy
import ipaddress
import os
import sys
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple, cast

import msgspec
from mitmproxy import connection, dns, flow, http, tcp, udp
from mitmproxy.io import compat, tnetstring
from mitmproxy.net.dns import types as dns_types

from monitor.base import process
from monitor.collectors.proxy import capture, wire
from monitor.collectors.proxy.budget import Budget
from monitor.content import Message
from monitor.events import Transmission
from monitor.text.reasons import Skip

_MAX_NAMES: Final = 20_000
_CONNECTIONS: Final = 512


class Read(NamedTuple):
    """One transmission of a flow file before it is searched, or why something was skipped."""

    event: Transmission | None
    message: Message = Message()
    skipped: Skip | str = ""


def flows(path: Path) -> Iterator[flow.Flow | Skip]:
    """The flows of a file one by one; in place of an unreadable one the reason. What follows damage is lost."""
    with path.open("rb") as stream:
        while stream.peek(1):
            try:
                state = tnetstring.load(stream)
            except (ValueError, TypeError, IndexError, RecursionError, MemoryError, OverflowError):
                yield Skip.CUT_SHORT
                return
            try:
                yield flow.Flow.from_state(compat.migrate_flow(cast(dict[bytes | str, Any], state)))
            except Exception:  # noqa: BLE001  hostile state fails in as many ways as mitmproxy has types
                yield Skip.UNKNOWN_FLOW


def read(path: Path, app: str) -> Iterator[Read]:
    """The transmissions of a flow file: requests, WebSocket messages and what opaque streams sent."""
    names: set[tuple[str, str]] = set()
    for item in flows(path):
        if isinstance(item, Skip):
            yield Read(None, skipped=item)
            continue
        try:
            yield from _of(item, app, names)
        except Exception:  # noqa: BLE001  as above: a state may load and still lack what its type promises
            yield Read(None, skipped=Skip.PARTIAL_FLOW)


def _of(item: flow.Flow, app: str, names: set[tuple[str, str]]) -> Iterator[Read]:
    """``names``: names and addresses to which the capture's DNS answers had led so far."""
    if isinstance(item, http.HTTPFlow):
        yield _request(item, app, names)
        for number, message in enumerate(item.websocket.messages if item.websocket else (), 1):
            if message.from_client:
                body = _bytes(message.content)
                event = _event(item, app, names, message.timestamp, "websocket", body, flow=f"{item.id}#{number}")
                yield Read(event, Message(body=body))
    elif isinstance(item, tcp.TCPFlow | udp.UDPFlow):
        if sent := [message for message in item.messages if message.from_client]:
            body = b"".join(message.content for message in sent)
            kind = "udp" if isinstance(item, udp.UDPFlow) else "tls" if item.client_conn.tls_established else "tcp"
            first, last = sent[0].timestamp, sent[-1].timestamp
            event = _event(item, app, names, first, kind, body)
            t, half = capture.middle(first, last)  # one search of the whole: a value may be in two parts
            yield Read(msgspec.structs.replace(event, t=t, err=wire.ERR_US + half), Message(body=body))
    elif isinstance(item, dns.DNSFlow):
        asked = "\n".join(q.name for q in item.request.questions).encode()
        yield Read(_event(item, app, names, item.timestamp_created, "dns", asked), Message(body=asked))
        _answered(item, names)


def _answered(item: dns.DNSFlow, names: set[tuple[str, str]]) -> None:
    """Keep to which addresses the name led that was asked for."""
    answers = item.response.answers if item.response and len(names) < _MAX_NAMES else ()
    for name in [question.name.lower() for question in item.request.questions][:1]:
        found = [answer.data for answer in answers if answer.type in (dns_types.A, dns_types.AAAA)]
        names.update((name, str(ipaddress.ip_address(data))) for data in found if len(data) in (4, 16))


def _bytes(content: bytes | str) -> bytes:
    """The content of a frame: files of mitmproxy up to 7 hold that of a text frame as text."""
    return content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content


def _request(item: http.HTTPFlow, app: str, names: set[tuple[str, str]]) -> Read:
    request = item.request
    body = request.raw_content or b""
    fields = capture.request_fields(request)
    if item.response:
        fields |= {"status": item.response.status_code, "response_bytes": len(item.response.raw_content or b"")}
    event = _event(item, app, names, request.timestamp_start, "http", body, **fields)
    return Read(event, capture.request_message(request, tuple(request.headers.fields), body))


def _event(
    item: flow.Flow, app: str, names: set[tuple[str, str]], when: float, protocol: str, body: bytes, /, **fields: Any
) -> Transmission:
    client, server = item.client_conn, item.server_conn
    host, port = (server.address or ("", 0))[:2]
    written = client.sni or ""
    if isinstance(item, http.HTTPFlow):
        host, port = item.request.host, item.request.port
        written = written or item.request.pretty_host
    target = capture.Target.of(
        host, written, proven=capture.proves_name(client, server) or (written.lower(), host) in names
    )
    common = {"src": "import", "flow": item.id, "port": port, "protocol": protocol, "scheme": protocol}
    return capture.transmission(app, client, target, t=int(when * 1e6), bytes=len(body), **common | fields)


class _Encoded(bytes):
    """An already encoded part of a state."""


class _Known:
    """Represents a connection in a flow that is only written."""

    def __init__(self, encoded: _Encoded) -> None:
        self._encoded = encoded

    def get_state(self) -> _Encoded:
        return self._encoded


class FastFlowWriter:
    """Appends flows to a file. Used by one thread at a time."""

    def __init__(self, out: BinaryIO, budget: Budget) -> None:
        self._out, self._budget = out, budget
        self._known: OrderedDict[tuple[Any, ...], _Known] = OrderedDict()

    def add(self, item: flow.Flow, *, bare: bool = False) -> None:
        """Write a flow; without its contents if they are not to be kept (``bare``), or are more than the budget allows,
        and of its heads no more than that. Raises ``OSError``, ``ValueError`` or ``TypeError``."""
        copied: Any = copy.copy(item)
        copied.client_conn = self._connection(item.client_conn)
        copied.server_conn = self._connection(item.server_conn)
        data = b"" if bare else encode(copied.get_state())
        if isinstance(item, http.HTTPFlow) and (bare or self._budget.grant(item.id, len(data)) < len(data)):
            copied.request, copied.response = _without_body(item.request), _without_body(item.response)
            copied.websocket = None
            data = encode(copied.get_state())
            if (room := self._budget.grant(item.id, len(data))) < len(data):
                copied.request, copied.response = (_cut_head(one, room) for one in (copied.request, copied.response))
                copied.comment = "the heads are cut"
                data = encode(copied.get_state())
        self._out.write(data)

    def _connection(self, conn: connection.Connection) -> _Known:
        """Whether a connection's state has changed is cheap to read; the state itself is not."""
        key = (
            conn.id, conn.state, conn.timestamp_start, conn.timestamp_tls_setup, conn.timestamp_end, conn.error,
            conn.sni, conn.alpn, conn.tls_version, conn.peername, len(conn.certificate_list),
            getattr(conn, "address", None), getattr(conn, "via", None), getattr(conn, "mitmcert", None) is None,
        )  # fmt: skip
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = _Known(_Encoded(encode(conn.get_state())))
            if len(self._known) > _CONNECTIONS:
                self._known.popitem(last=False)
        return known


def _without_body[Either: (http.Request, http.Response | None)](message: Either) -> Either:
    if message is not None:
        message = message.copy()
        message.raw_content = None
    return message


def _cut_head[Either: (http.Request, http.Response | None)](message: Either, room: int) -> Either:
    """Change a message to have no more than so many bytes of path, status line, headers and trailers."""
    if message is None:
        return message
    if isinstance(message, http.Request):
        message.data.path = message.data.path[:room]
        room -= len(message.data.path)
    else:
        message.data.reason = message.data.reason[:room]
        room -= len(message.data.reason)
    ends = accumulate(len(name) + len(value) for name, value in message.headers.fields)
    message.headers.fields = message.headers.fields[: bisect.bisect_right(list(ends), room)]
    message.trailers = None
    return message


def _items(items: Iterable[Any]) -> bytes:
    return b"".join([encode(item) for item in items])


#: How the data of a type is written, and the mark behind it. mitmproxy writes the last entry of a dict first.
_FORMS: Final[dict[type, tuple[Callable[[Any], bytes], bytes]]] = {
    str: (str.encode, b";"),
    bytes: (bytes, b","),
    int: (lambda number: b"%d" % number, b"#"),
    float: (lambda number: repr(number).encode(), b"^"),
    list: (_items, b"]"),
    tuple: (_items, b"]"),
    dict: (lambda found: b"".join([encode(part) for pair in reversed(found.items()) for part in pair]), b"}"),
}
_WORDS: Final = {None: b"0:~", True: b"4:true!", False: b"5:false!"}


def encode(value: Any) -> bytes:
    """A typed netstring. Raises ``ValueError`` for unsupported types."""
    kind = type(value)
    if form := _FORMS.get(kind):
        write, mark = form
        data = write(value)
        return b"%d:%b%b" % (len(data), data, mark)
    if value is None or kind is bool:
        return _WORDS[value]
    if kind is _Encoded:
        return bytes(value)
    for base in _FORMS:  # enumerations, named tuples and the like
        if isinstance(value, base):
            return encode(base(value))
    raise ValueError(f"no netstring for {kind.__name__}")


def main() -> None:
    """Send an empty frame, as mitmproxy is loaded, then everything, then the empty frame that marks the end."""
    # Nothing but frames goes to standard output, whatever a library prints.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    encoder = msgspec.msgpack.Encoder()
    process.send(out, b"")
    for item in read(Path(sys.argv[1]), sys.argv[2]):
        process.send(out, encoder.encode((item.event, item.message if item.event else None, item.skipped)))
    process.send(out, b"")


if __name__ == "__main__":
    main()
