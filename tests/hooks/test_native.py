"""Functions of libc: files that hold identifiers, by path; and functions that are not there."""

from __future__ import annotations

from collections.abc import Callable

import frida

from monitor.collectors.hooks import HookCollector
from tests.hooks.support import APP, Jvm, Memory, row, until

PATHS = {"/proc/net/arp": "wifi_scan", "/sys/class/net/*/address": "mac", "/proc/self/no_such": "hw_fp"}


def test_files_are_told_by_path_and_others_are_not_even_counted(jvm: Callable[..., Jvm], sink: Memory) -> None:
    select = {"index": 0, "map": PATHS}
    rows = [
        row(f"libc.{name}", "libc.so", name, kind="native", native=True, data_type="mac", select=select,
            args=[{"index": 0, "name": "path"}])
        for name in ("open", "open64")
    ]  # fmt: skip
    app = jvm()
    collector = HookCollector.for_device(frida.get_local_device(), sink, APP, rows)
    try:
        collector.attach(app.pid)
        assert {sink.state(r.id) for r in rows} == {"hooked"}
        assert app.do("open /proc/net/arp") == ["true"]
        assert app.do("open /sys/class/net/lo/address") == ["true"]
        assert app.do("open /proc/self/no_such") == ["FileNotFoundException"]
        assert app.do("open /proc/self/status") == ["true"]
        assert until(lambda: len(sink.calls()) == 3)
    finally:
        collector.stop()
    assert [(c.data_type, c.outcome, c.args["path"]) for c in sink.calls()] == [
        ("wifi_scan", "value", "/proc/net/arp"),
        ("mac", "value", "/sys/class/net/lo/address"),
        ("hw_fp", "null", "/proc/self/no_such"),
    ]
    assert any(f.cls == f"{APP}.Main" for f in sink.stack(sink.calls()[0].stack).frames)
    assert not sink.health("lost")
    assert not sink.health("failed")


def test_a_function_inside_a_java_call_of_its_type_is_a_part_of_it(jvm: Callable[..., Jvm], sink: Memory) -> None:
    rows = [
        row("file", "java.io.FileInputStream", "$init", kind="constructor", data_type="mac"),
        row("libc.open64", "libc.so", "open64", kind="native", native=True, data_type="mac",
            select={"index": 0, "map": PATHS}),
    ]  # fmt: skip
    app = jvm()
    collector = HookCollector.for_device(frida.get_local_device(), sink, APP, rows, {"rate": 0})
    try:
        collector.attach(app.pid)
        for _ in range(8):
            app.do("open /sys/class/net/lo/address")
        assert until(lambda: len(sink.calls("file")) == 8)
    finally:
        collector.stop()
    assert not sink.calls("libc.open64")


def test_what_is_not_there_says_so(jvm: Callable[..., Jvm], sink: Memory) -> None:
    rows = [
        row("none.module", "libmediandk.so", "AMediaDrm_getPropertyByteArray", kind="native", native=True),
        row("none.symbol", "libc.so", "__system_property_get", kind="native", native=True),
        row("a.field", "android.os.Build", "SERIAL", kind="field", enabled=False, reason="A field."),
    ]
    app = jvm()
    collector = HookCollector.for_device(frida.get_local_device(), sink, APP, rows)
    try:
        collector.attach(app.pid)
    finally:
        collector.stop()
    assert [sink.state(r.id) for r in rows] == ["absent_module", "absent_symbol", "off"]
