"""The kernel's tables as second witness: confirmed, contradicted, or unknown."""

import threading
from collections.abc import Callable, Sequence

import pytest

from monitor.base.clock import now_us
from monitor.base.errors import EnvironmentFault
from monitor.collectors.ports import PortWatcher
from monitor.device.parse.system import sockets
from monitor.events import AppSocket, Connection
from monitor.session.handset import Socket
from tests.hooks.support import Memory

APP, OTHER, PROXY = 10123, 10077, 8080


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("INTERVAL", "IDLE"):
        monkeypatch.setattr(f"monitor.collectors.ports.{name}", 0.02)


def foreign(sink: Memory) -> list[tuple[int, bool]]:
    """Local ports that were recorded, with whether they are the app's own."""
    return [(event.local_port, event.own) for event in sink.of(AppSocket)]


def table(*rows: tuple[int, int, int, int]) -> list[Socket]:
    """Rows (local port, remote port, uid, inode) as the kernel prints them, read by the real parser."""
    lines = [
        f"{n:4d}: 0000000000000000FFFF00000100007F:{local:04X} 0000000000000000FFFF00000100007F:{remote:04X} 01"
        f" 00000000:00000000 00:00000000 00000000 {uid:5d}        0 {inode} 1 0000000000000000 20 4 30 10 -1"
        for n, (local, remote, uid, inode) in enumerate(rows)
    ]
    found = sockets("\n".join(lines))
    assert len(found) == len(rows)
    return found


def connect(local: int, port: int = PROXY, t: int = 0) -> Connection:
    return Connection(t=t or now_us(), err=0, src="hooks:1", app="a", address="127.0.0.1", port=port, local_port=local)


def watcher(sink: Memory, read: Callable[[], Sequence[Socket]], uid: int = APP) -> PortWatcher:
    return PortWatcher(sink, "a", uid, PROXY, read)


def test_the_apps_uid_confirms_and_another_contradicts_once() -> None:
    sink = Memory()
    found = watcher(sink, lambda: table((5000, PROXY, APP, 7), (5001, PROXY, OTHER, 8), (5002, 443, OTHER, 9)))
    for local in (5000, 5001, 5002):
        found.feed(connect(local))
    found.feed(connect(5003, port=443))
    assert found.look() and found.look()
    (event,) = sink.health("contradiction")
    assert event.detail == {"local_port": "5001", "uid": str(OTHER), "expected": str(APP)}
    assert foreign(sink) == [(5001, False)]
    found.start()
    found.stop()
    (sums,) = sink.health("ports")
    assert sums.detail == {"confirmed": "1", "contradicted": "1", "connections": "3"}


def test_a_socket_without_inode_says_nothing_and_takes_nothing_back() -> None:
    rows = [(5000, PROXY, 0, 0)]
    sink = Memory()
    found = watcher(sink, lambda: table(*rows))
    found.feed(connect(5000))
    assert not found.look() and not foreign(sink)
    rows[0] = (5000, PROXY, OTHER, 7)
    assert found.look() and foreign(sink) == [(5000, False)]
    rows[0] = (5000, PROXY, 0, 0)
    assert not found.look() and foreign(sink) == [(5000, False)]
    rows[0] = (5000, PROXY, APP, 8)
    assert found.look() and found.look() and foreign(sink) == [(5000, False), (5000, True)]


def test_another_use_of_the_port_is_not_held_against_an_earlier_one() -> None:
    sink = Memory()
    found = watcher(sink, lambda: table((5000, PROXY, OTHER, 7)))
    found.feed(connect(5000, t=now_us() - 30_000_000))
    found.look()
    assert sink.health("contradiction") == []
    found.look()
    later = connect(5000, t=now_us() + 1_000_000)
    found.feed(later)
    assert sink.health("contradiction") == []


def test_the_sdk_sandbox_is_the_app_and_another_users_copy_is_not() -> None:
    sink = Memory()
    found = watcher(sink, lambda: table((5000, PROXY, 1_000_000 + APP, 7), (5001, PROXY, APP + 10_000, 8)))
    assert found.look() and foreign(sink) == [(5000, False)]


def test_an_own_socket_of_which_no_hook_told_is_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(5000, PROXY, APP, 7), (5001, PROXY, APP, 8)]
    sink, now = Memory(), [1_000_000_000]
    monkeypatch.setattr("monitor.collectors.ports.now_us", lambda: now[0])
    found = watcher(sink, lambda: table(*rows))
    found.look()
    found.feed(connect(5001, t=now[0]))  # told a moment later
    for _ in range(4):
        now[0] += 600_000
        found.look()
    assert foreign(sink) == [(5000, True)]
    now[0] += 5_000_000  # again while it exists
    found.look()
    assert foreign(sink) == [(5000, True)] * 2
    rows[0] = (5002, PROXY, APP, 9)  # gone, and another one too short to be waited for
    found.look()
    assert foreign(sink) == [(5000, True)] * 2


def test_on_a_slow_machine_an_agents_word_may_come_late(monkeypatch: pytest.MonkeyPatch) -> None:
    sink, now = Memory(), [1_000_000_000]
    told = list(now)
    monkeypatch.setattr("monitor.collectors.ports.now_us", lambda: now[0])
    rows = table((5000, PROXY, APP, 7), (5001, PROXY, APP, 8))
    found = PortWatcher(sink, "a", APP, PROXY, lambda: rows, watermark=lambda: told[0])
    found.look()
    now[0] += 3_000_000
    found.look()
    assert not foreign(sink)  # what the agents saw since is not here yet
    found.feed(connect(5000, t=told[0]))
    told[0] += 1_000_000
    found.look()
    assert foreign(sink) == [(5001, True)]
    rows = table((5002, PROXY, APP, 9))
    found.look()
    now[0] += 5_000_000  # no agent is believed to be so late
    found.look()
    assert foreign(sink) == [(5001, True), (5002, True)]


def test_a_word_that_comes_while_the_tables_are_read_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    sink, now = Memory(), [1_000_000_000]
    told = list(now)
    monkeypatch.setattr("monitor.collectors.ports.now_us", lambda: now[0])

    def read() -> list[Socket]:
        if now[0] > 1_000_000_000:  # not at first
            found.feed(connect(5000, t=1_000_000_000))
            told[0] = now[0]
        return table((5000, PROXY, APP, 7))

    found = PortWatcher(sink, "a", APP, PROXY, read, watermark=lambda: told[0])
    for _ in range(3):
        found.look()
        now[0] += 3_000_000
    assert not foreign(sink)


def test_a_device_that_does_not_answer_ends_it_with_one_event() -> None:
    asked = []
    done = threading.Event()

    def read() -> list[Socket]:
        asked.append(1)
        if len(asked) == 3:
            done.set()
        raise EnvironmentFault("gone")

    sink = Memory()
    found = watcher(sink, read)
    found.start()
    assert done.wait(60)
    found.stop()
    assert [event.detail for event in sink.health("stopped")] == [{"why": "gone"}] and len(asked) == 3
