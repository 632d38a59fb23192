"""The operator's statement about a tap: a scenario step, or a label given afterwards. It settles scope and decision
in place of what was read from the screen; the moment is that of the observed tap."""

from collections import deque
from collections.abc import Mapping
from typing import Final, NamedTuple

from monitor.analysis.consent.dialogue import Notices
from monitor.analysis.consent.timelines import Timelines
from monitor.analysis.timeline import Mark, Moment
from monitor.events import Consent, Step, Tap

#: The scenario's steps that state a consent.
_VERBS: Final = frozenset({"consent", "withdraw", "toggle"})
#: A statement refers to a tap at most this long before it (microseconds), unless its own step made one.
NEAR_US: Final = 30_000_000
#: A step reports after its tap was made and the screen read again: events wait this long for it.
SETTLE_US: Final = 8_000_000
_OPPOSED: Final = {"granted": ("denied", "withdrawn"), "denied": ("granted",), "withdrawn": ("granted",)}
#: One tap necessarily decides both.
_TOGETHER: Final = {"account", "policy"}


class Label(NamedTuple):
    """A person's statement about one dialog after the session."""

    scope: str
    state: str
    by: str
    at: str


class Note(NamedTuple):
    """Something a reader must know about the observation itself."""

    what: str
    detail: dict[str, str]
    events: tuple[int, ...]


class Answer(NamedTuple):
    """A tap with the marks that were read from it."""

    tap: Tap
    events: frozenset[int]
    """Its own number, that of its other witness, and that of its window."""
    marks: tuple[tuple[str, Mark], ...]
    window: int = 0
    """Number of the event that showed the window, 0 = not known."""


class Statements:
    """The most recent taps, and what is stated of them. ``notes``: contradictions, and statements without a tap."""

    def __init__(self, lines: Timelines, notices: Notices, labels: Mapping[int, tuple[Label, ...]]) -> None:
        self._lines, self._notices, self._labels = lines, notices, labels
        self._answers: deque[Answer] = deque(maxlen=32)
        self._started: int | None = None
        """Start of the current step, if it is one of ``_VERBS``."""
        self.notes: list[Note] = []

    def step(self, event: Step) -> None:
        """A step began or ended."""
        if event.state == "started":
            self._started = event.t if event.verb in _VERBS else None

    def since_step(self) -> list[Answer]:
        """The taps of the current step, in order."""
        started = self._started
        return [a for a in self._answers if started is not None and a.tap.t + a.tap.err >= started]

    def meant(self, event: Consent) -> Answer | None:
        """The tap to which a statement refers: the last of its own step, otherwise the last one shortly before."""
        near = (a for a in (self.since_step() or [*self._answers])[-1:])
        return next((a for a in near if self.since_step() or event.t - a.tap.t <= NEAR_US), None)

    def tapped(self, answer: Answer) -> bool:
        """Remember a tap, and settle it by the labels that a person gave it; whether there are any."""
        self._answers.append(answer)
        labels = [label for number in sorted(answer.events) for label in self._labels.get(number, ())]
        for label in labels:
            if label.state == "nothing":
                self._nothing(answer)
            else:
                detail = {"by": label.by, "at": label.at}
                self._settle(label.scope, label.state, answer, answer.marks, (answer.tap.seq,), "labelled", detail)
        return bool(labels)

    def stated(self, event: Consent) -> None:
        """The scenario's step states what its tap decided."""
        if event.scope.startswith("permission:") or event.state not in _OPPOSED:
            return  # the system's own answer is observed; "shown" decides nothing
        answer = self.meant(event)
        if answer is None:
            start = min(self._started or event.t, event.t)
            when = Moment((start + event.t) // 2, (event.t - start) // 2 + event.err, event.src, event.seq)
            self._lines.add(event.scope, when, event.state, True, (event.seq,), basis="stated")
            self.notes.append(Note("stated_without_tap", {"scope": event.scope, "stated": event.state}, (event.seq,)))
            return
        step = self.since_step()
        read = tuple(pair for one in step or [answer] for pair in one.marks)
        for one in step:
            self._lines.unread.settle(set(one.events))
        self._settle(event.scope, event.state, answer, read, (event.seq,), "stated", {})

    def _settle(
        self, scope: str, state: str, answer: Answer, read: tuple[tuple[str, Mark], ...], events: tuple[int, ...],
        basis: str, detail: dict[str, str],
    ) -> None:  # fmt: skip
        """Replace what was read from a tap by what was stated about it. A contradiction is noted and leaves the
        statement in doubt. Of what was read for other scopes, a refusal is dropped, but for what one tap decides as
        well; an agreement stays, in doubt unless the stated scope was read as well."""
        self._lines.unread.settle(set(answer.events))
        if scope == "policy" and answer.window:
            self._notices.known(answer.window)
        at: Tap | Moment = answer.tap
        witnesses = tuple(sorted({*answer.events, *events}))
        # A screen that was read as requesting the stated scope was understood: its other requests were decided as well.
        agreed = any(name == scope and mark.state == state for name, mark in read)
        standing = [(name, mark) for name, mark in read if mark in self._lines.scopes[name]]
        opposed = [m.state for name, m in standing if name == scope and m.clear and m.state in _OPPOSED.get(state, ())]
        for name, mark in standing:
            together = {scope, name} == _TOGETHER
            if name == scope:
                if mark.state == state:
                    at, witnesses = Moment(mark.t, mark.err, mark.src, mark.seq), tuple({*mark.events, *events})
                self._lines.drop(name, mark)
            elif mark.state != "granted":
                if not (together and mark.state == state):
                    self._lines.drop(name, mark)
            elif mark.clear and not (agreed or together):
                self._lines.drop(name, mark)
                self._lines.scopes[name].add(mark._replace(clear=False))
        self._lines.add(scope, at, state, not opposed, tuple(sorted(witnesses)), basis=basis)
        self._lines.recheck()
        if opposed:
            detail = {"scope": scope, "stated": state, "observed": opposed[0], **detail}
            self.notes.append(Note("consent_hint_differs", detail, witnesses))

    def _nothing(self, answer: Answer) -> None:
        """A person states that a tap decided nothing."""
        self._lines.unread.settle(set(answer.events))
        self._notices.strange.pop(answer.window, None)
        for scope, mark in answer.marks:
            self._lines.drop(scope, mark)
