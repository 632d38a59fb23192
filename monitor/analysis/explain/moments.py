"""What happened around a finding: its own events, the taps and notices near them, the stacks behind them. Pure."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from monitor.analysis.consent.marks import KeptMark
from monitor.analysis.consent.window import seen
from monitor.analysis.correlate.findings import Finding
from monitor.analysis.timeline import AGAINST
from monitor.events import ApiCall, Event, Frame, Lifecycle, Stack, Step, Tap, Transmission, Window

_OWN: Final = 60
#: Other transmissions of the same kind of data that are kept.
_BESIDE: Final = 200


_DECIDED: Final = frozenset({"granted", "denied", "withdrawn", "unread"})


class Moments:
    """The parts of an account, collected in one pass; memory is bounded by the finding and the relevant consent marks.
    Events keep their sequence numbers."""

    def __init__(self, finding: Finding, marks: Sequence[KeptMark]) -> None:
        self.start = finding.first_seen
        """As ``start_of``."""
        self.own: list[Event] = []
        """The finding's events, by time."""
        self.notice: Window | None = None
        """The last policy notice shown before the first of them; else the first one after it."""
        self.step: Step | None = None
        """The scenario's step during which it was first seen."""
        self.stacks: dict[int, list[Frame]] = {}
        """By number."""
        self.elsewhere: list[Transmission] = []
        """Other transmissions in which the values that it read were seen leaving, or if there are none, other values of
        their type."""
        self.same = False
        """Whether those are the values that it read."""
        self.decided: Event | None = None
        """What decided last before it, if it was no tap: a switch, an answer to a prompt, a step."""
        self.between: Event | None = None
        """The first refusal or withdrawal among its own events, after the first of them."""
        self._finding = finding
        self._wanted = frozenset(finding.events[:_OWN])
        self._first: Event | None = None
        self._process: Lifecycle | None = None
        self._taps: dict[int, Tap] = {}
        self._notices = {seq for mark in marks if mark.scope == "policy" for seq in mark.events}
        about = finding.data_type, finding.recipient, finding.events
        bearing = [m for m in marks if m.app == finding.app and m.bears_on(*about)]
        decided = sorted((m for m in bearing if m.state in _DECIDED), key=lambda m: (m.t, m.seq))
        self._earlier = next((m for m in reversed(decided) if m.t <= finding.first_seen), None)
        later = [m for m in decided if m.t > finding.first_seen and m.state == "granted"]
        self._agreed = later[0] if later and not self.settled else None
        resting = (m for m in decided if not m.clear and m.state != "unread" and m.seq in finding.events)
        self._unclear = next(resting, None) if finding.status == "review" else None
        self._marked = {m.seq for m in (self._earlier, self._agreed, self._unclear) if m is not None}
        read = (m for m in marks if m.app == finding.app and m.basis == "read" and m.state in _DECIDED)
        self.read = {n for m in read if (self._wanted | self._marked) & {m.seq, *m.events} for n in m.events}
        """The taps that were read and on which it rests, with the windows to which they belong."""
        self._undone = {m.seq for m in decided if m.t > finding.first_seen and m.state in AGAINST}

    @property
    def settled(self) -> bool:
        """The last answer before was an agreement: a later one is about something else."""
        return self._earlier is not None and self._earlier.state == "granted"

    @property
    def unread(self) -> int:
        """The tap before it that could not be read, if it was the last answer; 0 = none."""
        return self._earlier.seq if self._earlier is not None and self._earlier.state == "unread" else 0

    @property
    def earlier(self) -> Tap | None:
        """The last tap before it that decided a relevant consent."""
        return self._taps.get(self._earlier.seq) if self._earlier else None

    @property
    def agreed(self) -> Tap | None:
        """The first tap after it that agreed, unless the user had agreed before."""
        return self._taps.get(self._agreed.seq) if self._agreed else None

    @property
    def unclear(self) -> Tap | None:
        """Of what is for review: the tap on which it rests and whose words leave open what it decided."""
        return self._taps.get(self._unclear.seq) if self._unclear else None

    def take(self, event: Event) -> None:
        """The next event, in log order."""
        self._first = self._first or event
        if event.seq in self._wanted:
            self.own.append(event)
            if event.seq in self._undone and (self.between is None or event.t < self.between.t):
                self.between = event
        before = event.t <= self._finding.first_seen
        if isinstance(event, Lifecycle) and event.what == "process_start":
            self._process = self._process or event
        elif isinstance(event, Window):
            if event.action == "shown" and (event.seq in self._notices or seen(event).policy):
                self.notice = event if before or self.notice is None else self.notice
        elif isinstance(event, Tap) and event.seq in self._marked:
            self._taps[event.seq] = event
        elif self._earlier is not None and event.seq == self._earlier.seq:
            self.decided = event
        elif isinstance(event, Transmission) and event.seq not in self._wanted and len(self.elsewhere) < _BESIDE:
            if event.t + event.err >= self._finding.first_seen and _holds(event, self._finding.data_type):
                self.elsewhere.append(event)
        elif isinstance(event, Step) and before and event.state == "started":
            self.step = event

    def complete(self, read: Callable[[], Iterable[Event]]) -> None:
        """All events were taken. ``read`` iterates over them afresh."""
        self.own.sort(key=lambda e: (e.t, e.seq))
        if numbers := {number for event in self.own if (number := stack_of(event))}:
            self.stacks = {e.stack: e.frames for e in read() if isinstance(e, Stack) and e.stack in numbers}
        if begin := self._process or self._first:
            self.start = begin.t
        tags = frozenset(value.tag for event in self.own if isinstance(event, ApiCall) for value in event.values)
        if tags and (same := [event for event in self.elsewhere if _holds(event, self._finding.data_type, tags)]):
            self.elsewhere, self.same = same, True


def _holds(event: Transmission, data_type: str, tags: frozenset[str] = frozenset()) -> bool:
    """Whether something of a type was found in a message; ``tags``: one of these values."""
    return any(
        m.data_type == data_type and m.certainty == "found" and (not tags or m.tag in tags) for m in event.matches
    )


def collect(finding: Finding, read: Callable[[], Iterable[Event]], marks: Sequence[KeptMark]) -> Moments:
    """Two passes over the events: ``read`` iterates over them afresh each time, in log order. ``marks``: those in the
    results (``coverage.jsonl``)."""
    found = Moments(finding, marks)
    for event in read():
        found.take(event)
    found.complete(read)
    return found


def start_of(events: Iterable[Event]) -> int:
    """The zero of relative times: the app's first process start, otherwise the first event; 0 without events."""
    first: Event | None = None
    for event in events:
        first = first or event
        if isinstance(event, Lifecycle) and event.what == "process_start":
            return event.t
    return first.t if first else 0


def stack_of(event: Event) -> int:
    """The number of the stack that an event names, 0 = none."""
    return int(getattr(event, "stack", 0)) if not isinstance(event, Stack) else 0


def carried(own: Iterable[Event], data_type: str = "", recipient: str = "") -> list[Transmission]:
    """The transmissions among the events; of a finding about data that names no recipient, those in which the data were
    found: another only shows what time it was."""
    sent = (event for event in own if isinstance(event, Transmission))
    every = recipient or not data_type
    return [one for one in sent if every or any(match.data_type == data_type for match in one.matches)]


def without_repeats(frames: Iterable[Frame]) -> list[Frame]:
    """Frames for display: a hooked method is in the stack twice, as the hook entry (without a line number) and as the
    original; it is shown once."""
    shown: list[Frame] = []
    for frame in frames:
        before = shown[-1] if shown else None
        if before and (before.cls, before.method) == (frame.cls, frame.method) and 0 in (before.line, frame.line):
            shown[-1] = before if before.line else frame
        else:
            shown.append(frame)
    return shown
