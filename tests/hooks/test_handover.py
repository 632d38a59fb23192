"""A task that only the framework runs is its submitter's, and says that it was handed over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import frida
import pytest

from monitor.collectors.hooks import HookCollector
from monitor.events import Connection
from tests.hooks.support import APP, Jvm, Memory, row, until

POOL = "java.util.concurrent.ThreadPoolExecutor"
SCHEDULED = "java.util.concurrent.ScheduledThreadPoolExecutor"
CONTEXT: dict[str, Any] = {"role": "context", "data_type": "misc"}
TASK = [{"index": 0, "name": "task", "keep": "class"}]
RUN = [{"index": 1, "name": "task", "keep": "class"}]

ROWS = [
    row("pool.execute", POOL, "execute", observer="handover", args=TASK, **CONTEXT),
    row("pool.begin", POOL, "beforeExecute", observer="handover_begin", args=RUN, **CONTEXT),
    row("pool.end", POOL, "afterExecute", observer="handover_end", **CONTEXT),
    row("pool.schedule", SCHEDULED, "schedule", observer="handover", **CONTEXT),
    row("fork.execute", "java.util.concurrent.ForkJoinPool", "execute", observer="handover", args=TASK, **CONTEXT),
    row("fork.run", "java.util.concurrent.ForkJoinTask", "doExec", observer="handover_run", **CONTEXT),
    row("timer.schedule", "java.util.Timer", "schedule", observer="handover", args=TASK, **CONTEXT),
    row("timer.run", "java.util.TimerTask", "run", kind="abstract", observer="handover_run", overrides=True, **CONTEXT),
    row("mac", "android.telephony.TelephonyManager", "getMac", data_type="mac", result="value"),
]


@pytest.mark.parametrize("way", ["pool", "scheduled", "async"])
def test_the_submitter_is_told_where_the_stack_shows_nobody(way: str, jvm: Callable[..., Jvm], sink: Memory) -> None:
    app = jvm()
    collector = HookCollector.for_device(frida.get_local_device(), sink, APP, ROWS, {"rate": 0})
    try:
        collector.attach(app.pid)
        # Twice: the task is a method of the framework; then one of the app, whose own stack tells.
        for _ in range(6):
            assert app.do(f"handed {way}") == ["02:00:00:00:00:00"] * 2
        assert until(lambda: len(sink.calls("mac")) == 12)
    finally:
        collector.stop()
    lent = [call for call in sink.calls("mac") if call.args.get("handover") == "yes"]
    own = [call for call in sink.calls("mac") if "handover" not in call.args]
    assert (len(lent), len(own)) == (6, 6)
    for call in lent:
        assert "com.vendor.sdk.Tracker" in {frame.cls for frame in sink.stack(call.stack).frames}
    for call in own:
        names = {frame.cls for frame in sink.stack(call.stack).frames}
        assert "com.vendor.sdk.Tracker" not in names
        assert any(name.startswith(f"{APP}.Main") for name in names)
    assert not sink.health("lost")
    assert not sink.health("failed")


def test_without_the_rows_nobody_is_guessed(jvm: Callable[..., Jvm], sink: Memory) -> None:
    app = jvm()
    collector = HookCollector.for_device(frida.get_local_device(), sink, APP, ROWS[-1:], {"rate": 0})
    try:
        collector.attach(app.pid)
        app.do("handed pool")
        assert until(lambda: len(sink.calls("mac")) == 2)
    finally:
        collector.stop()
    first = sink.stack(sink.calls("mac")[0].stack).frames
    assert not any(frame.cls.startswith(("com.example.", "com.vendor.")) for frame in first)
    assert not any("handover" in call.args for call in sink.calls("mac"))


def test_a_connection_of_a_handed_over_task_says_so(jvm: Callable[..., Jvm], sink: Memory) -> None:
    app = jvm()
    collector = HookCollector.for_device(frida.get_local_device(), sink, APP, ROWS)
    try:
        collector.attach(app.pid)
        app.do("handed connect")
        assert until(lambda: bool(sink.of(Connection)))
    finally:
        collector.stop()
    (one,) = (c for c in sink.of(Connection) if c.local_port)
    assert one.link == "handover"
    assert "com.vendor.sdk.Tracker" in {frame.cls for frame in sink.stack(one.stack).frames}
