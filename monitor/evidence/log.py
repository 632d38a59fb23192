"""The evidence log: append-only JSON Lines, hash-chained, durable by group commit.

``append`` gives the event its number, links it and returns at once; a writer thread writes and ``fdatasync``s a batch
when 256 events wait, after 50 ms, or at once for a critical kind. ``flush`` waits until everything appended is
durable. A log that cannot be written stops visibly: the writer calls ``on_failure`` and every later call raises.
"""

from __future__ import annotations

import base64
import os
import threading
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from monitor.base import host
from monitor.base.clock import now_us
from monitor.base.errors import EnvironmentFault, InputError, MonitorError, own_fault
from monitor.events import KINDS, Event
from monitor.evidence import bag, stacks
from monitor.evidence.keys import Signer
from monitor.evidence.lines import frame
from monitor.evidence.standalone import verify as standalone
from monitor.evidence.standalone.verify import EVENTS, GENESIS, Checkpoint, MerkleTree, leaf_hash

#: Kinds that are made durable at once, because the findings depend on their time.
CRITICAL: Final = frozenset({"consent", "prompt", "permission_result", "tap"})
_CRITICAL_TYPES: Final = frozenset(KINDS[kind] for kind in CRITICAL)

#: Is told of a failure.
Told = Callable[[MonitorError], None]


class Policy(NamedTuple):
    """When to sync and to write a checkpoint. Times in seconds, sizes in bytes."""

    batch: int = 256
    interval: float = 0.05
    segment: int = 64 << 20
    checkpoint_events: int = 10_000
    checkpoint_seconds: float = 30.0
    pending: int = 50_000
    """With this many events not yet durable, ``append`` waits for the disk."""


class Head(NamedTuple):
    """The log's state: number of events, hash of the last line (64 hex digits) and Merkle root (64 hex digits)."""

    size: int
    chain: str
    root: str


def checkpoint_line(checkpoint: Checkpoint, signer: Signer) -> bytes:
    """The signed line for ``checkpoints.jsonl``, newline included."""
    text = checkpoint.text()
    blob = base64.b64encode(standalone.key_hash(signer.public.raw) + signer.sign(text.encode())).decode()
    return standalone.note_line(f"{text}\n— {standalone.ORIGIN} {blob}\n") + b"\n"


class SegmentWriter:
    """Appends batches of lines, rolls segments, keeps the tree. Used by one thread at a time. Raises ``OSError``."""

    def __init__(
        self, bundle: Path, signer: Signer, limit: int, tree: MerkleTree, chain: bytes, number: int = 1, since: int = 0
    ) -> None:
        """``since``: the time of the last checkpoint, in microseconds; none may be older (the clock of another machine,
        or of this one after a restart, may be behind)."""
        self.bundle, self.signer, self.limit = bundle, signer, limit
        self.tree, self.chain = tree, chain.decode()
        self._number = number
        self._written = -1
        self._since = since
        self._open()

    def _open(self) -> None:
        self.path = self.bundle / EVENTS / f"{self._number:06}.jsonl"
        self._fd = host.opened(self.path, host.APPEND, 0o644)
        self._size = os.fstat(self._fd).st_size
        host.synced(self.path.parent)

    def write(self, lines: list[bytes]) -> None:
        """Write and sync a batch, then roll if the segment is full."""
        data = b"\n".join(lines) + b"\n"
        bag.write_all(self._fd, data)
        host.flush(self._fd)
        self._size += len(data)
        self.tree.extend([leaf_hash(line) for line in lines])
        self.chain = sha256(lines[-1]).hexdigest()
        if self._size >= self.limit:
            self.checkpoint()
            os.close(self._fd)
            self._number += 1
            self._open()

    def checkpoint(self) -> None:
        """Write a signed checkpoint over everything written, unless the last one is identical."""
        if self.tree.size == self._written or not self.tree.size:
            return
        self._since = max(now_us(), self._since)
        state = Checkpoint(self.tree.size, self.tree.root().hex(), self.chain, self._since)
        bag.append_file(self.bundle / standalone.CHECKPOINTS, checkpoint_line(state, self.signer))
        self._written = self.tree.size

    def close(self) -> None:
        """Write the last checkpoint and close the file."""
        self.checkpoint()
        os.close(self._fd)


class EvidenceLog:
    """One writer of one bundle's log. Thread-safe."""

    def __init__(self, writer: SegmentWriter, policy: Policy, on_failure: Told | None, frames: int = 0) -> None:
        """``frames``: how many the log defines already, if it goes on."""
        self._writer, self._policy, self._on_failure = writer, policy, on_failure
        self._stacks = stacks.StackWriter(frames)
        self._seq = self._durable = writer.tree.size
        self._prev = writer.chain.encode()
        self._pending: list[bytes] = []
        self._first_pending = 0.0
        self._urgent = self._closing = False
        self._failure: MonitorError | None = None
        self._lock = threading.Lock()
        self._work = threading.Condition(self._lock)
        self._done = threading.Condition(self._lock)
        self._thread = threading.Thread(target=self._run, name="evidence-log", daemon=True)
        self._thread.start()

    @classmethod
    def create(
        cls, bundle: Path, signer: Signer | None = None, *, policy: Policy = Policy(), on_failure: Told | None = None
    ) -> EvidenceLog:
        """An empty log in the bundle's directory. Raises ``InputError`` if there is one already.

        Without a ``signer`` checkpoints are signed with a throw-away key: pass the bundle's.
        """
        (bundle / EVENTS).mkdir(parents=True, exist_ok=True)
        if any((bundle / EVENTS).iterdir()):
            raise InputError("there is already a log", where=str(bundle / EVENTS))
        writer = SegmentWriter(bundle, signer or Signer.generate(), policy.segment, MerkleTree(), GENESIS)
        return cls(writer, policy, on_failure)

    def append(self, event: Event) -> Event:
        """Number, link and queue the event; the numbered event is returned. Durable after ``flush``.

        Raises ``InputError`` for an event that the log could not read back (nothing is appended then), and
        ``EnvironmentFault`` once the log cannot be written.
        """
        with self._lock:
            self._check()
            while len(self._pending) >= self._policy.pending and not self._failure:
                self._done.wait()
            self._check()
            numbered = msgspec.structs.replace(event, seq=self._seq + 1)
            line = frame(self._prev, self._stacks.encode(numbered, standalone.MAX_LINE - standalone.BODY))
            self._prev = sha256(line).hexdigest().encode()
            self._seq += 1
            self._pending.append(line)
            if len(self._pending) == 1:
                self._first_pending = time.monotonic()
                self._work.notify()
            if type(event) in _CRITICAL_TYPES:
                self._urgent = True
                self._work.notify()
            elif len(self._pending) == self._policy.batch:
                self._work.notify()
            return numbered

    def _check(self) -> None:
        if self._failure:
            raise self._failure
        if self._closing:
            raise EnvironmentFault("the evidence log is closed")

    @property
    def seq(self) -> int:
        """Number of the last event appended."""
        return self._seq

    @property
    def durable(self) -> int:
        """Number of the last event that is written and synced."""
        return self._durable

    def flush(self) -> int:
        """Wait until every event appended so far is durable; its number. Raises ``EnvironmentFault``."""
        with self._lock:
            target = self._seq
            self._urgent = bool(self._pending) or self._urgent
            self._work.notify()
            while self._durable < target and not self._failure:
                self._done.wait()
            if self._failure:
                raise self._failure
            return target

    def close(self) -> Head:
        """Make everything durable, write the last checkpoint and end the thread. Idempotent.

        Raises ``EnvironmentFault`` if something could not be written.
        """
        with self._lock:
            self._closing = True
            self._work.notify()
        self._thread.join()
        if self._failure:
            raise self._failure
        return Head(self._seq, self._prev.decode(), self._writer.tree.root().hex())

    def _run(self) -> None:
        """The writer thread: one batch per iteration until closed; any fault ends the log, visibly."""
        try:
            self._rounds()
            self._writer.close()
        except Exception as error:  # noqa: BLE001 - whatever it is, nothing more becomes durable and callers must know
            failure = own_fault(error)
            if isinstance(error, OSError):
                why = f"the evidence log cannot be written: {error.strerror or type(error).__name__}"
                hint = "free space or fix the disk; what was recorded before is kept"
                failure = EnvironmentFault(why, where=str(self._writer.path), hint=hint)
            with self._lock:
                self._failure = failure
                self._done.notify_all()
            if self._on_failure:
                self._on_failure(failure)

    def _rounds(self) -> None:
        last_time, last_size = time.monotonic(), self._seq
        while True:
            with self._lock:
                batch, closing = self._next_batch(), self._closing
            if batch:
                self._writer.write(batch)
            elif closing:
                return
            with self._lock:
                self._durable += len(batch)
                self._done.notify_all()
            now = time.monotonic()
            many = self._durable - last_size >= self._policy.checkpoint_events
            if many or now - last_time >= self._policy.checkpoint_seconds:
                self._writer.checkpoint()
                last_time, last_size = now, self._durable

    def _next_batch(self) -> list[bytes]:
        """Wait for work (lock held): what to write next; nothing if the log is to be closed."""
        while not self._closing:
            waiting = len(self._pending)
            left = self._first_pending + self._policy.interval - time.monotonic() if waiting else None
            if waiting and left is not None and (waiting >= self._policy.batch or self._urgent or left <= 0):
                break
            self._work.wait(left)
        batch, self._pending, self._urgent = self._pending, [], False
        return batch
