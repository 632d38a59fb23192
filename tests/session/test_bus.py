"""Events that the log refuses are counted and the recording goes on; an internal error ends it in order."""

import errno
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from monitor.base.clock import now_us
from monitor.base.errors import EnvironmentFault, MonitorError, own_fault
from monitor.collectors.proxy.tls import GOODBYE, NO_REQUEST
from monitor.events import Connection, Event, Health, Lifecycle, Step, TlsFailure, Transmission
from monitor.evidence.bundle import Bundle
from monitor.evidence.lines import read_events
from monitor.evidence.standalone.verify import MAX_LINE
from monitor.evidence.verify import verify
from monitor.record.bus import Bus
from monitor.record.observers import Activity
from monitor.session.manifest import Session
from monitor.session.observe import RawValue

APP = "com.example"


def step(label: str, index: int = 1) -> Step:
    return Step(t=1, err=0, src="runner", app=APP, index=index, verb="idle", state="ok", label=label)


def started(
    bundle: Bundle,
    on_event: Callable[[Event], Any],
    faults: list[MonitorError],
    keep: Callable[[bytes, bool], str] = lambda data, private: "",
) -> Bus:
    bus = Bus(
        app=APP, log=bundle.log, vault=bundle.vault, keep=keep,
        on_event=on_event, on_fault=faults.append,
    )  # fmt: skip
    bus.start()
    return bus


def test_the_app_is_not_at_rest_while_a_process_of_it_starts_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def seen(what: str, src: str, pid: int) -> Lifecycle:
        return Lifecycle(t=1, err=0, src=src, app=APP, pid=pid, what=what)

    app = Activity()
    app.feed(seen("process_start", "logcat", 7))  # hooked or not: nothing is known yet
    app.feed(seen("application_created", "hooks:7", 7))
    assert app.quiet_for() > 0
    app.feed(seen("process_start", "logcat", 8))
    assert app.quiet_for() == 0
    app.feed(seen("service_started", "hooks:8", 8))
    assert app.quiet_for() > 0
    app.feed(seen("process_start", "logcat", 9))
    app.feed(seen("process_exit", "logcat", 9))
    assert app.quiet_for() > 0
    app.feed(seen("process_start", "logcat", 10))
    assert app.quiet_for() == 0
    monkeypatch.setattr("monitor.record.observers._STARTING_S", 0.0)  # it is not hooked
    assert app.quiet_for() > 0


def test_what_the_app_has_sent_since_a_time() -> None:
    app = Activity()
    app.feed(Transmission(t=5, err=0, src="proxy", app=APP, flow="1", host="collect.example.cn", port=443))
    app.feed(Transmission(t=9, err=0, src="proxy", app=APP, flow="2", host="other.example", port=443, unowned=True))
    assert app.sent("*.example.cn", 5) and not app.sent("*.example.cn", 6)
    assert not app.sent("other.example", 0), "it may be another app's"


@pytest.mark.parametrize("verb", ["\ud800 alone", "x" * MAX_LINE], ids=["surrogate", "too large"])
def test_an_event_that_the_log_refuses_is_counted(verb: str, tmp_path: Path) -> None:
    bundle, faults = Bundle.create(tmp_path / "b"), []
    bus = started(bundle, lambda event: None, faults)
    refused = msgspec.structs.replace(step("x", 7), verb=verb)
    for one in (step("before"), refused, step("after")):
        bus.emit(one)
    bus.close()
    bundle.seal(Session(counters=dict(bus.counts)))
    verify(bundle.path, results=False)
    first, lost, last = read_events(bundle.path)
    assert isinstance(first, Step) and isinstance(last, Step) and last.label == "after"
    assert isinstance(lost, Health)
    assert (lost.component, lost.what, lost.n, lost.detail["kind"]) == ("bus", "lost", 1, "step")
    assert bus.counts == {"step": 2, "health": 1}
    assert faults == [] and bus.fault is None


def test_a_fault_of_the_monitor_is_reported_once_and_what_was_written_stays(tmp_path: Path) -> None:
    bundle, faults = Bundle.create(tmp_path / "b"), []

    def fail(event: Event) -> None:
        raise KeyError("13800138000")

    bus = started(bundle, fail, faults)
    for index in range(3):
        bus.emit(step("x", index))
    bus.close()
    bundle.seal(Session())
    assert verify(bundle.path, results=False).events == 1
    assert faults == [bus.fault]
    assert "KeyError at test_bus.py" in str(bus.fault)
    assert "13800138000" not in str(bus.fault)


def test_a_disk_that_takes_nothing_more_ends_the_session_with_one_line(tmp_path: Path) -> None:
    """Blobs come from threads of collectors: none may end because of it, and the first fault is reported."""
    bundle, faults = Bundle.create(tmp_path / "b"), []

    def full(data: bytes, private: bool) -> str:
        raise EnvironmentFault("No space left on device", where="blobs")

    bus = started(bundle, lambda event: None, faults, full)
    digest = bundle.vault.cover("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    assert [bus.blob(b"abc", private=True) for _ in range(2)] == [digest, digest]
    bus.close()
    assert len(faults) == 1 and bus.fault is faults[0]
    disk = own_fault(OSError(errno.ENOSPC, "No space left on device", "bundle/x"))
    assert str(disk) == "bundle/x: No space left on device (free space or fix the disk)"
    assert "internal error" in str(own_fault(OSError(errno.EBADF, "x")))


def test_a_handshake_that_the_end_of_the_app_broke_off_is_no_refusal(tmp_path: Path) -> None:
    bundle = Bundle.create(tmp_path / "b")
    bus = started(bundle, lambda event: None, [])
    disconnected = "The client disconnected during the handshake. If this happens consistently …"

    def failure(alert: str, began: int) -> TlsFailure:
        return TlsFailure(
            t=began, err=1000, src="proxy", app=APP, sni="a.example", host="a.example", port=443, client_port=1,
            alert=alert, reading="pinning", failed=now_us(),
        )  # fmt: skip

    began = now_us()
    before = failure(disconnected, began)
    time.sleep(0.01)
    bus.app_ends()
    time.sleep(0.01)
    # Handed over only now, like all that the proxy held while the app was stopped.
    bus.emit(before)
    for alert in (disconnected, NO_REQUEST, GOODBYE, "certificate unknown"):
        bus.emit(failure(alert, began))
    bus.app_ends()
    bus.emit(failure(disconnected, now_us()))
    bus.close()
    bundle.seal(Session())
    readings = [event.reading for event in read_events(bundle.path) if isinstance(event, TlsFailure)]
    assert readings == ["pinning", "ended", "ended", "pinning", "pinning", "pinning"]


def test_a_lookup_of_a_name_that_holds_a_value_sends_it(tmp_path: Path) -> None:
    """The servers of the name's domain are asked for the whole name; nobody is about an address or a local name."""
    value = "a3f29c714be05d68"
    seen: list[Event] = []
    bus = started(Bundle.create(tmp_path / "b"), seen.append, [])
    bus.register_values([RawValue("android_id", value)])
    told = [f"{value}.c09.spy.example", f"{value.upper()}.spy.example."]
    lawful = [
        "7c9e6679f7425a1d.cdn.example", "spy.example", value, f"{value}.local", f"{value}.lan.", "192.168.1.5", "",
        f"{value}.1",
    ]  # fmt: skip
    for t, host in enumerate([*told, *lawful], 1):
        looked = Connection(
            t=t, err=0, src="hooks:7", app=APP, pid=7, address="", port=0, local_port=0, protocol="dns", host=host,
            link="lookup", result="failed",
        )  # fmt: skip
        bus.emit(looked)
    bus.close()
    sent = [event for event in seen if isinstance(event, Transmission)]
    assert [(event.t, event.protocol, event.src) for event in sent] == [(t, "dns", "hooks:7") for t in (1, 2)]
    for event in sent:
        assert event.host.rstrip(".").endswith(".spy.example") and value not in event.host.lower()
        assert {(match.data_type, match.certainty) for match in event.matches} == {("android_id", "found")}
        assert all(match.tag for match in event.matches)
