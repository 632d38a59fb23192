"""Names that a ``where:`` may use besides the fields of its event: functions of the modules here, which are discovered
automatically (``monitor.analysis.rules.fact``). Those of one rule are in the module of its family, those of several in
``shared`` and ``shown``, and those that one look-up answers in the table of ``lookups``."""

from functools import cache
from importlib import import_module
from inspect import getmembers, isfunction
from pkgutil import iter_modules

from monitor.analysis.rules.fact import FACTS, Fact, fact, is_fact

for _found in iter_modules(__path__):
    _module = import_module(f"{__name__}.{_found.name}")
    for _name, _function in getmembers(_module, isfunction):
        _own = _function.__module__ == _module.__name__ and not _name.startswith("_")
        if _own and _name not in FACTS and is_fact(_function):
            fact(_function)

__all__ = ["FACTS", "facts_of"]


@cache
def facts_of(kind: str) -> dict[str, Fact]:
    """The facts that apply to events of a kind, by name."""
    return {name: fact for name, fact in FACTS.items() if kind in fact.kinds}
