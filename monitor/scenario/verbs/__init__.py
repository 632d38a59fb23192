"""One function per verb. Importing this package imports each module here and so fills ``registry.VERBS``."""

from importlib import import_module
from pkgutil import iter_modules

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
