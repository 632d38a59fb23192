"""Calls from compiled code: compiled before a hook or after it, with a copy of it, deoptimised before or after."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import frida
import pytest

from bench import bench_compiled
from monitor.collectors.agent_build import bridge_file
from monitor.collectors.hooks import HookCollector
from tests.hooks.support import APP, CLASSES, Jvm, Memory, row, until
from tests.runtimes import FLOORS, floor_launcher

pytestmark = pytest.mark.art

ROWS = [
    row("imei", "android.telephony.TelephonyManager", "getDeviceId"),
    row("flag", f"{APP}.Api", "flag", data_type="serial"),
    row("outer", f"{APP}.Api", "outer", data_type="meid"),
]
DEOPTIMIZE = "Java.perform(() => { Java.deoptimizeEverything(); send('done'); });"
#: To stop the JIT is to wait for all that it has been asked to compile.
WAIT = """Java.perform(() => {
  const guard = Memory.alloc(64), art = Process.getModuleByName("libart.so");
  for (const part of ["C1", "D1"]) {
    new NativeFunction(art.getExportByName(`_ZN3art3jit16ScopedJitSuspend${part}Ev`), "void", ["pointer"])(guard);
  }
  send("done");
});"""
MANY = 50_000


@pytest.fixture(params=FLOORS, ids=lambda floor: floor or "interpreter")
def floor(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def app(floor: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Jvm]:
    monkeypatch.setenv("ART_FLOOR", floor)
    one = Jvm(floor_launcher(floor, CLASSES))
    one.read("ready")
    yield one
    one.kill()


@pytest.fixture
def attach(app: Jvm) -> Iterator[Callable[[], Memory]]:
    collectors = []

    def start() -> Memory:
        sink = Memory()
        collector = HookCollector(frida.get_local_device(), sink, APP, ROWS, {"credits": 0})
        collectors.append(collector)
        collector.attach(app.pid)
        assert until(lambda: all(sink.state(one.id) for one in ROWS))
        return sink

    yield start
    for one in collectors:
        one.stop()


def ask(app: Jvm, body: str) -> None:
    """By another user of Frida's bridge."""
    said: list[Any] = []
    head = f"(function () {{ {bridge_file().read_text('utf-8')}\nglobalThis.Java = bridge; }})();\n"
    script = frida.attach(app.pid).create_script(head + body)  # it ends with the process
    script.on("message", lambda message, _: said.append(message.get("payload", message)))
    script.load()
    assert until(lambda: bool(said)) and said == ["done"]


def warm(app: Jvm, command: str) -> None:
    """Compiled quickly first, then well: only then with copies of what is called."""
    for _ in range(3):
        assert app.do(command) == ["wrong 0"]
        ask(app, WAIT)


def spent(pid: int, thread: str) -> int:
    """Processor time of a thread, in the kernel's ticks."""
    for task in Path(f"/proc/{pid}/task").iterdir():
        if (task / "comm").read_text().strip() == thread:
            return int((task / "stat").read_text().rpartition(")")[2].split()[11])
    return 0


def seen(sink: Memory, hook: str, wanted: int) -> int:
    """Calls of a row that arrived."""
    until(lambda: sum(call.count for call in sink.calls(hook)) >= wanted, 10)
    return sum(call.count for call in sink.calls(hook))


def leaf(floor: str) -> str:
    """State of a row whose method calls nothing: ahead of time the app's main method, on the stack, is compiled too."""
    return "unproven" if floor == "aot" else "hooked"


def test_hooked_then_compiled(app: Jvm, attach: Callable[[], Memory], floor: str) -> None:
    sink = attach()
    assert app.do(f"hot {MANY}") == app.do(f"large {MANY}") == ["wrong 0"]
    assert (seen(sink, "imei", MANY), seen(sink, "flag", MANY)) == (MANY, MANY)
    assert [sink.state(one.id) for one in ROWS] == [leaf(floor), leaf(floor), "hooked"]


@pytest.mark.parametrize(("command", "hook"), [("large", "flag"), ("hot", "imei")], ids=["called", "copied"])
def test_compiled_then_hooked(command: str, hook: str, app: Jvm, attach: Callable[[], Memory], floor: str) -> None:
    warm(app, f"{command} {MANY}")
    sink = attach()
    assert app.do(f"{command} {MANY}") == ["wrong 0"]
    assert seen(sink, hook, MANY) == MANY
    assert sink.state(hook) == leaf(floor)
    (started,) = sink.health("started")
    assert (int(started.detail.get("given_up", 0)) > 0) is (floor != "")


def test_deoptimised_then_hooked(app: Jvm, attach: Callable[[], Memory], floor: str) -> None:
    warm(app, f"hot {MANY}")
    ask(app, DEOPTIMIZE)
    sink = attach()
    app.do(f"hot {MANY}")
    assert seen(sink, "imei", MANY) == MANY
    assert sink.state("imei") == leaf(floor)


def test_hooked_then_deoptimised(app: Jvm, attach: Callable[[], Memory], floor: str) -> None:
    warm(app, f"hot {MANY}")
    sink = attach()
    ask(app, DEOPTIMIZE)
    app.do(f"hot {MANY}")
    assert seen(sink, "imei", MANY) == MANY
    assert sink.state("imei") == leaf(floor)


def test_code_that_a_thread_is_inside_of_is_not_claimed(app: Jvm, attach: Callable[[], Memory], floor: str) -> None:
    """A method that calls nothing leaves no trace where it was copied to: none of this kind is claimed."""
    warm(app, f"hot {MANY}")
    app.do("stay")
    assert until(lambda: spent(app.pid, "stay") > 2)
    sink = attach()
    assert {one.id: sink.state(one.id) for one in ROWS} == (
        {"imei": "unproven", "flag": "unproven", "outer": "hooked"}
        if floor
        else dict.fromkeys(["imei", "flag", "outer"], "hooked")
    )


def test_eight_threads_while_art_compiles_and_collects(floor: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ART_FLOOR", floor)
    found = bench_compiled.churn(floor_launcher(floor, CLASSES), 16_000)
    assert (found["identical"], found["unaccounted"], found["lost"]) == (True, 0, [])
    assert found["collections"] > 0
