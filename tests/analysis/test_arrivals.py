"""Whose a request is does not depend on whether the proxy or the agent was the first to tell the log of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.analysis.correlate.arrivals import LATENESS_US, Arrivals, allowed
from monitor.analysis.correlate.attribution import Attribution
from monitor.assess.evaluation import Evaluation
from monitor.base.clock import Lateness
from monitor.events import (
    Connection,
    Event,
    Frame,
    Health,
    HookState,
    LateMatch,
    Match,
    Stack,
    TlsFailure,
    Transmission,
)
from monitor.knowledge.tables import Sdk
from monitor.session.declaration import Declaration

UMENG = Sdk.model_validate(
    {"id": "umeng", "name": "u", "vendor": "x", "purposes": ["other"], "packages": ["com.umeng"],
     "sources": [{"text": "made up for the test"}]}
)  # fmt: skip
S = 1_000_000
HOOKS: dict[str, Any] = {"err": 5, "src": "hooks:1", "app": "a.b", "pid": 1}
PROXY: dict[str, Any] = {"err": 5, "src": "proxy", "app": "a.b", "host": "x.cn", "port": 443}
STACK = Stack(t=S, stack=1, frames=[Frame(cls="com.umeng.A", method="m")], **HOOKS)
CONNECT = Connection(t=10 * S, link="connect", address="127.0.0.1", port=8080, local_port=4001, stack=1, **HOOKS)
SENT = Transmission(t=10 * S + 50, flow="1", client_port=4001, **PROXY)
REFUSED = TlsFailure(t=10 * S + 50, client_port=4001, sni="x.cn", alert="", reading="", **PROXY)


def beat(seconds: float, src: str = "hooks:1") -> Health:
    return Health(t=int(seconds * S), err=0, src=src, app="a.b", component="hooks", what="beat")  # type: ignore[arg-type]


def told(events: Iterable[Event]) -> Iterator[Event]:
    """Numbered as the log does it."""
    return (msgspec.structs.replace(event, seq=number) for number, event in enumerate(events, 1))


def inferred(events: Iterable[Event], lateness_us: int = LATENESS_US) -> list[Event]:
    """In their order."""
    found: list[Event] = []
    evaluation = Evaluation([], Declaration(), {}, {"umeng": UMENG}, [], on_event=found.append, lateness_us=lateness_us)
    evaluation.feed(told(events))
    evaluation.close()
    return sorted(found, key=lambda event: event.seq)


def whose(*events: Event) -> list[str]:
    """Owners of what was sent."""
    read = inferred(events)
    assert [event.seq for event in read] == list(range(1, len(events) + 1))
    return [event.sdk for event in read if isinstance(event, Transmission | TlsFailure)]


def test_the_agent_may_be_the_last_to_tell() -> None:
    for sent in (SENT, REFUSED):
        assert whose(STACK, CONNECT, sent, beat(30)) == ["umeng"]
        assert whose(STACK, sent, CONNECT, beat(30)) == ["umeng"]
        assert whose(STACK, sent, beat(13.5), beat(14.2, "runner"), CONNECT) == ["umeng"]


def test_the_agent_may_not_have_told_anything_yet() -> None:
    """The recorder did not run: what the proxy saw is written before all that the agent has queued."""
    hooked = HookState(t=S, err=0, src="runner", app="a.b", pid=1, states=[])
    none = msgspec.structs.replace(hooked, pid=0)
    rest = (SENT, STACK, CONNECT, beat(30))
    assert [whose(first, *rest) for first in (hooked, none)] == [["umeng"], [""]]
    found = Match(data_type="imei", form="plain", path="p", certainty="found", tag="t")
    late = LateMatch(t=11 * S, err=5, src="proxy:health", app="a.b", match=found, flows=["1"], n=1)
    read = inferred((hooked, SENT, STACK, late, CONNECT, beat(30)))
    assert [event.matches for event in read if isinstance(event, Transmission)] == [[found]]


def test_it_waits_as_long_as_an_event_may_come_late() -> None:
    late = (STACK, SENT, beat(14.6), CONNECT)
    assert whose(*late) == whose(STACK, SENT, beat(14.6, "runner"), CONNECT) == [""]
    lateness = Lateness()
    for event in late:
        lateness.met(event.t)
    assert lateness.most_us == 4_600_000
    read = inferred(late, allowed(lateness.most_us))
    assert [event.sdk for event in read if isinstance(event, Transmission)] == ["umeng"]
    assert allowed(0) == LATENESS_US < allowed(60 * S) < allowed(1 << 60) == allowed(1 << 61)


def test_it_does_not_wait_for_more_than_memory_allows() -> None:
    flood = [beat(10.1, "runner")] * 20_001
    assert whose(STACK, SENT, *flood, CONNECT) == [""]


def test_nothing_waits_without_an_agent() -> None:
    arrivals = Arrivals(Attribution(Declaration(), {}, {"umeng": UMENG}))
    assert [type(event) for event in arrivals.known(SENT)] == [Transmission]
    assert whose(SENT, CONNECT) == [""]
    unowned = msgspec.structs.replace(SENT, unowned=True)
    assert whose(STACK, unowned, CONNECT) == [""]


def test_a_value_found_afterwards_was_in_what_was_sent() -> None:
    found = Match(data_type="imei", form="md5", path="query.i", certainty="found", tag="ab")
    late = LateMatch(t=11 * S, err=0, src="proxy:health", app="a.b", match=found, flows=["1", "2", "9"], n=3)
    other = msgspec.structs.replace(SENT, flow="2", t=SENT.t + 1)
    read = inferred([STACK, SENT, other, late, CONNECT])
    matches = [event.matches for event in read if isinstance(event, Transmission)]
    assert [[(m.data_type, m.form, m.path, m.certainty, m.tag) for m in one] for one in matches] == [
        [("imei", "md5", "query.i", "found", "ab")], [("imei", "md5", "", "found", "ab")],
    ]  # fmt: skip
    order: list[Event] = []
    evaluation = Evaluation([], Declaration(), {}, {"umeng": UMENG}, [], on_event=order.append)
    evaluation.feed(told([STACK, SENT, late]))
    assert [type(event) for event in order] == [Stack]
    evaluation.close()
    assert [type(event) for event in order] == [Stack, Transmission, LateMatch]


@settings(max_examples=60)
@given(st.permutations(range(5)), st.integers(0, 1_900_000))
def test_no_order_of_arrival_changes_an_owner(order: list[int], apart: int) -> None:
    """Connections and requests of one time, told in any order within the agents' patience."""
    events: list[Event] = []
    for number in range(5):
        t = 10 * S + number * apart // 5
        port = 4001 + number % 3
        if number < 3:
            events.append(msgspec.structs.replace(CONNECT, t=t, local_port=port))
        else:
            events.append(msgspec.structs.replace(SENT, t=10 * S + apart, client_port=port, flow=str(number)))
    shuffled = [events[number] for number in order]
    assert whose(STACK, *shuffled, beat(60)) == ["umeng", "umeng"]
