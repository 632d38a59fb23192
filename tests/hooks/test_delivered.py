"""What is made of a value inside of the call that delivers it, before that call ends, is followed, on both runtimes."""

import contextlib
import json
from pathlib import Path

import pytest

from monitor.content import Searcher
from monitor.content.decode import Message, decode
from monitor.evidence.bundle import Bundle
from monitor.knowledge.catalogue import load_catalogue
from monitor.record.bus import Bus
from tests.hooks.support import APP, Jvms, Memory, hooked, row, until
from tests.runtimes import RUNTIMES

pytestmark = [pytest.mark.jvm, pytest.mark.parametrize("runtime", RUNTIMES)]
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
#: Each case has a value of its own: {n} is a digit of the number, or a degree of the place.
CASES = {
    "asked {imei}": {("imei", "digest")},
    "asked {imei} {miss}": set(),
    "told {imei} {imei}": {("imei", "digest")},
    "told {imei} {miss}": set(),
    "placed {n}.9163447,116.3971546 {n}.9163447,116.3971546": {("location", "cipher")},
    "placed {n}.9163447,116.3971546 {n}.9263447,116.3971546": set(),
    'placed {n}.9163447,116.3971546 {{"la":{n}.9163447,"lo":116.3971546}}': {("location", "cipher")},
    'placed {n}.9163447,116.3971546 {{"p":[{{"la":{n}.9163,"lo":116.3971}}]}}': {("location", "cipher")},
    'placed {n}.9163447,116.3971546 {{"la":{n}.9263,"lo":116.3971}}': set(),
    'placed {n}.9163447,116.3971546 {{"la":{n}.9163,"lo":116.4071}}': set(),
}


def test_what_is_made_inside_of_the_delivering_call(jvm: Jvms, runtime: str, tmp_path: Path) -> None:
    rows = ROWS + [row for row in load_catalogue() if row.family == "transforms" and row.data_type == "crypto"]
    app, bundle, searcher = jvm(), Bundle.create(tmp_path / "bundle"), Searcher(APP)
    bus = Bus(app=APP, log=bundle.log, vault=bundle.vault, keep=lambda data, private: "")
    bus.search_by(searcher.add)
    bus.start()
    sent = {}
    with contextlib.closing(bus), hooked(app, bus, rows):
        for number, case in enumerate(CASES):
            values = {"n": 30 + number, "imei": f"49015420323{number}518", "miss": f"49015420323{number}519"}
            (sent[case],) = app.do(f"deliver {case.format(**values)}")
    assert bus.fault is None
    found = {}
    for case, text in sent.items():
        matches = searcher.search(decode(Message(body=json.dumps({"v": text}).encode())))
        found[case] = {(m.data_type, m.form) for m in matches if m.certainty == "found"}
    assert found == CASES


def test_a_position_in_an_array_and_a_command_that_lists_packages(jvm: Jvms, sink: Memory, runtime: str) -> None:
    rows = [
        row(name, f"{APP}.Api", name, kind="static", data_type="exif_gps", result="point") for name in ("place", "spot")
    ]
    rows += [one for one in load_catalogue() if one.id in ("runtime.exec", "process_builder.start")]
    app = jvm()
    with hooked(app, sink, rows):
        app.do("points")
        if runtime == "jvm":
            app.do("packages")
    assert [(call.hook, call.data_type, call.outcome) for call in sink.calls()[:4]] == [
        ("place", "exif_gps", "value"), ("spot", "exif_gps", "value"),
        ("place", "exif_gps", "null"), ("spot", "exif_gps", "null"),
    ]  # fmt: skip
    points = [value.text for value in sink.values if value.data_type == "exif_gps"]
    assert points == ["39.916344,116.397156", HERE]
    assert runtime == "art" or [(c.hook, c.data_type, c.args.get("command", "")) for c in sink.calls()[4:]] == [
        ("runtime.exec", "apps", "pm-none -c pm list packages -3"),
        ("process_builder.start", "apps", ""),
        ("runtime.exec", "exec", "pm-none list packages"),
    ]


def test_what_a_task_or_a_callback_hands_over_later(jvm: Jvms, sink: Memory, runtime: str) -> None:
    """Their classes are loaded by the call that asks. The app gets what it gets without hooks, from its own objects."""
    job, told = f"{APP}.Awaits$Job", f"{APP}.Awaits$Told"
    later = {"role": "context", "data_type": "misc", "kind": "abstract", "overrides": True}
    rows = [
        row("job", f"{APP}.Awaits", "job", kind="static", observer="asks", delivers={"by": job, "keep": "value"}),
        row("got", job, "get", observer="delivery", **later),
        row("ask", f"{APP}.Awaits", "ask", kind="static", observer="asks", delivers={"by": told}),
        row("tell", told, "tell", args=[{"index": 0, "name": "value", "keep": "value"}], **later),
    ]
    app = jvm()
    with hooked(app, sink, rows):
        app.do("await")
        assert until(lambda: sink.state("got") == sink.state("tell") == "hooked")
        (seen,) = app.do("awaited")
    assert seen == "490154203237518 490154203237518 490154203237519 2 490154203237520; true"
    calls = {call.hook: call for call in sink.calls()}
    assert [call.hook for call in sink.calls()] == ["job", "ask", "tell", "got"]
    assert (calls["got"].data_type, calls["got"].stack) == ("imei", calls["job"].stack)
    assert [(value.data_type, value.text) for value in sink.values] == [
        ("misc", "490154203237520"), ("imei", "490154203237518"),
    ]  # fmt: skip
