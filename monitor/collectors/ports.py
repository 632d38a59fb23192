"""Second witness of who sends: the uid that the kernel's tables name for the sockets that go to the proxy.

It only confirms or contradicts what the agent said of a connection, and tells other uids' sockets. The tables are racy:
a socket without an inode has no known owner, and a short connection is often gone before they are read.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Final, Protocol

from monitor.clock import now_us
from monitor.errors import MonitorError
from monitor.events import Connection, Event, Health
from monitor.observe import Sink

INTERVAL: Final = 0.3
"""Seconds between two readings while connections to the proxy are open."""
IDLE: Final = 1.0
"""Seconds between two readings while there is none."""
_FAILURES: Final = 3
_KEPT: Final = 4096
#: A port is used again; what was seen of it holds this long.
_SAME_US: Final = 2_000_000
_FRESH_US: Final = 10_000_000
#: Android: a user's uids are in a hundred thousand of their own; an app's SDK sandbox has its uid and ten thousand.
_USER: Final = 100_000
_SANDBOX: Final = 10_000


class Socket(Protocol):
    """A row of the tables (``monitor.device.parse_proc``)."""

    @property
    def local_port(self) -> int:
        """Port on the device."""

    @property
    def remote_port(self) -> int:
        """Port of the other end."""

    @property
    def uid(self) -> int | None:
        """Owner; None = not known."""


class PortWatcher:
    """Reads the tables in a thread of its own. ``feed`` and ``foreign`` may be called from others."""

    def __init__(
        self, sink: Sink, app: str, uid: int, proxy_port: int, read: Callable[[], Iterable[Socket]],
        *, interval: float = INTERVAL, idle: float = IDLE,
    ) -> None:  # fmt: skip
        """``uid`` of the app; ``read`` gives the device's TCP sockets and raises ``MonitorError`` if it cannot."""
        self._sink = sink
        self._app = app
        self._uid = uid % _USER
        self._proxy = proxy_port
        self._read = read
        self._interval = interval
        self._idle = idle
        self._seen: OrderedDict[int, tuple[int, int]] = OrderedDict()
        """Local port to uid and time of the last reading that showed it."""
        self._told: OrderedDict[int, int] = OrderedDict()
        """Local port to time of the app's connection that waits for the witness."""
        self._counts = {"confirmed": 0, "contradicted": 0, "connections": 0}
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="ports", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def stop(self) -> None:
        """End, and say how many of the app's connections to the proxy were confirmed."""
        self._stopping = True
        self._wake.set()
        self._thread.join(10)
        counts = {name: str(count) for name, count in self._counts.items()}
        self._emit("ports", counts, self._counts["confirmed"])

    def feed(self, event: Event) -> None:
        """What the agent said: a connection of the app to the proxy is to be confirmed."""
        if isinstance(event, Connection) and event.link == "connect" and event.port == self._proxy and event.local_port:
            with self._lock:
                self._counts["connections"] += 1
                _put(self._told, event.local_port, event.t)
                self._check(event.local_port)
            self._wake.set()

    def foreign(self, port: int) -> bool:
        """Whether the socket to the proxy from this local port was seen to be another uid's, just now."""
        with self._lock:
            uid, t = self._seen.get(port, (self._uid, 0))
        return not self._own(uid) and now_us() - t <= _FRESH_US

    def look(self) -> bool:
        """Read the tables once. Whether there are connections to the proxy whose owner is known."""
        begun = now_us()
        rows = [(row.local_port, row.uid) for row in self._read() if row.remote_port == self._proxy]
        with self._lock:
            for port, uid in rows:
                if uid is not None:
                    _put(self._seen, port, (uid, begun))
                    self._check(port)
        return any(uid is not None for _, uid in rows)

    def _own(self, uid: int) -> bool:
        return uid % _USER in (self._uid, self._uid + _SANDBOX)

    def _check(self, port: int) -> None:
        """Hold the two witnesses against each other, once for each connection."""
        if port not in self._told or port not in self._seen:
            return
        (uid, seen), told = self._seen[port], self._told[port]
        if not told <= seen <= told + _SAME_US:
            return
        del self._told[port]
        if self._own(uid):
            self._counts["confirmed"] += 1
            return
        self._counts["contradicted"] += 1
        self._emit("contradiction", {"local_port": str(port), "uid": str(uid), "expected": str(self._uid)}, 1)

    def _run(self) -> None:
        failures = 0
        while not self._stopping:
            self._wake.clear()
            wait = self._idle
            try:
                wait = self._interval if self.look() else self._idle
                failures = 0
            except MonitorError as fault:
                failures += 1
                if failures == _FAILURES:
                    self._emit("stopped", {"why": fault.message[:200]}, 0)
                    return
            if self._wake.wait(wait) and not self._stopping:
                # Several connections are made at once: one reading serves them.
                time.sleep(self._interval / 3)

    def _emit(self, what: str, detail: dict[str, str], n: int) -> None:
        self._sink.emit(
            Health(t=now_us(), err=0, src="runner", app=self._app, component="ports", what=what, n=n, detail=detail)
        )


def _put[T](table: OrderedDict[int, T], port: int, item: T) -> None:
    table[port] = item
    table.move_to_end(port)
    if len(table) > _KEPT:
        table.popitem(last=False)
