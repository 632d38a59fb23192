"""Calls recorded below JavaScript are reported like all others: same events, counts and output."""

import time
from typing import Any

import frida
import pytest

from monitor.collectors.hooks import HookCollector
from tests.hooks.support import APP, Jvms, Memory, row, until
from tests.runtimes import RUNTIMES

API = f"{APP}.Api"
MANAGER = "android.telephony.TelephonyManager"


pytestmark = pytest.mark.parametrize("runtime", RUNTIMES)


def mixed_rows() -> list[Any]:
    return [
        row("outer", API, "outer", data_type="imei", result="value", args=[{"index": 0, "name": "a"}]),
        row("inner", API, "inner", data_type="imsi", result="text"),
        row("hidden", API, "hidden", data_type="meid"),
        row("bad", API, "bad", data_type="serial"),
        row("mac", MANAGER, "getMac", data_type="mac", result="value", constants=["02:00:00:00:00:00"]),
    ]


def test_simple_and_other_rows_nest_in_each_other(start: Any, sink: Memory) -> None:
    # A row with a receiver goes through JavaScript always; the ones around and inside it do not.
    rows = mixed_rows()
    rows[1] = rows[1].model_copy(update={"receiver": [API]})
    app, collector = start(rows, rate=0)
    app.do("mixed 20")
    collector.stop()
    outer = {call.call for call in sink.calls("outer")}
    inner = {call.call for call in sink.calls("inner")}
    assert (len(outer), len(inner)) == (20, 40)
    assert {call.parent for call in sink.calls("inner")} == outer
    assert {call.parent for call in sink.calls("hidden")} == inner


def test_a_part_of_a_simple_call_is_folded_and_gives_its_value(start: Any, sink: Memory) -> None:
    rows = [
        row("outer", API, "outer", data_type="imei"),
        row("hidden", API, "hidden", data_type="imei", result="value", receiver=[API]),
    ]
    app, collector = start(rows, rate=0)
    app.do("mixed 20")
    collector.stop()
    calls = sink.calls("outer")
    assert len(calls) == 20
    assert all(call.inner == [f"{API}.hidden"] * 2 for call in calls)
    assert [v.text for v in sink.values] == ["ho"] * 40
    assert not sink.calls("hidden")


@pytest.mark.parametrize("observer", ["", "permission_result"])
def test_what_the_app_asks_for_where_it_gets_an_answer_is_a_call_of_its_own(
    observer: str, start: Any, sink: Memory
) -> None:
    kinds = {"role": "prompt", "data_type": "permission"}
    rows = [
        row("dispatch", API, "dispatchRequestPermissionsResult", observer=observer, **kinds),
        row("answer", API, "onAnswer", **kinds),
        row("ask", API, "inner", **kinds),
        row("ask_intent", API, "hidden", **kinds),
    ]
    app, collector = start(rows, rate=0)
    app.do("answer 20")
    collector.stop()
    assert sum(call.count for call in sink.calls("ask")) == 40
    assert not sink.calls("answer") and not sink.calls("ask_intent"), "parts of the ones around them"
    assert len(sink.calls("dispatch")) == (0 if observer else 20)


def test_detaching_waits_for_a_thread_inside_a_hook(start: Any, sink: Memory) -> None:
    app, collector = start([row("pause", API, "pause", data_type="imei")])
    app.do("block 600")
    collector.stop()
    # The thread comes back into code that is still there, and gets its answer.
    assert app.do("sleep 800") == ["waited"]
    assert app.do("reads 3") == []
    assert app.alive()


@pytest.mark.parametrize("where", ["locked", "inside"])
def test_detaching_leaves_threads_that_wait_for_a_lock_or_inside(start: Any, sink: Memory, where: str) -> None:
    """A synchronized method's lock is the original's: a thread that waits for it is inside the hook, and waited for."""
    app, collector = start([row("locked", API, "locked"), row("pause", API, "pause")])
    app.do("all")
    app.do("block 1")
    app.do(f"wait {where} 1500")
    collector.stop()
    assert app.do("waited")[-1] == f"[{', '.join(['got true' if where == 'locked' else 'waited'] * 4)}]"
    assert app.do("all")
    assert not sink.health("failed")
    assert not sink.health("lost")


def test_hooks_can_be_put_in_again(jvm: Jvms, sink: Memory) -> None:
    app = jvm()
    rows = [row("imei", MANAGER, "getDeviceId", result="value")]
    for number in range(2):
        collector = HookCollector(frida.get_local_device(), sink, APP, rows, {"rate": 0})
        collector.attach(app.pid, late=number > 0)
        app.do("reads 20")
        collector.stop()
        assert app.do("reads 20") == []
    assert app.do("all")
    assert sum(call.count for call in sink.calls()) == 40
    assert len(sink.health("late")) == 1
    assert not sink.health("lost")


def test_many_threads_are_counted_exactly_while_they_die_and_hooks_come_and_go(start: Any, sink: Memory) -> None:
    app, collector = start([row("imei", MANAGER, "getDeviceId", result="value")])
    for _ in range(10):
        app.do("threads 20 5")
    assert until(lambda: sum(call.count for call in sink.calls()) == 1000)
    assert collector.call(app.pid, "progress")["active"] == 0
    assert app.do("threads 8 20000") == ["wrong 0"]
    app.tell("threads 8 100000")
    collector.stop()
    assert app.read("done") == ["wrong 0"]
    assert sum(call.count for call in sink.calls()) >= 161_000
    assert not sink.health("lost")
    assert not sink.health("failed")


def test_the_app_ends_as_it_wants_with_threads_inside_hooks(start: Any, sink: Memory) -> None:
    app, _ = start([row("imei", MANAGER, "getDeviceId", result="value")])
    app.do("spin 4")
    time.sleep(0.1)
    app.tell("exit 7")
    assert app.wait(60) == 7
