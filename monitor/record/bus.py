"""The one thread through which everything observed goes into the log: owner, redaction, order, live analysis."""

from __future__ import annotations

import hashlib
import queue
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

import msgspec

from monitor.analysis.attribution import Joiner, owner
from monitor.clock import now_us
from monitor.collectors.proxy.tls import ENDED, broken_off
from monitor.errors import InputError, MonitorError, own_fault, printable
from monitor.events import (
    ApiCall,
    Connection,
    Event,
    Health,
    PermissionRequest,
    Stack,
    TlsFailure,
    Transmission,
    ValueRef,
    Window,
)
from monitor.observe import RawValue
from monitor.record.transforms import Transforms
from monitor.tables import Packages

#: Events waiting for the log. The agent's credits (2000 a process) keep far below it; beyond it, events are counted.
WAITING = 50_000


class Log(Protocol):
    """Where events end: ``monitor.evidence`` implements it."""

    def append(self, event: Event) -> Event:
        """The event with its place in the log."""


class Redact(Protocol):
    """Puts a raw value into the private part and returns what may stand in an event."""

    def redact(self, value: RawValue) -> ValueRef:
        """Commitment, tag and length."""


class Needle(NamedTuple):
    """A value that may leave the device, for the proxy to look for."""

    data_type: str
    tag: str
    value: str
    form: str = "plain"
    """Other than plain: the value was seen being made from the one with this tag (a digest, a cipher's output)."""


class _Item(NamedTuple):
    event: Event
    values: tuple[RawValue, ...]


class Bus:
    """A ``Sink``. Thread-safe at the entrance, one thread behind it."""

    def __init__(
        self,
        *,
        app: str,
        log: Log,
        vault: Redact,
        keep: Callable[[bytes, bool], str],
        packages: Packages,
        app_prefixes: Sequence[str],
        joiner: Joiner,
        on_event: Callable[[Event], None] = lambda event: None,
        on_needles: Callable[[list[Needle]], None] = lambda needles: None,
        on_fault: Callable[[MonitorError], None] = lambda fault: None,
    ) -> None:
        """``on_fault`` is told once, from the thread that met it, when nothing can be written any more."""
        self.app = app
        self.counts: Counter[str] = Counter()
        self.fault: MonitorError | None = None
        self._log = log
        self._vault = vault
        self._keep = keep
        self._packages = packages
        self._prefixes = list(app_prefixes)
        self._joiner = joiner
        self._on_event = on_event
        self._on_needles = on_needles
        self._on_fault = on_fault
        self._queue: queue.Queue[_Item | None] = queue.Queue(WAITING)
        self._owners: dict[int, str] = {0: ""}
        self._known: set[tuple[str, str]] = set()
        self._transforms = Transforms(app)
        self._numbers = 0
        self._lost = 0
        self._lock = threading.Lock()
        self._ended = 0
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="bus", daemon=True)

    def app_is(self, package: str, prefixes: Sequence[str]) -> None:
        """The app under test turned out to be this one; call before it is started."""
        self.app = package
        self._prefixes = list(prefixes)

    def know(self, values: Sequence[RawValue]) -> tuple[list[ValueRef], list[Needle]]:
        """Values planted by other means: their references, and needles for the proxy. Before ``start``."""
        refs = [self._vault.redact(value) for value in values]
        needles = [Needle(value.data_type, ref.tag, value.text) for value, ref in zip(values, refs, strict=True)]
        for value, ref in zip(values, refs, strict=True):
            self._transforms.know(value, ref)
        self._known.update((needle.data_type, needle.tag) for needle in needles)
        return refs, needles

    def app_ends(self) -> None:
        """The app is about to be stopped: a handshake that breaks off from now on was broken off by that."""
        self._ended = now_us()

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def emit(self, event: Event, values: Sequence[RawValue] = ()) -> None:
        """Record an event; when the queue is full it is counted and reported as lost."""
        if self._closed:
            return
        # By when it comes in, not by when its turn comes: what failed before the app was stopped may still wait.
        if isinstance(event, TlsFailure) and event.t <= self._ended and broken_off(event.alert):
            event = msgspec.structs.replace(event, reading=ENDED)
        try:
            self._queue.put_nowait(_Item(event, tuple(values)))
        except queue.Full:
            with self._lock:
                self._lost += 1

    def blob(self, data: bytes, *, private: bool) -> str:
        """Keep bytes and return their SHA-256. Where nothing can be kept any more, the session is told to end."""
        try:
            return self._keep(data, private)
        except MonitorError as error:
            self._failed(error)
            return hashlib.sha256(data).hexdigest()

    def stack_number(self) -> int:
        """A new stack number."""
        with self._lock:
            self._numbers += 1
            return self._numbers

    def close(self) -> None:
        """Write what waits, then stop. Call when no collector runs any more."""
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
        """The first fault ends the session; those that follow from it say nothing new."""
        with self._lock:
            first, self.fault = self.fault is None, self.fault or fault
        if first:
            self._on_fault(fault)

    def _write(self, event: Event, values: tuple[RawValue, ...]) -> None:
        if event.app != self.app and event.src.startswith("proxy"):
            event = msgspec.structs.replace(event, app=self.app)
        event = self._attributed(event, values)
        if values and isinstance(event, ApiCall):
            event = self._redacted(event, values)
        kind = str(event.__struct_config__.tag)
        try:
            event = self._log.append(event)
        except InputError as error:
            self._append_health(1, {"kind": kind, "why": printable(error.message, 200)})
            return
        self.counts[kind] += 1
        self._on_event(event)

    def _report_loss(self) -> None:
        if not self._lost:
            return
        with self._lock:
            lost, self._lost = self._lost, 0
        self._append_health(lost, {"why": "the queue was full"})

    def _append_health(self, lost: int, detail: dict[str, str]) -> None:
        event = Health(
            t=now_us(), err=0, src="runner", app=self.app, component="bus", what="lost", n=lost, detail=detail
        )
        self.counts["health"] += 1
        self._on_event(self._log.append(event))

    def _attributed(self, event: Event, values: tuple[RawValue, ...]) -> Event:
        if isinstance(event, Stack):
            self._owners[event.stack] = owner(event.frames, self._packages, self._prefixes)
        elif isinstance(event, Transmission):
            return self._joiner.transmission(event)
        elif isinstance(event, TlsFailure):
            return self._joiner.tls_failure(event)
        elif isinstance(event, ApiCall | PermissionRequest | Window | Connection) and event.stack and not event.sdk:
            event = msgspec.structs.replace(event, sdk=self._owners.get(event.stack, ""))
        if isinstance(event, Connection):
            # The path of a request stays here: it links the request to what leaves, and may hold personal values.
            self._joiner.connection(event, values[0].text if values else "")
        return event

    def _redacted(self, event: ApiCall, values: tuple[RawValue, ...]) -> ApiCall:
        if event.role == "transform":
            refs, made = self._transforms.made(event, values)
            if made:
                self._on_needles([Needle(*needle) for needle in made])
            return msgspec.structs.replace(event, values=refs)
        refs = [self._vault.redact(value) for value in values]
        for value, ref in zip(values, refs, strict=True):
            self._transforms.know(value, ref)
        new = [
            Needle(value.data_type, ref.tag, value.text)
            for value, ref in zip(values, refs, strict=True)
            if (value.data_type, ref.tag) not in self._known
        ]
        if new:
            self._known.update((needle.data_type, needle.tag) for needle in new)
            self._on_needles(new)
        return msgspec.structs.replace(event, values=refs)
