"""Each way to call a method is seen exactly once, and classes are initialised when the app first uses them."""

import platform
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from tests.hooks.support import APP, Jvm, Memory, hooked, row, until
from tests.runtimes import RUNTIMES, launcher

pytestmark = pytest.mark.jvm
WAYS = f"{APP}.Ways"
#: Calls of each of eight threads, with a collection each 2,000 and at the end of memory; an emulated processor is slow.
ROUNDS = 3000 if platform.machine() == "aarch64" else 6000
TYPES = "imei imsi meid iccid serial phone_no sim_op mac".split()
#: Methods by class, with how often `Ways.all` calls each of them.
CALLS = {
    "Target": {
        "sum": 2, "virtual": 7, "hidden": 1, "open": 1, "locked": 1, "again": 1, "chain": 1, "refuses": 1, "many": 1,
        "wide": 1, "spread": 1,
    },
    "Gives": {"given": 3, "fixed": 1},
    "Made": {"$init": 6},
    "First": {"s": 1, "v": 1},
    "Second": {"t": 1, "v": 1},
    "Selfish": {"make": 4, "get": 1},
    "Fails": {"f": 0},
    "Never": {"n": 0},
}  # fmt: skip


def rows() -> list[Any]:
    found = []
    for number, (cls, methods) in enumerate(CALLS.items()):
        for index, method in enumerate(methods):
            kind = "constructor" if method == "$init" else "interface" if cls == "Gives" else "instance"
            name = f"{cls}.{method.strip('$')}".lower()
            data_type = TYPES[(number + index) % len(TYPES)]
            found.append(row(name, f"{WAYS}${cls}", method, kind=kind, data_type=data_type))
    return found


@pytest.fixture(params=RUNTIMES)
def apps(request: pytest.FixtureRequest) -> Iterator[Any]:
    java = launcher(request.param)
    started: list[Jvm] = []

    def start() -> Jvm:
        app = Jvm(java)
        started.append(app)
        app.read("ready")
        assert app.do("early") == ["early"]  # Its class is there before the hooks.
        return app

    yield start
    for one in started:
        one.kill()


def test_each_way_is_seen_once_and_nothing_is_changed(apps: Any, sink: Memory, request: pytest.FixtureRequest) -> None:
    plain = apps().do("ways")
    assert "order First Second Selfish Fails " in plain and "order " in plain
    app = apps()
    with hooked(app, sink, rows(), rate=0):
        assert {sink.state(one.id) for one in rows()} == {"hooked"}
        lines = app.do("ways")
    assert lines[:-1] == plain[:-1]
    if "[art" in request.node.name:
        assert lines == plain  # A JVM's hooked methods say that they are native.
    seen = Counter({call.hook: 0 for call in sink.calls()})
    for call in sink.calls():
        seen[call.hook] += call.count
    wanted = {
        f"{cls}.{method.strip('$')}".lower(): count
        for cls, methods in CALLS.items()
        for method, count in methods.items()
    }
    assert dict(seen) == {hook: count for hook, count in wanted.items() if count}
    again = next(call for call in sink.calls("target.again"))
    assert again.inner == [f"{WAYS}$Target.again"] * 5
    assert not sink.health("lost")
    assert not sink.health("failed")
    assert app.do("early") == ["early"]


def test_objects_that_move_change_nothing(apps: Any, sink: Memory) -> None:
    app = apps()
    with hooked(app, sink, rows()):
        assert app.do(f"garbage {ROUNDS}") == ["wrong 0"]
        assert until(lambda: sum(call.count for call in sink.calls("target.virtual")) == 8 * ROUNDS)
    assert sum(call.count for call in sink.calls("target.sum")) == 8 * ROUNDS
    assert sum(call.count for call in sink.calls("target.refuses")) == 8 * ROUNDS // 500
    assert not sink.health("lost")
    assert app.do("garbage 1000") == ["wrong 0"]
