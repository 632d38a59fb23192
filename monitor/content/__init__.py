"""Decoding of bodies, identifiers, search. Pure.

``decode(message)`` decodes a message into a ``Tree``; ``Searcher`` holds the known values as patterns and finds them in
a tree, and reports values that merely have the form of an identifier as ``possible``.
"""

from importlib.util import find_spec

from monitor.base.errors import EnvironmentFault
from monitor.content.decode import Message, decode, status
from monitor.content.needles import Needle
from monitor.content.search import Searcher, public_path
from monitor.content.tree import Limits, Tree

#: Loaded when a message first needs them: one that needs what is not there would not be searched.
if _missing := [name for name in ("cbor2", "cramjam", "lz4") if find_spec(name) is None]:
    raise EnvironmentFault(f"not installed: {', '.join(_missing)}", hint=f"pip install {' '.join(_missing)}")

__all__ = ["Limits", "Message", "Needle", "Searcher", "Tree", "decode", "public_path", "status"]
