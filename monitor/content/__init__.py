"""Decoding of bodies, identifiers, search. Pure.

``decode(message)`` decodes a message into a ``Tree``; ``Searcher`` holds the known values as patterns and finds them in
a tree, and reports values that merely have the form of an identifier as ``possible``.
"""

from monitor.content.decode import Message, decode, status
from monitor.content.needles import Needle
from monitor.content.search import Searcher, public_path
from monitor.content.tree import Limits, Tree

__all__ = ["Limits", "Message", "Needle", "Searcher", "Tree", "decode", "public_path", "status"]
