"""Values in the names of servers: they are sent in the clear, to the name servers and in the handshake."""

from __future__ import annotations

import base64
import hashlib

import pytest

from monitor.collectors.proxy.border import Neighbours
from monitor.collectors.proxy.stage import Stage
from monitor.collectors.proxy.wire import Captured, Config
from monitor.content import Message, Needle, Searcher
from monitor.content.decode import examine
from monitor.events import Match, TlsFailure, Transmission

IMEI, ANDROID_ID = "863301048722415", "9f3c2b7a61d04e85"
NEEDLES = [Needle("imei", "t", IMEI), Needle("android_id", "a", ANDROID_ID)]


def packed(data: bytes) -> str:
    return base64.b32encode(data).decode().rstrip("=")


def seen(host: str, *, header: str = "", sni: str = "", flow: str = "1") -> list[Match]:
    searcher = Searcher("com.example")
    searcher.add(NEEDLES)
    event = Transmission(t=1, err=0, src="proxy", app="com.example", flow=flow, host=host, port=443, sni=sni)
    headers = [(b"Host", header.encode())] if header else []
    return examine(searcher, event, Message(target=b"/", headers=headers))[0].matches


LABELS = {
    "plain": IMEI,
    "md5": hashlib.md5(IMEI.encode()).hexdigest(),
    "hex": IMEI.encode().hex(),
    "base32": packed(IMEI.encode()).lower(),
    "base32, upper case": packed(IMEI.encode()),
    "base32hex": base64.b32hexencode(IMEI.encode()).decode().rstrip("=").lower(),
    "base32 of its SHA-256": packed(hashlib.sha256(IMEI.encode()).digest()).lower(),
}


@pytest.mark.parametrize("label", LABELS.values(), ids=LABELS)
def test_a_value_in_a_label_is_a_transfer(label: str) -> None:
    host = f"{label}.t.beacon.example"
    for match in (*seen(host), *seen("192.0.2.7", sni=host), *seen(host, header=f"{host}:8443"), *seen(host, sni=host)):
        assert (match.data_type, match.tag, match.certainty) == ("imei", "t", "found")
    # Once, whether the request says the name again or not.
    assert len(seen(host)) == len(seen(host, header=host)) == len(seen(host, sni=host)) == 1


def test_bytes_of_a_value_are_found_too() -> None:
    (match,) = seen(f"{packed(bytes.fromhex(ANDROID_ID)).lower()}.beacon.example")
    assert (match.data_type, match.path) == ("android_id", "host[0].b32")


@pytest.mark.parametrize(
    "host",
    [
        "api.beacon.example",
        f"{packed(b'863301048722416').lower()}.beacon.example",  # another IMEI
        f"{hashlib.md5(b'863301048722416').hexdigest()}.beacon.example",
        f"{packed(IMEI.encode()).lower()[1:]}.beacon.example",  # cut
        "googletagmanagerserviceworker.beacon.example",  # base32 of nothing
        "xn--fiqs8s" + "." + "a" * 63 + ".example",
        "127.0.0.1",
        "[2001:db8::1]",
    ],
)
def test_other_names_are_none(host: str) -> None:
    assert seen(host) == seen("192.0.2.7", sni=host) == []


def test_a_later_message_of_a_connection_does_not_send_the_name_again() -> None:
    assert seen(f"{IMEI}.beacon.example", flow="1#2") == []


def test_a_refused_handshake_has_sent_the_name() -> None:
    told: list[Captured] = []
    config = Config(app="com.example", hold_ms=0, queue=10)
    stage = Stage(config, Neighbours(), told.append, lambda error: None)
    stage.add(NEEDLES)
    stage.start()
    for number, host in enumerate((f"{packed(IMEI.encode()).lower()}.beacon.example", "api.beacon.example")):
        failure = TlsFailure(
            t=number, err=0, src="proxy", app="com.example", sni=host, host=host, port=443, client_port=9000,
            alert="unknown ca", reading="pinning",
        )  # fmt: skip
        stage.put(failure)
    assert stage.close(60)
    (sent,) = [one.event for one in told if isinstance(one.event, Transmission)]
    assert sent.host.endswith(".beacon.example") and [match.data_type for match in sent.matches] == ["imei"]
    assert len([one for one in told if isinstance(one.event, TlsFailure)]) == 2


def test_the_port_of_adb_or_of_an_emulator_is_none_of_the_app() -> None:
    """Where the app has a port of its own at the proxy, its local ports do not reach it: a number that is equal by
    chance would name another's connection, and one that is not would make it the system's."""
    event = TlsFailure(
        t=1, err=0, src="proxy", app="com.example", sni="x", host="x", port=443, client_port=9000, alert="",
        reading="unknown",
    )  # fmt: skip
    neighbours = Neighbours()
    assert neighbours.marked(event) is event
    neighbours.port = 8080
    assert (neighbours.marked(event).client_port, neighbours.marked(event).unowned) == (0, False)
    neighbours.port, neighbours.unowned = 0, True
    assert (neighbours.marked(event).client_port, neighbours.marked(event).unowned) == (0, True)
