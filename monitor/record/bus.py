"""The single thread through which every observation reaches the log: redaction, order, live analysis."""

import hashlib
import queue
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

import msgspec

from monitor.base.clock import Lateness, now_us
from monitor.base.errors import InputError, MonitorError, own_fault, printable
from monitor.collectors.proxy.tls import ENDED, broken_off
from monitor.content import Needle
from monitor.content.guard import Guard, covered
from monitor.events import (
    ApiCall,
    Connection,
    Event,
    Health,
    HealthDetail,
    TlsFailure,
    Transmission,
    ValueRef,
)
from monitor.evidence.log import EvidenceLog
from monitor.evidence.redaction import Vault
from monitor.record.transforms import Transforms
from monitor.session.observe import RawValue

#: Most events waiting for the log. The agent's credits (2000 per process) stay far below it; any excess is counted.
WAITING = 50_000


class _Item(NamedTuple):
    event: Event
    values: tuple[RawValue, ...]


class Bus:
    """A ``Sink``. Thread-safe on entry, with a single thread behind it."""

    def __init__(
        self,
        *,
        app: str,
        log: EvidenceLog,
        vault: Vault,
        keep: Callable[..., str],
        on_event: Callable[[Event], None] = lambda event: None,
        on_fault: Callable[[MonitorError], None] = lambda fault: None,
    ) -> None:
        """``keep``: keeps bytes, ``private`` or not, and returns their SHA-256. ``on_event`` is told of each event in
        the log (``Recording._observe`` in ``recording.py``). ``on_fault`` is called once, from the failing thread, when
        nothing can be written any more."""
        self.app = app
        self.counts: Counter[str] = Counter()
        self.lateness = Lateness()
        self.fault: MonitorError | None = None
        self._log = log
        self._vault = vault
        self._keep = keep
        self._on_event = on_event
        self._planted: list[Needle] = []
        self._on_needles: Callable[[list[Needle]], None] = self._planted.extend
        self._on_fault = on_fault
        self._queue: queue.Queue[_Item | None] = queue.Queue(WAITING)
        self._known: set[tuple[str, str]] = set()
        self._transforms = Transforms(app)
        self._guard = Guard(app, self._transforms.searcher)
        self._numbers = 0
        self._lost = 0
        self._lock = threading.Lock()
        self._ends: list[int] = []
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="bus", daemon=True)

    def app_is(self, package: str) -> None:
        """Set the app under test; call before it is started."""
        self.app = package

    def search_by(self, search: Callable[[list[Needle]], None]) -> None:
        """Have traffic searched for the values so far, and for what is learnt from now on. Call before any is read."""
        self._on_needles = search
        search(self._planted)

    def register_values(self, values: Sequence[RawValue]) -> list[ValueRef]:
        """Register values planted by other means; returns their references. Call before ``start``."""
        refs = [self._vault.redact(value) for value in values]
        needles = [Needle(value.data_type, ref.tag, value.text) for value, ref in zip(values, refs, strict=True)]
        derived = self._learn(values, refs)
        self._known.update((needle.data_type, needle.tag) for needle in needles)
        self._on_needles(needles + derived)
        return refs

    def _learn(self, values: Sequence[RawValue], refs: Sequence[ValueRef], since: int = 0) -> list[Needle]:
        """Returns what the app had derived from the values before they were known."""
        derived = self._transforms.register(values, refs, since)
        self._guard.learn((value.data_type, ref.tag, value.text) for value, ref in zip(values, refs, strict=True))
        return derived

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
        if (
            isinstance(event, TlsFailure)
            and broken_off(event.alert)
            and any(event.t < end <= event.failed for end in self._ends)
        ):
            event = msgspec.structs.replace(event, reading=ENDED)
        try:
            self._queue.put_nowait(_Item(event, tuple(values)))
        except queue.Full:
            with self._lock:
                self._lost += 1

    def blob(self, data: bytes, *, private: bool) -> str:
        """Keep bytes and return their SHA-256. If nothing can be stored any more, the session is ended."""
        try:
            name = self._keep(data, private=private)
        except MonitorError as error:
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
                self._report_loss()
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
        if values and isinstance(event, ApiCall):
            event = self._redacted(event, values)
        elif values and isinstance(event, Connection | Transmission):
            # The path links a request to outgoing traffic and may hold personal values: a keyed hash of it is kept.
            path = values[0].text.partition("?")[0] or "/"
            event = msgspec.structs.replace(event, path_tag=self._vault.tag(RawValue("path", path)))
        kind = str(event.__struct_config__.tag)
        event = self._guard.public(covered(event, self._vault.cover))
        try:
            event = self._log.append(event)
        except InputError as error:
            self._append_health(1, {"kind": kind, "why": printable(error.message, 200)})
            return
        self.counts[kind] += 1
        self.lateness.met(event.t)
        self._on_event(event)

    def _report_loss(self) -> None:
        if not self._lost:
            return
        with self._lock:
            lost, self._lost = self._lost, 0
        self._append_health(lost, {"why": "the queue was full"})

    def _append_health(self, lost: int, detail: HealthDetail) -> None:
        event = Health(
            t=now_us(), err=0, src="runner", app=self.app, component="bus", what="lost", n=lost, detail=detail
        )
        self.counts["health"] += 1
        self._on_event(self._log.append(event))

    def _redacted(self, event: ApiCall, values: tuple[RawValue, ...]) -> ApiCall:
        if event.role == "transform":
            refs, made = self._transforms.made(event, values)
            if made:
                self._on_needles(made)
            return msgspec.structs.replace(event, values=refs)
        refs = [self._vault.redact(value) for value in values]
        derived = self._learn(values, refs, event.t - event.err)
        new = [
            Needle(value.data_type, ref.tag, value.text)
            for value, ref in zip(values, refs, strict=True)
            if (value.data_type, ref.tag) not in self._known
        ]
        if new or derived:
            self._known.update((needle.data_type, needle.tag) for needle in new)
            self._on_needles(new + derived)
        return msgspec.structs.replace(event, values=refs)
