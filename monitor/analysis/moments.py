"""What happened around a finding: its own events, the taps and notices beside them, the stacks behind them. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from monitor.analysis.findings import Finding
from monitor.analysis.words import label, pattern, plain, screen
from monitor.events import Event, Frame, Lifecycle, Stack, Step, Tap, Transmission, UiSnapshot, Window

_OWN: Final = 60
_SAME_TAP_US: Final = 2_000_000


class Moments(NamedTuple):
    """The parts of a story. Events keep their sequence numbers; ``stacks`` by number."""

    start: int
    """Time of the first process start, else of the first event."""
    own: list[Event]
    """The finding's events, by time."""
    notice: Window | None
    """The last policy notice shown before the first of them; else the first one after it."""
    earlier: Tap | None
    """The last tap before it that decided something."""
    agreed: Tap | None
    """The first tap after it that agreed, unless the user had agreed before."""
    step: Step | None
    """The scenario's step during which it was first seen."""
    stacks: dict[int, list[Frame]]

    @property
    def settled(self) -> bool:
        """The last answer before was a yes: a later one is about something else."""
        return _yes(self.earlier)


class _Around:
    """Collects in one pass; memory is bounded by the finding."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        self.wanted = frozenset(finding.events[:_OWN])
        self.first: Event | None = None
        self.process: Lifecycle | None = None
        self.own: list[Event] = []
        self.notice: Window | None = None
        self.earlier: Tap | None = None
        self.agreed: Tap | None = None
        self.step: Step | None = None
        self._taps: deque[Tap] = deque(maxlen=8)
        self._asked = False
        """A policy notice was on the screen at some time: without one, no yes is an agreement to it."""

    def take(self, event: Event) -> None:
        self.first = self.first or event
        if event.seq in self.wanted:
            self.own.append(event)
        before = event.t <= self.finding.first_seen
        if isinstance(event, Lifecycle) and event.what == "process_start":
            self.process = self.process or event
        elif isinstance(event, Window | UiSnapshot):
            self._screen(event, before)
        elif isinstance(event, Tap):
            self._tap(event, before)
        elif isinstance(event, Step) and before and event.state == "started":
            self.step = event

    def _screen(self, event: Window | UiSnapshot, before: bool) -> None:
        if isinstance(event, UiSnapshot):
            self._asked |= screen("", event.texts, event.buttons, event.boxes).policy
        elif (
            event.action == "shown" and screen(event.title, event.texts, event.buttons, event.boxes, event.links).policy
        ):
            self._asked = True
            if before or self.notice is None:
                self.notice = event

    def _tap(self, tap: Tap, before: bool) -> None:
        verdict = label(tap.label).verdict
        twins = [o for o in self._taps if o.label == tap.label and abs(o.t - tap.t) < _SAME_TAP_US and o.via != tap.via]
        self._taps.append(tap)
        if not verdict or (twins and tap.via != "hook"):
            return
        if self.earlier in twins:
            self.earlier = None  # the hook knows the moment of it better than the runner
        if self.agreed in twins:
            self.agreed = None
        if before:
            self.earlier = tap
        elif verdict == "accept" and self.agreed is None and not _yes(self.earlier) and self._meant(tap):
            self.agreed = tap

    def _meant(self, tap: Tap) -> bool:
        return self._asked or pattern("policy").search(plain(tap.label)) is not None


def _yes(tap: Tap | None) -> bool:
    return tap is not None and label(tap.label).verdict == "accept"


def collect(finding: Finding, read: Callable[[], Iterable[Event]]) -> Moments:
    """Two passes over the events: ``read`` gives them anew each time, in the order of the log."""
    around = _Around(finding)
    for event in read():
        around.take(event)
    own = sorted(around.own, key=lambda e: (e.t, e.seq))
    numbers = {number for event in own if (number := stack_of(event))}
    stacks = {e.stack: e.frames for e in read() if isinstance(e, Stack) and e.stack in numbers} if numbers else {}
    begin = around.process or around.first
    start = begin.t if begin else finding.first_seen
    return Moments(start, own, around.notice, around.earlier, around.agreed, around.step, stacks)


def stack_of(event: Event) -> int:
    """The number of the stack that an event names, 0 = none."""
    return int(getattr(event, "stack", 0)) if not isinstance(event, Stack) else 0


def carried(own: Iterable[Event]) -> list[Transmission]:
    """The transmissions among the events."""
    return [event for event in own if isinstance(event, Transmission)]


def told(frames: Iterable[Frame]) -> list[Frame]:
    """Frames for people: a hooked method stands in the stack twice, as the entry (without a line) and as the original
    behind it; it is told once."""
    shown: list[Frame] = []
    for frame in frames:
        before = shown[-1] if shown else None
        if before and (before.cls, before.method) == (frame.cls, frame.method) and 0 in (before.line, frame.line):
            shown[-1] = before if before.line else frame
        else:
            shown.append(frame)
    return shown
