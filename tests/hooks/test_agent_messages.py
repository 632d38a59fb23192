"""Messages from the app's process are untrusted: nothing raises, everything is counted."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.base.clock import Interval
from monitor.collectors.agent_messages import Decoder, provider_path, reduced, wire
from monitor.events import ApiCall, PermissionRequest, Stack, Tap, encode
from monitor.knowledge.catalogue import Row, load_catalogue
from tests.hooks.support import APP, row

ROW = row("imei", "android.telephony.TelephonyManager", "getDeviceId", result="value")
MEMBER = [1, 0, "android.telephony.TelephonyManager", "getDeviceId", "()java.lang.String"]


def decoder() -> Decoder:
    numbers = iter(range(1, 1_000_000))
    to_host = lambda t: Interval(t - 1000, 5)  # noqa: E731
    return Decoder(app=APP, pid=7, process=APP, rows=[ROW], to_host=to_host, stack_number=lambda: next(numbers))


def call(seq: int, t: int = 5000, stack: int = 0, **more: Any) -> list[Any]:
    values = more.get("values", [])
    return ["c", seq, t, more.get("member", 1), 9, stack, "value", seq, 0, more.get("dt", "imei"), {}, values, [], ""]


def feed(one: Decoder, payload: Any, now: int = 10_000) -> list[Any]:
    return [out.event for out in one.feed(payload, now)]


def test_times_go_to_the_hosts_timeline_in_order() -> None:
    one = decoder()
    events = feed(one, {"v": 1, "n": 1, "m": [MEMBER], "e": [call(1, 9000), call(2, 5000)]})
    assert [(e.t, e.err) for e in events] == [(4000, 5), (8000, 5)]
    assert one.credits == 2
    assert one.bad == 0


def test_an_event_waits_for_the_text_of_its_stack_but_not_forever() -> None:
    one = decoder()
    assert feed(one, {"v": 1, "n": 1, "m": [MEMBER], "e": [call(1, stack=77)]}) == []
    events = feed(one, {"v": 1, "n": 2, "x": [[77, [["a.B", "c", "B.java", 3]], False, 78]]})
    assert [type(e) for e in events] == [Stack, ApiCall]
    assert events[0].stack == events[1].stack == 1
    assert events[0].submitter == 2
    assert feed(one, {"v": 1, "n": 3, "e": [call(2, stack=78)]}) == []
    assert [out.event.stack for out in one.drain(2_000_000)] == [2]


def test_a_time_that_is_no_number_takes_nothing_with_it() -> None:
    one = decoder()
    never = float("inf")
    counted = [[1, 0, "imei", "value", 3, never, never], [1, 0, "imei", "value", 2, 1000, 1000]]
    events = feed(one, {"v": 1, "n": 1, "m": [MEMBER], "e": [call(1)], "a": counted})
    assert [e.count for e in events] == [2, 1]
    assert (one.bad, one.counts[0].details, one.counts[0].aggregated) == (1, 1, 2)


def test_what_is_told_of_the_future_has_happened_since_the_last_message() -> None:
    """An app can change the clock that its process reads, and put a read behind the consent."""
    one = decoder()
    feed(one, {"v": 1, "n": 1, "m": [MEMBER], "e": [call(1, 11_000)]}, now=10_000)
    counted = [[1, 0, "imei", "value", 3, 6_000_000, 8_000_000]]
    later = feed(one, {"v": 1, "n": 2, "e": [call(2, 7_000_000), call(3, 400_000)], "a": counted}, now=500_000)
    assert [(e.t - e.err, e.t + e.err) for e in later] == [
        (10_000 - 5, 500_000 + 5),
        (10_000 - 1_000_005, 500_000 + 1_000_005),
        (399_000 - 5, 399_000 + 5),
    ]
    assert one.ahead == 2


def test_gaps_are_seen() -> None:
    one = decoder()
    feed(one, {"v": 1, "n": 1, "m": [MEMBER], "e": [call(1)]})
    feed(one, {"v": 1, "n": 4, "e": [call(5)]})
    assert (one.lost_messages, one.lost_seq) == (2, 3)
    feed(one, {"v": 1, "n": 5, "h": {"t": 1, "seq": 5, "totals": [[0, 5, 5, 0, 0, 0, 0]]}})
    assert one.counts[0].missing(complete=True) == 3


def test_up_to_when_an_agent_has_told_all_is_what_its_beat_says_but_no_future() -> None:
    one = decoder()
    assert feed(one, {"v": 1, "n": 1, "h": {"t": 9000, "seq": 0, "totals": []}}, now=20_000) == []
    assert one.watermark == 9000 - 1000 - 5  # in the host's time
    feed(one, {"v": 1, "n": 2, "h": {"t": 10**9, "seq": 0, "totals": []}}, now=30_000)
    assert one.watermark == 30_000
    feed(one, {"v": 1, "n": 3, "h": {"t": float("inf"), "seq": 0, "totals": []}})
    assert one.bad == 1


def test_values_go_apart_with_their_type_and_unknown_types_with_the_calls() -> None:
    one = decoder()
    values = [["", "490154203237518"], ["mac", "aa:bb"], ["nonsense", "x"], ["", "  "]]
    outs = list(one.feed({"v": 1, "n": 1, "m": [MEMBER], "e": [call(1, values=values)]}, 0))
    assert [(v.data_type, v.text) for v in outs[0].values] == [
        ("imei", "490154203237518"),
        ("mac", "aa:bb"),
        ("imei", "x"),
    ]
    assert b"490154203237518" not in encode(outs[0].event)


def test_observed_things_become_their_events_and_only_known_kinds() -> None:
    one = decoder()
    fields = {"permissions": ["a.b.C"], "via": "hook", "code": 3, "sdk_nonsense": 1}
    events = feed(one, {"v": 1, "n": 1, "e": [["o", 1, 5000, "permission_request", 9, 0, fields]]})
    assert events == [
        PermissionRequest(t=4000, err=5, src="hooks:7", app=APP, pid=7, permissions=["a.b.C"], via="hook", code=3)
    ]
    for kind in ("transmission", "stack", "policy", "nothing"):
        assert feed(one, {"v": 1, "n": 2, "e": [["o", 2, 5000, kind, 9, 0, {}]]}) == []
    assert one.bad == 4


def test_the_app_cannot_choose_source_process_or_time() -> None:
    one = decoder()
    fields = {"label": "x" * 9000, "src": "runner", "pid": 1, "t": 1, "err": 0, "seq": 99, "app": "other"}
    (event,) = feed(one, {"v": 1, "n": 1, "e": [["o", 1, 5000, "tap", 9, 0, fields]]})
    assert isinstance(event, Tap)
    assert (event.src, event.pid, event.t, event.seq, event.app, len(event.label)) == ("hooks:7", 7, 4000, 0, APP, 2000)


_keys = st.sampled_from([*"vneaxhmsf", "t", "totals"])
_leaves = st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats() | st.text(max_size=8)
_json = st.recursive(
    _leaves | st.sampled_from("coveahmsfxn"),
    lambda inner: st.lists(inner, max_size=8) | st.dictionaries(_keys, inner, max_size=6),
    max_leaves=25,
)


@given(_json, st.dictionaries(st.sampled_from([*"eaxhmsf"]), _json, max_size=5))
def test_nothing_raises(payload: Any, parts: dict[str, Any]) -> None:
    one = decoder()
    feed(one, payload)
    feed(one, {"v": 1, "n": 1, "m": [MEMBER]})
    feed(one, {"v": 1, "n": 2, **parts})
    list(one.drain(0, force=True))


@given(st.lists(_json, max_size=14), st.sampled_from("co"))
def test_no_record_raises(rest: list[Any], kind: str) -> None:
    one = decoder()
    feed(one, {"v": 1, "n": 1, "m": [MEMBER], "e": [[kind, *rest], [*call(1)[:3], *rest]]})
    list(one.drain(0, force=True))


QUERY = next(row for row in load_catalogue() if row.id == "content.query")
FIVE = (
    "(android.net.Uri,java.lang.String[],java.lang.String,java.lang.String[],java.lang.String)android.database.Cursor"
)
BUNDLE = "(android.net.Uri,java.lang.String[],android.os.Bundle,android.os.CancellationSignal)android.database.Cursor"


@pytest.mark.parametrize(
    "path, kept",
    [
        ("", ""),
        ("/contacts", "/contacts"),
        ("/data/phones", "/data/phones"),
        ("/data/17", "/data/#"),
        ("/phone_lookup/13800138000", "/phone_lookup/*"),
        ("/contacts/filter/张三", "/contacts/filter/*"),
        ("/contacts/filter/zhang", "/contacts/filter/*"),
        ("/data/emails/lookup/a@b.cn", "/data/emails/lookup/*"),
        ("/contacts/lookup/0r1-2A3B/12", "/contacts/lookup/*/#"),
        ("/external_primary/images/media/1000000033", "/external_primary/images/media/#"),
        ("/instances/when/1/2", "/instances/when/#/#"),
        ("/people/13800138000x", "/people/*"),
    ],
)
def test_a_path_keeps_its_words(path: str, kept: str) -> None:
    assert provider_path(path) == kept


@given(st.text(max_size=200))
def test_no_number_and_nothing_but_plain_words_is_left_of_any_path(path: str) -> None:
    kept = provider_path(path)
    assert kept.isascii() and not any(c.isdigit() for c in kept)
    assert len(kept.split("/")) == len(path.split("/"))
    assert provider_path(kept.replace("#", "1")) == kept


def kept(sig: str, **args: str) -> dict[str, str]:
    return reduced(args, QUERY, sig)


def test_sizes_of_what_is_missing_and_limits_without_their_texts() -> None:
    assert kept(FIVE, authority="sms") == {"authority": "sms", "columns": "0", "selection": "0"}
    assert kept(BUNDLE, authority="sms", columns="2", selection="3")["selection"] == "3"
    reported = kept(FIVE, uri_limit="content://sms/inbox?limit=5&x=13800138000", sort_limit="date DESC limit 1")
    assert (reported["uri_limit"], reported["sort_limit"]) == ("5", "1")
    reported = kept(
        FIVE, uri_limit="content://sms/inbox?x=limit", sort_limit="CASE WHEN number='13800138000' THEN 0 END"
    )
    assert reported == {"columns": "0", "selection": "0"}


def test_the_agent_reads_as_text_what_the_monitor_reduces() -> None:
    keeps = {arg["name"]: arg["keep"] for arg in wire(QUERY, "a.b")["args"]}
    assert (keeps["uri_limit"], keeps["sort_limit"], keeps["selection"]) == ("text", "text", "length")


def test_both_ways_to_query_tell_the_same() -> None:
    names: dict[str, list[str]] = {}
    row: Row
    for row in load_catalogue():
        if row.id in ("content.query", "content.client_query"):
            names[row.id] = sorted(arg.name for arg in row.args)
    assert len(names) == 2 and len({tuple(found) for found in names.values()}) == 1
