"""mitmproxy without what only its own programs need. Import this before anything of mitmproxy.

Its package of addons imports all of them when one is imported: among them an LDAP client and a web framework, which are
a third of what the worker loads.
"""

import importlib.util
import sys
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Final

_ADDONS: Final = "mitmproxy.addons"


def _bare(name: str) -> None:
    """Make a package importable part by part: without its ``__init__``."""
    parent = importlib.util.find_spec(name.partition(".")[0])
    if name in sys.modules or parent is None or parent.submodule_search_locations is None:
        return
    package = ModuleType(name)
    package.__path__ = [f"{place}/{name.rpartition('.')[2]}" for place in parent.submodule_search_locations]
    package.__spec__ = ModuleSpec(name, None, is_package=True)
    sys.modules[name] = package


_bare(_ADDONS)
