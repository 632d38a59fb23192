"""Events for a report are kept in little memory and are the same."""

from __future__ import annotations

import itertools

from msgspec.structs import replace

from monitor.events import ApiCall, Tap, Transmission, decode, encode
from monitor.reports._compact import Log
from tests.bench import bench_analysis

EVENTS = [decode(line) for line in itertools.islice(bench_analysis.lines(3000), 3000)]


def test_events_are_the_same_and_equal_calls_one_object() -> None:
    calls = [event for event in EVENTS if isinstance(event, ApiCall)]
    nested = [replace(one, seq=4000 + n, parent=n, call=n + 1, err=n % 3) for n, one in enumerate(calls[:90])]
    odd = [replace(calls[0], seq=5000, t=1 << 64), replace(calls[0], seq=5001, args={"a": "b"}, values=[])]
    events = [*EVENTS, *nested, *odd]
    kept = Log(events)
    assert list(map(encode, kept)) == list(map(encode, events)) and len(kept) == len(events)
    assert [kept[place] for place in range(-3, len(events))] == [events[place] for place in range(-3, len(events))]
    assert kept[10:40:7] == events[10:40:7]
    held = [event for event in kept._kept if isinstance(event, ApiCall)]
    different = {encode(replace(call, seq=0, t=0, call=0, parent=0)) for call in (*calls, *nested, *odd)}
    assert len({id(event) for event in held}) == len(different) + 1 < len(held) / 5  # and the one of no time that fits


def test_events_of_a_kind_are_given_counted_and_placed() -> None:
    kept = Log(EVENTS)
    wanted = [event for event in EVENTS if isinstance(event, ApiCall | Tap)]
    assert list(kept.of(ApiCall, Tap)) == wanted and kept.number(ApiCall, Tap) == len(wanted)
    asked = [event for event in EVENTS if isinstance(event, ApiCall) and event.values]
    assert list(kept.of(ApiCall, where=lambda call: bool(call.values))) == asked
    for place, seq, kind in kept.places(Transmission, ApiCall):
        assert (EVENTS[place].seq, type(EVENTS[place])) == (seq, kind)
    assert kept.span() == (min(e.t - e.err for e in EVENTS), max(e.t + e.err for e in EVENTS))
    assert Log([]).span() == (0, 0) and not list(Log([]).of(Tap))


def test_events_are_found_by_their_number() -> None:
    found = Log([event for event in reversed(EVENTS) if event.seq % 3]).numbered()
    assert list(found) == [event.seq for event in EVENTS if event.seq % 3] and len(found) == len(list(found))
    assert all(found.get(event.seq) == (event if event.seq % 3 else None) for event in EVENTS)
    assert found.get(0) is None and found.get(10**6) is None
