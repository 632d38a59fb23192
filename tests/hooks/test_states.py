"""A hook counts as installed only while that is proven: lost hooks, and kinds whose test call was not seen."""

import os
import time
from collections import Counter
from pathlib import Path
from typing import Any

import frida
import pytest

from monitor.analysis.correlate.correlator import analyse
from monitor.analysis.rules.load import load_rules
from monitor.collectors.hooks import HookCollector
from monitor.events import HookState
from monitor.knowledge.catalogue import load_catalogue
from tests.hooks.support import APP, CLASSES, HERE, Jvm, Jvms, Memory, hooked, row, script, until
from tests.runtimes import ON_ART, RUNTIMES, art_bed

ROWS = [
    row("imei", "android.telephony.TelephonyManager", "getDeviceId", result="value"),
    row("mac", "android.telephony.TelephonyManager", "getMac", data_type="mac"),
    row("operator", "android.telephony.TelephonyManager", "getSimOperator", data_type="sim_op", kind="static"),
    row("made", f"{APP}.Api$Made", "$init", kind="constructor", data_type="serial"),
    row("both", f"{APP}.Api$Source", "both", kind="interface", data_type="meid"),
    row("property", "libc.so", "getenv", kind="native", native=True, data_type="hw_fp"),
]
#: The rows of each kind of hook.
KINDS = {
    "instance": {"imei", "mac"}, "static": {"operator"}, "constructor": {"made"}, "inherited": {"both"},
    "function": {"property"},
}  # fmt: skip


@pytest.fixture(params=RUNTIMES)
def runtime(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def states(
    jvm: Jvms, sink: Memory, fault: str, *, entries: bool = True, before: str = "", witness: Any = None
) -> tuple[Jvm, HookCollector, dict[str, str]]:
    app = jvm()
    if before:
        app.do(before)
    if witness is not None:
        witness(app.pid)
    options = {"fault": fault, "entries": entries}
    collector = HookCollector(frida.get_local_device(), sink, APP, ROWS, options)
    collector.attach(app.pid)
    until(lambda: all(sink.state(one.id) for one in ROWS))  # The agent's words arrive after its answer.
    return app, collector, {one.id: sink.state(one.id) for one in ROWS}


def test_every_kind_proves_itself(jvm: Jvms, sink: Memory) -> None:
    called: list[str] = []
    _, collector, found = states(jvm, sink, "", witness=lambda pid: script(pid, "calls", called.append))
    assert until(lambda: called) and set(called) == {"inet_addr"}  # No state of the app changes.
    time.sleep(1.2)  # Two looks at the hooks.
    collector.stop()
    assert set(found.values()) == {"hooked"}
    assert {sink.state(one.id) for one in ROWS} == {"hooked"}
    assert not sink.health("failed")


@pytest.mark.parametrize("kinds", [("instance", "constructor", "function"), ("static", "inherited")])
def test_kinds_that_do_not_are_not_claimed(kinds: tuple[str, ...], jvm: Jvms, sink: Memory) -> None:
    rows = {hook: kind for kind in kinds for hook in KINDS[kind]}
    _, collector, found = states(jvm, sink, " ".join(f"canary:{kind}" for kind in kinds))
    collector.stop()
    assert {hook for hook, state in found.items() if state == "unproven"} == set(rows)
    assert {found[hook] for hook in found.keys() - rows} == {"hooked"}
    for hook, kind in rows.items():
        assert sink.told(hook)[1] == f"a test call did not reach a hook of this kind: {kind}"


@pytest.mark.parametrize("fault", ["lost", "changed"])
def test_a_hook_that_is_lost_or_whose_code_is_changed_is_reported_within_a_second(
    fault: str, jvm: Jvms, sink: Memory
) -> None:
    _, collector, found = states(jvm, sink, fault)
    assert found["imei"] == "hooked"
    assert until(lambda: sink.state("imei") == fault)
    assert {sink.state(one.id) for one in ROWS[1:]} == {"hooked"}
    collector.stop()
    assert sink.state("imei") == fault  # To the end: what it would have seen is not known.
    if fault == "lost":  # The rules that rest on it claim no silence; those that do not are what they were.
        coverage = {line.id: line for line in analyse(sink.events, load_rules(), hooks=ROWS).coverage}
        assert coverage["COL-01"].state == "not_observable"
        assert "unreliable hooks: 1 (imei)" in coverage["COL-01"].why
        assert "unreliable hooks" not in coverage["COL-12"].why


@pytest.mark.parametrize("last", [False, True])
def test_a_function_that_an_app_puts_back_is_reported(last: bool, jvm: Jvms, sink: Memory, runtime: str) -> None:
    """At the next look, or at the last one, at the end."""
    app, collector, found = states(jvm, sink, "")
    assert found["property"] == "hooked"
    assert script(app.pid, "restored").restore(), "it was patched"
    if not last:
        assert until(lambda: sink.state("property") == "changed")
    collector.stop()
    assert sink.state("property") == "changed"
    assert sink.told("property")[1] == "the agent's code was changed"
    assert {sink.state(one.id) for one in ROWS[:-1]} == {"hooked"}
    coverage = {(line.line, line.id): line for line in analyse(sink.events, load_rules(), hooks=ROWS).coverage}
    line = coverage["hook", "property"]
    assert (line.state, line.why) == ("not_observable", "the agent's code was changed")


@pytest.mark.parametrize("passes", [True, False])
def test_a_function_that_others_hook_too_is_not_claimed(passes: bool, jvm: Jvms, sink: Memory) -> None:
    """It was not changed, and what comes through counts; but the other code decides what that is."""
    app, collector, found = states(jvm, sink, "")
    assert found["property"] == "hooked"
    other = script(app.pid, "beside")
    other.beside(passes)
    assert until(lambda: sink.state("property") == "unproven")
    seen = sum(call.count for call in sink.calls("property"))
    for _ in range(5):
        other.call()
    assert other.calls() >= 5
    assert not passes or until(lambda: sum(call.count for call in sink.calls("property")) >= seen + 5)
    other.undo()
    collector.stop()
    whys = {why for state, why in sink.reports("property") if state != "hooked"}
    assert whys == {"other code was put before the hook: it may not pass on every call"}
    coverage = {(line.line, line.id): line for line in analyse(sink.events, load_rules(), hooks=ROWS).coverage}
    line = coverage["hook", "property"]
    assert line.state == ("fired" if passes else "not_observable")
    assert passes or line.why == f"not proven to see every call: {whys.pop()}"
    assert {sink.state(one.id) for one in ROWS if one.id != "property"} == {"hooked"}


def test_the_bridges_way_proves_itself_too(jvm: Jvms, sink: Memory, runtime: str) -> None:
    """The only way on arm64: without a test call nothing is claimed there either."""
    _, collector, found = states(jvm, sink, "canary:static", entries=False, before="all")
    collector.stop()
    # Frida's bridge does not reach the copies that ART makes of an interface's methods.
    doubted = KINDS["static"] | (KINDS["inherited"] if runtime == "art" else set())
    assert {
        hook for hook in KINDS["static"] | KINDS["inherited"] | KINDS["constructor"] if found[hook] == "unproven"
    } == doubted
    assert sink.told("operator")[1] == "a test call did not reach a hook of this kind: static"
    assert found["made"] == "hooked"


@pytest.mark.parametrize(("kind", "asked"), [("static", True), ("inherited", False)])
def test_where_a_test_call_is_not_seen_art_interprets_its_boot_image(
    kind: str, asked: bool, jvm: Jvms, sink: Memory, runtime: str
) -> None:
    """Once, and not for kinds that it does not help. A JVM has no boot image."""
    app, collector, found = states(jvm, sink, f"inlined:{kind}")
    assert app.do("all")
    collector.stop()
    (started,) = sink.health("started")
    asked = asked and runtime == "art"
    assert ("deoptimized_ms" in started.detail) is asked
    assert {found[hook] for hook in KINDS[kind]} == {"hooked" if asked else "unproven"}


@ON_ART
def test_where_art_may_drop_a_hook_it_is_not_claimed(jvm: Jvms, sink: Memory) -> None:
    """Without entries of our own: hooks on classes that are not initialised yet."""
    app = jvm()
    for wanted in ("unproven", "hooked"):
        with hooked(app, sink, [ROWS[0]], entries=False, rate=0):
            assert until(lambda wanted=wanted: sink.state("imei") == wanted), sink.state("imei")
            app.do("reads 5")
    assert len(sink.calls()) >= 5


def _loaded(runtime: str) -> tuple[Any, list[Any]]:
    """A jar with a class that comes later, and the rows that see it come."""
    jar, loader = HERE / "hidden.jar", "java.net.URLClassLoader"
    if runtime == "art":
        jar, loader = art_bed().dex("path", jar), "dalvik.system.PathClassLoader"
    return jar, [
        row("secret", "com.hidden.Secret", "read", kind="static", result="value"),
        row("loader", loader, "$init", kind="constructor", role="context", data_type="code_load", observer="loader"),
    ]


@pytest.mark.parametrize("proven", [True, False])
def test_hooks_of_classes_that_come_later_prove_themselves(proven: bool, jvm: Jvms, runtime: str, sink: Memory) -> None:
    jar, rows = _loaded(runtime)
    app = jvm()
    with hooked(app, sink, [ROWS[2], *rows], fault="" if proven else "later:static"):
        assert sink.state("secret") == "absent_class"
        assert app.do(f"isolated {jar}") == ["init null", "secret", "init yes"]
        assert until(lambda: sink.state("secret") == ("hooked" if proven else "unproven"))
        assert until(lambda: bool(sink.calls("secret")))
    assert sink.state("operator") == "hooked"  # Of the first pass, and of the same kind.
    assert not sink.health("failed")


def test_hooks_beyond_those_that_can_be_looked_after_are_not_claimed(jvm: Jvms, sink: Memory) -> None:
    _, collector, found = states(jvm, sink, "crowded")
    collector.stop()
    assert {hook: state for hook, state in found.items() if state != "unproven"} == {"property": "hooked"}
    every = [one for event in sink.of(HookState) for one in event.each()]
    whys = {why for _, state, why in every if state == "unproven"}
    assert whys == {"there are more hooks than can be looked after"}


def test_loaders_that_come_at_once_are_all_looked_at(jvm: Jvms, runtime: str, sink: Memory) -> None:
    """While one thread puts hooks in, others make loaders: these get theirs when it is done."""
    jar, rows = _loaded(runtime)
    app = jvm()
    with hooked(app, sink, rows, rate=0):
        app.do(f"meet {jar} 12")
        time.sleep(1)
        assert app.do("met") == ["secret"] * 12
        assert until(lambda: sum(call.count for call in sink.calls("secret")) >= 12, 10)
    assert sum(call.count for call in sink.calls("secret")) == 12
    assert not sink.health("failed")


@ON_ART
def test_classes_that_are_unloaded_take_no_hook_along(jvm: Jvms, sink: Memory) -> None:
    """ART copies an interface's method into each class that inherits it: such a copy goes with its class."""
    app = jvm()
    rows = [row("then", "java.util.Comparator", "thenComparing", kind="interface", role="context")]
    assert app.do(f"orders {art_bed().dex('path', HERE / 'hidden.jar')} 80") == ["80"]  # More than are known.
    with hooked(app, sink, rows):
        assert until(lambda: sink.state("then") == "hooked")
        assert app.do("forget")
        time.sleep(1.2)  # Two looks at the hooks.
        assert app.do("reads 1") == []
    assert sink.state("then") == "hooked"
    assert not sink.health("lost")


@ON_ART
@pytest.mark.parametrize(
    ("fault", "said", "named"),
    [("stack", "read from a Throwable instead", True), ("stack:throwable", "calls are recorded without", False)],
)
def test_where_stacks_cannot_be_walked_calls_are_recorded_all_the_same(
    fault: str, said: str, named: bool, jvm: Jvms, sink: Memory
) -> None:
    """Without entries of our own the bridge walks, with symbols that some builds of ART lack."""
    app, collector, _ = states(jvm, sink, fault, entries=False, before="reads 1")
    app.do("reads 3")
    assert until(lambda: sum(call.count for call in sink.calls("imei")) >= 3)
    collector.stop()
    for call in sink.calls("imei"):
        assert (call.stack > 0) is named
        if named:
            assert "read" in {frame.method for frame in sink.stack(call.stack).frames}
    told = [h.detail["fault"] for h in sink.health("failed") if h.detail.get("place") == "stack"]
    assert told and said in told[-1]
    assert not [h for h in sink.health("lost") if h.detail["kind"] in ("recorder", "calls")]


FRAMEWORK = Path(__file__).resolve().parents[2] / "emulator" / "java" / "standin.jar"
#: Rows that no process without the app's own classes has, and functions of Bionic's.
ELSEWHERE = {"absent_class", "absent_module", "absent_symbol"}


@pytest.mark.art
def test_no_row_of_a_class_that_is_there_is_unproven(sink: Memory, tmp_path: Path) -> None:
    bed = art_bed()
    program = tmp_path / "java"  # with the framework in the boot class path, as an app's process has it
    framework = bed.dex("framework", FRAMEWORK)
    program.write_text(f'#!/bin/sh\nexec "{bed.java}" "-Xbootclasspath/a:{framework}" -cp "{CLASSES}" {APP}.Main\n')
    program.chmod(0o755)
    rows = [row for row in load_catalogue() if row.enabled]
    app = Jvm(str(program))
    collector = HookCollector(frida.get_local_device(), sink, APP, rows, {})
    try:
        app.read("ready")
        collector.attach(app.pid)
        assert until(lambda: all(sink.state(row.id) for row in rows))
        states = Counter(sink.state(row.id) for row in rows)
    finally:
        app.kill()
        collector.stop()
    print(os.uname().machine, dict(states))
    here = {state: count for state, count in states.items() if state not in ELSEWHERE}
    assert not here.get("unproven") and not here.get("error"), states
    assert here["hooked"] >= 0.9 * sum(here.values()), states
