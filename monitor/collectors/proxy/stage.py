"""The worker's second thread: holds captured messages until their needles are known, has them searched, hands them
over.

The event loop only ever does ``put``: a full queue drops and counts, so that a stalled reader never stalls the proxy.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, cast

import msgspec

from monitor.base.clock import now_us
from monitor.collectors.proxy.limits import Hand
from monitor.collectors.proxy.searching import Apart, Here, NotSearched
from monitor.collectors.proxy.tee import Tee
from monitor.collectors.proxy.wire import Captured, Config
from monitor.content import Message, Needle
from monitor.events import Health, HealthDetail, HealthWord, LateMatch, Match, TlsFailure, Transmission

if TYPE_CHECKING:  # it loads mitmproxy, and the parent also uses this module
    from monitor.collectors.proxy.neighbours import Neighbours

_LATE_EVERY: Final = 1.0
#: Number of path characters compared: as many as the agent reports.
_PATH: Final = 2000
ERR_US: Final = 1000
_NO_MEMORY: Final = "the limit of memory was reached"


@dataclass(slots=True)
class Capture:
    """A message in transit: the event without its matches, and the content to search."""

    event: Transmission
    message: Message
    due: float
    """Monotonic time from which it may be searched."""
    tee: Tee | None = None
    cut: str = ""
    """Why the body is incomplete; empty = complete."""
    write: Callable[[bytes], None] | None = None
    """Writes the flow to the flow file, given a streamed body."""

    @property
    def weight(self) -> int:
        """Bytes held in memory, roughly."""
        return len(self.message.body) + 2000


@dataclass
class Counts:
    """What passed through, for the final health event."""

    captured: int = 0
    dropped: int = 0
    evicted: int = 0
    late: int = 0
    needles: int = 0
    _told: int = field(default=0, repr=False)


class Stage:
    """Queue, hold, search, ring. ``deliver`` (``wire.send``) may block; ``failed`` is called when it raises."""

    def __init__(
        self,
        config: Config,
        neighbours: Neighbours,
        deliver: Callable[[Captured], None],
        failed: Callable[[BaseException], None],
        search: Here | Apart | None = None,
    ) -> None:
        """``search``: default: one in this process."""
        self._neighbours = neighbours
        self.counts = Counts()
        self._config = config
        self._hand_over = deliver
        self._last_t = 0
        self._out_of_order = 0
        self._failed = failed
        self._hand: Hand | None = None
        self._lock = threading.Condition()
        self._queue: deque[tuple[float, Capture | TlsFailure | Health]] = deque()
        """With the monotonic time from which each may be handled."""
        self._weight = 0
        self._fresh: list[Needle] = []
        self._closing = False
        self._search = search or Here(config.app, config.ring_bytes)
        self._late = False
        """Values came that were not searched for in what is kept."""
        self._late_at = 0.0
        self._thread = threading.Thread(target=self._run, name="search", daemon=True)

    def start(self) -> None:
        """Begin."""
        if self._config.spool:
            self._hand = Hand(self._config.spool)
        self._thread.start()

    def put(self, item: Capture | TlsFailure | Health) -> bool:
        """Queue an item; False = the queue was full and it is dropped (and counted). Never blocks."""
        weight = item.weight if isinstance(item, Capture) else 500
        # A refusal is over sooner than the agent tells who opened the connection.
        due = item.due if isinstance(item, Capture) else 0.0
        if isinstance(item, TlsFailure):
            due = time.monotonic() + self._config.hold_ms / 1000
        with self._lock:
            full = len(self._queue) >= self._config.queue or self._weight + weight > self._config.queue_bytes
            if not full:
                self._queue.append((due, item))
                self._weight += weight
                if len(self._queue) == 1:  # else the searching thread waits for the first of them anyway
                    self._lock.notify()
            else:
                self.counts.dropped += 1
        if full and isinstance(item, Capture):
            _discard(item)
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
            while True:
                item, done = self._next()
                self._learn()
                if item is not None:
                    self._handle(item)
                self._tell_losses()
                self._search_ring(force=done)
                if done:
                    self._deliver(Captured(self._last_words()))
                    return
        except Exception as error:  # noqa: BLE001  the parent is gone, or a bug: better no worker than an unresponsive one
            self._failed(error)

    def _next(self) -> tuple[Capture | TlsFailure | Health | None, bool]:
        """The next item ready for handling, or None after a while or when needles arrived; True = this was the last."""
        with self._lock:
            if self._fresh and not self._closing:
                return None, False
            wait = 0.5
            if self._queue:
                wait = self._queue[0][0] - time.monotonic() if not self._closing else 0
            elif self._closing:
                return None, True
            if wait > 0:
                self._lock.wait(min(wait, 0.5))
                return None, False
            _, item = self._queue.popleft()
            self._weight -= item.weight if isinstance(item, Capture) else 500
            return item, False

    def _learn(self) -> None:
        with self._lock:
            fresh, self._fresh = self._fresh, []
        if fresh:
            self.counts.needles += self._search.add(fresh)
            self._late = True

    def _handle(self, item: Capture | TlsFailure | Health) -> None:
        if not isinstance(item, Capture):
            self._deliver(Captured(item))
            if isinstance(item, TlsFailure) and item.sni:
                self._name_only(item)
            return
        if self._hand is not None:
            self._hand.take(item.event, len(self._queue))
        try:
            self._deliver(self._examine(item))
        except OSError:
            raise
        except Exception as error:  # noqa: BLE001  one odd message must not end the search of all others
            name = str(error) if isinstance(error, NotSearched) else type(error).__name__
            plain = msgspec.structs.replace(item.event, path="", decoded="partial", reason=f"search: {name}")
            self._deliver(Captured(plain))
            if isinstance(error, MemoryError):
                self._deliver(Captured(health(self._config.app, "failed", 1, reason=_NO_MEMORY, flow=item.event.flow)))
        if self._hand is not None:
            self._hand.empty()
        self.counts.captured += 1

    def _name_only(self, failure: TlsFailure) -> None:
        """A handshake that failed has sent the server's name: a transfer where the name holds a value."""
        event = Transmission(
            t=failure.t, err=failure.err, src=failure.src, app=failure.app, pid=failure.pid,
            flow=f"hello-{failure.t}-{failure.client_port}", host=failure.host, port=failure.port,
            client_port=failure.client_port, sni=failure.sni, protocol="tls", scheme="tls",
            unowned=failure.unowned,
        )  # fmt: skip
        event = self._search.named(event)
        if any(match.certainty == "found" for match in event.matches):
            self._deliver(Captured(event))

    def _examine(self, item: Capture) -> Captured:
        body, file = item.message.body, None
        if item.tee is not None:
            item.tee.close()
            body, file = item.tee.data, item.tee.path
        message, before = item.message._replace(body=body), item.tee.before if item.tee is not None else b""
        path = item.event.path.partition("?")[0][:_PATH]
        event = self._search.examine(item.event, message, item.cut, before, str(file or ""))
        self.counts.evicted = self._search.evicted
        if item.write is not None:
            with suppress(OSError, ValueError, TypeError):
                item.write(body if file is None else b"")
        if file is None:
            return Captured(event, body, path=path)
        if item.tee is not None and item.tee.whole:
            return Captured(event, body_file=str(file), path=path)
        file.unlink(missing_ok=True)
        return Captured(event, path=path)

    def _search_ring(self, *, force: bool) -> None:
        """Search messages finished before a needle arrived for that needle; a hit is reported, never lost silently."""
        if not self._late or not (force or time.monotonic() >= self._late_at):
            return
        self._late = False
        for match, flows in self._search.late():
            self.counts.late += len(flows)
            self._deliver(Captured(_late(self._config.app, flows, match)))
        self._late_at = time.monotonic() + _LATE_EVERY

    def _last_words(self) -> Health:
        c = self.counts
        return health(
            self._config.app, "stopped", captured=str(c.captured), dropped=str(c.dropped), evicted=str(c.evicted),
            late=str(c.late), neighbours=str(self._neighbours.count), needles=str(c.needles),
        )  # fmt: skip

    def _deliver(self, captured: Captured) -> None:
        """Hand over. Events of one source are ordered by sequence: a late one (a long upload, a slow response) gets a
        source of its own, so that its time and error decide."""
        event = captured.event
        if not isinstance(event, Health | LateMatch):
            event = self._neighbours.marked(event)
            captured = msgspec.structs.replace(captured, event=event)
            if event.t < self._last_t:
                self._out_of_order += 1
                event = msgspec.structs.replace(event, src=f"proxy:{self._out_of_order}")
                captured = msgspec.structs.replace(captured, event=event)
            else:
                self._last_t = event.t
        self._hand_over(captured)

    def _tell_losses(self) -> None:
        lost = self.counts.dropped - self.counts._told
        if lost:
            self.counts._told += lost
            self._deliver(Captured(health(self._config.app, "lost", lost, queue="full")))


def health(app: str, what: HealthWord, n: int = 0, /, **detail: str) -> Health:
    """A health event of the proxy, now."""
    told = cast("HealthDetail", detail)
    return Health(t=now_us(), err=ERR_US, src="proxy:health", app=app, component="proxy", what=what, n=n, detail=told)


def no_memory(app: str) -> Health:
    """A connection that ended because there was no memory for it."""
    return health(app, "lost", 1, reason=_NO_MEMORY)


def _late(app: str, flows: list[str], match: Match) -> LateMatch:
    """One needle's hits in what was already final: how many, and up to fifty of the flows."""
    return LateMatch(t=now_us(), err=ERR_US, src="proxy:health", app=app, match=match, flows=flows[:50], n=len(flows))


def _discard(item: Capture) -> None:
    if item.tee is not None:
        item.tee.close()
        if item.tee.path is not None:
            item.tee.path.unlink(missing_ok=True)
