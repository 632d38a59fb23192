"""What an app sends is in an event, whatever mitmproxy makes of it: requests that break off or are refused, bytes that
are no HTTP, bytes behind a request. Ordinary traffic has no more events than requests."""

import hashlib
import socket
import threading
import time
from pathlib import Path

import pytest
from h2.config import H2Configuration
from h2.connection import H2Connection

from monitor.content import Needle
from monitor.events import Transmission

from .conftest import IMEI, Bench, running

pytestmark = pytest.mark.proxy
SECRET = IMEI.encode()


def _found(bench: Bench) -> Transmission:
    """The event in which the value was found; it is the only one that holds it."""
    found: list[Transmission] = bench.kept.wait(lambda k: [e for e in list(k.sent) if e.matches], 20)
    assert {m.data_type for event in found for m in event.matches} == {"imei"}
    assert len(found) == 1, [
        (e.flow, e.protocol, e.host, e.path, e.bytes, e.reason, [m.path for m in e.matches]) for e in found
    ]
    return found[0]


def _send(bench: Bench, host: str, *parts: bytes, secure: bool = True, port: int = 443) -> None:
    line: socket.socket = bench.tunnel(f"{host}:{port}")
    if secure:
        line = bench.tls(line, host)
    for part in parts:
        line.sendall(part)
        time.sleep(0.2)
    line.close()


def test_a_request_that_breaks_off(clean: Bench) -> None:
    _send(
        clean, "short.invalid", b"POST /x HTTP/1.1\r\nHost: short.invalid\r\nContent-Length: 4000\r\n\r\nid=" + SECRET
    )
    event = _found(clean)
    assert (event.host, event.path, event.method, event.bytes) == ("short.invalid", "/x", "POST", 18)
    assert (event.decoded, event.reason) == ("partial", "the request was cut short")
    assert [m.path for m in event.matches] == ["body.form.id"]


def test_a_request_over_http2_that_breaks_off(clean: Bench) -> None:
    sock = clean.tls(clean.tunnel("short2.invalid:443"), "short2.invalid", ["h2"])
    connection = H2Connection(H2Configuration(client_side=True))
    connection.initiate_connection()
    names = [(":method", "POST"), (":authority", "short2.invalid"), (":scheme", "https"), (":path", "/x")]
    connection.send_headers(1, [*names, ("content-length", "4000")])
    connection.send_data(1, b"id=" + SECRET)
    sock.sendall(connection.data_to_send())
    time.sleep(0.2)
    sock.close()
    event = _found(clean)
    assert (event.host, event.path, event.bytes, event.decoded) == ("short2.invalid", "/x", 18, "partial")


@pytest.mark.parametrize("secure", [False, True])
def test_what_is_no_http(clean: Bench, secure: bool) -> None:
    _send(clean, "odd.invalid", b"MYPROTO " + SECRET + b"\n", secure=secure, port=9999)
    event = _found(clean)
    assert (event.host, event.port, event.bytes) == ("odd.invalid", 9999, 24)
    assert (event.protocol, event.decoded) == ("tls" if secure else "tcp", "partial")
    assert clean.kept.failures == [], "the app used the connection"


_HEAD = b"POST /x HTTP/1.1\r\nHost: odd.invalid\r\n"


@pytest.mark.parametrize(
    "parts",
    [
        (_HEAD + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n" + SECRET + b"\r\n0\r\n\r\n",),
        (_HEAD + b"X-Id: " + SECRET + b"\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",),
        (b"NOHTTP " + SECRET + b"\r\n\r\n",),
        (_HEAD + b"X-Id: " + SECRET + b"\r\nX-More: ",),
        (_HEAD + b"Content-Length: 0\r\n\r\nZZZZ" + SECRET + b"\r\n\r\n",),
        (_HEAD + b"Connection: close\r\nContent-Length: 0\r\n\r\nZZZZ" + SECRET,),
        (_HEAD + b"Upgrade: myproto\r\nConnection: Upgrade\r\nContent-Length: 0\r\n\r\n", b"id=" + SECRET),
        (_HEAD + b"Transfer-Encoding: chunked\r\n\r\n3;x=" + SECRET + b"\r\nabc\r\n0\r\n\r\n",),
        (_HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Id: " + SECRET + b"\r\n\r\n",),
    ],
    ids=["refused", "refused head", "no head", "head", "behind", "behind the last", "upgrade", "chunk", "trailer"],
)  # fmt: skip
def test_what_is_refused_or_follows_a_request(clean: Bench, parts: tuple[bytes, ...]) -> None:
    _send(clean, "odd.invalid", *parts)
    assert _found(clean).host == "odd.invalid"


def test_a_request_without_a_host(clean: Bench) -> None:
    with socket.create_connection(("127.0.0.1", clean.worker.port), 60) as line:
        line.sendall(b"GET /x HTTP/1.1\r\nX-Id: " + SECRET + b"\r\n\r\n")
        line.recv(1000)
    assert _found(clean).decoded == "partial"


@pytest.mark.parametrize("place", ["name", "header"])
def test_a_tunnel_that_carries_nothing(clean: Bench, place: str) -> None:
    host = f"{IMEI}.odd.invalid" if place == "name" else "odd.invalid"
    with socket.create_connection(("127.0.0.1", clean.worker.port), 60) as line:
        line.sendall(
            f"CONNECT {host}:443 HTTP/1.1\r\nHost: odd\r\nX-Id: {IMEI if place == 'header' else ''}\r\n\r\n".encode()
        )
        line.recv(1000)
    event = _found(clean)
    assert (event.port, event.scheme) == (443, "tls") and (event.method, event.matches[0].path) == (
        "CONNECT", "host" if place == "name" else "header.x-id")  # fmt: skip


def test_a_handshake_that_is_none(clean: Bench) -> None:
    """Its bytes are searched, and the failure quotes none of them."""
    record = b"\1\0\0\x0f" + SECRET
    _send(clean, "hello.invalid", b"\x16\3\1\0" + bytes([len(record)]) + record, secure=False)
    assert _found(clean).host == "hello.invalid"
    (failure,) = clean.kept.failures
    assert failure.reading == "not_tls" and SECRET.hex() not in failure.alert


def test_socks(clean: Bench) -> None:
    with socket.create_connection(("127.0.0.1", clean.worker.port), 60) as line:
        line.sendall(b"\x04\x01\x01\xbb\0\0\0\x01me\0" + SECRET + b".odd.invalid\0")
        time.sleep(0.2)
    assert _found(clean).protocol == "tcp"


def test_what_follows_a_change_of_protocol(tmp_path: Path) -> None:
    server = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        peer, _ = server.accept()
        peer.recv(1000)
        peer.sendall(b"HTTP/1.1 101 Go\r\nUpgrade: myproto\r\nConnection: Upgrade\r\n\r\n")
        peer.recv(1000)
        peer.close()

    threading.Thread(target=answer, daemon=True).start()
    with running(tmp_path, mode="normal", allow=["127.0.0.1"]) as bench, server:
        address = f"127.0.0.1:{server.getsockname()[1]}"
        with socket.create_connection(("127.0.0.1", bench.worker.port)) as line:
            head = (
                f"GET http://{address}/s HTTP/1.1\r\nHost: {address}\r\nUpgrade: myproto\r\nConnection: Upgrade\r\n\r\n"
            )
            line.sendall(head.encode())
            assert line.recv(1000).startswith(b"HTTP/1.1 101")
            line.sendall(b"imei=" + SECRET)
            time.sleep(0.2)
        sent = bench.kept.wait(lambda k: len(k.sent) == 2 and k.sent)
    assert sorted(event.protocol for event in sent) == ["http", "tcp"]
    assert [event.bytes for event in sent if event.protocol == "tcp"] == [20]


def test_ordinary_traffic_has_an_event_for_each_request(clean: Bench) -> None:
    get = b"GET /%d HTTP/1.1\r\nHost: plain.invalid\r\nX-A: b\r\n\r\n"
    chunked = b"POST /3 HTTP/1.1\r\nHost: plain.invalid\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na=b\r\n0\r\n\r\n"
    _send(clean, "plain.invalid", get % 1, get % 2, chunked, b"\r\n")
    _send(clean, "plain.invalid", get % 4 + get % 5 + get % 6)
    _send(clean, "plain.invalid", secure=False)
    _send(
        clean,
        "plain.invalid",
        b"POST /9 HTTP/1.1\r\nHost: plain.invalid\r\nContent-Length: 3\r\n\r\na=b",
    )
    clean.curl("--http2", "https://plain.invalid/[7-8]")
    time.sleep(2)
    assert [event.path for event in sorted(clean.kept.sent, key=lambda e: e.path)] == [f"/{n}" for n in range(1, 10)]
    assert [event.bytes for event in clean.kept.sent if event.method == "POST"] == [3, 3]
    assert "partial" not in {event.decoded for event in clean.kept.sent} and clean.kept.failures == []


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_what_frames_a_body_has_a_limit(clean: Bench, method: str) -> None:
    """An extension of a chunk, or trailers, without an end; what it begins with is searched."""
    line = clean.tls(clean.tunnel("odd.invalid:443"), "odd.invalid")
    start = b"3;x=" if method == "POST" else b"0\r\nX-Id: "
    line.sendall(method.encode() + _HEAD[4:] + b"Transfer-Encoding: chunked\r\n\r\n" + start + SECRET + b" ")
    with pytest.raises(OSError):
        for _ in range(400):
            line.sendall(b"x" * 10_000)
            time.sleep(0.001)
    line.close()
    assert _found(clean).host == "odd.invalid"
    assert [one.detail["refused"] for one in clean.kept.health("skipped")] == ["head"]


def test_a_body_that_no_head_announces_is_streamed(clean: Bench) -> None:
    sock = clean.tls(clean.tunnel("get2.invalid:443"), "get2.invalid", ["h2"])
    connection = H2Connection(H2Configuration(client_side=True))
    connection.initiate_connection()
    sock.sendall(connection.data_to_send())
    names = [(":method", "GET"), (":authority", "get2.invalid"), (":scheme", "https"), (":path", "/x")]
    connection.send_headers(1, names)
    body, sent = b"x" * (3 << 20) + SECRET, 0
    while sent < len(body):
        while not (room := min(connection.local_flow_control_window(1), connection.max_outbound_frame_size)):
            sock.sendall(connection.data_to_send())
            connection.receive_data(sock.recv(65536))
        if sent + room >= len(body):  # all but the last is not in memory
            sock.sendall(connection.data_to_send())
            clean.kept.wait(lambda _: list(clean.worker._scratch.path.glob("body-*")), 20)
        connection.send_data(1, body[sent : sent + room], end_stream=sent + room >= len(body))
        sent += room
    sock.sendall(connection.data_to_send())
    event = _found(clean)
    sock.close()
    assert (event.path, event.bytes, event.sha256) == ("/x", len(body), hashlib.sha256(body).hexdigest())
    assert body in clean.kept.blobs


def test_what_is_still_open_at_the_end(tmp_path: Path) -> None:
    with running(tmp_path) as bench:
        bench.worker.add_needles([Needle("imei", "t", IMEI)])
        bench.knows(IMEI)
        first, second = (bench.tls(bench.tunnel(f"{name}.invalid:443"), f"{name}.invalid") for name in ("a", "b"))
        first.sendall(b"POST /x HTTP/1.1\r\nHost: a.invalid\r\nContent-Length: 4000\r\n\r\nid=" + SECRET)
        second.sendall(b"MYPROTO " + SECRET + b"\n")
        time.sleep(0.5)
        bench.worker.stop()
        first.close()
        second.close()
    assert {e.host for e in bench.kept.sent if e.matches} == {"a.invalid", "b.invalid"}
