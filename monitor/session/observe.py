"""What collectors deliver: events, raw values separately from them, and blobs.

Implemented by ``Bus`` in ``monitor/record/bus.py``.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

from monitor.base.clock import now_us
from monitor.events import Event, Health, HealthDetail, HealthWord

#: Lengths below this are all rounded to the same length.
_LEAST: Final = 32


def bucket(length: int) -> int:
    """A length rounded up so that it reveals little: 0, 32, or the next number with four significant binary digits.

    >>> [bucket(n) for n in (0, 1, 33, 100, 1000, 123_456)]
    [0, 32, 36, 104, 1024, 131072]
    """
    if length <= _LEAST:
        return _LEAST if length > 0 else 0
    step = 1 << max(0, length.bit_length() - 4)
    return (length + step - 1) // step * step


def health_of(
    part: str, app: str, what: HealthWord, detail: HealthDetail, *,
    pid: int = 0, n: int = 0, src: str = "runner", err: int = 0,
) -> Health:  # fmt: skip
    """What happened just now to a part of the monitor. ``pid`` 0: not about a single process."""
    return Health(t=now_us(), err=err, src=src, app=app, pid=pid, component=part, what=what, detail=detail, n=n)


class RawValue(NamedTuple):
    """A personal value on its way to the private part: never logged, never printed."""

    data_type: str
    text: str


class Sink(Protocol):
    """Where collectors deliver what they observed. Thread-safe; never blocks longer than one queue operation."""

    def emit(self, event: Event, values: Sequence[RawValue] = ()) -> None:
        """Record an event. ``values`` of a call become its ``values`` (commitment, tag) and search needles for the
        proxy; that of a request is its path, of which a keyed hash is kept."""

    def blob(self, data: bytes, *, private: bool) -> str:
        """Keep bytes in the bundle. Returns the name by which an event may refer to them (64 hex digits): their
        SHA-256, or its keyed digest for what the app or user wrote (``private``), so that guesses cannot be checked."""

    def stack_number(self) -> int:
        """A new number for a ``stack`` event, unique in the session."""
