"""mitmproxy's flow files, read for an import."""

import ipaddress
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple, cast

import msgspec
from mitmproxy import dns, flow, http, tcp, udp
from mitmproxy.io import compat, tnetstring
from mitmproxy.net.dns import types as dns_types

from monitor.collectors.proxy.common import sent, span, target, vouched
from monitor.collectors.proxy.stage import ERR_US
from monitor.content import Message
from monitor.events import Transmission
from monitor.text.reasons import Skip

_NAMES: Final = 20_000


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
                event = _event(item, app, names, f"{item.id}#{number}", message.timestamp, "websocket", body)
                yield Read(event, Message(body=body))
    elif isinstance(item, tcp.TCPFlow | udp.UDPFlow):
        sent = [m for m in item.messages if m.from_client]
        if sent:
            body = b"".join(m.content for m in sent)
            kind = "udp" if isinstance(item, udp.UDPFlow) else "tls" if item.client_conn.tls_established else "tcp"
            event = _event(
                item, app, names, item.id, sent[0].timestamp, kind, body, decoded="opaque", reason="not HTTP"
            )
            t, half = span(
                sent[0].timestamp, sent[-1].timestamp
            )  # one search of the whole: a value may be in two parts
            yield Read(msgspec.structs.replace(event, t=t, err=ERR_US + half), Message(body=body))
    elif isinstance(item, dns.DNSFlow):
        asked = "\n".join(q.name for q in item.request.questions).encode()
        yield Read(_event(item, app, names, item.id, item.timestamp_created, "dns", asked), Message(body=asked))
        _answered(item, names)


def _answered(item: dns.DNSFlow, names: set[tuple[str, str]]) -> None:
    """Keep to which addresses the name led that was asked for."""
    answers = item.response.answers if item.response and len(names) < _NAMES else ()
    for name in [question.name.lower() for question in item.request.questions][:1]:
        found = [answer.data for answer in answers if answer.type in (dns_types.A, dns_types.AAAA)]
        names.update((name, str(ipaddress.ip_address(data))) for data in found if len(data) in (4, 16))


def _bytes(content: bytes | str) -> bytes:
    """The content of a frame: files of mitmproxy up to 7 hold that of a text frame as text."""
    return content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content


def _request(item: http.HTTPFlow, app: str, names: set[tuple[str, str]]) -> Read:
    request = item.request
    body = request.raw_content or b""
    event = _event(
        item,
        app,
        names,
        item.id,
        request.timestamp_start,
        "http",
        body,
        method=request.method,
        path=request.path,
        scheme=request.scheme,
        http_version=request.http_version,
        content_type=request.headers.get("content-type", ""),
        status=item.response.status_code if item.response else 0,
        response_bytes=len(item.response.raw_content or b"") if item.response else 0,
    )
    return Read(
        event,
        Message(
            target=request.data.path,
            headers=tuple(request.headers.fields),
            body=body,
            content_type=request.headers.get("content-type", ""),
            encoding=request.headers.get("content-encoding", ""),
        ),
    )


def _event(
    item: flow.Flow, app: str, names: set[tuple[str, str]], flow_id: str, when: float, protocol: str, body: bytes,
    **more: Any,
) -> Transmission:  # fmt: skip
    host, port = (item.server_conn.address or ("", 0))[:2]
    written = item.client_conn.sni or ""
    if isinstance(item, http.HTTPFlow):
        host, port = item.request.host, item.request.port
        written = written or item.request.pretty_host
    proven = vouched(item.client_conn, item.server_conn) or (written.lower(), host) in names
    more.setdefault("scheme", protocol)
    return sent(
        app,
        item.client_conn,
        target(host, written, proven=proven),
        t=int(when * 1e6),
        src="import",
        flow=flow_id,
        port=port,
        bytes=len(body),
        protocol=protocol,
        **more,
    )
