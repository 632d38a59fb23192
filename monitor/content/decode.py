"""Decode a message (undo every recognised coding and container format, recursively, within limits), search it and
complete its event.

The result is a ``Tree``; nothing here decides what is personal. Paths read from the outside in:
``body.json.data[3].b64.gzip.form.imei``, ``query.uid``, ``header.x-device``, ``cookie.id``, ``path[2]``.
"""

import re
from collections.abc import Sequence
from contextlib import suppress
from typing import Final, NamedTuple

import msgspec

from monitor.content import codings, formats, peel
from monitor.content.formats import base32_label
from monitor.content.hits import ascii_path
from monitor.content.search import Searcher, public_path
from monitor.content.tree import LimitReached, Limits, Tree, key_step
from monitor.events import Transmission

_LABELS: Final = 16
#: A name in the DNS, which somebody chose, and no address.
_NAME: Final = re.compile(r"(?=.{3,253}\Z)[^:]*\.(?!\d+\Z)[^.:]*", re.DOTALL)
_BODIES: Final = frozenset({"body", *codings.CODINGS})


class Message(NamedTuple):
    """What was sent. ``target`` is path and query as sent; ``body`` is the undecoded body."""

    target: bytes = b""
    headers: Sequence[tuple[bytes, bytes]] = ()
    body: bytes = b""
    content_type: str = ""
    encoding: str = ""
    hosts: Sequence[bytes] = ()
    """Names that the connection was asked for by: a name, too, is sent, and to the name servers as well."""


def decode(message: Message, limits: Limits | None = None) -> Tree:
    """The decode tree of a message. Never raises for hostile content: failures are in ``reasons``."""
    tree = Tree(limits)
    try:
        _envelope(tree, message)
        if message.body:
            _body(tree, message)
        bodies = (index for index in range(len(tree.data)) if tree.group(index).step in _BODIES)
        tops = [index for index in bodies if tree.path(index).startswith("body")]
        peel.peel(tree, tops, message.content_type)
    except LimitReached as limit:
        tree.partial(f"limit: {limit}")
    return tree


def status(tree: Tree, message: Message) -> tuple[str, str]:
    """``decoded`` and ``reason`` of a transmission: yes, partial or no."""
    if message.body and not tree.known and not tree.reasons:
        if message.content_type.lower().startswith(peel.MEDIA):
            return "no", f"media: {message.content_type.split(';')[0][:60]}"
        return "no", "encrypted or unknown format"
    return ("partial", "; ".join(tree.reasons)[:300]) if tree.reasons else ("yes", "")


def _envelope(tree: Tree, message: Message) -> None:
    path, mark, query = message.target.partition(b"?")
    if path:
        top = tree.add("path", path, -1, "path")
        for number, segment in enumerate(path.split(b"/")[1:][:64]):
            if segment:
                tree.add(f"path[{number}]", segment, top, "field", leaf=True)
    if mark and query:
        top = tree.add("query", query, -1, "query")
        with suppress(ValueError):
            items = formats.read_form(query, tree.limits.nodes, strict=False)
            for data, key, step in zip(items.data, items.keys, items.steps, strict=True):
                tree.add(f"query{step}", data, top, "field", key, leaf=True)
    for name, value in message.headers:
        key = name.decode("latin-1").lower()
        top = tree.add(f"header{key_step(key)}", value, -1, "header", key, leaf=True)
        if key == "cookie":
            for pair in value.split(b";")[:500]:
                cookie, _, content = pair.strip().partition(b"=")
                text = cookie.decode("utf-8", "replace")
                tree.add(f"cookie{key_step(text)}", content, top, "field", text, leaf=True)
    _hosts(tree, message)


def _hosts(tree: Tree, message: Message) -> None:
    """The names of the server, and what their labels are in base32: the one coding that a name can carry bytes in."""
    known = {tree.data[index].partition(b":")[0]: index for index, key in enumerate(tree.keys) if key == "host"}
    for name in message.hosts:
        known[name] = known[name] if name in known else tree.add("host", name, -1, "header")
    for name, top in known.items():
        for number, label in enumerate(name.split(b".")[:_LABELS]):
            for data in base32_label(label):
                tree.add(f"{tree.path(top)}[{number}].b32", data, top, "base32", leaf=True)


def _body(tree: Tree, message: Message) -> None:
    top = tree.add("body", message.body, -1, "body")
    names = codings.split_codings(message.encoding)
    for name in [name for name in names if name not in codings.CODINGS]:
        shown = "".join(c for c in name[:20] if " " < c <= "~") or "?"
        tree.partial(f"unknown content coding {shown}")
        names.remove(name)
    while names:
        undone: dict[str, codings.Inflated] = {}
        # They should be listed in the order applied, but not every sender complies. One that decodes to the end is
        # preferred to one that is cut short: brotli has no magic number and accepts the beginning of many formats.
        for name in names:
            with suppress(ValueError):
                undone[name] = codings.CODINGS[name](tree.data[top], tree.room(), tree.spend)
                if undone[name].whole or undone[name].capped:
                    undone = {name: undone[name]}
                    break
        if not undone:
            tree.partial(f"content coding {', '.join(names)} does not match the body")
            return
        name, result = next(iter(undone.items()))
        names.remove(name)
        tree.partial(result.fault(name))
        top = tree.add(f"{tree.path(top)}.{name}", result.data, top, name)


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


def examine(searcher: Searcher, event: Transmission, message: Message, *, cut: str = "") -> tuple[Transmission, Tree]:
    """The event with ``matches``, ``decoded``, ``reason`` and a ``path`` without known values, and the decode tree.

    ``event.path`` is the request target as sent. ``cut`` says why the body is incomplete, if it is.
    """
    asked = () if "#" in event.flow else dict.fromkeys((event.sni, event.host, event.named))
    tree = decode(
        message._replace(hosts=tuple(name.encode("utf-8", "replace") for name in asked if _NAME.fullmatch(name)))
    )
    if cut:
        tree.partial(cut)
    if event.bytes > len(message.body):
        tree.partial(f"limit: {len(message.body)} of {event.bytes} bytes decoded")
    decoded, reason = status(tree, message)
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
