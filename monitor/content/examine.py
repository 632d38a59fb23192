"""Decode one message, search it and complete its event."""

from __future__ import annotations

import msgspec

from monitor.content.decode import Message, decode, status
from monitor.content.search import Searcher, ascii_path, public_path
from monitor.content.tree import Limits, Tree
from monitor.events import Transmission


def examine(
    searcher: Searcher, event: Transmission, message: Message, *, limits: Limits | None = None, cut: str = ""
) -> tuple[Transmission, Tree]:
    """The event with ``matches``, ``decoded``, ``reason`` and a ``path`` without known values, and the decode tree.

    ``event.path`` is the request target as sent. ``cut`` says why the body is incomplete, if it is.
    """
    tree = decode(message, limits)
    if cut:
        tree.partial(cut)
    if event.bytes > len(message.body):
        tree.partial(f"limit: {len(message.body)} of {event.bytes} bytes decoded")
    decoded, reason = status(tree, message)
    if event.decoded == "opaque":
        decoded, reason = "opaque", event.reason
    complete = msgspec.structs.replace(
        event,
        path=public_path(searcher, event.path),
        matches=searcher.search(tree),
        decoded=decoded,
        reason=ascii_path(searcher.hide(reason)),
    )
    return complete, tree
