"""Names that a ``where:`` may use besides the fields of its event. Modules here are discovered automatically."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Final

from monitor.analysis.rules.facts.registry import FACTS, Compute

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")

#: What is the same for all calls of one role, data type, SDK and outcome: evaluated once per combination.
STATIC: Final = frozenset({name for name, fact in FACTS.items() if fact.static} | {"role", "sdk", "outcome"})
#: Facts that depend on the event alone.
ALONE: Final = frozenset(name for name, fact in FACTS.items() if fact.alone)


__all__ = ["ALONE", "FACTS", "STATIC", "facts_of"]


@cache
def facts_of(kind: str) -> dict[str, Compute]:
    """The facts that apply to events of a kind, by name."""
    return {name: fact.compute for name, fact in FACTS.items() if kind in fact.kinds}
