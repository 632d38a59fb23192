"""The tables by which a tap is read (``consent_decisions.yaml``): what its control says there, what that decides."""

from functools import cache
from typing import Any, Final, NamedTuple

from monitor.base.errors import InputError, printable
from monitor.knowledge.wordlists import derived, table

_STATES: Final = frozenset("granted denied withdrawn off unread nothing".split())
_SCOPES: Final = frozenset(
    "asked questioned kept at_large policy account switched standing perhaps boxes purposes".split()
)
_WORDS: Final = {True: "yes", False: "no"}


class Row(NamedTuple):
    """A row of a table. ``scopes`` and ``state`` are empty among the meanings, ``says`` among the decisions."""

    id: str
    when: dict[str, frozenset[str]]
    means: dict[str, str]
    example: dict[str, Any]
    says: str = ""
    scopes: str = ""
    state: str = ""
    clear: str = "no"


class Record(NamedTuple):
    """How a tap was read: the rows that held, the values of their conditions, the words on the control that count, and
    the speech acts of its window with the words that make them (empty: it does not make it)."""

    meaning: str
    row: str
    conditions: dict[str, str]
    words: str
    acts: dict[str, str]


@derived
@cache
def rows(name: str = "decisions") -> tuple[Row, ...]:
    """A table (``meanings`` or ``decisions``) in its order. Raises ``InputError``."""
    return tuple(_row(raw) for raw in table("consent_decisions")[name])


def _row(raw: dict[str, Any]) -> Row:
    try:
        when = {str(name): frozenset(map(str, values)) for name, values in raw["when"].items()}
        row = Row(str(raw["id"]), when, raw["means"], raw["example"], **raw["gives"])
    except (KeyError, TypeError, AttributeError):
        raise InputError("not a row of the decision table", where="consent_decisions.yaml") from None
    if not row.says and (
        row.state not in _STATES or row.scopes not in _SCOPES | ({""} if row.state == "nothing" else set())
    ):
        raise InputError(f"a row with an unknown decision: {printable(row.id, 40)}", where="consent_decisions.yaml")
    return row


def value(facts: object, name: str) -> str:
    """A condition as it is worded in the tables; ``seen.ACT``: of the requesting window. Raises ``InputError`` for one
    that is not known."""
    known = facts
    for part in name.split("."):
        known = getattr(known, part, None)
    if not isinstance(known, str | bool):
        raise InputError(f"an unknown condition: {printable(name, 40)}", where="consent_decisions.yaml")
    return _WORDS[known] if isinstance(known, bool) else known


def first(name: str, facts: object) -> Row | None:
    """The first row of a table whose conditions hold; None = none does."""
    known: dict[str, str] = {}  # each is asked for once, and only if a row gets to it

    def holds(condition: str, values: frozenset[str]) -> bool:
        if condition not in known:
            known[condition] = value(facts, condition)
        return known[condition] in values

    return next((row for row in rows(name) if all(holds(*condition) for condition in row.when.items())), None)
