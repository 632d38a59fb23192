"""Names that a ``where:`` may use besides the fields of its event: those of several rules in ``shared`` and
``shown``, those of one rule side by side. Modules here are discovered automatically."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from monitor.analysis.rules.fact import FACTS, Fact

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")

__all__ = ["FACTS", "facts_of"]


@cache
def facts_of(kind: str) -> dict[str, Fact]:
    """The facts that apply to events of a kind, by name."""
    return {name: fact for name, fact in FACTS.items() if kind in fact.kinds}
