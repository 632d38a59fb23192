"""Decode a message: undo every recognised coding and container format, recursively, within limits.

The result is a ``Tree``; nothing here decides what is personal. Paths read from the outside in:
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
_LABELS: Final = 16
_DECIMAL: Final = re.compile(rb"-?[0-9]{1,7}\.[0-9]{1,12}")
_PERCENT: Final = re.compile(rb"%[0-9a-fA-F]{2}")


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
    _hosts(tree, message)


def _hosts(tree: Tree, message: Message) -> None:
    """The names of the server, and what their labels are in base32: the one coding that a name can carry bytes in."""
    header = ((node.data.partition(b":")[0], index) for index, node in enumerate(tree.nodes) if node.key == "host")
    known = dict(header)
    for name in message.hosts:
        top = known[name] if name in known else tree.add("host", name, -1, "header")
        known[name] = top
    for name, top in known.items():
        for number, label in enumerate(name.split(b".")[:_LABELS]):
            for data in codings.base32(label):
                tree.add(f"{tree.nodes[top].path}[{number}].b32", data, top, "base32", leaf=True)


def _form(tree: Tree, top: int, data: bytes, path: str) -> None:
    try:
        items = formats.read_form(data, tree.limits.nodes, strict=False)
    except ValueError:
        return
    for item in items:
        tree.add(path + item.suffix, item.data, top, "field", item.key, leaf=True)


def _body(tree: Tree, message: Message) -> None:
    top = tree.add("body", message.body, -1, "body")
    names = codings.split_codings(message.encoding)
    for name in [name for name in names if name not in codings.CODINGS]:
        tree.partial(f"unknown content coding {_printable(name)}")
        names.remove(name)
    while names:
        node = tree.nodes[top]
        done = _undone(node.data, names, tree.room())
        if done is None:
            tree.partial(f"content coding {', '.join(names)} does not match the body")
            return
        name, result = done
        names.remove(name)
        if result.capped:
            tree.partial(f"limit: output of {name}")
        elif not result.whole:
            tree.partial(f"{name} is cut short")
        top = tree.add(f"{node.path}.{name}", result.data, top, name)


def _undone(data: bytes, names: list[str], cap: int) -> tuple[str, codings.Inflated] | None:
    """The first coding that matches: they should be listed in the order applied, but not every sender complies.

    One that decodes to the end is preferred to one that is cut short: brotli has no magic number and accepts the
    beginning of many other formats.
    """
    broken: tuple[str, codings.Inflated] | None = None
    for name in names:
        try:
            result = codings.CODINGS[name](data, cap)
        except ValueError:
            continue
        if result.whole or result.capped:
            return name, result
        broken = broken or (name, result)
    return broken


def _printable(name: str) -> str:
    return "".join(c for c in name[:20] if " " < c <= "~") or "?"


def _peel(tree: Tree, message: Message) -> None:
    tops = [i for i, n in enumerate(tree.nodes) if n.step in ("body", *codings.CODINGS) and n.path.startswith("body")]
    content = tops[-1] if tops else -1
    queue = deque(i for i in range(len(tree.nodes)) if i == content or i not in tops)
    while queue:
        index = queue.popleft()
        node = tree.nodes[index]
        if node.step in ("path", "query") or (_too_plain(node.data) if index != content else len(node.data) < 4):
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
            tree.add_fields(items, index, f"{node.path}.{step}", step)
        if index == content:
            tree.known = found or protobuf.printable(node.data, 1)
        elif not found and _unreadable(node.data, message.body):
            tree.partial(f"unreadable: {node.path[:120]}")
        queue.extend([i for i in range(before, len(tree.nodes)) if not _too_plain(tree.nodes[i].data)])


def _too_plain(data: bytes) -> bool:
    """Numbers and short words contain nothing further; most values are such."""
    size = len(data)
    if size >= 16:
        return False
    return size < 4 or (data.isalnum() and (size < 11 or data.isdigit())) or bool(_DECIMAL.fullmatch(data))


def _unreadable(data: bytes, body: bytes) -> bool:
    return len(data) >= _BIG and len(data) * 2 >= len(body) and not protobuf.printable(data)


def _whole(data: bytes) -> list[Item]:
    return [Item("", "", data)]


def _steps(tree: Tree, index: int, content_type: str) -> Iterator[tuple[str, list[Item]]]:
    """Every valid interpretation of a node, as (step, fields)."""
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
    elif data.startswith(codings.BZIP2_MAGIC) and data[4:10] == b"1AY&SY":
        step, undo = "bzip2", codings.unbzip2
    elif data.startswith(codings.XZ_MAGIC):
        step, undo = "xz", codings.unxz
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
    if data.startswith(codings.ZIP_MAGIC):
        yield "zip", lambda: _unzipped(tree, data)
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
    """The decoded bytes, if they look meaningful: random strings of the alphabet decode to noise."""
    if protobuf.printable(data) or data.startswith(codings.MAGICS):
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


def _unzipped(tree: Tree, data: bytes) -> list[Item]:
    files, whole = codings.unzip(data, tree.room())
    if not whole:
        tree.partial("zip is not read whole")
    return [Item(f"[{number}]", "", content) for number, content in enumerate(files)]


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
    """Two fixed fields that can be a latitude and a longitude: a message containing only a position."""
    reals = [r[0] for f in fields if (r := protobuf.as_float(f))]
    return len(reals) >= 2 and all(1e-3 < abs(r) <= 180 for r in reals[:2])
