"""What collectors hand over: events, raw values apart from them, and blobs. Implemented by ``monitor.record``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from monitor.events import Event


class RawValue(NamedTuple):
    """A personal value on its way to the private part: never logged, never printed."""

    data_type: str
    text: str


class Sink(Protocol):
    """Where collectors put what they saw. Thread-safe; never blocks longer than one queue operation."""

    def emit(self, event: Event, values: Sequence[RawValue] = ()) -> None:
        """Record an event. ``values`` become its ``values`` (commitment, tag) and search needles for the proxy."""

    def blob(self, data: bytes, *, private: bool) -> str:
        """Keep bytes in the bundle and return their SHA-256 (hex): private for anything the app or user wrote."""

    def stack_number(self) -> int:
        """A new number for a ``stack`` event, unique in the session."""
