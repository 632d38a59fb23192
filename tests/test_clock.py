"""The session's clock: no step of the wall clock moves it, and processes that share an anchor share the time."""

from __future__ import annotations

import subprocess
import sys
import threading
import time

import pytest

from monitor.base.clock import SessionClock, boot_us, now_us, session_clock, session_time
from monitor.base.errors import EnvironmentFault
from monitor.events import Health
from monitor.record.recording import EVERY_S, STALL_US, Pulse, Stop

HOUR = 3_600_000_000


def step(monkeypatch: pytest.MonkeyPatch, us: int) -> None:
    """The wall clock as it is after a step."""
    real = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: real() + us * 1000)


@pytest.mark.parametrize("us", [-HOUR, HOUR])
def test_a_step_of_the_wall_clock_moves_nothing(monkeypatch: pytest.MonkeyPatch, us: int) -> None:
    with session_time() as session:
        assert 0 <= session.asleep() <= boot_us()
        before, ahead = now_us(), session.ahead()
        step(monkeypatch, us)
        assert 0 <= now_us() - before < HOUR // 2
        assert abs(session.ahead() - ahead - us) < 1_000_000
        with session_time() as other:
            assert other is session, "a second session at the same time shares the clock"
    with session_time() as session:
        assert abs(session.ahead()) < 1_000_000, "the next session starts at the time of the wall clock"


def test_another_process_keeps_the_same_time_and_stamps_with_it() -> None:
    anchor = session_clock().anchor - HOUR
    code = (
        "import sys, time; from monitor.base.clock import keep_time_of, now_us; keep_time_of(int(sys.argv[1]));"
        "print(now_us(), int(time.time() * 1e6))"
    )
    before = SessionClock(anchor).now()
    done = subprocess.run([sys.executable, "-c", code, str(anchor)], capture_output=True, text=True, check=True)
    told, stamped = map(int, done.stdout.split())
    assert before < told <= stamped + 1 <= SessionClock(anchor).now() + 1


class Clock(SessionClock):
    """Moved by hand."""

    def __init__(self) -> None:
        self.anchor, self.time, self.wall, self.slept = 0, 0, 0, 0

    def now(self) -> int:
        return self.time

    def ahead(self) -> int:
        return self.wall

    def asleep(self) -> int:
        return self.slept


def test_the_pulse_tells_steps_and_stalls_and_nothing_else() -> None:
    hand, told = Clock(), list[Health]()
    pulse = Pulse(hand, told.append)
    for _ in range(20):  # late beats of a busy machine, and a wall clock that is slewed
        hand.time += int(EVERY_S * 1e6) + 900_000
        hand.wall += 20
        pulse.beat()
    assert told == []
    hand.wall -= HOUR
    pulse.beat()
    hand.time += STALL_US + int(EVERY_S * 1e6)
    pulse.beat()
    pulse.beat()
    hand.time += HOUR
    hand.slept += HOUR - 3_000_000
    pulse.beat()
    stalled = ("stalled", STALL_US // 1000), ("stalled", (HOUR - int(EVERY_S * 1e6)) // 1000)
    assert [(event.what, event.n) for event in told] == [("clock", 0), *stalled]
    assert [event.detail.get("asleep_us") for event in told] == [None, "0", str(HOUR - 3_000_000)]
    assert told[0].detail["offset_us"] == str(-HOUR + 400)


def test_the_first_fault_stays_and_is_not_an_interruption() -> None:
    stop = Stop(threading.Event())
    assert not stop.wanted and not stop.interrupted
    first, second = EnvironmentFault("first"), EnvironmentFault("second")
    threads = [threading.Thread(target=stop.halt, args=(fault,)) for fault in (first, second)]
    for thread in threads:
        thread.start()
        thread.join()
    stop.note(EnvironmentFault("third"))
    assert stop.fault is first and stop.wanted and not stop.interrupted
    asked = Stop(threading.Event())
    asked.event.set()
    asked.halt(first)
    assert asked.interrupted and asked.fault is first
