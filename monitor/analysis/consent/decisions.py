"""The decision table: what a tap decides, by what was observed of it (``tables/consent_decisions.yaml``)."""

from functools import cache
from typing import Any, Final, Literal, NamedTuple, get_args

from monitor.base.errors import InputError, printable
from monitor.knowledge.wordlists import derived, table

Scopes = Literal["asked", "questioned", "policy", "account", "switched", "standing", "perhaps", ""]


_STATES: Final = frozenset("granted denied withdrawn off unread nothing".split())


class Conditions(NamedTuple):
    """The conditions of a row, as worded in the table."""

    says: str
    control: str = "button"
    question: str = "no"
    switch: str = "no"
    names: str = "no"
    box: str = "no"
    window: str = "none"
    beside: str = "others"
    policy: str = "open"
    again: str = "no"


class Decision(NamedTuple):
    """A row of the table."""

    id: str
    when: dict[str, frozenset[str]]
    scopes: Scopes
    state: str
    clear: str
    means: dict[str, str]
    example: dict[str, Any]


@derived
@cache
def rows() -> tuple[Decision, ...]:
    """The table in its order."""
    return tuple(_row(raw) for raw in table("consent_decisions")["rows"])


def _row(raw: dict[str, Any]) -> Decision:
    try:
        when = {str(name): frozenset(map(str, value)) for name, value in raw["when"].items()}
        gives, name = raw["gives"], str(raw["id"])
        row = Decision(name, when, gives.get("scopes", ""), gives["state"], gives.get("clear", "no"), raw["means"],
                  raw["example"])  # fmt: skip
    except (KeyError, TypeError, AttributeError):
        raise InputError("not a row of the decision table", where="consent_decisions.yaml") from None
    window = row.scopes not in ("asked", "perhaps") or "window" in when
    if not (
        set(when) <= set(Conditions._fields) and row.scopes in get_args(Scopes) and row.state in _STATES and window
    ):
        raise InputError(f"a row with an unknown decision: {printable(name, 40)}", where="consent_decisions.yaml")
    return row


def decide(facts: Conditions) -> Decision | None:
    """The first row whose conditions hold; None = nothing was decided."""
    known: Final = facts._asdict()
    return next((row for row in rows() if all(known[name] in value for name, value in row.when.items())), None)
