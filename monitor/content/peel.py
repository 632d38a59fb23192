"""What a value may be besides what it is: the readers that fit it, chosen in one look at its bytes.

Most values are numbers, words and sentences. Letters and digits alone can only be hexadecimal or base64; text without
``=``, ``%``, ``\\`` and ``?`` little more; equal texts are read once in a message. Whatever is left is tried reader by
reader.
"""

import binascii
import re
import urllib.parse
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from monitor.content import bases, binary, codings, formats, values
from monitor.content.binary import CONTROLS, NO_FIELD, printable, sensible
from monitor.content.tree import Columns, Item, TooDeep, TooMany, Tree, columns, single

MEDIA: Final = ("image/", "video/", "audio/", "font/")
_BIG: Final = 256
#: Bytes from which on a body that is one word, and that in hexadecimal or base64, is said to be unreadable.
_ALONE: Final = 24
#: Characters of a text that is remembered.
_SHARED: Final = 1024
_DECIMAL: Final = re.compile(rb"-?[0-9]{1,7}\.[0-9]{1,12}")
_PERCENT: Final = re.compile(rb"%[0-9a-fA-F]{2}")
_BYTES: Final = bytes(range(256))
#: Text that needs no reader but those of hexadecimal and base64.
_CALM: Final = bytes(c for c in range(32, 127) if c not in b"=%\\?") + b"\t\r\n"
_BASE64: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-= \t\r\n\v\f"
#: How a value begins that is more than plain text: 1 = always, 2 = perhaps, together with its next bytes.
_STARTS: Final = bytes(
    1 if c not in _CALM or c in b'{["< \t\r\n' else 2 if c in b"8HXhx(B-L0123456789" else 0 for c in _BYTES
)
#: How letters and digits begin that may be such a text.
_BEGINNINGS: Final = frozenset(
    (
        codings.BZIP2_MAGIC[:2],
        codings.LZ4_JAVA[:2],
        *(bytes((a, b)) for a in b"8HXhx" for b in _BYTES if (a << 8 | b) % 31 == 0),
    )
)
#: What a text is asked further for.
_ASKED: Final = b"=%\\?"
_HEX: Final = b"0123456789abcdefABCDEF"
#: Hexadecimal digits that are no base64: of so many characters of base64, all are such once in 4 ** 16 times.
_ONLY_HEX: Final = 16
_LOOKED_AT: Final = 4096
#: Sizes of a digest: no text is that long in base32's few characters by chance.
_DIGESTS: Final = frozenset({16, 20})
_LAST: Final = frozenset({"json", "jsonl", "multipart", "xml", "jwt", "grpc", "form", "query"})
_PACKED: Final = frozenset({"body", "b64", "b32", "b85", "hex", "multipart", *codings.CODINGS})
type Found = tuple[str, Columns]
type Packed = Sequence[tuple[str, bytes]]
_NOTHING: Final[Packed] = ()


def peel(tree: Tree, bodies: list[int], content_type: str) -> None:
    """Read every node, those that come out of it too, in their order. ``bodies``: the body and what its content codings
    yielded; only the last of them is read. Raises ``LimitReached``."""
    content = bodies[-1] if bodies else -1
    size = len(tree.data[bodies[0]]) if bodies else 0
    shared: dict[bytes, Packed] = {}
    turn = 0
    while turn < len(tree.groups):
        _, _, step, depth, start, *_ = tree.groups[turn]
        turn += 1
        end = tree.starts[turn] if turn < len(tree.groups) else len(tree.data)
        if step in ("path", "query") or (start in bodies and start != content):
            continue
        if start == content:
            _content(tree, content, content_type)
            continue
        for index, data in enumerate(tree.data[start:end], start):
            if len(data) < 16 and (data.isdigit() or _too_plain(data)):
                continue
            packed = shared.get(data)
            if packed is None:
                packed = _plain_text(data)
                if packed is None:
                    if not _tried(tree, index, "") and _unreadable(data, size):
                        tree.partial(f"unreadable: {tree.path(index)[:120]}")
                    continue
                if len(data) <= _SHARED:
                    shared[data] = packed
            for name, inner in packed:
                if depth >= tree.limits.depth:
                    tree.partial("limit: depth")
                    break
                tree.add_value(inner, index, name, depth)


def _content(tree: Tree, index: int, content_type: str) -> None:
    data = tree.data[index]
    if len(data) < 4:
        return
    media = content_type.lower().startswith(MEDIA)
    found = not media and _tried(tree, index, content_type)
    tree.known = found or printable(data, 1)
    if not found and not media and _coded(data):
        tree.partial(f"unreadable: {tree.path(index)[:120]}")


def _coded(data: bytes) -> bool:
    """Whether a text is one word that holds what nobody can read."""
    if len(data) < _ALONE or len(data) > _LOOKED_AT or not any(c in b"0123456789+/=_-" for c in data):
        return False
    inner = bases.unhex(data)
    inner = bases.unbase64(data) if inner is None else inner
    return inner is not None and len(inner) >= _ALONE and not sensible(inner)


def _too_plain(data: bytes) -> bool:
    """Of less than 16 bytes: numbers and short words contain nothing further; most values are such."""
    if data.isdigit() or len(data) < 4 or (len(data) < 11 and data.isalnum()):
        return True
    return b"." in data and _DECIMAL.fullmatch(data) is not None


def _unreadable(data: bytes, body: int) -> bool:
    return len(data) >= _BIG and len(data) * 2 >= body and not printable(data)


def _plain_text(data: bytes) -> Packed | None:
    """What a plain text encodes, as (step, bytes); None = it needs a closer look."""
    kind = _STARTS[data[0]]
    if data.isalnum():
        return None if kind and data[:2] in _BEGINNINGS and _begins(data) else _packed(data)
    if kind and (kind == 1 or _begins(data)):
        return _NOTHING if data[0] > 127 and _is_prose(data) else None
    if data.translate(None, _CALM) or b"eyJ" in data[:12]:
        return None
    if b" " in data[:40]:
        return _NOTHING
    if data[-1] in b" \t\r\n" or not data.translate(None, _BASE64):
        return _packed(data)
    return _base85(data)


def _is_prose(data: bytes) -> bool:
    """Whether bytes that do not begin in ASCII are text without anything that a reader of texts looks for."""
    return printable(data) and b"eyJ" not in data[:12] and len(data.translate(None, _ASKED)) == len(data)


def _begins(data: bytes) -> bool:
    """Whether a text begins like a compressed or a multipart body."""
    if data.startswith((codings.BZIP2_MAGIC, b"--", codings.LZ4_JAVA)):
        return True
    if data[:1].isdigit() and not data.isalnum() and formats.socket_io(data) is not None:
        return True
    return codings.begins_zlib(data)


def _packed(data: bytes) -> Packed:
    """A text as hexadecimal and as base64, where that is meaningful."""
    if len(data) >= _ONLY_HEX and len(data) % 2 == 0 and data[0] in _HEX and data[-1] in _HEX:
        try:
            digits = binascii.a2b_hex(data)
        except binascii.Error:
            pass
        else:
            return (("hex", digits),) if sensible(digits) else _NOTHING
    found = []
    if (inner := bases.unhex(data)) is not None and sensible(inner):
        found.append(("hex", inner))
    if (inner := bases.unbase64(data)) is not None and sensible(inner):
        found.append(("b64", inner))
    if inner is not None and not printable(inner) and (text := bases.unbase64_reordered(data)) is not None:
        found.append(("b64", text))
    if (inner := bases.unbase32(data)) is not None and (len(inner) in _DIGESTS or sensible(inner)):
        found.append(("b32", inner))
    return found


def _base85(data: bytes) -> Packed:
    return [("b85", inner) for inner in bases.unbase85(data, _readable)]


def _readable(data: bytes) -> bool:
    """Whether a few bytes are plain text, or begin something compressed."""
    if data.startswith(codings.MAGICS[:-1]):
        return True
    return len(data.translate(None, CONTROLS)) == len(data) and printable(data, 1)


def _tried(tree: Tree, index: int, content_type: str) -> bool:
    """Read a node reader by reader and add what they yield; whether there was any."""
    found, depth = False, tree.group(index).depth
    for step, items in _steps(tree, index, content_type):
        if depth >= tree.limits.depth:
            tree.partial("limit: depth")
            tree.doubles = [d for d in tree.doubles if d[0] < len(tree.data)]
            break
        found = True
        tree.add_fields(items, index, step, depth)
    return found


def _steps(tree: Tree, index: int, content_type: str) -> Iterator[Found]:
    """Every valid interpretation of a node, as (step, fields)."""
    data = tree.data[index]
    if packed := _decompressed(tree, data):
        yield packed
        return
    for step, read in _readers(tree, index, content_type):
        try:
            items = read()
        except TooDeep:
            tree.partial("limit: nesting")
            continue
        except TooMany:
            tree.partial("limit: nodes")
            continue
        except ValueError:
            continue
        if items is not None and items.data:
            yield step, items
            if step in _LAST:
                return


def _readers(tree: Tree, index: int, content_type: str) -> Iterator[tuple[str, Callable[[], Columns | None]]]:
    data, cap = tree.data[index], tree.limits.nodes
    ctype = content_type.lower()
    head = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:2]
    if data.startswith(codings.ZIP_MAGIC):
        yield "zip", lambda: _unzipped(tree, data)
    if head[:1] in (b"{", b"["):
        yield "json", lambda: _bounded(tree, values.read_json(data.removeprefix(b"\xef\xbb\xbf"), cap))
        yield "jsonl", lambda: _bounded(tree, values.read_json_lines(data, cap))
    if head[:1] == b'"':
        yield "json", lambda: _bounded(tree, values.read_json(data, cap))
    if "grpc" in ctype:
        yield "grpc", lambda: _grpc(tree, data)
    if "multipart" in ctype or head == b"--":
        yield "multipart", lambda: columns(formats.read_multipart(data, content_type, cap))
    if head[:1] == b"<":
        yield "xml", lambda: _bounded(tree, formats.read_xml(data, cap))
    if printable(data):
        yield from _text_readers(tree, data, strict="urlencoded" not in ctype)
        return
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        yield "utf16", lambda: single(data.decode("utf-16").encode())
    step = tree.group(index).step
    declared = "protobuf" in ctype or "grpc" in ctype or step == "grpc"
    if data and data[0] not in NO_FIELD:
        yield "pb", lambda: _protobuf(tree, index, declared)
    if binary.may_be_msgpack(data):
        yield "msgpack", lambda: binary.read_msgpack(data, cap)
    if binary.may_be_cbor(data):
        yield "cbor", lambda: binary.read_cbor(data, cap)
    if step in _PACKED:
        yield "deflate", lambda: _raw(tree, data, codings.inflate_raw)
        yield "snappy", lambda: _raw(tree, data, codings.unsnappy)


def _text_readers(tree: Tree, data: bytes, *, strict: bool) -> Iterator[tuple[str, Callable[[], Columns | None]]]:
    cap = tree.limits.nodes
    if b"=" in data[:-2]:
        yield "form", lambda: formats.read_form(data, cap, strict=strict)
    if data[:8].lower().startswith((b"http://", b"https://")) and b"?" in data:
        asked = data.partition(b"?")[2].partition(b"#")[0]
        yield "query", lambda: formats.read_form(asked, cap, strict=False)
    if b"eyJ" in data[:12]:
        yield "jwt", lambda: columns(formats.read_jwt(data))
    if data[:1].isdigit() and (packet := formats.socket_io(data)) is not None:
        yield "socketio", lambda: _bounded(tree, values.read_json(packet, cap))
    if b"%" in data and _PERCENT.search(data):
        yield "url", lambda: single(urllib.parse.unquote_to_bytes(data))
    if b"\\u" in data:
        yield "unicode", lambda: single(formats.unescape(data.decode()).encode("utf-8", "replace"))
    if b" " not in data[:40]:
        for step, inner in _packed(data):
            yield step, lambda inner=inner: single(inner)  # type: ignore[misc]
        if data[:1] == b"b" and (frame := formats.engine_io(data)) is not None and _readable(frame):
            yield "b64", lambda: single(frame)
        for step, inner in _base85(data):
            yield step, lambda inner=inner: single(inner)  # type: ignore[misc]


def _bounded(tree: Tree, read: tuple[Columns, bool]) -> Columns:
    found, whole = read
    if not whole:
        tree.partial("limit: nodes")
    return found


def _decompressed(tree: Tree, data: bytes) -> tuple[str, Columns] | None:
    """What bytes with a magic number hold, with the name of the step."""
    if (found := codings.by_magic(data)) is None:
        return None
    step, undo = found
    try:
        result = undo(data, tree.room(), tree.spend)
    except ValueError:
        return None
    if result.capped:
        tree.partial(f"limit: output of {step}")
    elif not result.whole:
        if step == "zlib":
            return None
        tree.partial(f"{step} is cut short")
    return step, single(result.data)


def _raw(tree: Tree, data: bytes, undo: codings.Codec) -> Columns:
    """Deflate or Snappy without a header that holds text, or Snappy of a message. Raises ``ValueError``."""
    deflate = undo is codings.inflate_raw
    if not (codings.may_be_deflated(data, printable) if deflate else codings.may_be_snappy(data)):
        raise ValueError("no block begins so")
    result = undo(data, tree.room(), tree.spend)
    if not printable(result.data) and (deflate or binary.read_protobuf(result.data) is None):
        raise ValueError("no text or message")
    if deflate and not result.whole:
        raise ValueError("cut short")
    return single(result.data)


def _unzipped(tree: Tree, data: bytes) -> Columns:
    files, whole = codings.unzip(data, tree.room())
    if not whole:
        tree.partial("zip is not read whole")
    return columns(Item(f"[{number}]", "", content) for number, content in enumerate(files))


def _grpc(tree: Tree, data: bytes) -> Columns:
    found, room = [], tree.room()
    for number, (packed, message) in enumerate(binary.grpc_messages(data)):
        if packed:
            result = codings.gunzip(message, room, tree.spend)
            if result.capped:
                tree.partial("limit: output of gzip")
            message = result.data
        room = max(0, room - len(message))
        found.append(Item(f"[{number}]", "", message))
    return columns(found)


def _protobuf(tree: Tree, index: int, declared: bool) -> Columns:
    fields = binary.read_protobuf(tree.data[index])
    if fields is None or not (declared or binary.plausible(fields) or binary.is_position(fields)):
        raise ValueError("not protobuf")
    seen: dict[int, int] = {}
    items: list[Item] = []
    for field in fields:
        turn = seen[field.number] = seen.get(field.number, -1) + 1
        if real := binary.as_float(field):
            tree.doubles.append((len(tree.data) + len(items), *real))
        items.append(Item(f".{field.number}" + (f"[{turn}]" if turn else ""), "", field.data))
    return columns(items)
