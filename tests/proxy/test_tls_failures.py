"""Failed TLS is an event with the raw alert and a cautious interpretation."""

import contextlib
import ssl
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.collectors.proxy.border import Neighbours
from monitor.collectors.proxy.stage import Stage
from monitor.collectors.proxy.tls import GOODBYE, NO_REQUEST, reading
from monitor.collectors.proxy.wire import Config
from monitor.events import TlsFailure

from .conftest import Bench, Kept, running


def test_a_client_without_the_ca(clean: Bench) -> None:
    clean.curl("https://pinned.invalid/", trust=False, check=False)
    event = clean.kept.wait(lambda k: k.failures)[0]
    assert (event.sni, event.host, event.port, event.reading) == (
        "pinned.invalid", "pinned.invalid", 443, "ca_missing")  # fmt: skip
    assert "unknown ca" in event.alert and event.client_port > 0 and clean.kept.sent == []


@pytest.mark.proxy
def test_with_an_accepted_ca_a_refusal_is_pinning(tmp_path: Path) -> None:
    """A store that shows it is not enough: phones are known on which every app rejects it all the same."""
    with running(tmp_path) as bench:
        bench.worker.confirm_ca()

        def reported(reading: str) -> Callable[[Kept], bool]:
            def refused(kept: Kept) -> bool:
                bench.curl("https://pinned.invalid/", trust=False, check=False)
                return any(failure.reading == reading for failure in list(kept.failures))

            return refused

        bench.kept.wait(reported("unknown"))
        assert all(failure.reading in ("ca_missing", "unknown") for failure in list(bench.kept.failures))
        bench.curl("https://accepted.invalid/")
        bench.kept.wait(reported("pinning"))


def test_a_refusal_waits_as_a_message_does_for_what_the_hooks_tell_of_its_connection() -> None:
    told: list[object] = []
    config = Config(app="com.example", hold_ms=60_000)
    stage = Stage(config, Neighbours(), lambda captured: told.append(captured.event), lambda error: None)
    stage.start()
    failure = TlsFailure(
        t=1, err=0, src="proxy", app="a", sni="", host="x", port=443, client_port=0, alert="", reading=""
    )
    stage.put(failure)
    time.sleep(0.2)
    assert told == []
    assert stage.close(60) and told[0] == failure


def test_established_and_never_used_or_used(clean: Bench) -> None:
    clean.curl("https://fine.invalid/")
    clean.kept.wait(lambda k: k.sent)
    clean.tls(clean.tunnel("quiet.invalid:443"), "quiet.invalid").close()
    event = clean.kept.wait(lambda k: k.failures)[0]
    assert (event.sni, event.alert, event.reading) == ("quiet.invalid", NO_REQUEST, "unknown")


def test_established_and_left_with_a_goodbye(clean: Bench) -> None:
    """As Java and OkHttp leave a connection whose pin does not fit: close_notify and the end of the stream at once."""
    sock = clean.tunnel("goodbye.invalid:443")
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    context = ssl.create_default_context(cadata=clean.worker.ca_pem.decode())
    secure = context.wrap_bio(incoming, outgoing, server_hostname="goodbye.invalid")
    while True:
        with contextlib.suppress(ssl.SSLWantReadError):
            secure.do_handshake()
            break
        sock.sendall(outgoing.read())
        incoming.write(sock.recv(65536))
    with contextlib.suppress(ssl.SSLWantReadError):
        secure.unwrap()
    sock.sendall(outgoing.read())
    sock.close()
    event = clean.kept.wait(lambda k: k.failures)[0]
    assert event.sni == "goodbye.invalid"
    assert event.alert in (GOODBYE, NO_REQUEST), "the sweep or the end of the connection tells it, whichever is first"


@pytest.mark.parametrize(
    ("alpn", "answered", "expected"), [("h2", True, "spare"), ("http/1.1", True, "unknown"), ("h2", False, "unknown")]
)
def test_the_slower_of_two_connections_over_http2_is_spare(
    clean: Bench, alpn: str, answered: bool, expected: str
) -> None:
    """As OkHttp and browsers do: requests that begin together open a connection each, and need one."""
    clean.curl("https://pair.invalid/before")
    slower = clean.tls(clean.tunnel("pair.invalid:443"), "pair.invalid", [alpn])
    if answered:
        clean.curl("https://pair.invalid/")
    slower.close()
    event = clean.kept.wait(lambda k: k.failures)[0]
    assert (event.sni, event.reading, event.idle) == ("pair.invalid", expected, expected == "spare")


@pytest.mark.parametrize(
    ("alert", "confirmed", "expected"),
    [
        ("The client does not trust the proxy's certificate for x (tlsv1 alert unknown ca)", False, "ca_missing"),
        ("tls alert certificate unknown", False, "ca_missing"),
        ("tls alert certificate unknown", True, "pinning"),
        ("sslv3 alert bad certificate", True, "pinning"),
        ("tlsv1 alert internal error", True, "client_fault"),
        ("no shared cipher", False, "client_fault"),
        ("wrong version number", False, "not_tls"),
        ("something else", True, "unknown"),
    ],
)
def test_readings(alert: str, confirmed: bool, expected: str) -> None:
    assert reading(alert, ca_confirmed=confirmed) == expected
