"""Further checks of a message: whether a base64 hit contains a whole value, digests of digests, values split into
pieces."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import compress, count
from operator import itemgetter
from typing import Final, NamedTuple

from monitor.content.codings import unpadded64
from monitor.content.runs import runs
from monitor.content.tree import Tree

_ALPHABET: Final = re.compile(rb"[A-Za-z0-9+/_-]*")
_HEX_SIZES: Final = (32, 40, 64)
#: Lengths of a digest of 16, 20 or 32 bytes as base64 text and as bytes.
_PACKED: Final = frozenset({22, 24, 27, 28, 43, 44})
_RAW: Final = frozenset({16, 20, 32})
_DIGEST_SIZES: Final = _PACKED | _RAW
#: Characters of a value by which its first piece is looked up.
HEAD: Final = 3
_HEAD: Final = itemgetter(slice(HEAD))
_PIECES: Final = 6
_LONGEST: Final = 64


def holds(text: bytes, start: int, end: int, values: Iterable[bytes]) -> bool:
    """Whether the base64 around a hit decodes to a whole value: the outer characters of a hit carry bits of their
    neighbours, and a value that differs only in its last bits shares all other characters."""
    wanted = tuple(values)
    for back in range(min(4, start + 1)):
        run = _ALPHABET.match(text, start - back, end + 4)
        data = run[0] if run else b""
        decoded = unpadded64(data[:-1] if len(data) % 4 == 1 else data) or b""
        if any(value in decoded for value in wanted):
            return True
    return False


#: Of a number or a name that goes on, what stands before and after it: 192.168.1.1 is no part of 192.168.1.17, a
#: package is not the class of a library (com.google.android.gm, com.google.android.gms.ads), a network no part of a
#: word.
_MORE: Final = {
    "ip": (re.compile(rb"[0-9]\.?\Z"), re.compile(rb"[0-9A-Fa-f]|\.[0-9]")),
    "apps": (
        re.compile(rb"[A-Za-z0-9_]\.?\Z"),
        re.compile(rb"[A-Za-z0-9]|_[A-Za-z]|\.(?!apk(?![A-Za-z0-9_]))[A-Za-z_]"),
    ),
    "ssid": (re.compile(rb"[A-Za-z0-9]\Z"), re.compile(rb"[A-Za-z0-9]")),
}
_MORE["procs"], _MORE["wifi_scan"] = _MORE["apps"], _MORE["ssid"]
#: What ends a character that is written as an escape.
_ESCAPED: Final = re.compile(rb"(?:%[0-9A-Fa-f]{2}|\\[nrt]|\\u[0-9A-Fa-f]{4})\Z")
_DATE: Final = re.compile(rb"[0-9]{4}[-/.][0-9]{2}[-/.][0-9]{2}")
_HOUR: Final = re.compile(rb"[T ](?!00:00)[0-9]{2}:")


def part_of_more(text: bytes, start: int, end: int, data_type: str) -> bool:
    """Whether a value that stands in a text as itself is part of another value there: a longer address or name, or the
    date of a time."""
    if end - start == 10 and _HOUR.match(text, end) and _DATE.fullmatch(text, start, end):
        return True
    before, after = _MORE.get(data_type, (None, None))
    if before is None or after is None:
        return False
    ahead = text[max(0, start - 6) : start]
    return bool(after.match(text, end) or (before.search(ahead) and not _ESCAPED.search(ahead)))


def hex_digests(text: bytes, found: Iterable[tuple[int, int]] | None = None) -> Iterator[tuple[int, int, bytes]]:
    """What may be a digest in hexadecimal, as (start, end, bytes). ``found``: the text's ``runs``."""
    spans = runs(text) if found is None else found
    for start, end in [span for span in spans if span[1] - span[0] in _HEX_SIZES]:
        yield start, end, bytes.fromhex(text[start:end].decode())


def digests(tree: Tree) -> Iterator[tuple[int, bytes]]:
    """Nodes that may be a digest as base64 or as bytes, as (index, bytes)."""
    for index in tree.sized(_DIGEST_SIZES):
        data = tree.data[index]
        if len(data) in _RAW:
            yield index, data
        elif tree.leaves[index] and (raw := unpadded64(data)) is not None:
            yield index, raw


class Cut(NamedTuple):
    """A value in pieces: the node of its first piece and its lookup key."""

    node: int
    value: bytes


def head(value: bytes) -> bytes | None:
    """The lookup key of a value's first piece; None = too short or too long to search for in pieces."""
    return value[:HEAD] if 8 <= len(value) <= _LONGEST else None


def cuts(tree: Tree, heads: Mapping[bytes, Iterable[bytes]]) -> Iterator[Cut]:
    """Values split across neighbouring fields of one message in pieces of at least three characters, complete and with
    nothing in between. This can occur by chance, so it is never more than possible."""
    if not heads:
        return
    for index in compress(count(), map(heads.__contains__, map(_HEAD, tree.data))):
        data = tree.data[index]
        if not tree.leaves[index] or len(data) > _LONGEST:
            continue
        for value in heads[data[:HEAD]]:
            if len(data) < len(value) and value.startswith(data) and _goes_on(tree, index, value):
                yield Cut(index, value)


def _goes_on(tree: Tree, index: int, value: bytes) -> bool:
    parent, at, pieces = tree.group(index).parent, len(tree.data[index]), 1
    for node in range(index + 1, min(index + 1 + _PIECES, len(tree.data))):
        data = tree.data[node]
        if len(data) < HEAD or not value.startswith(data, at):
            return False
        if not tree.leaves[node] or tree.group(node).parent != parent:
            return False
        at, pieces = at + len(data), pieces + 1
        if at == len(value):
            return pieces > 1
    return False
