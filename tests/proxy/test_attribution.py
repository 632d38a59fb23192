"""Who sent it: the network laboratory sends through every client of the platform, and its paths name the sender."""

from collections import Counter, defaultdict

import pytest

from monitor.events import ApiCall, Connection, Event, Health, Transmission
from tests.session.conftest import Recorded, run
from tests.session.test_unpinning import HOSTS, bypasses, pinned, refusals

pytestmark = [pytest.mark.device, pytest.mark.timeout(200)]
SENDERS = {"app": "app", "beacon": "example_beacon", "adnova": "example_adnova"}
#: At most this share of what was sent may be left without a sender.
UNATTRIBUTED = 0.05
WAYS = {
    "app": """json gzip form nested multipart protobuf query thread pool0 pool1 pool2 client
        ok ok-async0 ok-async1 volley apache page""",
    "beacon": """https http pool socket tls direct async async-pool hmac salted cipher
        ok ok-async0 ok-async1 ok-async2 ok-own ok-own-again ok-old ok-old-async cronet0 cronet1 volley""",
    "adnova": """sync1 again1 sync2 again2 async1 many0 many1 many2 many3 many4 pool socket
        ok2 ok2-async0 ok2-async1 ok-async cronet volley0 volley1 apache apache-again pixel""",
}


@pytest.fixture(scope="module")
def laboratory(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    return run("netlab", tmp_path_factory.mktemp("netlab") / "bundle", unpin="ca")


@pytest.fixture
def events(laboratory: Recorded) -> list[Event]:
    return laboratory.events


@pytest.fixture
def sent(events: list[Event]) -> list[Transmission]:
    return [e for e in events if isinstance(e, Transmission) and e.path.startswith("/netlab/")]


def _sender(event: Transmission) -> str:
    return SENDERS[event.path.split("/")[2]]


def test_every_way_was_seen_and_none_twice(sent: list[Transmission]) -> None:
    wanted = {f"/netlab/{who}/{way}" for who, ways in WAYS.items() for way in ways.split()}
    wanted |= {f"/netlab/{who}/turn{n}" for who in SENDERS for n in range(3)}
    wanted |= {f"/netlab/{who}/crowd{n}" for who in SENDERS for n in range(4)}
    seen = Counter(e.path for e in sent if e.protocol == "http")
    assert set(seen) == wanted and set(seen.values()) == {1}
    assert [e.path for e in sent if e.protocol == "websocket"] == ["/netlab/adnova/socket"]


def test_nothing_is_lost_on_the_way(events: list[Event]) -> None:
    """A handshake feeds digests whose results nobody asks for: they take no room from those of the app."""
    assert not [e for e in events if isinstance(e, Health) and e.what in ("lost", "failed")]


def test_pinned_clients_are_not_read_by_a_certificate_alone(laboratory: Recorded, events: list[Event]) -> None:
    assert laboratory.outcome.session.unpinning == "ca"
    failed = {e.host: (e.reading, e.sdk) for e in refusals(events)}
    assert failed == {host: ("pinning", sdk) for host, sdk in HOSTS.items()}
    assert pinned(events) == {}
    assert laboratory.outcome.session.record.deviations == [] and not bypasses(events)


def test_nothing_is_given_to_the_wrong_code(sent: list[Transmission]) -> None:
    unknown = [e for e in sent if e.sdk in ("", "framework")]
    wrong = [(e.path, e.sdk, e.attribution) for e in sent if e not in unknown and e.sdk != _sender(e)]
    ways = Counter(e.attribution for e in sent)
    print(f"{len(sent)} messages, {len(unknown)} unattributed ({len(unknown) / len(sent):.1%}), by {dict(ways)}")
    assert wrong == []
    assert len(unknown) <= UNATTRIBUTED * len(sent), [e.path for e in unknown]


def test_requests_of_client_libraries_are_attributed_to_their_callers(sent: list[Transmission]) -> None:
    """Their threads and connections are shared: OkHttp 2, 3 and 4, Volley, Apache, Cronet, pages of a WebView."""
    shared = [e for e in sent if e.host == "clients.netlab.example"]
    assert {e.attribution for e in shared} == {"request"} and {e.sdk for e in shared} == set(SENDERS.values())
    several = defaultdict(set)
    for event in shared:
        several[event.client_port].add(event.sdk)
    assert max(map(len, several.values())) > 1, "no connection carried requests of two senders"


def test_a_connection_that_all_use_is_told_apart_by_request(sent: list[Transmission]) -> None:
    turns = [e for e in sent if e.host == "shared.netlab.example"]
    assert len({e.client_port for e in turns}) == 1 and {e.sdk for e in turns} == set(SENDERS.values())
    assert {e.attribution for e in turns} == {"request"}


def test_the_value_is_found_in_every_dress(sent: list[Transmission], events: list[Event]) -> None:
    tags = {v.tag for e in events if isinstance(e, ApiCall) for v in e.values if v.data_type == "android_id"}
    plain = [e for e in sent if e.path.split("/")[-1] not in ("hmac", "salted", "cipher")]
    without = [e.path for e in plain if not tags & {m.tag for m in e.matches}]
    assert [p for p in without if p != "/netlab/adnova/socket"] == []  # the upgrade request itself carries nothing


def test_a_socket_of_tls_that_asks_no_proxy_is_read(events: list[Event]) -> None:
    tags = {v.tag for e in events if isinstance(e, ApiCall) for v in e.values if v.data_type == "android_id"}
    (event,) = [e for e in events if isinstance(e, Transmission) and e.host == "raw.netlab.example"]
    assert (event.protocol, event.port, event.sdk, event.attribution) == ("tls", 5223, "example_beacon", "port")
    assert {m.tag for m in event.matches if m.certainty == "found"} == tags


def test_rejected_quic_is_counted(events: list[Event]) -> None:
    (reported,) = [e for e in events if isinstance(e, Health) and e.what == "quic_rejected"]
    assert (reported.n, reported.detail) == (0, {"counted": "yes", "seen": "5"})


def test_datagrams_are_counted_with_who_sends_them_where(events: list[Event]) -> None:
    counted: Counter[tuple[int, str]] = Counter()
    for event in events:
        if isinstance(event, Connection) and event.protocol == "udp":
            counted[event.port, event.sdk] += event.count
    # How often a name is asked for is the system's resolver's business, not the app's.
    assert counted.pop((53, "example_beacon")) >= 2
    assert counted == {(443, "example_beacon"): 5}


def test_names_that_the_app_looks_up_are_seen(events: list[Event]) -> None:
    asked = [e for e in events if isinstance(e, Connection) and e.protocol == "dns"]
    assert {"localhost"} <= {e.host for e in asked} and {e.link for e in asked} == {"lookup"}
    assert {e.sdk for e in asked} == {"example_beacon"}
    assert all(e.address for e in asked if e.result == "ok")


@pytest.mark.parametrize(("way", "form"), [("hmac", "mac"), ("salted", "digest"), ("cipher", "cipher")])
def test_a_value_is_followed_through_an_unknown_key(
    sent: list[Transmission], events: list[Event], way: str, form: str
) -> None:
    (read,) = {v.tag for e in events if isinstance(e, ApiCall) for v in e.values if v.data_type == "android_id"}
    (event,) = [e for e in sent if e.path == f"/netlab/beacon/{way}"]
    assert [(m.data_type, m.form, m.certainty, m.tag) for m in event.matches] == [("android_id", form, "found", read)]
    assert [e.hook for e in events if isinstance(e, ApiCall) and e.role == "transform" and e.values]
