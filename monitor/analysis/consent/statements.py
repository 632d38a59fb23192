"""The operator's statement about a tap: a scenario step, or a label given afterwards. It settles scope and decision;
the moment is that of the observed tap."""

from collections import deque
from collections.abc import Mapping
from typing import Final, NamedTuple

from monitor.analysis.timeline import Mark
from monitor.events import Consent, Step, Tap

#: The scenario's steps that state a consent.
_VERBS: Final = frozenset({"consent", "withdraw", "toggle"})
#: A statement refers to a tap at most this long before it (microseconds), unless its own step made one.
NEAR_US: Final = 30_000_000
#: A step reports after its tap was made and the screen read again: events wait this long for it.
SETTLE_US: Final = 8_000_000


class Label(NamedTuple):
    """A person's statement about one dialog after the session."""

    scope: str
    state: str
    by: str
    at: str


class Answer(NamedTuple):
    """A tap with the marks that were read from it."""

    tap: Tap
    events: frozenset[int]
    """Its own number, that of its other witness, and that of its window."""
    marks: tuple[tuple[str, Mark], ...]
    window: int = 0
    """Number of the event that showed the window, 0 = not known."""


class Statements:
    """The most recent taps, for statements that refer to them."""

    def __init__(self, labels: Mapping[int, tuple[Label, ...]]) -> None:
        self._labels = labels
        self._answers: deque[Answer] = deque(maxlen=32)
        self.started: int | None = None
        """Start of the current step, if it is one of ``_VERBS``."""

    def step(self, event: Step) -> None:
        """A step began or ended."""
        if event.state == "started":
            self.started = event.t if event.verb in _VERBS else None

    def tapped(self, answer: Answer) -> tuple[Label, ...]:
        """Remember a tap; returns the labels that a person gave it."""
        self._answers.append(answer)
        return tuple(label for number in sorted(answer.events) for label in self._labels.get(number, ()))

    def since_step(self) -> list[Answer]:
        """The taps of the current step, in order."""
        if self.started is None:
            return []
        return [a for a in self._answers if a.tap.t + a.tap.err >= self.started]

    def meant(self, event: Consent) -> Answer | None:
        """The tap to which a statement refers: the last of its own step, otherwise the last one shortly before."""
        own = self.since_step()
        if own:
            return own[-1]
        last = self._answers[-1] if self._answers else None
        return last if last is not None and event.t - last.tap.t <= NEAR_US else None
