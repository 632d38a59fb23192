"""In sinkhole mode nothing leaves, whatever the client does; and which mitmproxy is refused."""

import subprocess
import sys
import time

import pytest
from mitmproxy import connection
from mitmproxy.proxy.server_hooks import ServerConnectionHookData

from monitor.collectors.proxy.drain import Drain, Egress
from monitor.collectors.proxy.guard import Unsafe, check_version

from .conftest import IMEI, Bench, Origin


def test_no_connection_reaches_the_target(clean: Bench, origin: Origin) -> None:
    port = origin.server_address[1]
    clean.curl(f"http://{origin.address}/", "-d", "x=1")
    clean.curl(f"http://{origin.address}/", "-d", "x=1", "-H", "Transfer-Encoding: chunked")
    clean.curl(f"http://{origin.address}/", "-d", "x=1", "-H", "Expect: 100-continue")
    clean.curl(f"https://{origin.address}/", "-d", "x=1")
    clean.curl("--http1.1", f"https://{origin.address}/", "-d", "x=1", "-H", "Transfer-Encoding: chunked")
    clean.curl(f"http://{origin.address}/ws", "-H", "Upgrade: websocket", "-H", "Connection: Upgrade",
               "-H", "Sec-WebSocket-Version: 13", "-H", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==", "-m", "1",
               check=False)  # fmt: skip
    raw = clean.tunnel(f"127.0.0.1:{port}"), clean.tls(clean.tunnel(f"localhost:{port}"), "localhost")
    for sock in raw:
        sock.sendall(b"\x00\x01\x02raw")
    time.sleep(1)  # mitmproxy drops what it has not passed on yet
    for sock in raw:
        sock.close()
    events = clean.kept.wait(lambda k: len(k.sent) >= 8 and k.sent)
    assert {e.port for e in events} == {port}
    assert origin.connections == 0


def test_later_requests_of_a_redirected_connection_keep_their_host(clean: Bench) -> None:
    chunked = ["-d", f"i={IMEI}", "-H", "Transfer-Encoding: chunked"]
    again = ["--next", "-sS", "--http1.1", "--noproxy", "", "-x", f"http://127.0.0.1:{clean.worker.port}"]
    clean.curl("--http1.1", "https://one.invalid/a", *chunked, *again, "--cacert", str(clean.ca),
               "https://one.invalid/b", "-d", "x=1")  # fmt: skip
    events = clean.kept.wait(lambda k: len(k.sent) == 2 and k.sent)
    assert [(e.host, e.port, e.path) for e in events] == [("one.invalid", 443, "/a"), ("one.invalid", 443, "/b")]


def _dial(address: tuple[str, int], **fields: object) -> ServerConnectionHookData:
    client = connection.Client(peername=("127.0.0.1", 1), sockname=("127.0.0.1", 2), timestamp_start=0)
    server = connection.Server(address=address)
    for name, value in fields.items():
        setattr(server, name, value)
    return ServerConnectionHookData(server=server, client=client)


def test_the_guard_redirects_or_refuses() -> None:
    drain = Drain()
    refused = _dial(("example.com", 443))
    Egress(drain).server_connect(refused)
    assert refused.server.error
    drain.plain, drain.tls = 1001, 1002
    for tls, port in ((False, 1001), (True, 1002)):
        data = _dial(("example.com", 443), tls=tls)
        guard = Egress(drain)
        guard.server_connect(data)
        assert data.server.address == ("127.0.0.1", port) and not data.server.error
        data.server.state = connection.ConnectionState.OPEN
        guard.server_connected(data)
        assert data.server.address == ("example.com", 443)
    for fields in ({"transport_protocol": "udp"}, {"via": ("http", ("proxy.example", 3128))}):
        data = _dial(("example.com", 443), **fields)
        Egress(drain).server_connect(data)
        assert data.server.error


@pytest.mark.proxy
def test_the_process_itself_refuses_other_machines() -> None:
    code = (
        "import sys,socket\nfrom monitor.collectors.proxy.worker import refuse_egress\n"
        "sys.addaudithook(refuse_egress)\n"
        "server=socket.create_server(('127.0.0.1',0));socket.create_connection(server.getsockname()).close()\n"
        "n=0\n"
        "for attempt in (lambda: socket.create_connection(('192.0.2.1',9),1),"
        " lambda: socket.getaddrinfo('example.com',80),"
        " lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b'x',('192.0.2.1',9))):\n"
        " try: attempt()\n"
        " except PermissionError: n+=1\n"
        "print(n)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "3"


@pytest.mark.parametrize("version", ["12.3.0", "12.3.1", "13.0", "12.2.2", "11.0.2", "12.3.0.dev", "", "x"])
def test_other_versions_are_refused(version: str) -> None:
    with pytest.raises(Unsafe, match="outside"):
        check_version(version)


def test_the_installed_version_is_accepted() -> None:
    assert check_version().startswith("12.2.")
