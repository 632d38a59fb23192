"""What rows keep of objects, and the data type that an argument selects, is the same without JavaScript as with it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import frida
import pytest

from monitor.collectors.hooks import HookCollector
from tests.hooks.support import APP, Jvm, Memory, framework, row, until
from tests.runtimes import RUNTIMES, launcher

pytestmark = pytest.mark.jvm

KINDS = f"{APP}.Kinds"
IN_SCRIPT = "script"
"""A fault that no part knows: rows stay in JavaScript, and nothing else is different."""
APPS = {"android": "ignore", "com.android.*": "ignore", "com.huawei.hwid": "oaid", "a*b*c": "meid", "a*b": "mac"}
ROUNDS = 4


def rows() -> list[Any]:
    kept = {
        "count": ["count"], "length": ["length"], "text": ["text"], "kind": ["class"], "bytes": ["bytes"],
        "authority": ["authority"], "path": ["uri_path"], "intent": ["action"], "component": ["component"],
        "target": ["target"], "permissions": ["permissions"], "file": ["path"], "url": ["url"], "emptied": ["count"],
        "raw": ["bytes"], "thrown": ["text"],
    }  # fmt: skip
    made = [
        row(name, KINDS, name, data_type="contacts", result=keep, args=[{"index": 0, "name": "a", "keep": keep}])
        for name, (keep,) in kept.items()
    ]
    select = {"index": 0, "map": APPS, "otherwise": "apps"}
    made.append(row("named", KINDS, "named", data_type="apps", result="value", select=select))
    numbers = {"index": 0, "keep": "int", "map": {"-7": "ignore", "7": "serial", "1*": "imei"}, "otherwise": "apps"}
    made.append(row("pick", KINDS, "pick", data_type="apps", select=numbers))
    aims = {"index": 0, "keep": "target", "map": {"com.named": "oaid", "action:*": "ignore", "*": "apps"},
            "otherwise": "imsi"}  # fmt: skip
    made.append(row("aimed", KINDS, "aimed", data_type="apps", select=aims, result="class"))
    made.append(row("own", KINDS, "own", data_type="apps", select={**select, "map": {"o": "meid"}}))
    made.append(row("nested", KINDS, "nested", data_type="meid", result="value"))
    return made


@pytest.fixture(params=RUNTIMES)
def runtime(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def recorded(java: str, jar: Path, **options: Any) -> tuple[Memory, list[str], int]:
    """What was recorded of a run, the app's output, and how many calls went by without JavaScript."""
    app, sink = Jvm(java, classpath=[jar]), Memory()
    app.read("ready")
    collector = HookCollector.for_device(
        frida.get_local_device(), sink, APP, rows(), {"rate": 0, "eager": 0, "credits": 100_000, **options}
    )
    try:
        collector.attach(app.pid)
        out = []
        for _ in range(ROUNDS):
            out += app.do("kinds 1")
            collector.call(app.pid, "flush")
        below = collector.call(app.pid, "progress")["below"]
        collector.stop()
    finally:
        app.kill()
    return sink, out, int(below)


def told(sink: Memory) -> list[Any]:
    """In the order of the calls' numbers."""
    calls = sorted(sink.calls(aggregated=False), key=lambda call: call.call)
    return [
        (c.hook, c.data_type, c.outcome, c.args, c.exception, c.inner, bool(c.stack), bool(c.parent)) for c in calls
    ]


def test_both_ways_record_the_same(runtime: str, tmp_path: Path) -> None:
    java, jar = launcher(runtime), framework(tmp_path)
    plain = Jvm(java, classpath=[jar])
    plain.read("ready")
    expected = plain.do(f"kinds {ROUNDS}")
    plain.kill()
    script, out_script, none = recorded(java, jar, fault=IN_SCRIPT)
    fast, out_fast, below = recorded(java, jar)
    assert out_script == out_fast == expected
    assert expected[-1].endswith("asked 0")
    assert none == 0
    calls = script.calls(aggregated=False)
    assert Counter(call.outcome for call in calls).keys() == {"value", "null", "exception"}
    assert {"oaid", "meid", "mac", "apps", "serial", "imei"} <= {call.data_type for call in calls}
    assert len(calls) > 2000
    assert below > len(calls) * 0.6
    different = [(a, b) for a, b in zip(told(script), told(fast), strict=True) if a != b]
    assert different == []
    assert sorted((v.data_type, v.text) for v in script.values) == sorted((v.data_type, v.text) for v in fast.values)
    for sink in (script, fast):
        assert not sink.health("lost")
        assert not sink.health("failed")


def test_counts_have_the_selected_type_and_the_outcome(runtime: str, tmp_path: Path) -> None:
    java, jar = launcher(runtime), framework(tmp_path)
    ways = [recorded(java, jar, credits=0, **more)[0] for more in ({"fault": IN_SCRIPT}, {})]
    sums = []
    for sink in ways:
        assert until(lambda sink=sink: bool(sink.calls(aggregated=True)))
        found: Counter[Any] = Counter()
        for call in sink.calls(aggregated=True):
            found[call.hook, call.data_type, call.outcome] += call.count
        sums.append(found)
    assert sums[0] == sums[1]
    assert sums[0]["count", "contacts", "null"] > 0
