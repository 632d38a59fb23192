"""What happened around a finding: its own events, the taps and notices near them, the stacks behind them. Pure."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from monitor.analysis.consent.timelines import KeptMark
from monitor.analysis.consent.window import seen
from monitor.analysis.correlate.findings import Finding
from monitor.analysis.timeline import AGAINST
from monitor.events import ApiCall, Event, Frame, Lifecycle, Stack, Step, Tap, Transmission, Window

_OWN: Final = 60
#: Other transmissions of the same kind of data that are kept.
BESIDE: Final = 200
_DECIDED: Final = frozenset({"granted", "denied", "withdrawn", "unread"})


class Moments:
    """The parts of an account. Events keep their sequence numbers."""

    def __init__(self, finding: Finding, events: Sequence[Event], marks: Sequence[KeptMark]) -> None:
        """``events``: in log order, its own and, as far as they are known, those that are no calls. ``marks``: those in
        the results (``coverage.jsonl``)."""
        at, by_seq = finding.first_seen, {event.seq: event for event in events}
        wanted = frozenset(finding.events[:_OWN])
        self.start = start_of(events) if events else at
        self.own = sorted((by_seq[seq] for seq in wanted & by_seq.keys()), key=lambda e: (e.t, e.seq))
        """The finding's events, by time."""
        self.step = _step(events, at)
        """The scenario's step during which it was first seen."""
        self.notice = _notice(events, at, {seq for mark in marks if mark.scope == "policy" for seq in mark.events})
        """The last policy notice shown before the first of them; else the first one after it."""
        numbers = {stack_of(event) for event in self.own} - {0}
        stacks = {e.stack: e for e in events if isinstance(e, Stack)}
        self.stacks = {number: stacks[number].frames for number in sorted(numbers & stacks.keys())}
        """By number."""
        self.submitters = {
            number: stacks[by].frames for number in self.stacks if (by := stacks[number].submitter) in stacks
        }
        """The frames of who submitted the task in which a stack was met, by its number."""
        self.elsewhere, self.same = _sent(finding, self.own, (e for e in events if e.seq not in wanted))
        """Other transmissions in which the values that it read were seen leaving, or if there are none, other values of
        their type; whether those are the values that it read."""
        self._decide(wanted, by_seq, _Decisions(finding, marks))

    def _decide(self, wanted: frozenset[int], by_seq: Mapping[int, Event], decisions: "_Decisions") -> None:
        """What of the app's decisions bears on it."""
        rests = [mark for mark in (decisions.last, decisions.later, decisions.unclear) if mark]
        answers = {mark: by_seq.get(mark.seq) for mark in rests}
        answer = answers[decisions.last] if decisions.last else None
        self.settled, self.unread = decisions.settled, decisions.unread
        self.decided = None if isinstance(answer, Window) else answer
        """What decided a relevant consent last before it: a tap, a switch, an answer to a prompt, a step."""
        taps: dict[KeptMark | None, Tap] = {m: event for m, event in answers.items() if isinstance(event, Tap)}
        self.agreed, self.unclear = taps.get(decisions.later), taps.get(decisions.unclear)
        """The first tap after it that agreed, unless the user had agreed before; of what is for review, that on which
        it rests and whose words leave open what it decided."""
        self.between = next((event for event in self.own if event.seq in decisions.undone), None)
        """The first refusal or withdrawal among its own events, after the first of them."""
        bearing = wanted.union(mark.seq for mark in rests)
        self.read = {seq for mark in decisions.read if bearing & {mark.seq, *mark.events} for seq in mark.events}
        """The taps that were read and on which it rests, with the windows to which they belong."""


class _Decisions:
    """The decisions of a finding's app that bear on it, by time."""

    def __init__(self, finding: Finding, marks: Iterable[KeptMark]) -> None:
        own = [mark for mark in marks if mark.app == finding.app and mark.state in _DECIDED]
        self.read = [mark for mark in own if mark.basis == "read"]
        about = finding.data_type, finding.recipient, finding.events
        decided = sorted((mark for mark in own if mark.bears_on(*about)), key=lambda mark: (mark.t, mark.seq))
        place = bisect_right(decided, finding.first_seen, key=lambda mark: mark.t)
        self.last, after = decided[place - 1] if place else None, decided[place:]
        state = self.last.state if self.last else ""
        self.settled = state == "granted"
        """The last answer before was an agreement: a later one is about something else."""
        self.unread = self.last.seq if self.last and state == "unread" else 0
        """The tap before it that could not be read, if it was the last answer; 0 = none."""
        self.later = None if self.settled else next((mark for mark in after if mark.state == "granted"), None)
        self.undone = {mark.seq for mark in after if mark.state in AGAINST}
        self.unclear = _unclear(decided, finding.events) if finding.status == "review" else None


def _unclear(decided: Iterable[KeptMark], events: Collection[int]) -> KeptMark | None:
    """The first mark of these events that leaves open what was decided."""
    return next((m for m in decided if not m.clear and m.state != "unread" and m.seq in events), None)


def _step(events: Iterable[Event], at: int) -> Step | None:
    begun = (e for e in events if isinstance(e, Step) and e.state == "started" and e.t <= at)
    return max(begun, key=lambda step: step.seq, default=None)


def _notice(events: Iterable[Event], at: int, named: Collection[int]) -> Window | None:
    """``named``: the windows on which decisions about the policy rest."""
    shown = (e for e in events if isinstance(e, Window) and e.action == "shown")
    notices = [window for window in shown if window.seq in named or seen(window).policy]
    return next((window for window in reversed(notices) if window.t <= at), notices[0] if notices else None)


def _sent(finding: Finding, own: Iterable[Event], others: Iterable[Event]) -> tuple[list[Transmission], bool]:
    sent = (e for e in others if isinstance(e, Transmission) and e.t + e.err >= finding.first_seen)
    typed = [e for e in sent if _holds(e, finding.data_type)][:BESIDE]
    tags = frozenset(value.tag for event in own if isinstance(event, ApiCall) for value in event.values)
    same = [e for e in typed if _holds(e, finding.data_type, tags)] if tags else []
    return same or typed, bool(same)


def _holds(event: Transmission, data_type: str, tags: frozenset[str] = frozenset()) -> bool:
    """Whether something of a type was found in a message; ``tags``: one of these values."""
    return any(
        m.data_type == data_type and m.certainty == "found" and (not tags or m.tag in tags) for m in event.matches
    )


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
