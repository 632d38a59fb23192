"""A finding: one rule, one app, one subject; what was observed, with which certainty, under which clauses. And the
result of an analysis, which is findings with the coverage. Plain data."""

import hashlib
from collections.abc import Iterable
from typing import Final, NamedTuple

import msgspec

from monitor.text.reasons import Coverage

LEVELS: Final = ("info", "low", "medium", "high", "critical")
STATUSES: Final = ("inconclusive", "review", "evidenced")
GRADES: Final = ("attempted", "access", "collection")
#: How many events a finding names at most.
NAMED_EVENTS: Final = 40


class ClauseRef(msgspec.Struct, frozen=True, kw_only=True):
    """A clause with its rank (1 law … 7 store rule, 8 guidance of foreign authorities) and how it is known."""

    pack: str
    ref: str
    rank: int
    confidence: str


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One line of ``findings.jsonl``. A measurement, not a determination.

    ``grade``: ``attempted`` = requested, shown or tried, no value observed; ``access`` = a value was returned;
    ``collection`` = the value, or an encoding of it, was observed in outgoing traffic. ``events`` are sequence numbers
    in the log, the first 40; ``count`` is how many matches of this status there were. ``guards``: what the rule weighs
    in any case, and what else keeps the matches of this status from being evidence (``needs_a_person``: its filter for
    review; ``not_read``, ``possible_value`` …): none of these on an evidenced finding.
    """

    rule: str
    pattern: str
    status: str
    grade: str
    level: str
    app: str
    data_type: str
    sdk: str
    recipient: str
    permission: str
    first_seen: int
    last_seen: int
    events: list[int]
    count: int
    fingerprint: str
    title: str
    title_zh: str
    clauses: list[ClauseRef]
    detail: dict[str, str]
    guards: list[str]
    assumptions: list[str]
    advice: str
    advice_zh: str


class Assessment(NamedTuple):
    """The result of an analysis."""

    findings: list[Finding]
    coverage: list[Coverage]


#: One line of JSON without newline, keys sorted.
encode: Final = msgspec.json.Encoder(order="sorted").encode
#: The finding of a line. Raises ``msgspec.ValidationError``.
decode: Final = msgspec.json.Decoder(Finding).decode


def fingerprint(*parts: str) -> str:
    """Identity of a finding across sessions: 16 hex digits of SHA-256 over its subject, not its time."""
    apart = (part.replace("\x1e", "\x1e0").replace("\x1f", "\x1e1") for part in parts)  # a class may be named so
    return hashlib.sha256("\x1f".join(apart).encode()).hexdigest()[:16]


def at_least(level: str, floor: str) -> bool:
    """Whether a level is at or above another."""
    return LEVELS.index(level) >= LEVELS.index(floor)


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    """Strongest status and level first, then by time, as the reports number them."""
    return sorted(findings, key=lambda f: (-STATUSES.index(f.status), -LEVELS.index(f.level), f.first_seen, f.rule))
