"""From patterns and digests that were hit to matches: whether a hit is the whole value, one match per value and place,
and lists that are followed as sets.

Digests are found whole, in part (their first 8 to 64 bytes in hexadecimal, as base64 or as bytes), or as a UUID, with
or without the bits that say what kind of UUID it is. None of that needs a pattern: what may be a digest is looked up by
how it begins. Of what is installed, which networks and devices are around and who is known, one member alone says
little, and many are too short to be recognised on their own; enough of them together are the list.
"""

import base64
import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from itertools import compress
from operator import itemgetter
from typing import Final, NamedTuple

from msgspec.structs import replace

from monitor.content.formats import unpadded64
from monitor.content.tree import ENCODINGS, Tree
from monitor.events import Match

#: Bytes of a digest, or of what is left of one: fewer could be anything.
_SIZES: Final = (8, 10, 12, 16, 20, 24, 28, 32, 48, 64)
_DIGITS: Final = frozenset(2 * size for size in _SIZES)
#: Hexadecimal digits, and bytes or characters of base64, by which a digest is looked up.
HEAD: Final = 12
_HEAD: Final = HEAD // 2
_BEGINNING: Final = itemgetter(slice(_HEAD))
_BASE64: Final = frozenset(len(base64.b64encode(bytes(size)).rstrip(b"=")) for size in _SIZES)
#: Lengths of what is looked at: bytes, or base64 with or without its padding.
_LENGTHS: Final = frozenset(_SIZES) | _BASE64 | {-(-size // 4) * 4 for size in _BASE64}
_OF_URLS: Final = bytes.maketrans(b"+/", b"-_")
#: Every byte as ``x`` if it is a hexadecimal digit, else as a space: looking for equal bytes skips most of a text.
_HEX_OR_NOT: Final = bytes(0x78 if byte in b"0123456789ABCDEFabcdef" else 0x20 for byte in range(256))
_SHORTEST: Final = b"x" * min(_DIGITS)
_UUID: Final = re.compile(
    rb"(?<![0-9A-Fa-f])[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}(?![0-9A-Fa-f])"
)
_MIDDLE: Final = re.compile(rb"-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-")


class Owner(NamedTuple):
    """The needle to which the pattern belongs."""

    data_type: str
    tag: str
    form: str
    bounded: bool = False
    weak: bool = False
    worded: bool = False
    """It may stand in any sentence."""
    entered: bool = False
    """A name that was entered: short, but no field holds just that by chance."""


def hex_runs(text: bytes, heads: Container[bytes]) -> Iterator[tuple[int, int]]:
    """Start and end of each run of hexadecimal digits that is as long as a digest or a part of one and begins as one of
    these (``HEAD`` digits, in lower case)."""
    marked = text.translate(_HEX_OR_NOT) + b" "
    end = -1
    while (start := marked.find(_SHORTEST, end + 1)) >= 0:
        end = marked.find(b" ", start + len(_SHORTEST))
        if end - start in _DIGITS and text[start : start + HEAD].lower() in heads:
            yield start, end


class _Known(NamedTuple):
    digest: bytes
    owner: Owner
    whole: bool
    """A part of it tells nothing (a digest of a digest)."""


class Digests:
    """The digests known so far."""

    def __init__(self) -> None:
        self._known: defaultdict[bytes, list[_Known]] = defaultdict(list)
        self._beginnings: set[bytes] = set()
        """The first bytes of the digests, and of their base64 in either alphabet."""
        self._heads: set[bytes] = set()
        """How they begin in hexadecimal."""

    def add(self, digest: bytes, owner: Owner, *, whole: bool = False) -> None:
        """A digest of at least eight bytes, once."""
        beginning = digest[:_HEAD]
        found = self._known[beginning]
        if len(digest) >= _SIZES[0] and not any(
            known.digest == digest and (whole or known.owner == owner) for known in found
        ):
            found.append(_Known(digest, owner, whole))
            packed = base64.b64encode(beginning)[:_HEAD]
            self._beginnings |= {beginning, packed, packed.translate(_OF_URLS)}
            self._heads.add(beginning.hex().encode())

    def owners(self, data: bytes) -> Iterator[Owner]:
        """Owners of the digests that begin with these bytes."""
        for digest, owner, whole in self._known.get(data[:_HEAD], ()):
            if digest == data:
                yield owner
            elif not whole and digest.startswith(data):
                yield owner._replace(form=f"{owner.form}_cut")

    def find(self, text: bytes) -> Iterator[tuple[int, int, Owner]]:
        """Those in hexadecimal in a text, as (start, end, owner)."""
        for start, end in hex_runs(text, self._heads) if self._known else ():
            yield from ((start, end, owner) for owner in self.owners(bytes.fromhex(text[start:end].decode())))
        for middle in _MIDDLE.finditer(text) if self._known else ():
            if (match := _UUID.match(text, max(0, middle.start() - 8))) is not None:
                data = bytes.fromhex(match[0].decode().replace("-", ""))
                for digest, owner, whole in self._known.get(data[:_HEAD], ()):
                    if not whole and len(digest) >= 16 and _unmarked(digest) == _unmarked(data):
                        yield *match.span(), owner._replace(form=f"{owner.form}_uuid")

    def nodes(self, tree: Tree) -> Iterator[tuple[int, Owner]]:
        """Those in nodes that are one as bytes or as base64, as (index, owner)."""
        fitting = list(tree.sized(_LENGTHS)) if self._known else []
        begun = map(self._beginnings.__contains__, map(_BEGINNING, map(tree.data.__getitem__, fitting)))
        for index in compress(fitting, begun):
            data = tree.data[index]
            for raw in (data, unpadded64(data) if tree.leaves[index] else None):
                if raw is not None and len(raw) in _SIZES:
                    yield from ((index, owner) for owner in self.owners(raw))


def _unmarked(data: bytes) -> bytes:
    """The 16 bytes of a UUID but the bits of its version and variant, which say nothing of a digest."""
    return data[:6] + bytes((data[6] & 15, data[7], data[8] & 63)) + data[9:16]


#: Types of value of which one call returns many.
LISTS: Final = frozenset("apps wifi_scan bt_scan contacts call_log sms calendar procs".split())
#: Types of which a single member is somebody else's name rather than the list.
_ONLY_TOGETHER: Final = frozenset({"apps", "procs"})
#: Members of one list in one message that cannot stand there by chance.
ENOUGH: Final = 5
_ALPHABET: Final = re.compile(rb"[A-Za-z0-9+/_-]*")


def settle_places(tree: Tree, hits: Iterable[tuple[int, Owner]]) -> list[Match]:
    """One match per value and place, of patterns in nodes. A container's hit yields to the field inside it; a field
    whose value is merely encoded keeps its own hit, with the encoding as the form."""
    places: defaultdict[tuple[str, str], dict[int, Owner]] = defaultdict(dict)
    for node, owner in hits:
        by_node = places[owner.data_type, owner.tag]
        by_node[node] = min(by_node.get(node, owner), owner, key=_rank)
    matches = []
    for (data_type, tag), by_node in places.items():
        kept = {n for n in by_node if not ((group := tree.group(n)).step in ENCODINGS and group.parent in by_node)}
        for index in sorted(kept - above(tree, kept)):
            owner = by_node[index]
            matches.append(matched(data_type, owner.form, tree.path(index), not owner.weak, tag))
    return matches


def above(tree: Tree, nodes: Iterable[int]) -> set[int]:
    """Every node that contains one of these."""
    found: set[int] = set()
    for index in nodes:
        up = tree.group(index).parent
        while up >= 0 and up not in found:
            found.add(up)
            up = tree.group(up).parent
    return found


#: Ends of the forms that yield to any other of the same place.
_LESSER: Final = ("reversed", "_cut", "_uuid")
_ORDER: Final = {form: i for i, form in enumerate("plain upper lower no_separators separators".split())}


def _rank(owner: Owner) -> int:
    return _ORDER.get(owner.form, len(_ORDER)) + (100 if owner.form.endswith(_LESSER) else 0)


def matched(data_type: str, form: str, path: str, certain: bool, tag: str) -> Match:
    """A match, certain or only possible, whose path has at most 300 characters."""
    certainty = "found" if certain else "possible"
    return Match(data_type=data_type, form=form, path=path[:300], certainty=certainty, tag=tag)


def ascii_path(path: str) -> str:
    """A path in printable ASCII, except the ellipsis that represents a masked value; at most 300 characters."""
    text = "".join(c if " " <= c <= "~" or c == "…" else f"\\u{ord(c):04x}" for c in path)
    return text if len(text) <= 300 else text[:299] + "…"


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


def in_prose(text: bytes, start: int, end: int) -> bool:
    """Whether what stands around a hit goes on as a sentence does: with a letter, after at most one space."""
    before = text[max(0, start - 5) : start].decode("utf-8", "ignore")
    after = text[end : end + 5].decode("utf-8", "ignore")
    return before.removesuffix(" ")[-1:].isalpha() or after.removeprefix(" ")[:1].isalpha()


def settle_lists(matches: list[Match]) -> list[Match]:
    """The matches, with members of a list ``found`` where enough of them stand together, and ``possible`` where a few
    packages do."""
    members: defaultdict[str, set[str]] = defaultdict(set)
    for match in matches:
        if match.data_type in LISTS and match.tag:
            members[match.data_type].add(match.tag)
    together = {kind for kind, tags in members.items() if len(tags) >= ENOUGH}
    settled = {kind: "found" if kind in together else "possible" for kind in together | _ONLY_TOGETHER}
    return [
        replace(match, certainty=settled[match.data_type])
        if match.tag and match.form != "split" and match.data_type in settled
        else match
        for match in matches
    ]
