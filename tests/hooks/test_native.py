"""Functions of libc: files that hold identifiers, by path; commands; callers below Java; missing symbols."""

import os
import signal
from pathlib import Path
from typing import Any

import pytest

from monitor.knowledge.catalogue import load_catalogue
from tests.hooks.support import APP, Jvms, Memory, hooked, row, script, until

PATHS = {
    "/proc/net/arp": "wifi_scan",
    "/sys/class/net/*/address": "mac",
    "/proc/self/no_such": "hw_fp",
    "/proc/*/net/*/none/*": "procs",
}
NATIVE = [one for one in load_catalogue() if one.kind == "native"]


def test_files_are_reported_by_path_and_others_are_not_even_counted(start: Any, sink: Memory) -> None:
    rows = [
        row("libc.open", "libc.so", "open", kind="native", native=True, data_type="mac",
            select={"index": 0, "map": PATHS}, args=[{"index": 0, "name": "path"}]),
    ]  # fmt: skip
    app, collector = start(rows)
    assert sink.state("libc.open") == "hooked"
    assert app.do("open /proc/net/arp") == ["true"]
    assert app.do("open /sys/class/net/lo/address") == ["true"]
    assert app.do("open /proc/self/no_such") == ["FileNotFoundException"]
    assert app.do("open /proc/self/status") == ["true"]
    # Stars in the middle, each for anything; the end must be there, too.
    assert app.do("open /proc/1/net/a/b/none/c") == ["FileNotFoundException"]
    assert app.do("open /proc/1/net/none/c") == ["FileNotFoundException"]
    assert app.do("open /sys/class/net/lo/addresses") == ["FileNotFoundException"]
    assert until(lambda: len(sink.calls()) == 4)
    collector.stop()
    assert [(c.data_type, c.outcome, c.args["path"]) for c in sink.calls()] == [
        ("wifi_scan", "value", "/proc/net/arp"),
        ("mac", "value", "/sys/class/net/lo/address"),
        ("hw_fp", "null", "/proc/self/no_such"),
        ("procs", "null", "/proc/1/net/a/b/none/c"),
    ]
    assert any(f.cls == f"{APP}.Main" for f in sink.stack(sink.calls()[0].stack).frames)
    assert sink.called().total() == 4


def test_a_function_inside_a_java_call_of_its_type_is_a_part_of_it(start: Any, sink: Memory) -> None:
    rows = [
        row("file", "java.io.FileInputStream", "$init", kind="constructor", data_type="mac"),
        row("libc.open", "libc.so", "open", kind="native", native=True, data_type="mac",
            select={"index": 0, "map": PATHS}),
    ]  # fmt: skip
    app, collector = start(rows, rate=0)
    for _ in range(8):
        app.do("open /sys/class/net/lo/address")
    assert until(lambda: len(sink.calls("file")) == 8)
    collector.stop()
    assert not sink.calls("libc.open")
    # Both the first calls, through JavaScript, and the later ones name it.
    assert [call.inner[-1] for call in sink.calls("file")] == ["libc.so.open"] * 8


def test_a_folder_is_identified_by_the_path_of_the_file_object(start: Any, sink: Memory) -> None:
    rows = [one for one in load_catalogue() if one.id in ("file.list", "libc_so.opendir")]
    app, collector = start(rows, rate=0)
    assert app.do("list /proc") == ["true"]
    assert app.do("list /sdcard/DCIM") == ["null"]
    assert app.do(f"list /data/data/{APP}/files") == ["null"]
    assert app.do(f"list /data/data/{APP}.other/files") == ["null"]
    assert app.do("list /tmp") in (["true"], ["false"])
    assert until(lambda: len(sink.calls()) == 3)
    collector.stop()
    assert [(c.hook, c.data_type, c.outcome, c.inner) for c in sink.calls()] == [
        ("file.list", "procs", "value", ["libc.so.opendir"]),
        ("file.list", "ext_files", "null", ["libc.so.opendir"]),
        ("file.list", "apps", "null", ["libc.so.opendir"]),
    ]


def test_callers_below_java_are_seen_and_no_owner_is_guessed(start: Any, sink: Memory) -> None:
    app, collector = start(NATIVE)
    call = script(app.pid, "caller").call
    assert [call("files"), call("addresses"), call("commands"), call("wrong")] == [-1, 0, 3, -3]
    assert call("child") == 7  # The hook lets the child of a fork go on, and is silent there.
    assert until(lambda: len(sink.calls()) >= 5)
    collector.stop()
    reported = [(c.hook, c.data_type, c.outcome) for c in sink.calls()]
    assert reported == [
        ("libc_so.fopen", "hw_fp", "value"),
        ("libc_so.faccessat", "apps", "null"),
        ("libc_so.getifaddrs", "ip", "value"),
        ("libc_so.popen", "exec", "value"),
        ("libc_so.system", "exec", "value"),
    ]
    assert {c.stack for c in sink.calls()} == {0}
    assert sink.calls("libc_so.popen")[0].args["command"] == "true"


def test_the_app_gets_the_systems_own_error_and_what_the_vm_does_for_itself_is_not_the_apps(
    start: Any, sink: Memory
) -> None:
    app, collector = start(NATIVE)
    for command in ("all", "spawn", "connect", "outcomes"):
        app.do(command)
    for path in ("/sys/class/net/none/address", "/proc/1/cmdline/x", "/data/data/com.canary.bank/x"):
        why = "Not a directory" if path.startswith("/proc") else "No such file or directory"
        assert app.do(f"why {path}") == [f"{path} ({why})"]
    collector.stop()
    assert [c.outcome for c in sink.calls() if c.hook != "libc_so.posix_spawn"] == ["null", "null"]


def test_eight_threads_and_new_processes_lose_nothing(start: Any, sink: Memory) -> None:
    app, collector = start(load_catalogue())
    assert app.do("storm 1000") == ["wrong 0"]
    collector.stop()
    assert sum(c.count for c in sink.calls("libc_so.open")) == 8000
    assert sum(c.count for c in sink.calls("process_builder.start")) == 10
    assert not [c for c in sink.calls() if c.hook in ("libc_so.stat", "libc_so.posix_spawn", "libc_so.fopen")]


def children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return [int(child) for task in tasks for child in (task / "children").read_text().split()]


def test_a_call_that_takes_for_ever_does_not_hold_the_end_up(start: Any, sink: Memory) -> None:
    app, collector = start(NATIVE)
    assert script(app.pid, "caller").wait() == 0
    assert until(lambda: bool(sink.calls("libc_so.system")))
    collector.stop()
    (waiting,) = [pid for pid in children(app.pid) if b"sleep" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    os.kill(waiting, signal.SIGKILL)
    assert app.do("spawn") == ["0"]


def test_what_is_not_there_says_so_and_a_library_that_comes_later_is_hooked_late(jvm: Jvms, sink: Memory) -> None:
    rows = [
        row("none.module", "libmediandk.so", "AMediaDrm_getPropertyByteArray", kind="native", native=True),
        row("none.symbol", "libc.so", "__system_property_get", kind="native", native=True),
        row("a.field", "android.os.Build", "SERIAL", kind="field", enabled=False, reason="A field."),
        row("late.symbol", "libz.so", "zlibVersion", kind="native", native=True),
    ]
    app = jvm()
    with hooked(app, sink, rows):
        assert [sink.state(r.id) for r in rows] == ["absent_module", "absent_symbol", "", "absent_module"]
        assert sink.told("none.module")[1] == "the process has not loaded libmediandk.so"
        assert sink.told("none.symbol")[1] == "libc.so has no __system_property_get here"
        script(app.pid, "caller").library("libz.so.1")
        assert until(lambda: sink.state("late.symbol") == "late")
    assert sink.state("a.field") == "off"


@pytest.mark.parametrize("role", ["context", "source"])
def test_the_end_of_a_use_is_no_part_of_the_call_it_is_in(role: str, start: Any, sink: Memory) -> None:
    """A camera is given back in the callback that brings its picture."""
    rows = [
        row("outer", "java.io.FileInputStream", "close", data_type="camera"),
        row("end", "java.io.FileDescriptor", "close", data_type="camera", role=role),
    ]
    app, collector = start(rows, rate=0)
    for _ in range(4):
        app.do("open /sys/class/net/lo/address")
    assert until(lambda: len(sink.calls("outer")) == 4)
    collector.stop()
    assert sum(call.count for call in sink.calls("end")) == (4 if role == "context" else 0)
