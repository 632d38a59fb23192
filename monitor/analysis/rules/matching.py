"""A match: how certain it is, when there are enough of them, and the base of the patterns that give them.

A match is first as certain as its times (``CERTAIN``, ``WITHOUT``). Guards, possible values and filters that call for a
person or leave something open lower it (``softened``): nothing else decides its status. Where a rule asks for several,
none counts before they have come (``Threshold``), and they are together as certain as enough of them are.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from monitor.analysis.rules.context import Context
from monitor.analysis.rules.given import NOBODY, Filter, Subject
from monitor.events import ApiCall, Event

if TYPE_CHECKING:
    from monitor.analysis.rules.plan import Check

EVIDENCED, REVIEW, INCONCLUSIVE = "evidenced", "review", "inconclusive"
#: Status when a refusal (or neighbour) was in force, and when consent was not, by answer.
CERTAIN: Final = {"yes": EVIDENCED, "maybe": INCONCLUSIVE, "unclear": REVIEW, "unread": INCONCLUSIVE}
WITHOUT: Final = {"no": EVIDENCED, "maybe": INCONCLUSIVE, "unclear": REVIEW, "unread": INCONCLUSIVE}


class Hit(msgspec.Struct, frozen=True, eq=False):
    """A match: its certainty, other supporting events, plain facts to show."""

    event: Event
    subject: Subject
    status: str
    events: tuple[int, ...] = ()
    detail: dict[str, str] = {}


class Softer(NamedTuple):
    """Filters that lower a match's status; None = none."""

    review: Filter | None
    """A person must assess it."""
    unsure: Filter | None
    """It is not known which function the app is in."""
    doubt: Filter | None
    """Something that could not be read may excuse it: an answer, or what a screen says."""
    unproven: Filter | None = None
    """It depends on the recipient, of which there is only a name that the app wrote into a message to an address."""
    guard: str = ""
    """What the doubt is called among the guards of a finding."""


#: What most patterns have.
NOTHING: Final = Softer(None, None, None)


def softened(hit: Hit, context: Context, softer: Softer, why: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """The status and the guards in force. ``why``: those that do not depend on the moment; any guard makes evidence a
    case for review."""
    status, e, s = hit.status, hit.event, hit.subject
    if softer is NOTHING and not why and s.certainty == "found":
        return status, ("not_read",) if "unread" in hit.detail else ()
    review, unsure, doubt, unproven, guard = softer
    if s.certainty == "possible":
        why = (*why, "possible_value")
    if review is not None and review(e, context, s):
        why = (*why, "needs_a_person")
    status = REVIEW if why and status == EVIDENCED else status
    for test, name in ((unsure, "function_unknown"), (unproven, "recipient_unproven"), (doubt, guard)):
        if test is not None and status != INCONCLUSIVE and test(e, context, s):
            status, why = INCONCLUSIVE, (*why, name)
    return status, (*why, "not_read") if "unread" in hit.detail else why


def together(statuses: Collection[str], least: int) -> str:
    """The status of a match that consists of others, ``least`` of which it needs."""
    if sum(status == EVIDENCED for status in statuses) >= least:
        return EVIDENCED
    return INCONCLUSIVE if INCONCLUSIVE in statuses else REVIEW


class Threshold[Match]:
    """Gives each match once, as soon as it is one of ``least`` in a row within ``span_us`` (0 = any time)."""

    def __init__(self, least: int, span_us: int) -> None:
        self._held: deque[tuple[int, Match]] = deque(maxlen=least)
        self._span = span_us
        self._new = 0
        """How many of the latest were not given yet."""

    def add(self, t: int, match: Match) -> Sequence[Match]:
        """The next match, and what to count now."""
        held, least = self._held, self._held.maxlen or 1
        held.append((t, match))
        self._new = min(self._new + 1, least)
        if len(held) < least or (self._span and abs(t - held[0][0]) > self._span):
            return ()
        given = [match for _, match in list(held)[-self._new :]]
        self._new = 0
        return given


class Matcher:
    """The state of one check in one analysis: asked about events whose filter holds. As it is, each is a match."""

    waits = False
    """Whether later events decide a match."""

    def __init__(self, check: Check) -> None:
        self.check = check

    def possible(self, c: Context, e: ApiCall | None = None, s: Subject = NOBODY) -> bool:
        """Whether anything can be a match after what has been observed so far; with a call: whether one like it can
        that is not earlier. Asked again after each change."""
        return True

    def evaluate(self, e: Event, c: Context, s: Subject) -> Iterable[Hit]:
        """Matches for an event whose filter holds."""
        return (Hit(e, s, EVIDENCED),)

    def advance(self, e: Event, c: Context) -> Iterable[Hit]:
        """Matches that were waiting for a later event."""
        return ()

    def stands(self, hit: Hit, c: Context) -> bool:
        """Whether a match that was set aside for an unread answer is still one at the end."""
        return True

    def finish(self, c: Context, newest: int) -> Iterable[Hit]:
        """Matches that the end of the log decides; ``newest`` is the time of its latest event."""
        return ()
