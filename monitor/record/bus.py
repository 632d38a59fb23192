"""The single thread through which every observation reaches the log: redaction, order, live analysis."""

import hashlib
import queue
import re
import threading
from collections import Counter
from collections.abc import Callable, Sequence

import msgspec

from monitor.base.clock import Lateness, now_us
from monitor.base.errors import InputError, MonitorError, own_fault, printable
from monitor.collectors.proxy.tls import ENDED, broken_off
from monitor.content import Message, Needle, guard
from monitor.content.decode import examine
from monitor.events import ApiCall, Connection, Event, HealthDetail, KnownValues, TlsFailure, Transmission, ValueRef
from monitor.evidence.log import EvidenceLog
from monitor.evidence.redaction import Vault
from monitor.evidence.space import NoSpace
from monitor.record.transforms import Transforms
from monitor.session.observe import RawValue, health_of

#: Most events waiting for the log. The agent's credits (2000 per process) stay far below it; any excess is counted.
WAITING = 50_000
#: A name whose last label is no number.
_PUBLIC = re.compile(r"[^.]\.[A-Za-z][\w-]*\.?$")
_LOCAL = (".local", ".localhost", ".localdomain", ".internal", ".lan", ".home", ".arpa")


class Bus:
    """A ``Sink``. Thread-safe on entry, with a single thread behind it."""

    def __init__(
        self, *, app: str, log: EvidenceLog, vault: Vault, keep: Callable[..., str],
        on_event: Callable[[Event], None] = lambda event: None,
        on_fault: Callable[[MonitorError], None] = lambda fault: None,
    ) -> None:  # fmt: skip
        """``keep``: keeps bytes, ``private`` or not, and returns their SHA-256. ``on_event`` is told of each event in
        the log (``Recording._observe`` in ``recording.py``). ``on_fault`` is called once, from the failing thread, when
        nothing can be written any more."""
        self.app = app
        """The app under test; set to another one only before it is started."""
        self.counts: Counter[str] = Counter()
        self.lateness = Lateness()
        self.fault: MonitorError | None = None
        self._log, self._vault, self._keep, self._on_event, self._on_fault = log, vault, keep, on_event, on_fault
        self._planted: list[Needle] = []
        self._on_needles: Callable[[list[Needle]], None] = self._planted.extend
        self._queue: queue.Queue[tuple[Event, tuple[RawValue, ...]] | None] = queue.Queue(WAITING)
        self._transforms = Transforms(app)
        self._guard = guard.Guard(app, self._transforms.searcher)
        self._numbers = 0
        self._lost = 0
        self._lock = threading.Lock()
        self._ends: list[int] = []
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="bus", daemon=True)

    def search_by(self, search: Callable[[list[Needle]], None]) -> None:
        """Have traffic searched for the values so far, and for what is learnt from now on. Call before any is read."""
        self._on_needles = search
        search(self._planted)

    def register_values(self, values: Sequence[RawValue]) -> list[ValueRef]:
        """Register values planted by other means; returns their references. Call before ``start``."""
        return self._learn(values, 0)

    def _learn(self, values: Sequence[RawValue], since: int) -> list[ValueRef]:
        """Have traffic searched for values, read from ``since`` on, and for what the app had derived from them before
        they were known. Returns their references."""
        refs = [self._vault.redact(value) for value in values]
        needles = self._transforms.register(values, refs, since)
        self._guard.learn((value.data_type, ref.tag, value.text) for value, ref in zip(values, refs, strict=True))
        if needles:
            self._on_needles(needles)
        return refs

    def app_ends(self) -> None:
        """The app is about to be stopped: a handshake that breaks off from now on was cut off by that."""
        self._ends.append(now_us())

    def start(self) -> None:
        """Start writing."""
        self._thread.start()

    def emit(self, event: Event, values: Sequence[RawValue] = ()) -> None:
        """Record an event; if the queue is full it is counted and reported as lost."""
        if self._closed:
            return
        if isinstance(event, TlsFailure) and broken_off(event.alert):
            ended = any(event.t < end <= event.failed for end in self._ends)
            event = msgspec.structs.replace(event, reading=ENDED) if ended else event
        try:
            self._queue.put_nowait((event, tuple(values)))
        except queue.Full:
            with self._lock:
                self._lost += 1

    def blob(self, data: bytes, *, private: bool) -> str:
        """Keep bytes and return their SHA-256. If nothing can be stored any more, the session is ended; what is not
        kept because little space is left is counted."""
        try:
            name = self._keep(data, private=private)
        except MonitorError as error:
            if isinstance(error, NoSpace):
                self.emit(health_of("bus", self.app, "unkept", {"reason": error.message}, n=1))
            else:
                self._failed(error)
            name = hashlib.sha256(data).hexdigest()
        return self._vault.cover(name) if private else name

    def stack_number(self) -> int:
        """A new stack number."""
        with self._lock:
            self._numbers += 1
            return self._numbers

    def close(self) -> None:
        """Write what is waiting, then stop. Call once no collector is running."""
        if not self._closed:
            self._queue.put(None)
            self._thread.join()
            self._closed = True

    def _run(self) -> None:
        while (item := self._queue.get()) is not None:
            if self.fault is not None:
                continue
            try:
                self._write(*item)
                if self._lost:
                    with self._lock:
                        lost, self._lost = self._lost, 0
                    self._append_health(lost, {"why": "the queue was full"})
            except MonitorError as error:
                self._failed(error)
            except Exception as error:  # noqa: BLE001 - whatever it is, the session must end and be sealed
                self._failed(own_fault(error))

    def _failed(self, fault: MonitorError) -> None:
        """The first fault ends the session; later ones follow from it and add nothing."""
        with self._lock:
            first, self.fault = self.fault is None, self.fault or fault
        if first:
            self._on_fault(fault)

    def _write(self, event: Event, values: tuple[RawValue, ...]) -> None:
        if event.app != self.app and event.src.startswith("proxy"):
            event = msgspec.structs.replace(event, app=self.app)
        if values and isinstance(event, ApiCall) and event.role == "transform":
            refs, made = self._transforms.made(event, values)
            if made:
                self._on_needles(made)
            event = msgspec.structs.replace(event, values=refs)
        elif values and isinstance(event, ApiCall):
            event = msgspec.structs.replace(event, values=self._learn(values, event.t - event.err))
        elif values and isinstance(event, KnownValues):
            event = msgspec.structs.replace(event, known=self._learn(values, 0))
        elif values and isinstance(event, Connection | Transmission):
            # The path links a request to outgoing traffic and may hold personal values: a keyed hash of it is kept.
            path = values[0].text.partition("?")[0] or "/"
            event = msgspec.structs.replace(event, path_tag=self._vault.tag(RawValue("path", path)))
        told = self._told_by_name(event) if isinstance(event, Connection) and event.link == "lookup" else None
        kind = str(event.__struct_config__.tag)
        event = self._guard.public(guard.covered(event, self._vault.cover))
        try:
            event = self._log.append(event)
        except InputError as error:
            self._append_health(1, {"kind": kind, "why": printable(error.message, 200)})
            return
        self.counts[kind] += 1
        self.lateness.met(event.t)
        self._on_event(event)
        if told is not None:
            self._write(told, ())

    def _told_by_name(self, lookup: Connection) -> Transmission | None:
        """A lookup tells the servers of the domain the whole name: a transmission to it where that holds a known
        value. Nobody outside is asked about an address, a name without a domain, or one of the local network."""
        if not _PUBLIC.search(lookup.host) or lookup.host.lower().rstrip(".").endswith(_LOCAL):
            return None
        common = {name: getattr(lookup, name) for name in "t err src app pid host".split()}
        flow, size = f"lookup-{lookup.t}-{lookup.pid}", len(lookup.host)
        sent = Transmission(**common, flow=flow, port=53, bytes=size, protocol="dns", scheme="dns")
        matches = examine(self._transforms.searcher, sent, Message())[0].matches
        found = [match for match in matches if match.certainty == "found"]
        return msgspec.structs.replace(sent, matches=found) if found else None

    def _append_health(self, lost: int, detail: HealthDetail) -> None:
        self.counts["health"] += 1
        self._on_event(self._log.append(health_of("bus", self.app, "lost", detail, n=lost)))
