"""A fact: one decorated function whose name a ``where:`` may use, for the event kinds to which it applies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from monitor.analysis.rules.context import Context, Subject
from monitor.events import KINDS

Compute = Callable[[Any, Context, Subject], Any]
#: Kinds that involve a data type, that show words to the user, that concern a permission.
USES: Final = ("api_call", "transmission", "connection")
SCREENS: Final = ("window", "ui_snapshot")
REQUESTS: Final = ("permission_request", "permission_result", "prompt", "api_call")


class Fact(NamedTuple):
    """``compute(event, context, subject)``, for events of ``kinds``.

    ``static``: depends on the role, data type, SDK and outcome of a call only, so that it is computed once per
    combination. ``alone``: depends on the event only.
    """

    compute: Compute
    kinds: frozenset[str]
    static: bool
    alone: bool

    @property
    def doc(self) -> str:
        """One-line description."""
        return (self.compute.__doc__ or "").strip()


FACTS: Final[dict[str, Fact]] = {}


def fact(*kinds: str, static: bool = False, alone: bool = False) -> Callable[[Compute], Compute]:
    """Register a function as the fact of its name. Raises ``ValueError`` for an invalid kind or name."""

    def register(compute: Compute) -> Compute:
        name = compute.__name__
        unknown = set(kinds) - set(KINDS)
        if name in FACTS or unknown or not kinds:
            raise ValueError(f"the fact {name}: {sorted(unknown) or 'registered before, or for no kind'}")
        FACTS[name] = Fact(compute, frozenset(kinds), static, alone)
        return compute

    return register
