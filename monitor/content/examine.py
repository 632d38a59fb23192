"""Decode one message, search it and complete its event."""

from typing import Final

import msgspec

from monitor.content.decode import Message, decode, status
from monitor.content.hits import ascii_path
from monitor.content.search import Searcher, public_path
from monitor.content.tree import Tree
from monitor.events import Transmission

_LONGEST_NAME: Final = 253


def across(searcher: Searcher, event: Transmission, before: bytes, body: bytes) -> Transmission:
    """The event of a part of a stream, including values that begin in the previous part (``before``: its end).

    What is complete in the previous part belongs to that part and is not reported again.
    """
    if not before:
        return event
    whole = searcher.search(decode(Message(body=before + body)), shapes=False)
    own = {(match.data_type, match.tag) for match in event.matches}
    own |= {(m.data_type, m.tag) for m in searcher.search(decode(Message(body=before)), shapes=False)}
    cut = [m for m in whole if m.certainty == "found" and (m.data_type, m.tag) not in own]
    return msgspec.structs.replace(event, matches=[*event.matches, *cut]) if cut else event


def _named(host: str) -> bool:
    """Whether it is a name, which somebody chose, and no address."""
    return "." in host and len(host) <= _LONGEST_NAME and not host.rpartition(".")[2].isdigit() and ":" not in host


def examine(searcher: Searcher, event: Transmission, message: Message, *, cut: str = "") -> tuple[Transmission, Tree]:
    """The event with ``matches``, ``decoded``, ``reason`` and a ``path`` without known values, and the decode tree.

    ``event.path`` is the request target as sent. ``cut`` says why the body is incomplete, if it is.
    """
    names = (
        ()
        if "#" in event.flow
        else dict.fromkeys(name for name in (event.sni, event.host, event.named) if _named(name))
    )
    tree = decode(message._replace(hosts=tuple(name.encode("utf-8", "replace") for name in names)))
    if cut:
        tree.partial(cut)
    if event.bytes > len(message.body):
        tree.partial(f"limit: {len(message.body)} of {event.bytes} bytes decoded")
    decoded, reason = status(tree, message)
    if event.decoded == "opaque":
        decoded, reason = "opaque", event.reason
    matches = searcher.search(tree)
    matches = [*matches, *searcher.unmask(tree, decoded != "yes", matches)]
    complete = msgspec.structs.replace(
        event,
        path=public_path(searcher, event.path),
        matches=matches,
        decoded=decoded,
        reason=ascii_path(searcher.hide(reason)),
    )
    return complete, tree
