"""Peel a message: undo every coding and packing that is recognised, recursively, within limits.

The result is a ``Tree``; nothing here judges what is personal. Paths read from the outside in:
``body.json.data[3].b64.gzip.form.imei``, ``query.uid``, ``header.x-device``, ``cookie.id``, ``path[2]``.
"""

from __future__ import annotations

import re
import urllib.parse
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from monitor.content import codings, formats, protobuf
from monitor.content.formats import Item
from monitor.content.tree import LimitReached, Limits, Tree

_MEDIA: Final = ("image/", "video/", "audio/", "font/")
_BIG: Final = 256
_PERCENT: Final = re.compile(rb"%[0-9a-fA-F]{2}")


class Message(NamedTuple):
    """What was sent. ``target`` is path and query as sent; ``body`` is the undecoded body."""

    target: bytes = b""
    headers: Sequence[tuple[bytes, bytes]] = ()
    body: bytes = b""
    content_type: str = ""
    encoding: str = ""


def decode(message: Message, limits: Limits | None = None) -> Tree:
    """The decode tree of a message. Never raises for hostile content: what could not be done is in ``reasons``."""
    tree = Tree(limits)
    try:
        _envelope(tree, message)
        if message.body:
            _body(tree, message)
        _peel(tree, message)
    except LimitReached as limit:
        tree.partial(f"limit: {limit}")
    return tree


def status(tree: Tree, message: Message) -> tuple[str, str]:
    """``decoded`` and ``reason`` of a transmission: yes, partial or no."""
    if message.body and not tree.known and not tree.reasons:
        if message.content_type.lower().startswith(_MEDIA):
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
        _form(tree, top, query, "query")
    for name, value in message.headers:
        key = name.decode("latin-1").lower()
        top = tree.add(f"header{formats.key_step(key)}", value, -1, "header", key, leaf=True)
        if key == "cookie":
            for pair in value.split(b";")[:500]:
                cookie, _, content = pair.strip().partition(b"=")
                text = cookie.decode("utf-8", "replace")
                tree.add(f"cookie{formats.key_step(text)}", content, top, "field", text, leaf=True)


def _form(tree: Tree, top: int, data: bytes, path: str) -> None:
    try:
        items = formats.read_form(data, tree.limits.nodes, strict=False)
    except ValueError:
        return
    for item in items:
        tree.add(path + item.suffix, item.data, top, "field", item.key, leaf=True)


def _body(tree: Tree, message: Message) -> None:
    top = tree.add("body", message.body, -1, "body")
    for name in codings.split_codings(message.encoding):
        undo = codings.CODINGS.get(name)
        node = tree.nodes[top]
        if undo is None:
            tree.partial(f"unknown content coding {name[:20]}")
            return
        try:
            result = undo(node.data, tree.room())
        except ValueError:
            tree.partial(f"content coding {name} does not fit the body")
            return
        if result.capped:
            tree.partial(f"limit: output of {name}")
        elif not result.whole:
            tree.partial(f"{name} is cut short")
        top = tree.add(f"{node.path}.{name}", result.data, top, name)


def _peel(tree: Tree, message: Message) -> None:
    tops = [i for i, n in enumerate(tree.nodes) if n.step in ("body", *codings.CODINGS) and n.path.startswith("body")]
    content = tops[-1] if tops else -1
    queue = deque(i for i in range(len(tree.nodes)) if i == content or i not in tops)
    while queue:
        index = queue.popleft()
        node = tree.nodes[index]
        if len(node.data) < 4 or node.step in ("path", "query") or (index != content and _too_plain(node.data)):
            continue
        before = len(tree.nodes)
        media = index == content and message.content_type.lower().startswith(_MEDIA)
        found = False
        for step, items in () if media else _steps(tree, index, message.content_type if index == content else ""):
            if node.depth >= tree.limits.depth:
                tree.partial("limit: depth")
                tree.doubles = [d for d in tree.doubles if d[0] < len(tree.nodes)]
                break
            found = True
            for item in items:
                tree.add(f"{node.path}.{step}{item.suffix}", item.data, index, step, item.key, leaf=item.suffix != "")
        if index == content:
            tree.known = found or protobuf.printable(node.data, 1)
        elif not found and _unreadable(node.data, message.body):
            tree.partial(f"unreadable: {node.path[:120]}")
        queue.extend(range(before, len(tree.nodes)))


def _too_plain(data: bytes) -> bool:
    """Numbers and short words hold nothing more; most values are such."""
    return len(data) < 16 and data.isalnum() and (len(data) < 11 or data.isdigit())


def _unreadable(data: bytes, body: bytes) -> bool:
    return len(data) >= _BIG and len(data) * 2 >= len(body) and not protobuf.printable(data)


def _whole(data: bytes) -> list[Item]:
    return [Item("", "", data)]


def _steps(tree: Tree, index: int, content_type: str) -> Iterator[tuple[str, list[Item]]]:
    """Every reading of a node that holds, as (step, fields)."""
    data = tree.nodes[index].data
    if squeezed := _compressed(tree, data):
        yield squeezed
        return
    for step, read in _readers(tree, index, content_type):
        try:
            items = read()
        except ValueError:
            continue
        if items:
            yield step, items
            if step in ("json", "jsonl", "multipart", "xml", "jwt", "grpc", "form", "query"):
                return


def _compressed(tree: Tree, data: bytes) -> tuple[str, list[Item]] | None:
    undo: Callable[[bytes, int], codings.Inflated]
    if data.startswith(codings.GZIP_MAGIC):
        step, undo = "gzip", codings.gunzip
    elif data.startswith(codings.ZSTD_MAGIC):
        step, undo = "zstd", codings.unzstd
    elif len(data) > 6 and data[0] & 0x0F == 8 and data[0] >> 4 <= 7 and (data[0] << 8 | data[1]) % 31 == 0:
        step, undo = "zlib", codings.unzlib
    else:
        return None
    try:
        result = undo(data, tree.room())
    except ValueError:
        return None
    if result.capped:
        tree.partial(f"limit: output of {step}")
    elif not result.whole:
        if step == "zlib":
            return None
        tree.partial(f"{step} is cut short")
    return step, _whole(result.data)


def _readers(tree: Tree, index: int, content_type: str) -> Iterator[tuple[str, Callable[[], list[Item]]]]:
    data, cap = tree.nodes[index].data, tree.limits.nodes
    ctype = content_type.lower()
    head = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:2]
    text = protobuf.printable(data)
    if head[:1] in (b"{", b"["):
        yield "json", lambda: _flat(formats.read_json(data.removeprefix(b"\xef\xbb\xbf")), cap)
        yield "jsonl", lambda: _flat(formats.read_json_lines(data), cap)
    if head[:1] == b'"':
        yield "json", lambda: _flat(formats.read_json(data), cap)
    if "grpc" in ctype:
        yield "grpc", lambda: _grpc(tree, data)
    if "multipart" in ctype or head == b"--":
        yield "multipart", lambda: formats.read_multipart(data, content_type, cap)
    if head[:1] == b"<":
        yield "xml", lambda: formats.read_xml(data, cap)
    if text:
        yield from _text_readers(data, cap, strict="urlencoded" not in ctype)
        return
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        yield "utf16", lambda: _whole(data.decode("utf-16").encode())
    declared = "protobuf" in ctype or "grpc" in ctype or tree.nodes[index].step == "grpc"
    yield "pb", lambda: _protobuf(tree, index, declared)
    yield "msgpack", lambda: _flat(formats.read_msgpack(data), cap)
    if tree.nodes[index].step in ("body", "b64", "hex", "multipart", *codings.CODINGS):
        yield "deflate", lambda: _raw_deflate(data, tree.room())


def _text_readers(data: bytes, cap: int, *, strict: bool) -> Iterator[tuple[str, Callable[[], list[Item]]]]:
    if b"=" in data[:-2]:
        yield "form", lambda: formats.read_form(data, cap, strict=strict)
    if data[:8].lower().startswith((b"http://", b"https://")) and b"?" in data:
        yield "query", lambda: formats.read_form(data.partition(b"?")[2].partition(b"#")[0], cap, strict=False)
    if b"eyJ" in data[:12]:
        yield "jwt", lambda: formats.read_jwt(data)
    if b"%" in data and _PERCENT.search(data):
        yield "url", lambda: _whole(urllib.parse.unquote_to_bytes(data))
    if b"\\u" in data:
        yield "unicode", lambda: _whole(formats.unescape(data.decode()).encode("utf-8", "replace"))
    if b" " not in data[:40]:
        yield "hex", lambda: _sensible(formats.read_hex(data))
        yield "b64", lambda: _sensible(formats.read_base64(data))


def _flat(value: Any, cap: int) -> list[Item]:
    return list(formats.flatten(value, cap))


def _sensible(data: bytes) -> list[Item]:
    """The decoded bytes, if they look like anything: chance strings of the alphabet decode to noise."""
    if protobuf.printable(data) or data.startswith((codings.GZIP_MAGIC, codings.ZSTD_MAGIC, b"\x78")):
        return _whole(data)
    if len(data) >= 32:
        return _whole(data)
    try:
        fields = protobuf.walk(data)
        if protobuf.plausible(fields) or _coordinates(fields):
            return _whole(data)
    except ValueError:
        pass
    formats.read_msgpack(data)
    return _whole(data)


def _raw_deflate(data: bytes, cap: int) -> list[Item]:
    result = codings.inflate_raw(data, cap)
    if not result.whole or not protobuf.printable(result.data):
        raise ValueError("not deflate")
    return _whole(result.data)


def _grpc(tree: Tree, data: bytes) -> list[Item]:
    found = []
    for number, (packed, message) in enumerate(protobuf.grpc_messages(data)):
        if packed:
            result = codings.gunzip(message, tree.room())
            if result.capped:
                tree.partial("limit: output of gzip")
            message = result.data
        found.append(Item(f"[{number}]", "", message))
    return found


def _protobuf(tree: Tree, index: int, declared: bool) -> list[Item]:
    fields = protobuf.walk(tree.nodes[index].data)
    if not declared and not protobuf.plausible(fields) and not _coordinates(fields):
        raise ValueError("not protobuf")
    seen: dict[int, int] = {}
    items: list[Item] = []
    for field in fields:
        turn = seen[field.number] = seen.get(field.number, -1) + 1
        if real := protobuf.as_float(field):
            tree.doubles.append((len(tree.nodes) + len(items), *real))
        items.append(Item(f".{field.number}" + (f"[{turn}]" if turn else ""), "", field.data))
    return items


def _coordinates(fields: list[protobuf.Field]) -> bool:
    """Two fixed fields that can be a latitude and a longitude: a message of nothing but a position."""
    reals = [r[0] for f in fields if (r := protobuf.as_float(f))]
    return len(reals) >= 2 and all(1e-3 < abs(r) <= 180 for r in reals[:2])
