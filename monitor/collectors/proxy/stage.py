"""The worker's second thread: holds captured messages until their needles are known, has them searched, hands them
over.

The event loop only ever does ``put``: a full queue drops and counts, so that a stalled reader never stalls the proxy.
"""

import hashlib
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Final, cast

import msgspec

from monitor.base.clock import now_us
from monitor.collectors.proxy.border import Neighbours
from monitor.collectors.proxy.budget import Budget
from monitor.collectors.proxy.capture import Capture
from monitor.collectors.proxy.searching import Apart, Here, NotSearched
from monitor.collectors.proxy.wire import ERR_US, Captured, Config, Hand, health
from monitor.content import Message, Needle
from monitor.events import Health, HealthDetail, LateMatch, TlsFailure, Transmission

_LATE_EVERY: Final = 1.0
_UNKEPT_EVERY: Final = 10.0
#: Number of path characters compared: as many as the agent reports.
_PATH: Final = 2000
_MAX_LATE_FLOWS: Final = 50
NO_MEMORY: Final = "the limit of memory was reached"
Item = Capture | TlsFailure | Health


class Stage:
    """Queue, hold, search, ring. ``deliver`` (``wire.send``) may block; ``failed`` is called when it raises."""

    def __init__(
        self, config: Config, neighbours: Neighbours, deliver: Callable[[Captured], None],
        failed: Callable[[BaseException], None], search: Here | Apart | None = None,
    ) -> None:  # fmt: skip
        """``search``: default: one in this process."""
        self._config, self._neighbours = config, neighbours
        self._hand_over, self._failed = deliver, failed
        self._search = search or Here(config.app, config.ring_bytes)
        self.budget = Budget(config.keep_bytes)
        self._counts = Counter(captured=0, dropped=0, unsearched=0, late=0, needles=0)
        """What passed through, for the final health event."""
        self._reported_drops = self._reported_unkept = 0
        self._last_t = 0
        self._out_of_order = 0
        self._hand: Hand | None = None
        self._lock = threading.Condition()
        self._queue: deque[tuple[float, Item]] = deque()
        """With the monotonic time from which each may be handled."""
        self._weight = 0
        self._fresh: list[Needle] = []
        self._closing = False
        self._unsearched = False
        """Values came that were not searched for in what is kept."""
        self._late_at = self._unkept_at = 0.0
        self._thread = threading.Thread(target=self._run, name="search", daemon=True)

    def start(self) -> None:
        """Begin."""
        if self._config.spool:
            self._hand = Hand(self._config.spool)
        self._thread.start()

    def put(self, item: Item) -> bool:
        """Queue an item; False = the queue was full and it is dropped (and counted). Never blocks."""
        # What the app sent is over sooner than the agent tells of the values in it and of who opened the connection.
        due = time.monotonic() + (0 if isinstance(item, Health) else self._config.hold_ms / 1000)
        weight = _weight(item)
        with self._lock:
            full = len(self._queue) >= self._config.queue or self._weight + weight > self._config.queue_bytes
            if not full:
                self._queue.append((due, item))
                self._weight += weight
                if len(self._queue) == 1:  # else the searching thread waits for the first of them anyway
                    self._lock.notify()
            else:
                self._counts["dropped"] += 1
        if full and isinstance(item, Capture) and item.tee is not None:
            item.tee.discard()
        return not full

    def add(self, needles: Sequence[Needle]) -> None:
        """More values to search for."""
        with self._lock:
            self._fresh.extend(needles)
            self._lock.notify()

    def close(self, timeout: float) -> bool:
        """Search what is held without further waiting; False = the reader did not accept it in time."""
        with self._lock:
            self._closing = True
            self._lock.notify()
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            done = False
            while not done:
                item, done = self._next()
                with self._lock:
                    fresh, self._fresh = self._fresh, []
                if fresh:
                    self._counts["needles"] += self._search.add(fresh)
                    self._unsearched = True
                if item is not None:
                    self._handle(item)
                if drops := self._counts["dropped"] - self._reported_drops:
                    self._reported_drops += drops
                    self._deliver(Captured(health(self._config.app, "lost", {"queue": "full"}, drops)))
                self._tell_unkept(force=done)
                self._search_ring(force=done)
            self._counts.update(unsearched=self._search.unsearched(), neighbours=self._neighbours.count)
            counts = cast("HealthDetail", {name: str(count) for name, count in self._counts.items()})
            self._deliver(Captured(health(self._config.app, "stopped", counts)))
        except Exception as error:  # noqa: BLE001  the parent is gone, or a bug: better no worker than an unresponsive one
            self._failed(error)

    def _next(self) -> tuple[Item | None, bool]:
        """The next item ready for handling, or None after a while or when needles arrived; True = this was the last."""
        with self._lock:
            if self._closing and not self._queue:
                return None, True
            if not self._closing:
                wait = min(0.5, self._queue[0][0] - time.monotonic()) if self._queue else 0.5
                if self._fresh or wait > 0:
                    if not self._fresh:
                        self._lock.wait(wait)
                    return None, False
            _, item = self._queue.popleft()
            self._weight -= _weight(item)
            return item, False

    def _handle(self, item: Item) -> None:
        if not isinstance(item, Capture):
            self._deliver(Captured(item))
            if isinstance(item, TlsFailure) and item.sni:
                self._search_name(item)
            return
        if item.quiet:
            self._search_quietly(item.event, item.message)
            return
        if self._hand is not None:
            self._hand.note(item.event, len(self._queue))
        try:
            self._deliver(self._examine(item))
        except OSError:
            raise
        except Exception as error:  # noqa: BLE001  one odd message must not end the search of all others
            self._mark(item.event, error)
        if self._hand is not None:
            self._hand.note(None)
        self._counts["captured"] += 1

    def _mark(self, event: Transmission, error: Exception) -> None:
        """Deliver an event that could not be searched."""
        name = str(error) if isinstance(error, NotSearched) else type(error).__name__
        plain = msgspec.structs.replace(event, path="", decoded="partial", reason=f"search: {name}")
        self._deliver(Captured(plain))
        if isinstance(error, MemoryError):
            detail: HealthDetail = {"reason": NO_MEMORY, "flow": event.flow}
            self._deliver(Captured(health(self._config.app, "failed", detail, 1)))

    def _search_name(self, failure: TlsFailure) -> None:
        """A handshake that failed has sent the server's name: a transfer where the name holds a value."""
        common = "t err src app pid host port client_port sni unowned".split()
        fields = {name: getattr(failure, name) for name in common}
        flow = f"hello-{failure.t}-{failure.client_port}"
        self._search_quietly(Transmission(**fields, flow=flow, protocol="tls", scheme="tls"), Message())

    def _search_quietly(self, event: Transmission, message: Message) -> None:
        try:
            event = self._search.named(event, message)
        except OSError:
            raise
        except Exception as error:  # noqa: BLE001  as above; whether it held a value is not known
            return self._mark(event, error)
        if any(match.certainty == "found" for match in event.matches):
            self._deliver(Captured(event))

    def _examine(self, item: Capture) -> Captured:
        tee, body, file, before = item.tee, item.message.body, None, b""
        if tee is not None:
            tee.close()
            body, file, before = tee.data, tee.path, tee.before
        path = item.event.path.partition("?")[0][:_PATH]
        event = self._search.examine(item.event, item.message._replace(body=body), item.cut, before, str(file or ""))
        size = tee.size if tee is not None else len(body)
        kept = self.budget.grant(event.flow, size)
        if item.write is not None:
            with suppress(OSError, ValueError, TypeError):
                item.write(body if file is None else b"", bare=kept < size)
        if kept < size:  # of the body only the beginning
            if file is not None:
                with file.open("rb") as stream:
                    body = stream.read(kept)
                file.unlink(missing_ok=True)
            body, file = body[:kept], None
            event = msgspec.structs.replace(event, head=hashlib.sha256(body).hexdigest())
        return Captured(event, body if file is None else b"", str(file or ""), path)

    def _tell_unkept(self, *, force: bool) -> None:
        """Tell now and then how many bodies and flows were not kept whole."""
        more = self.budget.cut - self._reported_unkept
        if more and (force or time.monotonic() >= self._unkept_at):
            self._reported_unkept += more
            self._unkept_at = time.monotonic() + _UNKEPT_EVERY
            self._deliver(Captured(health(self._config.app, "unkept", {"reason": "more than a session keeps"}, more)))

    def _search_ring(self, *, force: bool) -> None:
        """Search messages finished before a needle arrived for that needle; each hit is reported: where in the first
        of the messages it is, and up to fifty of them in an event."""
        if not force and not (self._unsearched and time.monotonic() >= self._late_at):
            return
        self._unsearched = False
        for match, flows in self._search.late(force):
            self._counts["late"] += len(flows)
            common: dict[str, Any] = {"t": now_us(), "err": ERR_US, "src": "proxy:health", "app": self._config.app}
            for first in range(0, len(flows), _MAX_LATE_FLOWS):
                some = flows[first : first + _MAX_LATE_FLOWS]
                where = msgspec.structs.replace(match, path="") if first else match
                self._deliver(Captured(LateMatch(**common, match=where, flows=some, n=len(some))))
        self._late_at = time.monotonic() + _LATE_EVERY

    def _deliver(self, captured: Captured) -> None:
        """Hand over. Events of one source are ordered by sequence: a late one (a long upload, a slow response) gets a
        source of its own, so that its time and error decide."""
        event = captured.event
        if not isinstance(event, Health | LateMatch):
            event = self._neighbours.marked(event)
            if event.t < self._last_t:
                self._out_of_order += 1
                event = msgspec.structs.replace(event, src=f"proxy:{self._out_of_order}")
            self._last_t = max(self._last_t, event.t)
            captured = msgspec.structs.replace(captured, event=event)
        self._hand_over(captured)


def _weight(item: Item) -> int:
    return item.weight if isinstance(item, Capture) else 500
