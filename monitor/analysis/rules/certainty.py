"""How certain a match is, and when there are enough of them: the only place that decides either.

A match is first as certain as its times (``CERTAIN``, ``WITHOUT``). Guards, possible values and filters that call for a
person or leave something open lower it (``softened``). Where a rule asks for several, none counts before they have come
(``Threshold``), and they are together as certain as enough of them are.
"""

from collections import deque
from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

import msgspec

from monitor.analysis.rules.context import Context
from monitor.analysis.rules.expression import Filter
from monitor.analysis.rules.given import Subject
from monitor.events import Event

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
    if unsure is not None and status != INCONCLUSIVE and unsure(e, context, s):
        status, why = INCONCLUSIVE, (*why, "function_unknown")
    if unproven is not None and status != INCONCLUSIVE and unproven(e, context, s):
        status, why = INCONCLUSIVE, (*why, "recipient_unproven")
    if doubt is not None and status != INCONCLUSIVE and doubt(e, context, s):
        return INCONCLUSIVE, (*why, guard)
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
