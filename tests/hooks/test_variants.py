"""Runtimes that export less than Android 14: the agent finds its way, or says what is missing and claims nothing."""

from collections.abc import Callable, Iterator
from typing import Any

import frida
import pytest

from emulator.art.variants import variant
from monitor.collectors.hooks import HookCollector
from tests.hooks.support import APP, Jvm, Memory, row, until
from tests.runtimes import art_bed

pytestmark = pytest.mark.art
API = f"{APP}.Api"
ROWS = [
    row("outer", API, "outer", data_type="imei", result="value"),
    row("hidden", API, "hidden", data_type="meid"),
    row("made", f"{API}$Made", "$init", kind="constructor", data_type="mac"),
    row("size", f"{API}$Base", "size", kind="abstract", data_type="serial"),
]


@pytest.fixture
def watched(sink: Memory) -> Iterator[Callable[..., tuple[Jvm, HookCollector]]]:
    started: list[tuple[Jvm, HookCollector]] = []

    def start(name: str, rows: list[Any], **options: Any) -> tuple[Jvm, HookCollector]:
        bed = art_bed()
        app = Jvm(str((variant(bed, name) if name else bed).java))
        collector = HookCollector(frida.get_local_device(), sink, APP, rows, {"rate": 0, **options})
        started.append((app, collector))
        app.read("ready")
        assert app.do("all")  # What is below an abstract class is loaded from now on.
        collector.attach(app.pid)
        return app, collector

    yield start
    for app, collector in started:
        app.kill()
        collector.stop()


def faults(sink: Memory) -> list[str]:
    return [str(health.detail["fault"]) for health in sink.health("failed")]


@pytest.mark.parametrize("name", ["android15", "android16", "copied"])
def test_where_functions_are_exported_no_more_they_are_found_otherwise(name: str, watched: Any, sink: Memory) -> None:
    app, collector = watched(name, ROWS)
    assert {one.id: sink.state(one.id) for one in ROWS} == {one.id: "hooked" for one in ROWS}
    assert app.do("all")
    app.do("mixed 20")
    collector.stop()
    assert {call.hook for call in sink.calls()} == {one.id for one in ROWS}
    assert sum(call.count for call in sink.calls("outer")) == 21
    assert all(call.stack for call in sink.calls())
    assert not faults(sink)


def test_where_a_function_is_nowhere_it_is_named_and_no_row_is_claimed_in_vain(watched: Any, sink: Memory) -> None:
    """The bridge's way is left, for what it can prove."""
    app, collector = watched("walkerless", ROWS)
    assert any("_ZNK3art12StackVisitor9GetMethodEv" in fault for fault in faults(sink))
    claimed = {one.id for one in ROWS if sink.state(one.id) == "hooked"}
    assert app.do("all")
    collector.stop()
    assert claimed <= {call.hook for call in sink.calls()}
    assert {sink.state(one.id) for one in ROWS} <= {"hooked", "unproven", "declared_only"}


def test_a_collector_that_cannot_be_followed_is_a_fault_and_harms_no_call(watched: Any, sink: Memory) -> None:
    ways = f"{APP}.Ways$Target"
    rows = [row("virtual", ways, "virtual", data_type="imei"), row("sum", ways, "sum", data_type="imsi")]
    app, collector = watched("", rows, fault="gc")
    assert any("the garbage collector is not followed: _ZN3art2gc9collector" in fault for fault in faults(sink))
    assert app.do("garbage 600") == ["wrong 0"]
    assert until(lambda: sum(call.count for call in sink.calls("virtual")) == 4800)
    collector.stop()
    assert sum(call.count for call in sink.calls("sum")) == 4800


def test_an_art_whose_layout_is_another_is_refused_and_the_app_goes_on(watched: Any, sink: Memory) -> None:
    """The bridge's way is left. A method's number is looked for where its flags are."""
    app, collector = watched("", ROWS, fault="layout")
    assert any("the layout of ART's methods and classes is another: the numbers of" in fault for fault in faults(sink))
    claimed = {one.id for one in ROWS if sink.state(one.id) == "hooked"}
    assert app.do("all")
    collector.stop()
    assert claimed <= {call.hook for call in sink.calls()}


def test_where_the_walker_of_stacks_is_larger_than_known_no_stacks_are_taken(watched: Any, sink: Memory) -> None:
    """An eighth of its size is said to be known; what it writes beyond is kept free for that."""
    app, collector = watched("", ROWS, fault="walker")
    assert {one.id: sink.state(one.id) for one in ROWS} == {one.id: "hooked" for one in ROWS}
    app.do("mixed 20")
    assert until(lambda: any("walker of stacks is larger than is known" in fault for fault in faults(sink)))
    collector.stop()
    assert sum(call.count for call in sink.calls("outer")) == 20
    assert not any(call.stack for call in sink.calls())
