"""Names that a ``where:`` may use besides the fields of its event: functions of the modules here, which are discovered
automatically (``monitor.analysis.rules.fact``). Those of one rule are in the module of its family, those of several in
``shared`` and ``shown``, those that one look-up answers in the table of ``lookups``, and those that only the type
``undisclosed`` asks for in ``undeclared``."""

from importlib import import_module
from inspect import getmembers, isfunction
from pkgutil import iter_modules

from monitor.analysis.rules.fact import FACTS, fact, facts_of, is_fact

for _found in iter_modules(__path__):
    _module = import_module(f"{__name__}.{_found.name}")
    for _name, _function in getmembers(_module, isfunction):
        _own = _function.__module__ == _module.__name__ and not _name.startswith("_")
        if _own and _name not in FACTS and is_fact(_function):
            fact(_function)

__all__ = ["FACTS", "facts_of"]
