"""What went past the proxy is named by destination and process, and is no silence of what it could have carried."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.analysis.correlate.correlator import analyse
from monitor.analysis.rules.load import load_rules
from monitor.knowledge.tables import load_organisations
from monitor.session.declaration import Declaration
from monitor.text.reasons import Coverage
from tests.analysis.played import numbered, raws

RULES = load_rules()
ORGANISATIONS = load_organisations()
USED = raws([
    "0 health {what: started, pid: 7, component: hooks, detail: {process: 'com.example.app:push'}}",
    "0 health {what: unpinning, component: proxy, detail: {level: ca, route: '10.0.2.2:8080'}}",
    "0.2 application_created", "agreed", "5 reads android_id {values: [v]}", "7 sends {party: third}",
])  # fmt: skip


def connected(address: str = "203.0.113.9", port: int = 443, **more: Any) -> dict[str, Any]:
    return {"kind": "connection", "at": 6, "address": address, "port": port, **more}


def covered(*more: dict[str, Any], declaration: dict[str, Any] | None = None) -> list[Coverage]:
    declared = Declaration.model_validate(declaration or {})
    return analyse(numbered([*USED, *more]), RULES, declared, organisations=ORGANISATIONS).coverage


def past(*more: dict[str, Any]) -> list[str]:
    return [one.reasons[0].params["hosts"] for one in covered(*more) if one.id == "past_proxy"]


def states(*more: dict[str, Any], declaration: dict[str, Any] | None = None) -> dict[str, str]:
    return {one.id: one.state for one in covered(*more, declaration=declaration) if one.line == "rule"}


@pytest.mark.parametrize(
    ("event", "named"),
    [
        (connected(), "203.0.113.9:443 TCP IPv4 com.example.app"),
        (connected(host="API.Example.com", pid=7), "api.example.com:443 TCP IPv4 com.example.app:push"),
        (connected("2001:db8::1", 5223), "[2001:db8::1]:5223 TCP IPv6 com.example.app"),
        (connected(result="pending", link="handover"), "203.0.113.9:443 TCP IPv4 com.example.app"),
        (connected(protocol="udp"), "203.0.113.9:443 QUIC IPv4 com.example.app"),
        (connected(protocol="udp", port=9999), "203.0.113.9:9999 UDP IPv4 com.example.app"),
        (connected(port=853), "203.0.113.9:853 DoT IPv4 com.example.app"),
        (connected("8.8.8.8"), "8.8.8.8:443 DoH IPv4 com.example.app"),
        (connected("2001:4860:4860:0:0:0:0:8888"), "[2001:4860:4860::8888]:443 DoH IPv6 com.example.app"),
        (connected(host="doh.pub"), "doh.pub:443 DoH IPv4 com.example.app"),
        # Another address or port than the proxy's.
        (connected("10.0.2.2", 443), "10.0.2.2:443 TCP IPv4 com.example.app"),
    ],
)
def test_a_destination_past_the_proxy_is_named(event: dict[str, Any], named: str) -> None:
    assert past(event) == [named]
    assert states(event)["COL-03"] == "not_observable"


@pytest.mark.parametrize(
    "event",
    [
        connected("127.0.0.1", 8080), connected("0:0:0:0:0:0:0:1"), connected("0.0.0.0"), connected("10.0.2.2", 8080),
        connected(port=53, protocol="udp"), connected(port=53), connected(port=0), connected(result="failed"),
        connected("", link="request", host="a.example"), connected(link="lookup", protocol="dns", port=0),
    ],
)  # fmt: skip
def test_the_proxy_names_and_what_was_not_sent_are_no_gap(event: dict[str, Any]) -> None:
    assert past(event) == []
    assert states(event) == states()


def test_rejected_quic_left_by_another_way() -> None:
    quic = connected(protocol="udp")
    blocked = {"kind": "capability", "at": 0, "name": "quic_block", "state": "yes"}
    assert past(blocked, quic) == [] and past({**blocked, "state": "no"}, quic) and past(quic)
    assert past(blocked, connected()) and past(blocked, connected(protocol="udp", port=9999))


def test_each_is_counted_and_the_first_stand_for_all() -> None:
    several = [connected(f"203.0.113.{n}") for n in range(1, 8)]
    found = covered(*several, connected("203.0.113.7"), connected("203.0.113.7", 9, protocol="udp", count=5))
    counts = {(one.detail["host"], one.detail["port"]): one.detail["count"] for one in found if one.id == "past_proxy"}
    assert len(counts) == 8 and counts["203.0.113.7", "443"] == "2" and counts["203.0.113.7", "9"] == "5"
    (rule,) = [one for one in found if one.id == "COL-03"]
    assert rule.reasons[0].params["n"] == "13" and rule.reasons[0].params["hosts"].endswith(", …")


def test_more_destinations_than_are_kept_are_counted_as_others() -> None:
    found = covered(*(connected(f"198.51.{n // 250}.{n % 250}") for n in range(250)))
    notes = [one for one in found if one.id == "past_proxy"]
    assert len(notes) == 201 and sum(int(one.detail["count"]) for one in notes) == 250
    assert [one.detail["count"] for one in notes if not one.detail["host"]] == ["50"]


def test_doubt_is_of_what_could_have_been_sent_there() -> None:
    """Rules about what is read are as before; those about some recipients only where that may be one."""
    before, after = states(), states(connected())
    changed = {rule for rule, state in after.items() if state != before[rule]}
    assert changed == {"COL-03", "PER-02", "SHR-01", "SHR-02", "SHR-03", "SHR-05"}
    own = {"recipients": [{"org": "us", "hosts": ["own.example"]}]}
    to_own, elsewhere = connected(host="own.example"), connected(host="else.example")
    assert states(to_own, declaration=own)["SHR-01"] == states(declaration=own)["SHR-01"] != "not_observable"
    assert states(elsewhere, declaration=own)["SHR-01"] == "not_observable"
    known = next(one for one in ORGANISATIONS.values() if one.domains)
    assert states(connected())["SHR-04"] == states()["SHR-04"] != "not_observable"
    assert states(connected(host=known.domains[0].name))["SHR-04"] == "not_observable"


def test_bytes_that_cannot_be_read_are_not_read_whatever_carried_them() -> None:
    sent = {"kind": "transmission", "at": 9, "host": "push.example", "protocol": "tcp", "scheme": "tcp", "bytes": 40}
    assert states(sent)["COL-03"] == states()["COL-03"] == "silent"
    assert states({**sent, "decoded": "no"})["COL-03"] == "not_observable"
    assert states({**sent, "decoded": "opaque", "reason": "not HTTP"})["COL-03"] == "not_observable", "of an older log"
