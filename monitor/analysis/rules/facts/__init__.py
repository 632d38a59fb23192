"""Facts: names that a ``where:`` may use besides the fields of its event.

A fact is a public function of a module here that answers with a truth value, a text, a number or a set of texts. Its
parameters say on what it depends: ``e``, the event, whose annotation names the kinds for
which it has an answer; ``c``, the state of the app; ``s``, the part of the event under assessment; ``d``, the
declaration; any other, a field of the event. So it is known without being told what may be computed once for many
calls, and what on arrival. Those that one look-up answers are in the table ``lookups.yaml``, those that only the type
``undisclosed`` asks for in ``undeclared``.
"""

import inspect
from collections.abc import Callable, Collection, Mapping
from functools import cache
from importlib import import_module
from operator import attrgetter
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, Final, NamedTuple, get_args, get_type_hints

from monitor.analysis.consent import text
from monitor.analysis.consent.text import find, plain
from monitor.analysis.consent.window import seen
from monitor.analysis.rules.answers import consented
from monitor.analysis.rules.context import Context
from monitor.analysis.rules.declared import entries
from monitor.analysis.rules.given import Subject
from monitor.base.yamlfile import load
from monitor.events import KINDS, ApiCall, Connection, Event, Transmission, UiSnapshot, Window
from monitor.knowledge.wordlists import table

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


def fact(compute: Callable[..., Any], kinds: Collection[str] = ()) -> str:
    """Register a function as the fact of its name, for some kinds of events or those that it takes. Returns the name.
    Raises ``ValueError`` for a name that is taken and an invalid kind."""
    name, kinds = compute.__name__, kinds or _kinds_taken(compute)
    if name in FACTS or not kinds or not set(kinds) <= KINDS.keys():
        raise ValueError(f"the fact {name}: {sorted(set(kinds) - KINDS.keys()) or 'registered before, or for no kind'}")
    named = INTERNAL if name.startswith("_") else FACTS
    named[name] = Fact(compute, frozenset(kinds), tuple(inspect.signature(compute).parameters))
    return name


def _kinds_taken(compute: Callable[..., Any]) -> Collection[str]:
    """The kinds of events that a function takes; without an event or a field of one, those that involve a data type."""
    inputs, struct = set(inspect.signature(compute).parameters), get_type_hints(compute).get("e", Event)
    fields = inputs - {"e", "c", "s", "d"}
    structs = [one for one in get_args(struct) or (struct,) if fields <= set(one.__struct_fields__)]
    return USES if inputs <= {"s", "d"} else [str(one.__struct_config__.tag) for one in structs]


@cache
def facts_of(kind: str) -> dict[str, Fact]:
    """The facts that apply to events of a kind, by name. Not before those of ``facts`` are registered."""
    return {name: fact for name, fact in {**FACTS, **INTERNAL}.items() if kind in fact.kinds}


_KINDS: Final = {"use": USES, "screen": ("window", "ui_snapshot"), "any": tuple(KINDS)}
#: What is looked up, by the key of its name: the function that a fact is, with the inputs that its parameters name.
_WAYS: Final[Mapping[str, Callable[..., Callable[..., Answer]]]] = {
    "part": lambda name: lambda s: getattr(s, name),
    "listed": lambda name: lambda s: s.data_type in table("data_types")[name],
    "hooks": lambda name: lambda e: e.hook in table("data_types")[name],
    "types": lambda path: lambda s, d: s.data_type in attrgetter(path)(d),
    "entry": lambda name: lambda e, c, s: any(getattr(item, name) for item in entries(e, c, s)),
    "declares": lambda path: lambda d: attrgetter(path)(d) not in (None, False, ""),
    "consent": lambda scope, answers: lambda e, c: consented(c, scope, e).answer in answers,
    "agreed": lambda scope: lambda e, c, s: consented(c, scope.format(data_type=s.data_type), e).answer == "yes",
    "asks": lambda path: lambda e, c: attrgetter(path)(c)(e),
    "control": lambda name: lambda e: bool(getattr(text, name)(e.label)),
    "label": lambda name: lambda e: bool(find(plain(e.label), name)),
    "among": lambda name: lambda e, c: e.seq in getattr(c, name),
    "shows": lambda attribute: lambda e: getattr(seen(e), attribute),
}

for _name, _entry in load(Path(__file__).with_name("lookups.yaml")).items():
    _way = next(key for key in _entry if key in _WAYS)
    _compute = _WAYS[_way](_entry[_way], *([_entry["answers"]] if "answers" in _entry else []))
    _compute.__name__, _compute.__doc__ = _name, _entry["says"]
    fact(_compute, _KINDS.get(_entry["of"], _entry["of"].split()))
for _found in iter_modules(__path__):
    _module = import_module(f"{__name__}.{_found.name}")
    for _name, _compute in inspect.getmembers(_module, inspect.isfunction):
        _own = _compute.__module__ == _module.__name__ and not _name.startswith("_")
        if _own and get_type_hints(_compute).get("return") in get_args(Answer) and _kinds_taken(_compute):
            fact(_compute)
