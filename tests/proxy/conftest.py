"""A real worker with a sink that keeps what it is given, and small real clients."""

import contextlib
import http.server
import secrets
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from monitor.collectors.proxy import Config, ProxyWorker
from monitor.content import Needle
from monitor.events import Event, LateMatch, TlsFailure, Transmission
from monitor.session.observe import RawValue
from tests.hooks.support import Memory

IMEI = "358240057611122"


class Kept(Memory):
    """A sink that takes bodies, too. While ``gate`` is cleared it stalls its caller."""

    def __init__(self) -> None:
        super().__init__()
        self.blobs: list[bytes] = []
        self.gate = threading.Event()
        self.gate.set()

    def emit(self, event: Event, values: Sequence[RawValue] = ()) -> None:
        self.gate.wait()
        super().emit(event, values)

    def blob(self, data: bytes, *, private: bool) -> str:
        assert private
        self.blobs.append(data)
        return ""

    @property
    def sent(self) -> list[Transmission]:
        return self.of(Transmission)

    @property
    def failures(self) -> list[TlsFailure]:
        return self.of(TlsFailure)

    @property
    def late(self) -> list[LateMatch]:
        return self.of(LateMatch)

    def wait(self, check: Callable[["Kept"], Any], seconds: float = 60) -> Any:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if result := check(self):
                return result
            time.sleep(0.01)
        raise AssertionError(f"not seen in {seconds} s; seen: {[type(e).__name__ for e in self.events]}")


class Bench:
    """A running worker and what a client needs to use it."""

    def __init__(self, worker: ProxyWorker, kept: Kept, out: Path) -> None:
        self.worker, self.kept, self.out = worker, kept, out
        self.ca = out / "ca.pem"
        self.ca.write_bytes(worker.ca_pem)

    def knows(self, text: str) -> None:
        """Wait until the worker knows a value that it was given, and discard the attempts."""

        def known(kept: Kept) -> bool:
            self.curl(f"http://known.invalid/?v={text}")
            return any(event.matches for event in list(kept.sent))

        self.kept.wait(known)
        self.settle()

    def settle(self) -> None:
        """Wait until everything sent before has been reported, and discard it."""
        end = f"end{secrets.token_hex(4)}.invalid"
        self.curl(f"http://{end}/")
        self.kept.wait(lambda kept: any(event.host == end for event in list(kept.sent)))
        self.kept.events.clear()
        self.kept.blobs.clear()

    def curl(self, *arguments: str, trust: bool = True, check: bool = True, given: str = "") -> str:
        proxy = f"http://127.0.0.1:{self.worker.port}"
        trusted = ["--cacert", str(self.ca)] if trust else []
        command = ["curl", "-sS", "--noproxy", "", "-m", "60", "-x", proxy, *trusted, *arguments]
        done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
        assert not check or done.returncode == 0, done.stderr
        return done.stdout

    def tunnel(self, target: str) -> socket.socket:
        """A CONNECT tunnel through the proxy."""
        sock = socket.create_connection(("127.0.0.1", self.worker.port), timeout=60)
        sock.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
        head = b""
        while b"\r\n\r\n" not in head:
            head += sock.recv(1)
        assert b" 200 " in head
        return sock

    def tls(self, sock: socket.socket, name: str, alpn: list[str] | None = None) -> ssl.SSLSocket:
        context = ssl.create_default_context(cadata=self.worker.ca_pem.decode())
        if alpn:
            context.set_alpn_protocols(alpn)
        return context.wrap_socket(sock, server_hostname=name)


@contextlib.contextmanager
def running(out: Path, **options: Any) -> Iterator[Bench]:
    kept = Kept()
    worker = ProxyWorker(kept, out, Config(app="com.example", **{"hold_ms": 50, **options}))
    worker.start()
    try:
        yield Bench(worker, kept, out)
    finally:
        kept.gate.set()
        worker.stop()


@pytest.fixture(scope="module")
def sinkhole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """One sinkhole worker for the tests of a module; the IMEI is known to it."""
    with running(tmp_path_factory.mktemp("sinkhole")) as bench:
        bench.worker.add_needles([Needle("imei", "t", IMEI)])
        bench.knows(IMEI)
        yield bench


@pytest.fixture
def clean(sinkhole: Bench) -> Bench:
    """The module's worker with nothing kept from the test before."""
    sinkhole.settle()
    return sinkhole


class Origin(http.server.ThreadingHTTPServer):
    """A server on this machine that counts its visitors."""

    def __init__(self) -> None:
        self.connections = 0
        self.bodies: list[bytes] = []
        super().__init__(("127.0.0.1", 0), _Handler)

    def get_request(self) -> tuple[socket.socket, Any]:
        self.connections += 1
        return super().get_request()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        server = self.server
        assert isinstance(server, Origin)
        server.bodies.append(self.rfile.read(int(self.headers.get("content-length", 0))))
        self.send_response(201)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def origin() -> Iterator[Origin]:
    server = Origin()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
