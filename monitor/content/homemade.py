"""Known values in a field of their own that code of the app has disguised without a hooked call: written with another
alphabet, rotated, cut to one end, or parted over fields that are no neighbours.

No key and no alphabet is tried: what a rotation or an alphabet leaves as it was is looked up. How unlikely it is that
another value looks the same is counted in bits, and decides between ``found`` and ``possible``.
"""

import base64
import itertools
import math
import re
import string
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import compress, count
from operator import itemgetter
from typing import Final, NamedTuple

from monitor.content.hits import Owner
from monitor.content.identifiers import SEPARATORS, entropy_of
from monitor.content.tree import Tree

#: Bits that must be left once all comparisons of a message are taken off: for certainty, and to be worth a look.
SURE: Final = 32
_LEAST: Final = 12
_SHORTEST: Final = 10
_LONGEST: Final = 150
_VALUES: Final = 256
_LEAVES: Final = 2000
#: Of a million random identifiers each, no two of 32 characters and more had the same characters equal; 16 hexadecimal
#: digits had 25 bits, their base64 had 21.
_LONG: Final = 32
_ALPHABET_LONG: Final = 44.0
_ALPHABET_SHORT: Final = 21.0
_ALIKE: Final = 8
#: Bits a character below which a text repeats itself: random digits have 2.5 and more.
_REPEATED: Final = 2.0
#: From this share of letters in order on, the order is no chance, so that the rest is of another value.
_MUCH: Final = 0.6
_ENDS: Final = (8, 10, 12, 16, 20, 24)
_WHOLE: Final = 16
_ID: Final = re.compile(r"(?=(?:[^0-9]*[0-9]){4})[0-9A-Za-z]{10,}")
_FIELD: Final = re.compile(rb"[!-~]{8,200}")
_MIXED: Final = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z])[0-9A-Za-z]+")
_BLOCKS: Final = (string.ascii_uppercase, string.ascii_lowercase, string.digits)
_STANDARD: Final = {c: i for i, c in enumerate("".join(_BLOCKS) + "+/")} | {"-": 62, "_": 63}
#: The alphabets that people make of the same letters in other orders; each may be turned round, and rotated.
_ORDERS: Final = tuple({c: i for i, c in enumerate("".join(order))} for order in itertools.permutations(_BLOCKS))
_ORDER_BITS: Final = math.log2(len(_ORDERS) * 2 * 64)
_LOWER, _UPPER, _DIGITS = (c.encode() for c in (string.ascii_lowercase, string.ascii_uppercase, string.digits))
_LETTER: Final = re.compile(rb"[A-Za-z]")
_DIGIT: Final = re.compile(rb"[0-9]")
_RINGS: Final = (
    ("hex", b"0123456789abcdef", 4.0),
    ("base36", _DIGITS + _LOWER, 5.2),
    ("ascii", bytes(range(33, 127)), 6.6),
)


class Disguised(NamedTuple):
    """A value in a node. ``bits``: how unlikely another value is to look the same, one comparison made."""

    node: int
    owner: Owner
    form: str
    bits: float
    sure: bool = False


class _Known(NamedTuple):
    owner: Owner
    text: str
    bits: float
    packed: bool = False
    """Base64 of bytes that are no text: an alphabet leaves next to nothing of it."""


def entropy(text: str) -> float:
    """Bits by which a value differs from others of its kind, from its characters: digits, hexadecimal, others; of one
    that repeats itself (``0000…1234``, as emulators have them) what the share of each character leaves."""
    bare = SEPARATORS.sub("", text)
    each = entropy_of(bare)
    return (each if each < _REPEATED else 3.3 if bare.isdigit() else 4.0) * len(bare)


def sure(bits: float, compared: int) -> bool | None:
    """Whether a coincidence is out of the question, after that many comparisons; None = not even worth a look."""
    left = bits - math.log2(max(compared, 1))
    return True if left >= SURE else False if left >= _LEAST else None


def _pattern(text: str) -> str:
    """Which of its characters are equal, whatever they are."""
    seen: dict[str, str] = {}
    return "".join([seen.setdefault(c, chr(0x100 + len(seen))) for c in text])


def _rotations(data: bytes) -> Iterator[tuple[tuple[str, bytes], float]]:
    """What is left of a text if its letters and digits, or all its characters, are moved along; and the bits of that
    freedom."""
    low = data.lower() if data.isupper() else data
    letter, digit = _LETTER.search(low), _DIGIT.search(low)
    yield ("classes", low.translate(_classes(letter[0] if letter else b"a", digit[0] if digit else b"0"))), 8.0
    for name, ring, bits in _RINGS:
        if not low.translate(None, ring):
            yield (name, low.translate(_turned(ring, low[:1]))), bits


@cache
def _classes(letter: bytes, digit: bytes) -> bytes:
    """Moves letters so that this one becomes the first of its kind, and digits so that this one does."""
    tables = (_turned(_LOWER, letter.lower()), _turned(_UPPER, letter.upper()), _turned(_DIGITS, digit))
    return bytes(range(256)).translate(tables[0]).translate(tables[1]).translate(tables[2])


@cache
def _turned(ring: bytes, first: bytes) -> bytes:
    return bytes.maketrans(ring[ring.index(first) :] + ring[: ring.index(first)], ring)


class Homemade:
    """The disguises of the values known so far. Not thread-safe."""

    def __init__(self) -> None:
        self._rotated: dict[tuple[str, bytes], _Known] = {}
        self._written: defaultdict[str, list[_Known]] = defaultdict(list)
        self._starts: dict[bytes, _Known] = {}
        self._ends: dict[bytes, _Known] = {}
        self._sizes: Counter[int] = Counter()
        """How many of these have a length."""
        self._known = 0

    def add(self, value: str, spellings: Iterable[bytes], owner: Owner) -> None:
        """Add an identifier in its spellings; the first 256 count. Words and numbers of few digits are none."""
        bare = SEPARATORS.sub("", value)
        if self._known >= _VALUES or not _ID.fullmatch(bare):
            return
        self._known += 1
        bits = entropy(value)
        for raw in spellings:
            text, coded = raw.decode("latin-1"), base64.b64encode(raw).decode().rstrip("=")
            if _FIELD.fullmatch(raw) and len(text) >= _SHORTEST:
                for left, freedom in _rotations(raw):
                    self._rotated.setdefault(left, _Known(owner, text, bits - freedom))
                self._sizes[len(text)] += 1
                self._write(_Known(owner, text, bits))
                self._write(_Known(owner, coded, bits))
                if len(bare) >= _WHOLE and _MIXED.fullmatch(bare):
                    self._part(text, owner)
            elif len(raw) <= _LONGEST:
                self._write(_Known(owner, coded, bits, packed=True))

    def _write(self, known: _Known) -> None:
        listed = self._written[_pattern(known.text)]
        if len(listed) < _ALIKE and known not in listed:
            listed.append(known)
            self._sizes[len(known.text)] += 1

    def _part(self, text: str, owner: Owner) -> None:
        for size in {*_ENDS, len(text) // 2}:
            if size < len(text):
                for table, piece in ((self._starts, text[:size]), (self._ends, text[-size:])):
                    bits = entropy(piece)
                    known = _Known(owner, text, bits if bits > SURE else SURE - 1)
                    self._sizes[size] += table.setdefault(piece.encode(), known) is known

    def find(self, leaves: Iterable[tuple[int, bytes]]) -> Iterator[Disguised]:
        """Where values are, by the number of the leaf, as far as they are worth a look."""
        fields = [(number, data) for number, data in leaves if _FIELD.fullmatch(data)][:_LEAVES] if self._known else []
        compared = sum(self._sizes[len(data)] for _, data in fields)
        for found in (*self._parted(fields), *self._whole(fields)) if compared else ():
            if (certain := sure(found.bits, compared)) is not None:
                yield found._replace(sure=certain)

    def _whole(self, fields: list[tuple[int, bytes]]) -> Iterator[Disguised]:
        """Values that are rotated, or written with another alphabet."""
        written: list[tuple[int, _Known, dict[str, str]]] = []
        for number, data in fields:
            kept = map(self._rotated.get, (left for left, _ in _rotations(data))) if self._sizes[len(data)] else ()
            text = data.decode("ascii")
            rotated = next((known for known in kept if known is not None and known.text != text), None)
            if rotated is not None:
                yield Disguised(number, rotated.owner, "rotated", rotated.bits)
                continue
            bare = text.rstrip("=")
            for known in self._written.get(_pattern(bare), ()) if self._sizes[len(bare)] else ():
                alphabet = dict(zip(known.text, bare, strict=True))
                share = _ordered(alphabet)
                if share == 1.0 and bare != known.text:
                    yield Disguised(number, known.owner, "alphabet", known.bits - _ORDER_BITS)
                elif share < _MUCH and not _is_plain(alphabet):
                    written.append((number, known, alphabet))
        for number, known, alphabet in written:
            agrees = any(other.owner != known.owner and _agree(alphabet, its) for _, other, its in written)
            yield Disguised(number, known.owner, "alphabet", _bits_left(known, agrees))

    def _parted(self, fields: list[tuple[int, bytes]]) -> Iterator[Disguised]:
        """One end of a value in a field; both of them in two, complete."""
        heads = [(number, data, self._starts[data]) for number, data in fields if data in self._starts]
        tails = [(number, data, self._ends[data]) for number, data in fields if data in self._ends]
        whole: set[Owner] = set()
        for (number, head, known), (_, tail, other) in itertools.product(heads, tails):
            if other.text == known.text and len(head) + len(tail) >= len(known.text):
                whole.add(known.owner)
                yield Disguised(number, known.owner, "split", entropy(known.text))
        for number, _, known in (*heads, *tails):
            if known.owner not in whole:
                yield Disguised(number, known.owner, "part", known.bits)


def _bits_left(known: _Known, agrees: bool) -> float:
    """What an alphabet in no order leaves of a value: nearly all of it where a second value is written with it as well;
    else what random identifiers of that length were seen to have in common."""
    size = len(known.text)
    if known.packed or size < _WHOLE:
        return 0.0
    return min(known.bits, _ALPHABET_LONG) if agrees or size >= _LONG else _ALPHABET_SHORT


def _is_plain(alphabet: dict[str, str]) -> bool:
    """Whether many characters stand for themselves: then it is no alphabet, but another value much like the known
    one."""
    return 4 * sum(a == b for a, b in alphabet.items()) > len(alphabet)


def _ordered(alphabet: dict[str, str]) -> float:
    """How many of the letters are where they would be if base64 were written in an alphabet of the same letters in
    another order, turned round or rotated; signs may stand anywhere."""
    pairs = [(_STANDARD[a], b) for a, b in alphabet.items() if a in _STANDARD and b.isalnum()]
    if len(pairs) < len(alphabet) - 2:
        return 0.0
    most = (
        max(Counter((places[b] - sign * a) % size for a, b in pairs if a < size).values(), default=0)
        for places, sign, size in itertools.product(_ORDERS, (1, -1), (62, 64))
    )
    return max(most) / len(pairs)


def _agree(one: dict[str, str], other: dict[str, str]) -> bool:
    """Whether two alphabets can be one, and have enough letters in common to say so."""
    common = one.keys() & other.keys()
    both = one | other
    return len(common) >= 6 and all(one[a] == other[a] for a in common) and len(set(both.values())) == len(both)


#: Characters of a value by which its first piece is looked up, the least of any piece; how many pieces there may be.
_PIECE: Final = 3
_PIECES: Final = 6
_SPLIT: Final = range(8, 65)
_HEAD: Final = itemgetter(slice(_PIECE))


class Pieces:
    """The values known so far that may be split across neighbouring fields of one message, complete and with nothing in
    between. This can occur by chance, so it is never more than possible."""

    def __init__(self) -> None:
        self._heads: defaultdict[bytes, dict[bytes, Owner]] = defaultdict(dict)

    def add(self, values: Iterable[bytes], owner: Owner) -> None:
        """Add a value in its spellings."""
        for value in values:
            if len(value) in _SPLIT:
                self._heads[value[:_PIECE]].setdefault(value, owner)

    def find(self, tree: Tree) -> Iterator[tuple[int, Owner]]:
        """The node of each value's first piece."""
        heads = self._heads
        for index in compress(count(), map(heads.__contains__, map(_HEAD, tree.data))) if heads else ():
            data = tree.data[index]
            if tree.leaves[index] and len(data) in range(_SPLIT.stop):
                for value, owner in heads[data[:_PIECE]].items():
                    if len(data) < len(value) and value.startswith(data) and _goes_on(tree, index, value):
                        yield index, owner


def _goes_on(tree: Tree, index: int, value: bytes) -> bool:
    """Whether the rest of a value stands in the nodes after this one."""
    parent, at = tree.group(index).parent, len(tree.data[index])
    for node in range(index + 1, min(index + 1 + _PIECES, len(tree.data))):
        data = tree.data[node]
        fits = len(data) >= _PIECE and value.startswith(data, at)
        if not fits or not tree.leaves[node] or tree.group(node).parent != parent:
            return False
        at += len(data)
        if at == len(value):
            return True
    return False
