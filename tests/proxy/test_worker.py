"""Real clients through a real worker: every protocol becomes an event with its matches, timely and complete."""

import gzip
import hashlib
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import StreamEnded
from mitmproxy.http import HTTPFlow
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, BytesMessage, CloseConnection, Request, TextMessage

from monitor.base.network import socket_owner
from monitor.collectors.proxy.budget import HEAD
from monitor.collectors.proxy.capture import MEMORY
from monitor.collectors.proxy.flowfile import flows
from monitor.content import Needle

from .conftest import IMEI, Bench, Origin, running

BODY = json.dumps({"imei": IMEI})

pytestmark = pytest.mark.proxy


def test_https_request(clean: Bench) -> None:
    before = time.time_ns() // 1000
    answer = clean.curl(f"https://api.invalid/u/{IMEI}/x?i={IMEI}", "-d", BODY, "-H", "Content-Type: application/json")
    event = clean.kept.wait(lambda k: k.sent)[0]
    assert answer == "{}"
    assert (event.host, event.port, event.method, event.scheme, event.sni) == (
        "api.invalid", 443, "POST", "https", "api.invalid")  # fmt: skip
    assert event.path == "/u/…/x" and event.status == 200 and event.response_bytes == 2
    assert event.bytes == len(BODY) and event.sha256 == hashlib.sha256(BODY.encode()).hexdigest()
    assert clean.kept.blobs == [BODY.encode()]
    assert before <= event.t <= time.time_ns() // 1000 and (event.src, event.err) == ("proxy", 1000)
    assert event.client_port > 0 and event.app == "com.example" and event.http_version.startswith("HTTP/")
    assert {(m.path, m.form, m.certainty, m.tag) for m in event.matches} == {
        (path, "plain", "found", "t") for path in ("path[1]", "query.i", "body.json.imei")
    }
    assert IMEI not in str(event)


def test_plain_http_and_the_source_port(clean: Bench) -> None:
    clean.curl("http://plain.invalid/a", "-d", f"x={IMEI}", "--local-port", "42000-42999")
    event = clean.kept.wait(lambda k: k.sent)[0]
    assert (event.scheme, event.port) == ("http", 80) and 42000 <= event.client_port <= 42999


def _h2(bench: Bench, host: str, headers: list[tuple[str, str]], chunks: list[bytes]) -> None:
    sock = bench.tls(bench.tunnel(f"{host}:443"), host, ["h2"])
    assert sock.selected_alpn_protocol() == "h2"
    connection = H2Connection(H2Configuration(client_side=True))
    connection.initiate_connection()
    pseudo = [(":method", "POST"), (":authority", host), (":scheme", "https"), (":path", "/svc/Call")]
    connection.send_headers(1, pseudo + headers)
    for chunk in chunks:
        connection.send_data(1, chunk)
    connection.end_stream(1)
    sock.sendall(connection.data_to_send())
    done = False
    while not done and (data := sock.recv(65536)):
        done = any(isinstance(e, StreamEnded) for e in connection.receive_data(data))
        sock.sendall(connection.data_to_send())
    assert done
    sock.close()


def test_http2_and_grpc(clean: Bench) -> None:
    message = b"\x0a" + bytes([len(IMEI)]) + IMEI.encode()
    packed = gzip.compress(message)
    body = b"\0" + struct.pack(">I", len(message)) + message + b"\1" + struct.pack(">I", len(packed)) + packed
    _h2(clean, "grpc.invalid", [("content-type", "application/grpc"), ("te", "trailers")], [body[:7], body[7:]])
    event = clean.kept.wait(lambda k: k.sent)[0]
    what = (event.http_version, event.content_type, event.host)
    assert what == ("HTTP/2.0", "application/grpc", "grpc.invalid")
    assert {m.path for m in event.matches} == {"body.grpc[0].pb.1", "body.grpc[1].pb.1"}
    assert event.sha256 == hashlib.sha256(body).hexdigest() and clean.kept.blobs == [body]


def test_large_upload_is_hashed_and_searched_to_its_end(clean: Bench, tmp_path: Path) -> None:
    body = b"\0" * (20 << 20) + b"imei=" + IMEI.encode()
    file = tmp_path / "big"
    file.write_bytes(body)
    clean.curl("https://big.invalid/", "--data-binary", f"@{file}", "-H", "Content-Type: application/octet-stream")
    event = clean.kept.wait(lambda k: k.sent)[0]
    assert event.bytes == len(body) and event.sha256 == hashlib.sha256(body).hexdigest()
    assert event.decoded == "partial" and "16777216 of" in event.reason
    assert [(m.path, m.certainty) for m in event.matches] == [("body", "found")]
    assert [len(b) for b in clean.kept.blobs] == [len(body)]


@pytest.mark.parametrize("size", [3 << 20, 1200 << 10, 40 << 10])
def test_what_is_kept_of_bodies_is_limited_and_all_of_them_is_searched(size: int, tmp_path: Path) -> None:
    """A body larger than one flow may keep, one that is streamed, one that is not; the first is kept whole."""
    limit, count = 8 << 20, 400 if size < MEMORY else 20
    body = b"imei=" + b"0" * size + IMEI.encode()
    (tmp_path / "body").write_bytes(body)
    with running(tmp_path, keep_bytes=limit) as bench:
        bench.worker.add_needles([Needle("imei", "t", IMEI)])
        bench.knows(IMEI)
        bench.curl(f"https://big.invalid/[1-{count}]", "--data-binary", f"@{tmp_path / 'body'}")
        sent = bench.kept.wait(lambda k: len(k.sent) == count and k.sent)
        bench.worker.stop()
    assert all(e.matches and e.sha256 == hashlib.sha256(body).hexdigest() and e.bytes == len(body) for e in sent)
    cut = [event for event in sent if event.head]
    assert {event.head for event in cut} == {hashlib.sha256(body[:HEAD]).hexdigest()}
    assert len(cut) == count or (size * 4 < limit and not sent[0].head)
    assert sorted(set(bench.kept.blobs), key=len) == [body[:HEAD], *([body] if len(cut) < count else [])]
    told = sum(event.n for event in bench.kept.health("unkept"))
    assert len(cut) <= told <= count and not any(event.head for event in sent[: count - len(cut)])
    file = tmp_path / "private" / "flows.mitm"
    assert sum(isinstance(one, HTTPFlow) and one.request.host == "big.invalid" for one in flows(file)) == count
    assert sum(map(len, bench.kept.blobs)) + file.stat().st_size <= limit + limit // 4 + 3000 * count


def test_http2_upload_of_unknown_length(clean: Bench) -> None:
    size = 3 << 20
    upload = ("--http2", "-X", "POST", "-T", "-", "https://live.invalid/s")
    answer = clean.curl(*upload, given="\0" * size + IMEI)
    event = clean.kept.wait(lambda k: k.sent)[0]
    assert answer == "{}" and (event.http_version, event.status, event.bytes) == ("HTTP/2.0", 200, size + 15)
    assert [m.path for m in event.matches] == ["body"] and [len(b) for b in clean.kept.blobs] == [size + 15]


def test_normal_mode_passes_on_and_an_answer_may_come_before_the_end_of_the_upload(
    tmp_path: Path, origin: Origin
) -> None:
    hasty = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def answer() -> None:
        peer, _ = hasty.accept()
        peer.recv(1000)
        peer.sendall(b"HTTP/1.1 413 No\r\nContent-Length: 0\r\n\r\n")
        over.wait(60)
        peer.close()

    threading.Thread(target=answer, daemon=True).start()
    with running(tmp_path, mode="normal", allow=["127.0.0.1", "localhost"]) as bench, hasty:
        bench.worker.add_needles([Needle("imei", "t", IMEI)])
        assert bench.curl(f"http://{origin.address}/x", "-d", BODY) == "hello"
        event = bench.kept.wait(lambda k: k.sent)[0]
        assert (event.status, event.response_bytes, len(event.matches)) == (201, 5, 1)
        assert origin.bodies == [BODY.encode()]
        address = f"127.0.0.1:{hasty.getsockname()[1]}"
        sock = socket.create_connection(("127.0.0.1", bench.worker.port))
        head = f"POST http://{address}/s HTTP/1.1\r\nHost: {address}\r\nContent-Length: 3000000\r\n\r\n"
        sock.sendall(head.encode() + b"imei=" + IMEI.encode())
        sock.settimeout(60)
        assert sock.recv(100).startswith(b"HTTP/1.1 413")
        sock.close()
        over.set()
        bench.worker.stop()
        _, event = bench.kept.sent
    assert (event.status, event.bytes, event.reason) == (413, 20, "the upload was cut short")
    assert [m.path for m in event.matches] == ["body.form.imei"]


def test_an_upload_cut_short_was_still_sent(clean: Bench) -> None:
    sock = clean.tls(clean.tunnel("cut.invalid:443"), "cut.invalid")
    sock.sendall(b"POST /c HTTP/1.1\r\nHost: cut.invalid\r\nContent-Length: 3000000\r\n\r\nimei=" + IMEI.encode())
    time.sleep(1)  # mitmproxy drops what it has not passed on yet
    sock.close()
    event = clean.kept.wait(lambda k: k.sent)[0]
    assert (event.bytes, event.decoded, event.reason) == (20, "partial", "the upload was cut short")
    assert [m.path for m in event.matches] == ["body.form.imei"]


def test_websocket(clean: Bench) -> None:
    sock = clean.tls(clean.tunnel("ws.invalid:443"), "ws.invalid")
    client = WSConnection(ConnectionType.CLIENT)
    sock.sendall(client.send(Request(host="ws.invalid", target="/live")))
    accepted = False
    while not accepted:
        client.receive_data(sock.recv(65536))
        accepted = any(isinstance(e, AcceptConnection) for e in client.events())
    sock.sendall(client.send(TextMessage(BODY)) + client.send(BytesMessage(gzip.compress(BODY.encode()))))
    sock.sendall(client.send(CloseConnection(code=1000)))
    sock.recv(65536)
    sock.close()
    events = clean.kept.wait(lambda k: len(k.sent) >= 3 and k.sent)
    assert [e.protocol for e in events] == ["http", "websocket", "websocket"]
    assert [e.status for e in events] == [101, 101, 101] and events[1].host == "ws.invalid"
    assert [m.path for e in events for m in e.matches] == ["body.json.imei", "body.gzip.json.imei"]


def test_raw_tls_and_tcp_that_cannot_be_read_are_counted_and_searched_all_the_same(clean: Bench) -> None:
    payload = b"\x07\x00\x01" + IMEI.encode() + b"\xff" * 20
    raw = clean.tls(clean.tunnel("push.invalid:5223"), "push.invalid"), clean.tunnel("push.invalid:5223")
    for sock in raw:
        sock.sendall(payload)
    time.sleep(1)  # mitmproxy drops what it has not passed on yet
    for sock in raw:
        sock.close()
    events = clean.kept.wait(lambda k: len(k.sent) >= 2 and k.sent)
    assert sorted(e.protocol for e in events) == ["tcp", "tls"]
    for event in events:
        assert (event.decoded, event.host, event.port, event.bytes) == ("no", "push.invalid", 5223, len(payload))
        assert [(m.data_type, m.path) for m in event.matches] == [("imei", "body")]
        assert event.sha256 == hashlib.sha256(payload).hexdigest()


def test_a_needle_within_the_hold_is_in_the_event_and_a_later_one_is_reported(tmp_path: Path) -> None:
    with running(tmp_path, hold_ms=800) as bench:
        bench.curl("https://a.invalid/", "-d", "serial=QW77ERTY12")
        bench.worker.add_needles([Needle("serial", "t1", "QW77ERTY12")])
        event = bench.kept.wait(lambda k: k.sent)[0]
        assert [m.tag for m in event.matches] == ["t1"]
        bench.curl("https://b.invalid/", "-d", "oaid=ffee00112233aabb")
        late = bench.kept.wait(lambda k: len(k.sent) == 2 and k.sent[1])
        assert [m.certainty for m in late.matches] == ["possible"]
        bench.worker.add_needles([Needle("oaid", "t2", "ffee00112233aabb")])
        found = bench.kept.wait(lambda k: k.late)[0]
        assert (found.flows, found.match.tag, found.n) == ([late.flow], "t2", 1)
        assert found.match.path == "body.form.oaid"


def test_a_late_form_of_a_value_that_was_found_is_no_news(clean: Bench) -> None:
    clean.curl("https://a.invalid/", "-d", f"imei={IMEI}&k=5e8848b2c1d94c0fa")
    clean.curl("https://b.invalid/", "-d", "k=5e8848b2c1d94c0fa")
    _, other = clean.kept.wait(lambda k: len(k.sent) == 2 and k.sent)
    clean.worker.add_needles([Needle("imei", "t", "5e8848b2c1d94c0fa", "digest")])
    found = clean.kept.wait(lambda k: k.late)[0]
    assert (found.flows, found.n) == ([other.flow], 1)


def test_a_value_found_late_in_several_messages_is_told_as_what_it_is_in_each(clean: Bench) -> None:
    forms = {"a": "k=11aa48b2c1d94c0fa", "b": "k=11aa48b2c1d94c0fa", "c": "k=77aa48b2c1d94c0fa"}
    for host, body in forms.items():
        clean.curl(f"https://{host}.invalid/", "-d", body)
    sent = clean.kept.wait(lambda k: len(k.sent) == 3 and k.sent)
    flows = {event.host[0]: event.flow for event in sent}
    late = [("11aa48b2c1d94c0fa", "mac"), ("77aa48b2c1d94c0fa", "digest")]
    clean.worker.add_needles([Needle("oaid", "t3", text, form) for text, form in late])
    found = clean.kept.wait(lambda k: len(k.late) == 2 and k.late)
    assert {one.match.form: one.flows for one in found} == {"mac": [flows["a"], flows["b"]], "digest": [flows["c"]]}


def test_what_comes_late_is_not_ordered_by_sequence(clean: Bench) -> None:
    slow = clean.tls(clean.tunnel("slow.invalid:443"), "slow.invalid")
    slow.sendall(b"POST /s HTTP/1.1\r\nHost: slow.invalid\r\nContent-Length: 4\r\n\r\nx=")
    time.sleep(0.2)
    clean.curl("https://quick.invalid/")
    clean.kept.wait(lambda k: k.sent)
    slow.sendall(b"12")
    events = clean.kept.wait(lambda k: len(k.sent) == 2 and k.sent)
    assert [e.host for e in events] == ["quick.invalid", "slow.invalid"] and events[1].t < events[0].t
    assert events[0].src == "proxy" and events[1].src.startswith("proxy:")
    slow.close()


def test_a_stalled_consumer_costs_counted_drops_and_no_traffic(tmp_path: Path) -> None:
    with running(tmp_path, queue=20, hold_ms=0) as bench:
        bench.curl("https://a.invalid/", "-d", "x=1")
        bench.kept.wait(lambda k: k.sent)
        bench.kept.gate.clear()
        (tmp_path / "body").write_text("x=" + "y" * 30_000)
        bench.curl("https://a.invalid/[1-150]", "-d", f"@{tmp_path / 'body'}")
        bench.kept.gate.set()
        bench.kept.wait(lambda k: k.health("lost"))
        bench.worker.stop()
        lost = sum(h.n for h in bench.kept.health("lost"))
        assert lost > 0 and lost + len(bench.kept.sent) == 151
        assert bench.kept.health("stopped")[0].detail["dropped"] == str(lost)


def test_the_worker_ends_with_its_parent(tmp_path: Path) -> None:
    code = (
        "import sys,time\nfrom pathlib import Path\nfrom monitor.collectors.proxy import Config, ProxyWorker\n"
        "class S:\n emit=lambda s,e,values=():None\n"
        "w=ProxyWorker(S(),Path(sys.argv[1]),Config());w.start();print(w.pid,flush=True);time.sleep(60)\n"
    )
    temp = tmp_path / "temp"
    temp.mkdir()
    environment = {**os.environ, "TMPDIR": str(temp)}
    command = [sys.executable, "-c", code, str(tmp_path)]
    parent = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert parent.stdout
    pid = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    end = time.monotonic() + 60
    while Path(f"/proc/{pid}/stat").exists() and Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z":
        assert time.monotonic() < end
        time.sleep(0.05)
    assert list(temp.iterdir()) == []


def test_no_way_to_what_only_this_machine_reaches(tmp_path: Path) -> None:
    """An app must not read the machine's own services or its network through the proxy, unless that is allowed."""
    hosts = ["127.0.0.1", "localhost", "[::1]", "10.1.2.3", "169.254.169.254", "192.168.0.1"]
    with running(tmp_path, mode="normal") as bench:
        for host in hosts:
            with socket.create_connection(("127.0.0.1", bench.worker.port), 60) as line:
                line.sendall(f"GET http://{host}:9/x HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
                answer = line.recv(4096)
            assert answer.startswith(b"HTTP/1.1 502") and b"not a public address" in answer, host
    reported = [e for e in bench.kept.health("skipped") if e.detail.get("refused") == "target"]
    assert [e.detail["host"] for e in reported] == [host.strip("[]") for host in hosts]


@pytest.mark.skipif(os.geteuid() != 0, reason="needs two users: run as root")
def test_no_other_user_of_this_machine(clean: Bench) -> None:
    """What another user sends through the proxy is not recorded, so it is attributed to no app."""
    command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "curl", "-sS", "-m", "10"]
    command += ["-x", f"http://127.0.0.1:{clean.worker.port}", "http://evil.example/?imei=358240057611122"]
    assert subprocess.run(command, capture_output=True).returncode != 0
    clean.curl("http://ours.example/")
    clean.kept.wait(lambda kept: kept.sent)
    assert [event.host for event in clean.kept.sent] == ["ours.example"]
    assert [e.detail.get("refused") for e in clean.kept.health("skipped")] == ["client"]


def _told_after_the_end() -> bool:
    """Whether the kernel still says whose a closed socket was (Linux 6.17 and later, of every user but root)."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        with socket.create_connection(server.getsockname()) as client:
            peer = client.getsockname()
        with server.accept()[0]:
            return socket_owner(peer, server.getsockname()) == os.geteuid()


@pytest.mark.skipif(_told_after_the_end(), reason="this kernel says whose a closed connection was")
@pytest.mark.parametrize("own_ends", [False, True])
def test_a_connection_that_nobody_holds_any_more_is_not_the_apps(tmp_path: Path, own_ends: bool) -> None:
    """Whoever writes and closes at once has no owner when the proxy asks. It may have been anyone."""
    with running(tmp_path, own_ends=own_ends) as bench:
        os.kill(bench.worker.pid, signal.SIGSTOP)  # it asks when all is over
        try:
            with socket.create_connection(("127.0.0.1", bench.worker.port), 60) as line:
                line.sendall(b"GET http://forged.example/?imei=1 HTTP/1.1\r\nHost: forged.example\r\n\r\n")
        finally:
            os.kill(bench.worker.pid, signal.SIGCONT)
        bench.curl("http://ours.example/")
        bench.kept.wait(lambda kept: [event for event in kept.sent if event.host == "ours.example"])
        bench.kept.wait(lambda kept: kept.health("skipped") if own_ends else len(kept.sent) == 2)
    owners = {event.host: (event.unowned, event.client_port != 0) for event in bench.kept.sent}
    assert owners == {"ours.example": (False, True)} | ({} if own_ends else {"forged.example": (True, False)})
    assert [e.detail.get("refused") for e in bench.kept.health("skipped")] == ["client"] * own_ends


@pytest.mark.parametrize("start", [b"GET /", b"GET / HTTP/1.1\r\nX-Long: "])
def test_an_endless_head_is_cut_off(clean: Bench, start: bytes) -> None:
    """mitmproxy would keep it all: one app filled the machine's memory."""
    sent = 0
    with socket.create_connection(("127.0.0.1", clean.worker.port), 60) as line:
        line.sendall(start)
        with pytest.raises(ConnectionError):
            while sent < 64 << 20:
                line.sendall(b"x" * 65536)
                sent += 65536
    assert sent < 32 << 20
    clean.kept.wait(lambda kept: [e for e in kept.health("skipped") if e.detail.get("refused") == "head"])
    clean.curl("http://after.example/")
    clean.kept.wait(lambda kept: {e.host: e.decoded for e in kept.sent} == {"after.example": "yes", "": "partial"})
