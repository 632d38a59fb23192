"""A fact: a function whose name a ``where:`` may use. A public function of a module in ``facts`` is one if it answers
with a truth value, a text or a number and has no other parameters than these.

They say on what it depends: ``e``, the event, whose annotation names the kinds for which it has an answer; ``c``, the
state of the app; ``s``, the part of the event under assessment; ``d``, the declaration; any other, a field of the
event. So it is known without being told what may be computed once for many calls, and what on arrival.
"""

import inspect
from collections.abc import Callable
from functools import cache
from typing import Any, Final, NamedTuple, get_args, get_type_hints

from monitor.analysis.rules.context import Context
from monitor.analysis.rules.given import Subject
from monitor.events import KINDS, ApiCall, Connection, Event, Transmission, UiSnapshot, Window

Answer = bool | str | int | frozenset[str]
#: Events that involve a data type, and those that show words to the user; the kinds of the former.
Use = ApiCall | Transmission | Connection
Shown = Window | UiSnapshot
USES: Final = ("api_call", "transmission", "connection")


class Fact(NamedTuple):
    """What a name stands for: ``compute(*inputs)``, for events of ``kinds``."""

    compute: Callable[..., Answer]
    kinds: frozenset[str]
    inputs: tuple[str, ...]

    @property
    def doc(self) -> str:
        """One-line description."""
        return " ".join((self.compute.__doc__ or "").split())

    def of(self, e: Event, c: Context, s: Subject) -> Answer:
        """The answer for a part of an event."""
        given = {"e": e, "c": c, "s": s, "d": c.declaration}
        return self.compute(*[given[name] if name in given else getattr(e, name) for name in self.inputs])


FACTS: Final[dict[str, Fact]] = {}
#: Those that only types of patterns ask for: their names begin with ``_``, which no filter may write.
INTERNAL: Final[dict[str, Fact]] = {}


def fact[F: Callable[..., Answer]](compute: F) -> F:
    """Register a function of an event as the fact of its name. Raises ``ValueError`` for a name that is taken."""
    return about(*_made(compute).kinds)(compute)


def about[F: Callable[..., Answer]](*kinds: str) -> Callable[[F], F]:
    """Decorator: as ``fact``, for a function that does not take the event. Raises ``ValueError`` for an invalid kind,
    too."""

    def register(compute: F) -> F:
        name, unknown = compute.__name__, set(kinds) - set(KINDS)
        if name in FACTS or unknown or not kinds:
            raise ValueError(f"the fact {name}: {sorted(unknown) or 'registered before, or for no kind'}")
        (INTERNAL if name.startswith("_") else FACTS)[name] = _made(compute)._replace(kinds=frozenset(kinds))
        return compute

    return register


def is_fact(compute: Callable[..., Any]) -> bool:
    """Whether a function is one by its parameters and its result."""
    return get_type_hints(compute).get("return") in get_args(Answer) and bool(_made(compute).kinds)


@cache
def facts_of(kind: str) -> dict[str, Fact]:
    """The facts that apply to events of a kind, by name. Not before those of ``facts`` are registered."""
    return {name: fact for name, fact in {**FACTS, **INTERNAL}.items() if kind in fact.kinds}


def _made(compute: Callable[..., Any]) -> Fact:
    """A fact for the kinds of events that its function takes."""
    inputs, struct = tuple(inspect.signature(compute).parameters), get_type_hints(compute).get("e", Event)
    fields = set(inputs) - {"e", "c", "s", "d"}
    structs = [one for one in get_args(struct) or (struct,) if fields <= set(one.__struct_fields__)]
    return Fact(compute, frozenset(str(one.__struct_config__.tag) for one in structs), inputs)
