"""Credits, rates, numbering: overload loses detail, never counts."""

import contextlib
import os
import signal
import subprocess
import sys
import time

import frida
import pytest

from monitor.analysis.correlate.correlator import analyse
from monitor.analysis.rules.load import load_rules
from monitor.base.clock import now_us
from monitor.collectors import attached, hooks
from monitor.collectors.endpoint import bounded
from monitor.events import Lifecycle
from monitor.knowledge.catalogue import load_catalogue
from tests.hooks.support import APP, Jvms, Memory, hooked, row, script, until
from tests.runtimes import RUNTIMES

IMEI = row("imei", "android.telephony.TelephonyManager", "getDeviceId", result="value")


def counted(sink: Memory) -> int:
    return sum(call.count for call in sink.calls())


def test_what_is_counted_and_what_is_told_in_detail(jvm: Jvms) -> None:
    """Counts are exact whatever is left out; a hot row is only counted, and each read is two of its calls."""
    app, hot = jvm(), IMEI.model_copy(update={"hot": True})
    for command, hook, options, calls, (least, most) in (
        ("threads 4 2000", IMEI, {"credits": 50, "rate": 0}, 8000, (1, 7999)),
        ("threads 2 2000", IMEI, {"rate": 50}, 4000, (100, 1499)),
        ("threads 8 250", IMEI, {"credits": 100_000, "rate": 0}, 2000, (2000, 2000)),
        ("reads 500", IMEI, {"rate": 10}, 500, (10, 499)),
        ("reads 100", hot, {}, 200, (0, 0)),
    ):
        sink = Memory()
        with hooked(app, sink, [hook], **options):
            assert app.do(command) in ([], ["wrong 0"])
        details = sink.calls(aggregated=False)
        assert counted(sink) == calls and least <= len(details) <= most, command
        assert len({call.call for call in details}) == len(details) and not sink.health("lost")
        stacks = {call.stack for call in sink.calls(aggregated=True)}
        if hook is hot:
            assert not sink.values and stacks == {0}
        elif command == "reads 500":
            (frames,) = {tuple(f.method for f in sink.stack(stack).frames[:2]) for stack in stacks}
            assert frames == ("getDeviceId", "read")


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_values_of_calls_over_the_rate_are_a_gap_of_the_rules_that_search_for_them(jvm: Jvms, runtime: str) -> None:
    place = row("place", "android.telephony.TelephonyManager", "getDeviceId", data_type="location", result="value")
    app = jvm()
    for reads, gap in ((15, False), (500, True)):
        told = Memory()
        with hooked(app, told, [place], rate=10):
            app.do(f"reads {reads}")
        lines = {line.id: line for line in analyse(told.events, load_rules(), hooks=[place]).coverage}
        assert ("their values are not known" in lines["SHR-02"].why) == gap
        assert ("only counted" in lines["place"].why) == gap


def test_a_kill_loses_at_most_one_interval_and_says_so(jvm: Jvms, sink: Memory) -> None:
    app = jvm()
    with hooked(app, sink, [IMEI], rate=0):
        app.do("reads 40")
        app.do("sleep 300")
        app.do("reads 300")
        os.kill(app.pid, signal.SIGKILL)
        assert until(lambda: bool(sink.health("stopped")))
    assert 40 <= counted(sink) <= 340
    (end,) = sink.health("stopped")
    assert end.detail["reason"] == "process-terminated"
    assert end.detail["tail"].startswith("unknown")
    assert not [h for h in sink.health("lost") if h.detail["kind"] in ("messages", "events")]


def test_an_agent_that_is_cut_off_is_missed(jvm: Jvms, sink: Memory) -> None:
    """The app goes on without it: nothing is claimed of what it does then."""
    app = jvm()
    listed = lambda: [(app.pid, APP)] if app.alive() else []  # noqa: E731
    with hooked(app, sink, [IMEI], {"processes": listed}, rate=0) as collector:
        app.do("reads 40")
        cutter = script(app.pid, "cut")
        with contextlib.suppress(frida.TransportError, frida.InvalidOperationError, TimeoutError):
            bounded(cutter.cut, 1)
        assert app.alive()
        collector.flush()
        app.end()
    assert [h.detail["kind"] for h in sink.health("lost")] == ["silence"]
    coverage = {
        line.id: line for line in analyse(sink.events, load_rules(), hooks=[IMEI]).coverage if line.line == "rule"
    }
    assert not [line.id for line in coverage.values() if line.state == "silent"]
    assert "no longer answered" in coverage["CON-02"].why


def test_who_goes_on_reporting_gets_more_time_than_who_says_nothing() -> None:
    """An agent on a slow device is not given up while it installs its hooks."""
    answered = lambda: time.sleep(0.6) or "there"  # noqa: E731
    assert bounded(answered, 0.2, heard=time.monotonic) == "there"
    for heard in (None, lambda: 0.0):
        with pytest.raises(TimeoutError):
            bounded(answered, 0.2, heard=heard)


def test_time_in_which_the_recorder_does_not_run_is_not_the_agents() -> None:
    """What it has answered meanwhile is not read yet."""
    begin = (
        "import time\nfrom monitor.collectors.endpoint import bounded\nprint('begun', flush=True)\n"
        "print(bounded(lambda: time.sleep(2.2) or 'there', 1.5), flush=True)\n"
    )
    with subprocess.Popen([sys.executable, "-c", begin], stdout=subprocess.PIPE, text=True) as recorder:
        assert recorder.stdout is not None and recorder.stdout.readline() == "begun\n"
        time.sleep(0.3)
        recorder.send_signal(signal.SIGSTOP)
        time.sleep(1.7)
        recorder.send_signal(signal.SIGCONT)
        assert recorder.communicate(timeout=60)[0] == "there\n" and recorder.returncode == 0


@pytest.mark.parametrize("frozen", [True, False])
def test_a_process_that_ends_while_it_is_frozen_was_not_cut_off(
    frozen: bool, jvm: Jvms, sink: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It did nothing meanwhile. One that stops by itself is not believed: it may go on unseen."""
    app = jvm()
    monkeypatch.setattr(attached, "SILENT_S", 2.0)
    monkeypatch.setattr(hooks, "_QUIET_S", 2.0)
    asked: list[int] = []

    def is_frozen(pid: int) -> bool:
        asked.append(pid)
        return frozen

    with hooked(app, sink, [IMEI], {"frozen": is_frozen}, rate=0) as collector:
        app.do("reads 40")
        os.kill(app.pid, signal.SIGSTOP)
        (one,) = collector._all()
        assert until(lambda: one.unheard_s() > 2.5 and bool(asked))
        if frozen:
            collector.flush()
        app.kill()
        assert until(lambda: bool(sink.health("stopped")))
    assert [h.detail["kind"] for h in sink.health("lost")] == ([] if frozen else ["silence"])
    assert set(asked) == {app.pid} and not sink.health("failed")


def test_a_clock_that_is_compared_while_the_app_is_stopped_is_no_fault(
    jvm: Jvms, sink: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was asked before, and Frida can be late to say that the process has ended."""
    monkeypatch.setattr(attached, "PING_S", 0.5)
    app = jvm()
    with hooked(app, sink, [IMEI], rate=0) as collector:
        (one,) = collector._all()
        os.kill(app.pid, signal.SIGSTOP)
        one._compare_clocks()
        assert [h.detail["fault"].partition(":")[0] for h in sink.health("failed")] == ["clock"]
        os.kill(app.pid, signal.SIGCONT)
        collector.flush()
        os.kill(app.pid, signal.SIGSTOP)
        one._compare_clocks()
        assert len(sink.health("failed")) == 1
        app.kill()


def test_what_a_stopped_app_did_may_still_be_told(jvm: Jvms, sink: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attached, "SILENT_S", 60.0)
    app = jvm()
    with hooked(app, sink, [IMEI], rate=0) as collector:
        began = now_us()
        assert until(lambda: began < collector.watermark() <= now_us())
        os.kill(app.pid, signal.SIGSTOP)
        stopped = now_us()
        time.sleep(1.5)
        assert collector.watermark() <= stopped
        os.kill(app.pid, signal.SIGCONT)
        assert until(lambda: collector.watermark() > stopped)
        app.kill()
    assert collector.watermark() >= stopped  # of none is any more to be expected


def test_a_process_that_dies_as_it_is_let_go_has_not_lost_what_was_received_after_its_last_totals(
    jvm: Jvms, sink: Memory
) -> None:
    app = jvm()
    with hooked(app, sink, [IMEI], rate=0):
        app.do("spin 2")
        assert until(lambda: counted(sink) > 100)
        os.kill(app.pid, signal.SIGKILL)
    (end,) = sink.health("stopped")
    assert end.detail["tail"].startswith("unknown")
    claimed = sink.called().total()
    assert not sink.health("lost") or claimed > counted(sink)


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_an_end_by_a_hooked_call_is_that_calls_and_counted_although_it_never_returns(
    jvm: Jvms, sink: Memory, runtime: str
) -> None:
    """On ART the process waited for ever: the call's hook was waited for, from which no thread comes back."""
    app = jvm()
    rows = [one for one in load_catalogue() if one.id in ("system.exit", "runtime.exit")]
    with hooked(app, sink, rows):
        app.tell("exit 7")
        assert app.wait(60) == 7
        assert until(lambda: bool(sink.health("stopped")))
    assert [e.cause for e in sink.of(Lifecycle) if e.what == "process_exit"] == ["java.lang.System.exit"]
    assert sink.called() == {row.id: 1 for row in rows}


@pytest.mark.parametrize("command", ["exit 7", "exit_in 7"])
def test_exit_of_the_app_flushes_first_and_its_code_stays(command: str, jvm: Jvms, sink: Memory) -> None:
    app = jvm()
    rows = [IMEI, row("leave", f"{APP}.Api", "leave", data_type="imsi")]
    with hooked(app, sink, rows, rate=0, interval=10_000):
        app.do("reads 300")
        app.tell(command)
        assert app.wait(60) == 7
        assert until(lambda: bool(sink.health("stopped")))
    assert counted(sink) == 300
    assert [e.cause for e in sink.of(Lifecycle) if e.what == "process_exit"] == ["exit"]
    assert not sink.health("lost")
