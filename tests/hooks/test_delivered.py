"""What is made of a value inside of the call that delivers it, before that call ends, is followed, on both runtimes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import frida
import pytest

from monitor.collectors.hooks import HookCollector
from monitor.content import Searcher
from monitor.content.decode import Message, decode
from monitor.evidence.bundle import Bundle
from monitor.knowledge.catalogue import load_catalogue
from monitor.record.bus import Bus
from tests.hooks.support import APP, Jvm, Memory, row
from tests.runtimes import RUNTIMES

pytestmark = pytest.mark.jvm
IMEI, MISS = "490154203237518", "490154203237519"
HERE = "39.9163447,116.3971546"
ROWS = [
    row("asked", f"{APP}.Delivers", "ask", kind="static", result=None),
    row("imei", "android.telephony.TelephonyManager", "getDeviceId", result="value"),
    row("told", f"{APP}.Delivers", "told", kind="static", result=None,
        args=[{"index": 0, "name": "value", "keep": "value"}]),
    row("placed", f"{APP}.Delivers", "placed", kind="static", result=None, data_type="location",
        args=[{"index": 0, "name": "where", "keep": "location"}]),
]  # fmt: skip
#: How what is delivered and, inside of that, made into a digest or a cipher's output; as what it is found when sent.
CASES = {
    f"asked {IMEI}": {("imei", "digest")},
    f"asked {IMEI} {MISS}": set(),
    f"told {IMEI} {IMEI}": {("imei", "digest")},
    f"told {IMEI} {MISS}": set(),
    f"placed {HERE} {HERE}": {("location", "cipher")},
    f"placed {HERE} 39.9263447,116.3971546": set(),
    f'placed {HERE} {{"la":39.9163447,"lo":116.3971546}}': {("location", "cipher")},
    f'placed {HERE} {{"p":[{{"la":39.9163,"lo":116.3971}}]}}': {("location", "cipher")},
    f'placed {HERE} {{"la":39.9263,"lo":116.3971}}': set(),
    f'placed {HERE} {{"la":39.9163,"lo":116.4071}}': set(),
}


@pytest.fixture(params=RUNTIMES)
def runtime(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("case", CASES)
def test_what_is_made_inside_of_the_delivering_call(
    jvm: Callable[..., Jvm], case: str, runtime: str, tmp_path: Path
) -> None:
    bundle, searcher = Bundle.create(tmp_path / "b"), Searcher(APP)
    bus = Bus(app=APP, log=bundle.log, vault=bundle.vault, keep=lambda data, private: "")
    bus.search_by(searcher.add)
    bus.start()
    rows = ROWS + [row for row in load_catalogue() if row.family == "transforms" and row.data_type == "crypto"]
    app = jvm()
    collector = HookCollector(frida.get_local_device(), bus, APP, rows, {})
    try:
        collector.attach(app.pid)
        (sent,) = app.do(f"deliver {case}")
    finally:
        collector.stop()
        bus.close()
    assert bus.fault is None
    matches = searcher.search(decode(Message(body=json.dumps({"v": sent}).encode())))
    assert {(m.data_type, m.form) for m in matches if m.certainty == "found"} == CASES[case]


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_a_position_in_an_array_that_is_filled_or_returned(jvm: Callable[..., Jvm], runtime: str) -> None:
    told = Memory()
    rows = [
        row(name, f"{APP}.Api", name, kind="static", data_type="exif_gps", result="point") for name in ("place", "spot")
    ]
    collector = HookCollector(frida.get_local_device(), told, APP, rows, {})
    app = jvm()
    try:
        collector.attach(app.pid)
        app.do("points")
    finally:
        collector.stop()
    assert [(call.hook, call.outcome) for call in told.calls()] == [
        ("place", "value"), ("spot", "value"), ("place", "null"), ("spot", "null"),
    ]  # fmt: skip
    assert [(value.data_type, value.text) for value in told.values] == [
        ("exif_gps", "39.916344,116.397156"), ("exif_gps", HERE),
    ]  # fmt: skip


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_a_command_that_lists_packages_reads_the_installed_apps(jvm: Callable[..., Jvm], runtime: str) -> None:
    told = Memory()
    rows = [one for one in load_catalogue() if one.id in ("runtime.exec", "process_builder.start")]
    collector = HookCollector(frida.get_local_device(), told, APP, rows, {})
    app = jvm()
    try:
        collector.attach(app.pid)
        app.do("packages")
    finally:
        collector.stop()
    assert [(call.hook, call.data_type, call.args.get("command", "")) for call in told.calls()] == [
        ("runtime.exec", "apps", "pm-none -c pm list packages -3"),
        ("process_builder.start", "apps", ""),
        ("runtime.exec", "exec", "pm-none list packages"),
    ]
