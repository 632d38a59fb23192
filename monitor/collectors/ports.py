"""A second witness of the sender: the UID that the kernel's tables give for sockets connected to the proxy.

It confirms or contradicts what the agent reported about a connection, and records (``socket`` events) other UIDs'
sockets and those of the app of whose opening no hook told. The tables are racy: a socket without an inode has no known
owner, and a short connection is often gone before they are read.
"""

import queue
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Final, cast

from monitor.base.clock import now_us
from monitor.base.errors import MonitorError
from monitor.events import AppSocket, Connection, Event, HealthDetail, HealthWord
from monitor.session.handset import Socket
from monitor.session.observe import Sink, health_of

INTERVAL: Final = 0.3
"""Seconds between two readings while connections to the proxy are open."""
IDLE: Final = 1.0
"""Seconds between two readings while there is none."""
_FAILURES: Final = 3
_KEPT: Final = 4096
#: Ports are reused; an observation is valid this long.
_SAME_US: Final = 2_000_000
#: An agent reports a connection before its watermark is so much later.
_LATEST_US: Final = 1_000_000
#: A socket of another UID is recorded again while it exists, so that its later traffic is recognised.
_AGAIN_US: Final = 5_000_000
#: Android: an app's SDK sandbox has the app's UID plus 10,000.
_SANDBOX: Final = 10_000


class PortWatcher:
    """Reads the tables in a thread of its own, which also takes from its inbox what the agent reports (``feed``)."""

    def __init__(
        self, sink: Sink, app: str, uid: int, proxy_port: int, read: Callable[[], Iterable[Socket]],
        watermark: Callable[[], int] | None = None,
    ) -> None:  # fmt: skip
        """``uid`` of the app; ``read`` gives the device's TCP sockets and raises ``MonitorError`` if it cannot;
        ``watermark``: up to when the agents have reported all that they saw."""
        self._sink, self._app, self._proxy, self._read = sink, app, proxy_port, read
        self._uid, self._own = uid, (uid, uid + _SANDBOX)
        self._watermark = watermark or now_us
        self._owners: OrderedDict[int, tuple[int, int]] = OrderedDict()
        """Local port to uid and time of the last reading that showed it."""
        self._foreign: OrderedDict[int, int] = OrderedDict()
        """Local port of another uid's socket to when it was last recorded."""
        self._own_since: OrderedDict[int, tuple[int, int]] = OrderedDict()
        """Local port of the app's own socket to when it was first seen, and last recorded."""
        self._reported: OrderedDict[int, int] = OrderedDict()
        """Local port to time of the last connection that the agent reported."""
        self._unconfirmed: OrderedDict[int, int] = OrderedDict()
        """Local port to time of the app's connection awaiting confirmation."""
        self._counts = {"confirmed": 0, "contradicted": 0, "connections": 0}
        self._inbox: queue.SimpleQueue[Connection | None] = queue.SimpleQueue()
        """Connections of the app to the proxy, the end (None)."""
        self._ended = False
        self._thread = threading.Thread(target=self._run, name="ports", daemon=True)

    def start(self) -> None:
        """Start reading."""
        self._thread.start()

    def stop(self) -> None:
        """Stop, and report how many of the app's connections to the proxy were confirmed."""
        self._inbox.put(None)
        self._thread.join(10)
        self._take(0)  # what came after the tables could no longer be read
        counts = cast("HealthDetail", {name: str(count) for name, count in self._counts.items()})
        self._health("ports", counts, self._counts["confirmed"])

    def feed(self, event: Event) -> None:
        """The agent's report: a connection of the app to the proxy awaits confirmation."""
        if isinstance(event, Connection) and event.link == "connect" and event.port == self._proxy and event.local_port:
            self._inbox.put(event)

    def look(self) -> bool:
        """Read the tables once. Whether there are connections to the proxy whose owner is known."""
        reported = self._watermark()  # before what was reported is taken: no word of that time is missing then
        self._take(0)
        begun = now_us()
        rows = [(row.local_port, row.uid) for row in self._read() if row.remote_port == self._proxy]
        for gone in self._own_since.keys() - {port for port, _ in rows}:
            del self._own_since[gone]
        for port, uid in rows:
            if uid is not None:
                _put(self._owners, port, (uid, begun))
                self._record(port, uid, begun, reported)
                self._check(port)
        return any(uid is not None for _, uid in rows)

    def _record(self, port: int, uid: int, t: int, watermark: int) -> None:
        """Record another UID's socket, once when its port is the app's own again, and the app's that no hook
        reported."""
        own, last = uid in self._own, self._foreign.get(port)
        if own and last is None and not self._is_unreported(port, t, watermark):
            return
        if not own and last is not None and t - last < _AGAIN_US:
            return
        if own:
            self._foreign.pop(port, None)
        else:
            _put(self._foreign, port, t)
        self._sink.emit(AppSocket(t=t, err=0, src="runner", app=self._app, local_port=port, uid=uid, own=own))

    def _is_unreported(self, port: int, t: int, watermark: int) -> bool:
        """Whether the app's socket is there without the agent's word, and due to be recorded (again)."""
        since, recorded = self._own_since.get(port, (t, 0))
        reported = self._reported.get(port, 0) >= since - _SAME_US
        early = t - since < _AGAIN_US and watermark - since < _LATEST_US
        due = not reported and not early and t - recorded >= _AGAIN_US
        _put(self._own_since, port, (since, t if due else recorded))
        return due

    def _check(self, port: int) -> None:
        """Compare the two witnesses, once per connection."""
        if port not in self._unconfirmed or port not in self._owners:
            return
        (uid, seen), connected = self._owners[port], self._unconfirmed[port]
        if not connected <= seen <= connected + _SAME_US:
            return
        del self._unconfirmed[port]
        if uid in self._own:
            self._counts["confirmed"] += 1
            return
        self._counts["contradicted"] += 1
        self._health("contradiction", {"local_port": str(port), "uid": str(uid), "expected": str(self._uid)}, 1)

    def _run(self) -> None:
        failures, wait = 0, 0.0
        while self._take(wait):
            try:
                wait = INTERVAL if self.look() else IDLE
                failures = 0
            except MonitorError as fault:
                wait = IDLE
                failures += 1
                if failures == _FAILURES:
                    self._health("stopped", {"why": fault.message[:200]})
                    return

    def _take(self, wait: float) -> bool:
        """What the agent reports until the next reading is due; False at the end."""
        due = time.monotonic() + wait
        while True:
            try:
                event = self._inbox.get(timeout=0 if self._ended else max(0.0, due - time.monotonic()))
            except queue.Empty:
                return not self._ended
            if event is None:
                self._ended = True
                continue
            self._counts["connections"] += 1
            _put(self._unconfirmed, event.local_port, event.t)
            _put(self._reported, event.local_port, event.t)
            self._check(event.local_port)
            # Several connections are made at once: one reading serves them all.
            due = min(due, time.monotonic() + INTERVAL / 3)

    def _health(self, what: HealthWord, detail: HealthDetail, n: int = 0) -> None:
        self._sink.emit(health_of("ports", self._app, what, detail, n=n))


def _put[T](table: OrderedDict[int, T], port: int, item: T) -> None:
    table[port] = item
    table.move_to_end(port)
    if len(table) > _KEPT:
        table.popitem(last=False)
