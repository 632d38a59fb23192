"""A hook never changes what the app sees (reference: engine, guard rules)."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from monitor.collectors.hooks import HookCollector
from tests.hooks.support import APP, Jvm, Jvms, Memory, hooked, row, until
from tests.runtimes import launcher

API = f"{APP}.Api"
METHODS = (
    "recurse text same flag big real ints bytes strings grid list none nothing sum join locked hidden bad checked outer"
    " inner missing"
).split()


def api_rows(**more: Any) -> list[Any]:
    rows = [row(f"api.{name.lower()}", API, name, **more) for name in METHODS]
    rows.append(row("made.init", f"{API}$Made", "$init", kind="constructor", **more))
    rows.append(row("base.size", f"{API}$Base", "size", kind="abstract", **more))
    rows.append(row("base.name", f"{API}$Base", "name", **more))
    rows.append(row("impl.name", f"{API}$Impl", "name", **more))
    rows.append(row("source.fetch", f"{API}$Source", "fetch", kind="interface", **more))
    rows.append(row("source.both", f"{API}$Source", "both", kind="interface", **more))
    return rows


#: Runtime, and whether hooks go in by its own entries or by Frida's bridge, which loses some on ART
#: (docs/bridge-report.md).
WAYS = [
    pytest.param(("jvm", True), id="jvm-entries"),
    pytest.param(("jvm", False), id="jvm-bridge"),
    pytest.param(("art", True), id="art-entries", marks=pytest.mark.art),
]


@pytest.fixture(scope="module", params=WAYS)
def way(request: pytest.FixtureRequest) -> tuple[str, bool]:
    return request.param


@pytest.fixture(scope="module")
def java(way: tuple[str, bool]) -> str:
    return launcher(way[0])


@pytest.fixture(scope="module")
def plain(java: str) -> list[str]:
    app = Jvm(java)
    app.read("ready")
    said = app.do("all")
    app.kill()
    return said


@pytest.fixture
def start(way: tuple[str, bool], start: Callable[..., tuple[Jvm, HookCollector]]) -> Callable[..., Any]:
    return partial(start, entries=way[1])


def test_output_is_identical_with_and_without_hooks(plain: list[str], start: Any, sink: Memory) -> None:
    # Different data types, so that nothing is folded and every hook records.
    types = "imei imsi meid iccid serial".split()
    rows = [r.model_copy(update={"data_type": types[i % 5], "result": "value"}) for i, r in enumerate(api_rows())]
    app, collector = start(rows)
    assert app.do("all") == plain
    collector.stop()
    assert {r.id for r in rows} - {c.hook for c in sink.calls()} <= {"base.name"} | set()
    assert not sink.health("lost")
    assert not sink.health("failed")


def test_a_recorder_that_always_throws_changes_nothing_and_is_counted(
    plain: list[str], start: Any, sink: Memory
) -> None:
    app, collector = start(api_rows(), fault="recorder")
    assert app.do("all") == plain
    collector.stop()
    assert not sink.calls()
    assert any(h.detail["kind"] == "recorder" and h.n > 20 for h in sink.health("lost"))


@pytest.mark.parametrize("way", WAYS[2:], indirect=True)
def test_the_bridges_way_on_art_asks_no_exception_for_its_text(jvm: Jvms, sink: Memory, way: str) -> None:
    """The bridge itself would; its way is what remains where ART lacks what gates need."""
    app = jvm()
    plain = app.do("all")  # The classes are initialised from now on: their hooks stay.
    with hooked(app, sink, api_rows(), entries=False):
        assert app.do("all") == plain
    assert {call.exception for call in sink.calls("api.bad")} == {f"{API}$Odd"}
    assert not sink.health("failed")


def test_parents_nest_also_in_recursion_and_exceptions_are_noted_not_touched(start: Any, sink: Memory) -> None:
    rows = [
        row("outer", API, "outer", data_type="imei"),
        row("inner", API, "inner", data_type="imsi"),
        row("hidden", API, "hidden", data_type="meid"),
        row("recurse", API, "recurse", data_type="serial"),
        row("bad", API, "bad"),
        row("checked", API, "checked"),
    ]
    app, collector = start(rows)
    # Odd counts calls of its toString: the line says "... 0 ..." because nobody called it.
    assert any(line.startswith(f"throws {API}$Odd:boom@bad 0 ") for line in app.do("all"))
    assert until(lambda: len(sink.calls()) == 8)
    thrown = [(c.outcome, c.exception) for c in sink.calls() if c.hook in ("bad", "checked")]
    assert thrown == [("exception", f"{API}$Odd"), ("exception", f"{API}$Checked")]
    (outer,) = sink.calls("outer")
    inner = sink.calls("inner")
    assert [c.parent for c in inner] == [outer.call, outer.call]
    assert [c.parent for c in sink.calls("hidden")] == [c.call for c in inner]
    (recursion,) = sink.calls("recurse")
    assert len(recursion.inner) == 5
    assert recursion.parent == 0
    assert collector.call(app.pid, "progress")["active"] == 0


def test_outcomes(start: Any, sink: Memory) -> None:
    manager = "android.telephony.TelephonyManager"
    app, _ = start(
        [
            row("imei", manager, "getDeviceId", result="value"),
            row("line", manager, "getLine1Number", data_type="phone_no", result="value"),
            row("mac", manager, "getMac", data_type="mac", result="value", constants=["02:00:00:00:00:00"]),
            row("imsi", manager, "getSubscriberId", data_type="imsi", result="value"),
            row(
                "operator", manager, "getSimOperator", data_type="sim_op", result="text", kind="static",
                args=[{"index": 0, "name": "hint"}, {"index": 1, "name": "slot", "keep": "int"}],
            ),
            row("placed", f"{APP}.Main", "placed", data_type="location", kind="static", result=None,
                args=[{"index": 0, "name": "where", "keep": "location"}]),
        ]
    )  # fmt: skip
    app.do("reads 1")
    assert until(lambda: len(sink.calls()) == 1)  # One access is one event, with the inner names.
    (read,) = sink.calls()
    assert (read.sig, read.inner) == ("()java.lang.String", [f"{manager}.getDeviceId"])
    assert [v.text for v in sink.values] == ["490154203237518"]
    assert app.do("outcomes") == ["no permission: IMSI"]
    assert until(lambda: len(sink.calls()) == 8)
    # One position, a list of them as from Android 12 on, a list of something else.
    assert [v.text for v in sink.values[1:]] == ["31.2304,121.4737", "39.9042,116.4074", "39.905,116.408"]
    assert {c.hook: c.outcome for c in sink.calls() if c.hook not in ("placed", "imei")} == {
        "line": "null", "mac": "constant", "imsi": "denied", "operator": "value",
    }  # fmt: skip
    assert sink.calls("operator")[0].args == {"hint": "cn", "slot": "1", "result": "cn460001"}
