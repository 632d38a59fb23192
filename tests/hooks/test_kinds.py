"""What rows keep of objects, and the data type that an argument selects, is the same without JavaScript as with it."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from monitor.events import Consent
from tests.hooks.kinds import IN_SCRIPT, KINDS, rows, watched_rows
from tests.hooks.support import Jvm, Memory, framework, hooked, row, until
from tests.runtimes import RUNTIMES, launcher

pytestmark = [pytest.mark.jvm, pytest.mark.parametrize("runtime", RUNTIMES)]
ROUNDS = 2


def recorded(
    java: str, jar: Path, hooks: list[Any], command: str = "kinds 1", **options: Any
) -> tuple[Memory, list[str], int]:
    """What was recorded of a run, the app's output, and how many calls went by without JavaScript."""
    app, sink = Jvm(java, classpath=[jar]), Memory()
    app.read("ready")
    out = []
    try:
        with hooked(app, sink, hooks, **{"rate": 0, "eager": 0, "credits": 100_000, **options}) as collector:
            for _ in range(ROUNDS):
                out += app.do(command)
                collector.call(app.pid, "flush")
            below = collector.call(app.pid, "progress")["below"]
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
    script, out_script, none = recorded(java, jar, rows(), fault=IN_SCRIPT)
    fast, out_fast, below = recorded(java, jar, rows())
    assert out_script == out_fast == expected
    assert expected[-1].endswith("asked 0")
    assert none == 0
    calls = script.calls(aggregated=False)
    assert Counter(call.outcome for call in calls).keys() == {"value", "null", "constant", "exception"}
    assert {"oaid", "meid", "mac", "apps", "serial", "imei"} <= {call.data_type for call in calls}
    assert len(calls) > 1000
    assert below > len(calls) * 0.6
    different = [(a, b) for a, b in zip(told(script), told(fast), strict=True) if a != b]
    assert different == []
    assert sorted((v.data_type, v.text) for v in script.values) == sorted((v.data_type, v.text) for v in fast.values)
    for sink in (script, fast):
        assert not sink.health("lost")
        assert not sink.health("failed")


def test_counts_have_the_selected_type_and_the_outcome(runtime: str, tmp_path: Path) -> None:
    java, jar = launcher(runtime), framework(tmp_path)
    ways = [recorded(java, jar, rows(), credits=0, **more)[0] for more in ({"fault": IN_SCRIPT}, {})]
    sums = []
    for sink in ways:
        assert until(lambda sink=sink: bool(sink.calls(aggregated=True)))
        found: Counter[Any] = Counter()
        for call in sink.calls(aggregated=True):
            assert call.stack
            found[call.hook, call.data_type, call.outcome] += call.count
        sums.append(found)
    assert sums[0] == sums[1]
    assert sums[0]["count", "contacts", "null"] > 0


def test_observers_that_look_at_few_calls_see_all_of_these(runtime: str, tmp_path: Path) -> None:
    java, jar = launcher(runtime), framework(tmp_path)
    script, out_script, none = recorded(java, jar, watched_rows(), "watched", fault=IN_SCRIPT)
    fast, out_fast, below = recorded(java, jar, watched_rows(), "watched")
    assert out_script == out_fast
    assert (none, below) == (0, ROUNDS * (50 + 4 + 8 + 8))
    assert told(script) == told(fast)
    assert len(fast.calls("cell")) > ROUNDS * 25
    kinds = [[(e.scope, e.state, e.detail) for e in sink.of(Consent)] for sink in (script, fast)]
    assert kinds[0] == kinds[1]
    assert len(kinds[0]) == ROUNDS * 13
    chosen = {detail["key"]: detail["purposes"] for _, _, detail in kinds[0] if "purposes" in detail}
    assert chosen == {"IABTCF_TCString": "111" + "0" * 21, "IABTCF_PurposeConsents": "1010"}
    assert sorted(script.values) == sorted(fast.values)


@pytest.mark.parametrize("fault", [IN_SCRIPT, ""])
def test_of_many_values_in_one_call_the_rest_is_counted(runtime: str, tmp_path: Path, fault: str) -> None:
    """Twenty-four names, four times: more than are kept of a call."""
    java, jar = launcher(runtime), framework(tmp_path)
    names = [{"index": 0, "name": name, "keep": "package_names"} for name in "abc"]
    hook = row("packages", KINDS, "packages", data_type="apps", result="package_names", args=names)
    sink, _, _ = recorded(java, jar, [hook], "cost packages 2", **({"fault": fault} if fault else {}))
    calls = sink.calls(aggregated=False)
    assert calls and {call.args["values_cut"] for call in calls} == {"32"}
    assert len(sink.values) == 64 * len(calls)
