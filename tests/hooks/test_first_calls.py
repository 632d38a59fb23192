"""Hooks are in force before the app's first line; classes loaded later, in separate loaders, and interfaces."""

from pathlib import Path

import frida
import pytest

from monitor.collectors.hooks import HookCollector
from tests.hooks.support import APP, CLASSES, HERE, Jvms, Memory, hooked, row, until

IMEI = row("imei", "android.telephony.TelephonyManager", "getDeviceId", result="value")


def test_held_start_sees_the_first_calls(jvm: Jvms, sink: Memory) -> None:
    app = jvm("gate", ready=False)
    app.read("held")
    with hooked(app, sink, [IMEI]):
        app.tell("go")
        assert app.read("ready") == ["490154203237518"] * 5
        assert until(lambda: len(sink.calls()) == 5)


def test_spawned_jvm_is_hooked_when_its_vm_is_made(java: str, sink: Memory, tmp_path: Path) -> None:
    device = frida.get_local_device()
    pid = device.spawn([java, "-cp", str(CLASSES), f"{APP}.Main", "now"], stdio="pipe")
    collector = HookCollector(device, sink, APP, [IMEI])
    try:
        collector.attach(pid)
        collector.resume(pid)
        collector.wait_ready(20, pid)
        assert until(lambda: len(sink.calls()) == 5)
    finally:
        collector.stop()
        device.kill(pid)


@pytest.mark.parametrize("custom", ["", "own"])
def test_loaders_that_exist_before_are_found(custom: str, jvm: Jvms, sink: Memory) -> None:
    app = jvm()
    assert app.do(f"hold {HERE / 'hidden.jar'} {custom}".strip()) == []
    rows = [row("secret", "com.hidden.Secret", "read", kind="static", result="value")]
    with hooked(app, sink, rows):
        assert sink.state("secret") == "hooked"
        assert app.do("held") == ["init null", "secret", "init yes"]
        assert until(lambda: len(sink.calls("secret")) == 1)


def test_every_row_gets_a_state(jvm: Jvms, sink: Memory) -> None:
    api = f"{APP}.Api"
    rows = [
        row("good", api, "text", result="value"),
        row("no.class", f"{APP}.Nothing", "text"),
        row("no.method", api, "texts"),
        row("interface", f"{api}$Source", "fetch", kind="interface"),
        row("lonely", f"{APP}.Lonely", "run", kind="abstract"),
        row("parent", f"{api}$Impl", "size", kind="instance"),
    ]
    app = jvm()
    app.do("all")  # Loads the implementers.
    with hooked(app, sink, rows):
        assert {r.id: sink.state(r.id) for r in rows} == {
            "good": "hooked", "no.class": "absent_class", "no.method": "absent_method", "interface": "hooked",
            "lonely": "declared_only", "parent": "hooked",
        }  # fmt: skip
        app.do("all")
        assert until(lambda: len(sink.calls("interface")) == 1 + 2)
        # Found in the parent too, but only calls on the named class count (R4): not those on Other.
        assert until(lambda: len(sink.calls("parent")) == 1)
