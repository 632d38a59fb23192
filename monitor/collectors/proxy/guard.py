"""Which mitmproxy may run here, without what only its own programs need. Import this before anything of mitmproxy.

Its package of addons imports all of them when one is imported: among them an LDAP client and a web framework, which are
a third of what the worker loads.
"""

import importlib.metadata
import importlib.util
import sys
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Final


def _import_by_parts(name: str) -> None:
    """Make a package importable part by part: without its ``__init__``."""
    parent = importlib.util.find_spec(name.partition(".")[0])
    if name in sys.modules or parent is None or parent.submodule_search_locations is None:
        return
    package = ModuleType(name)
    package.__path__ = [f"{place}/{name.rpartition('.')[2]}" for place in parent.submodule_search_locations]
    package.__spec__ = ModuleSpec(name, None, is_package=True)
    sys.modules[name] = package


_import_by_parts("mitmproxy.addons")

import mitmproxy.options  # noqa: E402, F401  only now; raises ImportError where it cannot be loaded

_LEAST: Final = (12, 2, 3)
_BELOW: Final = (12, 3)


class Unsafe(Exception):
    """This mitmproxy must not be used. Later ones have options that sign with a third party's leaked authority."""


def check_version(version: str | None = None) -> str:
    """The installed version, if it is within the pin. Raises ``Unsafe``."""
    version = version if version is not None else importlib.metadata.version("mitmproxy")
    try:
        parts = tuple(int(p) for p in version.split(".")[:3])
    except ValueError:
        parts = ()
    if not _LEAST <= parts < _BELOW:
        raise Unsafe(f"mitmproxy {version} is outside >=12.2.3,<12.3")
    return version
