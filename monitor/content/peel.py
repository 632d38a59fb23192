"""What a value may be besides what it is: the readers that fit it, chosen in one look at its bytes.

Most values are numbers, words and sentences. Letters and digits alone can only be hexadecimal or base64; text without
``=``, ``%``, ``\\`` and ``?`` little more; equal texts are read once in a message. Whatever is left is tried reader by
reader.
"""

import binascii
import re
import urllib.parse
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from monitor.content import binary, codings, formats, values
from monitor.content.binary import NO_FIELD, printable, readable, sensible
from monitor.content.tree import Columns, Exceeded, Tree, columns, single

MEDIA: Final = ("image/", "video/", "audio/", "font/")
_BIG: Final = 256
#: Bytes from which on a body that is one word, and that in hexadecimal or base64, is said to be unreadable.
_ALONE: Final = 24
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
#: Once one of these has read a value, no other reader is asked.
_LAST: Final = frozenset({"json", "jsonl", "multipart", "xml", "jwt", "grpc", "form", "query"})
_PACKED: Final = frozenset({"body", "b64", "b32", "b85", "hex", "multipart", *codings.CODINGS})
_BOM: Final = b"\xef\xbb\xbf"
#: Messages of one gRPC body.
_FRAMES: Final = 10_000
type Packed = Sequence[tuple[str, bytes]]
_NOTHING: Final[Packed] = ()


def peel(tree: Tree, bodies: list[int], content_type: str) -> None:
    """Read every node, those that come out of it too, in their order. ``bodies``: the body and what its content codings
    yielded; only the last of them is read. Raises ``LimitReached``."""
    content = bodies[-1] if bodies else -1
    size = len(tree.data[bodies[0]]) if bodies else 0
    known: dict[bytes, Packed | None] = {}
    turn = 0
    while turn < len(tree.groups):
        group = tree.groups[turn]
        turn += 1
        end = tree.starts[turn] if turn < len(tree.groups) else len(tree.data)
        if group.start == content:
            _read_content(tree, content, content_type)
        elif group.step not in ("path", "query") and group.start not in bodies:
            for index, data in enumerate(tree.data[group.start : end], group.start):
                if len(data) >= 16 or not _is_plain(data):
                    _read_field(tree, index, data, group.depth, size, known)


def _is_plain(data: bytes) -> bool:
    """Of less than 16 bytes: numbers and short words contain nothing further; most values are such."""
    if data.isdigit() or len(data) < 4 or (len(data) < 11 and data.isalnum()):
        return True
    return b"." in data and _DECIMAL.fullmatch(data) is not None


def _read_content(tree: Tree, index: int, content_type: str) -> None:
    data = tree.data[index]
    if len(data) < 4:
        return
    media = content_type.lower().startswith(MEDIA)
    found = not media and _read_closely(tree, index, content_type)
    tree.known = found or printable(data, 1)
    if not found and not media and _is_coded(data):
        tree.partial(f"unreadable: {tree.path(index)[:120]}")


def _is_coded(data: bytes) -> bool:
    """Whether a text is one word that holds what nobody can read."""
    if not _ALONE <= len(data) <= _LOOKED_AT or not any(c in b"0123456789+/=_-" for c in data):
        return False
    inner = formats.unhex(data)
    inner = formats.unbase64(data) if inner is None else inner
    return inner is not None and len(inner) >= _ALONE and not sensible(inner)


def _read_field(tree: Tree, index: int, data: bytes, depth: int, body: int, known: dict[bytes, Packed | None]) -> None:
    """``body``: size of the whole body; ``known``: what other texts of the message encode."""
    if data not in known:
        known[data] = _unpack_plain(data)
    if (packed := known[data]) is None:
        if not _read_closely(tree, index, "") and len(data) >= max(_BIG, body / 2) and not printable(data):
            tree.partial(f"unreadable: {tree.path(index)[:120]}")
        return
    for step, inner in packed:
        if depth >= tree.limits.depth:
            tree.partial("limit: depth")
            return
        tree.add_fields(single(inner), index, step, depth)


def _unpack_plain(data: bytes) -> Packed | None:
    """What a plain text encodes, as (step, bytes); None = it needs a closer look."""
    kind = _STARTS[data[0]]
    if data.isalnum():
        return None if kind and data[:2] in _BEGINNINGS and _begins_packed(data) else _unpack(data)
    if kind and (kind == 1 or _begins_packed(data)):
        # Text that does not begin in ASCII and has nothing that a reader of texts looks for.
        prose = data[0] > 127 and printable(data) and b"eyJ" not in data[:12]
        return _NOTHING if prose and len(data.translate(None, _ASKED)) == len(data) else None
    if data.translate(None, _CALM) or b"eyJ" in data[:12]:
        return None
    if b" " in data[:40]:
        return _NOTHING
    if data[-1] in b" \t\r\n" or not data.translate(None, _BASE64):
        return _unpack(data)
    return [("b85", inner) for inner in formats.unbase85(data)]


def _begins_packed(data: bytes) -> bool:
    """Whether a text begins like a compressed or a multipart body, or a packet of Socket.IO."""
    if data.startswith((codings.BZIP2_MAGIC, b"--", codings.LZ4_JAVA)) or codings.begins_zlib(data):
        return True
    return data[:1].isdigit() and not data.isalnum() and formats.socket_io(data) is not None


#: Encodings of bytes as text: step, what undoes it (None: it is not that), and whether the result is what was meant.
_ENCODINGS: Final[tuple[tuple[str, Callable[[bytes], bytes | None], Callable[[bytes], bool]], ...]] = (
    ("hex", formats.unhex, sensible),
    ("b64", formats.unbase64, sensible),
    ("b64", formats.unbase64_reordered, bool),
    ("b32", formats.unbase32, lambda inner: len(inner) in _DIGESTS or sensible(inner)),
)


def _unpack(data: bytes) -> Packed:
    """A text as hexadecimal, base64 and base32, where that is meaningful."""
    if len(data) >= _ONLY_HEX and len(data) % 2 == 0 and data[0] in _HEX and data[-1] in _HEX:
        try:
            digits = binascii.a2b_hex(data)
            return (("hex", digits),) if sensible(digits) else _NOTHING
        except binascii.Error:
            pass
    return [(step, inner) for step, undo, fits in _ENCODINGS if (inner := undo(data)) is not None and fits(inner)]


def _read_closely(tree: Tree, index: int, content_type: str) -> bool:
    """Read a node reader by reader and add what they yield; whether there was any."""
    group, data = tree.group(index), tree.data[index]
    value = _Value(tree, data, data[:64].lstrip(_BOM + b" \t\r\n")[:2], content_type, content_type.lower(), group.step,
                   tree.limits.nodes)  # fmt: skip
    found = False
    for step, items in _interpret(value):
        if group.depth >= tree.limits.depth:
            tree.partial("limit: depth")
            tree.doubles = [d for d in tree.doubles if d[0] < len(tree.data)]
            break
        found = True
        tree.add_fields(items, index, step, group.depth)
    return found


class _Value(NamedTuple):
    """Bytes to read."""

    tree: Tree
    data: bytes
    head: bytes
    """The first two bytes after white space and byte order mark."""
    content_type: str
    kind: str
    """The content type in lower case."""
    step: str
    """The step that yielded the bytes."""
    most: int
    """How many fields may be read."""


def _interpret(value: _Value) -> Iterator[tuple[str, Columns]]:
    """Every valid interpretation of a value, as (step, fields)."""
    if packed := _decompressed(value):
        yield packed
        return
    for step, fits, read in _readers(value.data):
        try:
            items = read(value) if fits(value) else None
        except Exceeded as limit:
            value.tree.partial(f"limit: {limit}")
            continue
        except ValueError:
            continue
        if items is not None:
            value.tree.partial("" if items.whole else "limit: nodes")
            if items.data:
                yield step, items
                if step in _LAST:
                    return
    if b" " not in value.data[:40] and printable(value.data):
        yield from ((step, single(inner)) for step, inner in _encoded(value.data))


def _encoded(data: bytes) -> Iterator[tuple[str, bytes]]:
    """What a word encodes, in every way."""
    yield from _unpack(data)
    if data[:1] == b"b" and (frame := formats.engine_io(data)) is not None and readable(frame):
        yield "b64", frame
    yield from (("b85", inner) for inner in formats.unbase85(data))


def _decompressed(value: _Value) -> tuple[str, Columns] | None:
    """What bytes with a magic number hold, with the name of the step."""
    if (found := codings.by_magic(value.data)) is None:
        return None
    step, undo = found
    try:
        result = undo(value.data, value.tree.room(), value.tree.spend)
    except ValueError:
        return None
    if step == "zlib" and not result.whole and not result.capped:
        return None
    value.tree.partial(result.fault(step))
    return step, single(result.data)


def _read_socket_io(value: _Value) -> Columns | None:
    packet = formats.socket_io(value.data)
    return None if packet is None else values.read_json(packet, value.most)


def _read_deflate(value: _Value) -> Columns | None:
    """Deflate without a header, of a text."""
    if not printable(codings.deflated_beginning(value.data)):
        return None
    result = codings.inflate_raw(value.data, value.tree.room(), value.tree.spend)
    return single(result.data) if result.whole and printable(result.data) else None


def _read_snappy(value: _Value) -> Columns | None:
    """Snappy without a header, of a text or message."""
    data = codings.unsnappy(value.data, value.tree.room(), value.tree.spend).data
    return single(data) if printable(data) or binary.read_protobuf(data) is not None else None


def _read_zip(value: _Value) -> Columns:
    files, whole = codings.unzip(value.data, value.tree.room())
    value.tree.partial("" if whole else "zip is not read whole")
    return columns((f"[{number}]", "", content) for number, content in enumerate(files))


def _read_grpc(value: _Value) -> Columns:
    """Messages behind a byte that says whether they are compressed, and four with their length."""
    frames: list[tuple[int, bytes]] = []
    at, data = 0, value.data
    while at < len(data):
        size = int.from_bytes(data[at + 1 : at + 5], "big")
        if data[at] > 1 or size > len(data) - at - 5 or len(frames) >= _FRAMES:
            raise ValueError("no gRPC frame, or cut short")
        frames.append((data[at], data[at + 5 : at + 5 + size]))
        at += 5 + size
    found, room = [], value.tree.room()
    for number, (packed, message) in enumerate(frames):
        if packed:
            result = codings.gunzip(message, room, value.tree.spend)
            value.tree.partial(result.fault("gzip") if result.capped else "")
            message = result.data
        room = max(0, room - len(message))
        found.append((f"[{number}]", "", message))
    return columns(found)


def _read_protobuf(value: _Value) -> Columns | None:
    fields = binary.read_protobuf(value.data)
    declared = "protobuf" in value.kind or "grpc" in value.kind or value.step == "grpc"
    if fields is None or not (declared or binary.plausible(fields) or binary.is_position(fields)):
        return None
    turns: dict[int, int] = {}
    items: list[tuple[str, str, bytes]] = []
    for field in fields:
        turn = turns[field.number] = turns.get(field.number, -1) + 1
        if real := binary.as_float(field):
            value.tree.doubles.append((len(value.tree.data) + len(items), *real))
        items.append((f".{field.number}" + (f"[{turn}]" if turn else ""), "", field.data))
    return columns(items)


#: Step, whether a value may be that, and what reads it: None or ``ValueError`` = it is not that.
type _Reader = tuple[str, Callable[[_Value], object], Callable[[_Value], Columns | None]]
_READERS: Final[tuple[_Reader, ...]] = (
    ("zip", lambda v: v.data.startswith(codings.ZIP_MAGIC), _read_zip),
    ("json", lambda v: v.head[:1] in (b"{", b"[", b'"'), lambda v: values.read_json(v.data.removeprefix(_BOM), v.most)),
    ("jsonl", lambda v: v.head[:1] in (b"{", b"["), lambda v: values.read_json_lines(v.data, v.most)),
    ("grpc", lambda v: "grpc" in v.kind, _read_grpc),
    ("multipart", lambda v: "multipart" in v.kind or v.head == b"--",
     lambda v: formats.read_multipart(v.data, v.content_type, v.most)),
    ("xml", lambda v: v.head[:1] == b"<", lambda v: formats.read_xml(v.data, v.most)),
)  # fmt: skip
_OF_TEXTS: Final[tuple[_Reader, ...]] = (
    ("form", lambda v: b"=" in v.data[:-2],
     lambda v: formats.read_form(v.data, v.most, strict="urlencoded" not in v.kind)),
    ("query", lambda v: b"?" in v.data and v.data[:8].lower().startswith((b"http://", b"https://")),
     lambda v: formats.read_form(v.data.partition(b"?")[2].partition(b"#")[0], v.most, strict=False)),
    ("jwt", lambda v: b"eyJ" in v.data[:12], lambda v: formats.read_jwt(v.data)),
    ("socketio", lambda v: v.data[:1].isdigit(), _read_socket_io),
    ("url", lambda v: _PERCENT.search(v.data), lambda v: single(urllib.parse.unquote_to_bytes(v.data))),
    ("unicode", lambda v: b"\\u" in v.data,
     lambda v: single(formats.unescape(v.data.decode()).encode("utf-8", "replace"))),
)  # fmt: skip
_OF_BYTES: Final[tuple[_Reader, ...]] = (
    ("utf16", lambda v: v.data[:2] in (b"\xff\xfe", b"\xfe\xff"), lambda v: single(v.data.decode("utf-16").encode())),
    ("pb", lambda v: v.data and v.data[0] not in NO_FIELD, _read_protobuf),
    ("msgpack", lambda v: binary.may_be_msgpack(v.data), lambda v: binary.read_msgpack(v.data, v.most)),
    ("cbor", lambda v: binary.may_be_cbor(v.data), lambda v: binary.read_cbor(v.data, v.most)),
    ("deflate", lambda v: v.step in _PACKED, _read_deflate),
    ("snappy", lambda v: v.step in _PACKED and codings.may_be_snappy(v.data), _read_snappy),
)


def _readers(data: bytes) -> Iterator[_Reader]:
    yield from _READERS
    yield from _OF_TEXTS if printable(data) else _OF_BYTES
