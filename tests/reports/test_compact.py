"""Events for a report are kept in little memory and are the same."""

from __future__ import annotations

import itertools

from monitor.events import ApiCall, decode, encode
from monitor.reports._compact import Numbered, compact
from tests.bench import bench_analysis


def test_events_are_the_same_and_equal_words_one_object() -> None:
    lines = list(itertools.islice(bench_analysis.lines(3000), 3000))
    kept = compact(map(decode, lines))
    assert list(map(encode, kept)) == [encode(decode(line)) for line in lines]
    calls = [event for event in kept if isinstance(event, ApiCall)]
    for name in ("cls", "hook", "outcome", "app", "err", "stack"):
        assert len({id(getattr(call, name)) for call in calls}) == len({getattr(call, name) for call in calls})
    assert len({id(call.args) for call in calls}) == len({tuple(call.args.items()) for call in calls})


def test_events_are_found_by_their_number() -> None:
    events = [decode(line) for line in itertools.islice(bench_analysis.lines(300), 300)]
    found = Numbered([event for event in reversed(events) if event.seq % 3])
    assert list(found) == [event.seq for event in events if event.seq % 3]
    assert all(found.get(event.seq) == (event if event.seq % 3 else None) for event in events)
    assert found.get(0) is None and found.get(10**6) is None
