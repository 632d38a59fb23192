"""References in Dalvik code: which class calls or reads which members. Hostile input: bounded, nothing is run.

Format: Android's "Dalvik executable format" and "Dalvik bytecode" documents. A candidate is found by its bytes and
counts only if decoding the method from its first instruction arrives there. Our own: androguard 4.1 brings 36 packages,
IPython and SQLAlchemy among them.
"""

import re
import struct
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, islice
from typing import Final, NamedTuple

MAGIC: Final = re.compile(rb"dex\n\d{3}\0")
#: Code units decoded in one file, and places looked at: more than any real one has.
_MAX_UNITS: Final = 60_000_000
_MAX_HITS: Final = 4_000_000
#: Types, classes and methods of one file: what 16 bits number.
_MOST: Final = 0x10000
_NO_STRING: Final = 0xFFFFFFFF
#: Bytes of a name or string that are read; a longer name is none.
_LONGEST: Final = 1_500
_WORDS: Final = 64
_PARAMS: Final = 32
#: Parts of one file.
_FILES: Final = 100
_INVOKE: Final = bytes((*range(0x6E, 0x73), *range(0x74, 0x79)))
_STATIC_READ: Final = bytes(range(0x60, 0x67))
_FIELD_READ: Final = bytes(range(0x52, 0x59))
_STRING, _JUMBO = 0x1A, 0x1B
#: Code units of an instruction, by opcode.
_UNITS: Final = bytes(
    [1] + [1, 2, 3] * 3 + [1] * 8 + [1, 2, 3, 2, 2, 3, 5, 2, 2, 3, 2, 1, 1, 2, 2, 1, 2, 2, 3, 3, 3, 1, 1, 2, 3, 3, 3]
    + [2] * 5 + [2] * 12 + [1] * 6 + [2] * 14 + [2] * 28 + [3] * 5 + [1] + [3] * 5 + [1] * 2 + [1] * 21 + [2] * 32
    + [1] * 32 + [2] * 19 + [1] * 23 + [4, 4, 3, 3, 2, 2]
)  # fmt: skip
_PRIMITIVES: Final = {
    "V": "void", "Z": "boolean", "B": "byte", "S": "short", "C": "char", "I": "int", "J": "long", "F": "float",
    "D": "double",
}  # fmt: skip


#: What is known of a member that code names, by class, name and what gives its signature, ``(params)return`` in Java's
#: words; the text is empty for a field. None: nothing.
type Wanted[T] = Callable[[str, str, str | Callable[[], str]], T | None]


class Use(NamedTuple):
    """Who refers to a member: class, method, and the string constants and the classes of static fields beside it."""

    cls: str
    method: str
    words: frozenset[str] = frozenset()


def java(descriptor: str) -> str:
    """``Ljava/lang/String;`` as ``java.lang.String``, ``[I`` as ``int[]``."""
    plain = descriptor.lstrip("[")
    name = plain[1:-1].replace("/", ".") if plain[:1] == "L" else _PRIMITIVES.get(plain, plain)
    return name + "[]" * (len(descriptor) - len(plain))


class _Code(NamedTuple):
    start: int
    """Offset of the first instruction."""
    end: int
    cls: int
    method: int


class Dex:
    """One ``classes.dex``, or one of several in it, which begins at ``start``. Raises ``ValueError`` if it is not one;
    what is damaged inside is left out. Its parts must not overlap: a small file could name very much."""

    def __init__(self, data: bytes, start: int = 0) -> None:
        if not MAGIC.match(data, start) or len(data) < start + 112:
            raise ValueError("not a dex file")
        if data[start + 40 : start + 44] != b"\x78\x56\x34\x12":
            raise ValueError("not little-endian")
        self.data = data
        sizes = struct.unpack_from("<12I", data, start + 56)
        tables = zip(sizes[::2], sizes[1::2], (4, 4, 12, 8, 8, 32), (len(data), _MOST, _MOST, *(len(data),) * 2, _MOST),
                     strict=True)  # fmt: skip
        self._strings, types, self._protos, self._fields, self._methods, self._classes = (
            memoryview(data)[offset : offset + min(count, most) * size] for count, offset, size, most in tables
        )
        self.types: list[str] = []
        """Java names."""
        left = len(data)
        for (number,) in _rows("<I", types):
            self.types.append(java(name) if len(name := self._text(number)) < _LONGEST else "")
            left -= len(name)
            if left < 0:
                raise ValueError("names that overlap")
        self.classes = {self._class(row[0]): self._class(row[2]) for row in _rows("<8I", self._classes)}
        """Class to its superclass, by Java name."""

    def _class(self, number: int) -> str:
        return self.types[number] if number < len(self.types) else ""

    def _text(self, number: int) -> str:
        """A string by its index, or the beginning of a long one; empty if it does not fit."""
        (at,) = _row("<I", self._strings, number) or (len(self.data),)
        while at < len(self.data) and self.data[at] & 0x80:
            at += 1
        end = self.data.find(b"\0", at + 1, at + 2 + _LONGEST)
        return self.data[at + 1 : end if end > at else at + 1 + _LONGEST].decode("utf-8", "replace")

    def _numbers(self, names: Iterable[str]) -> dict[int, str]:
        """The indices of strings that are there: the table is sorted."""
        every = range(len(self._strings) // 4)
        places = ((bisect_left(every, name, key=self._text), name) for name in names)
        return {at: name for at, name in places if at in every and self._text(at) == name}

    def _signature(self, number: int) -> str:
        if (row := _row("<3I", self._protos, number)) is None:
            return ""
        count = int.from_bytes(self.data[row[2] : row[2] + 4], "little") if row[2] else 0
        raw = memoryview(self.data)[row[2] + 4 : row[2] + 4 + 2 * min(count, _PARAMS)]
        return f"({','.join(self._class(kind) for (kind,) in _rows('<H', raw))}){self._class(row[1])}"

    def uses[T](self, names: Iterable[str], wanted: Wanted[T]) -> Iterator[tuple[T, Use]]:
        """Each use of a member that ``wanted`` knows, of those with one of the names. Raises ``ValueError`` if there is
        more code than is read."""
        numbers = self._numbers(names)
        methods: dict[int, T] = {}
        fields: dict[int, T] = {}
        for table, into, field in ((self._methods, methods, False), (self._fields, fields, True)):
            for number, (cls, kind, name) in enumerate(_rows("<HHI", table[: 8 * _MOST])):
                if name in numbers:
                    signature = "" if field else partial(self._signature, kind)
                    if (known := wanted(self._class(cls), numbers[name], signature)) is not None:
                        into[number] = known
        yield from self._referring((_INVOKE, methods), (_STATIC_READ + _FIELD_READ, fields))

    def strings[T](self, known: Callable[[str], T | None]) -> Iterator[tuple[str, T]]:
        """The class and what ``known`` says of each string constant in its code that it knows; those with an index
        beyond 65,535 are not looked for. Raises ``ValueError`` if there is more code than is read."""
        said = ((number, known(self._text(number))) for number in range(min(len(self._strings) // 4, _MOST)))
        marks = {number: mark for number, mark in said if mark is not None}
        yield from ((use.cls, mark) for mark, use in self._referring((bytes((_STRING,)), marks)))

    def _referring[T](self, *members: tuple[bytes, Mapping[int, T]]) -> Iterator[tuple[T, Use]]:
        """Each instruction with one of these opcodes and the number of one of its members, with whose code it is."""
        hits = sorted(islice(chain.from_iterable(map(self._hits, members)), _MAX_HITS + 1))
        if len(hits) > _MAX_HITS:
            raise ValueError("more code than is read")
        for at, use in self._where(hits) if hits else ():
            number = int.from_bytes(self.data[at + 2 : at + 4], "little")
            for opcodes, known in members:
                if self.data[at] in opcodes and number in known:
                    yield known[number], use

    def _where(self, hits: Sequence[int]) -> Iterator[tuple[int, Use]]:
        """Of places at which an instruction may begin, those at which one does, with whose code it is."""
        codes = sorted(self._codes())
        starts = [code.start for code in codes]
        by_code: dict[int, list[int]] = {}
        for at in hits:
            place = bisect_right(starts, at) - 1
            if place >= 0 and at < codes[place].end and not (at - codes[place].start) % 2:
                by_code.setdefault(place, []).append(at)
        left = min(_MAX_UNITS, len(self.data) // 2)
        for place, found in by_code.items():
            code = codes[place]
            left -= (code.end - code.start) // 2
            if left < 0:
                raise ValueError("more code than is read")
            begins, words = self._decode(code, frozenset(found))
            name = self._text((_row("<HHI", self._methods, code.method) or (0, 0, _NO_STRING))[2])
            yield from ((at, Use(self._class(code.cls), name, words)) for at in found if at in begins)

    def _hits(self, members: tuple[bytes, Mapping[int, object]]) -> Iterator[int]:
        """Offsets at which an instruction with one of the members may begin."""
        by_high: defaultdict[int, list[int]] = defaultdict(list)
        for number in members[1]:
            by_high[number >> 8].append(number & 0xFF)
        branches = b"|".join(_set(lows) + _set([high]) for high, lows in sorted(by_high.items()))
        pattern = re.compile(_set(members[0]) + b"(?=.(?:" + branches + b"))", re.DOTALL)
        return (found.start() for found in pattern.finditer(self.data) if by_high)

    def _codes(self) -> Iterator[_Code]:
        """Where the code of each method is."""
        data, size = self.data, len(self.data)
        left = size
        for defined in _rows("<8I", self._classes):
            begin = at = defined[6]
            if not 0 < at < size:
                continue
            try:
                counts = []
                for _ in range(4):
                    value, at = _uleb(data, at)
                    counts.append(value)
                for _ in range(min(counts[0] + counts[1], 2 * _MOST)):
                    _, at = _uleb(data, at)
                    _, at = _uleb(data, at)
                for count in counts[2:]:
                    method = 0
                    for _ in range(min(count, _MOST)):
                        step, at = _uleb(data, at)
                        method += step
                        _, at = _uleb(data, at)
                        code, at = _uleb(data, at)
                        if 0 < code <= size - 16:
                            units = int.from_bytes(data[code + 12 : code + 16], "little")
                            yield _Code(code + 16, min(code + 16 + 2 * units, size), defined[0], method)
            except IndexError:
                pass  # cut short
            left -= at - begin
            if left < 0:
                raise ValueError("classes that overlap")

    def _decode(self, code: _Code, asked: frozenset[int]) -> tuple[set[int], frozenset[str]]:
        """Which of the places asked for are beginnings of its instructions, and the strings and the classes of static
        fields that it names."""
        data, at, end = self.data, code.start, code.end
        begins: set[int] = set()
        words: set[str] = set()
        while at + 2 <= end:
            op = data[at]
            if op == 0 and data[at + 1] in (1, 2, 3) and at + 8 <= end:
                at += 2 * self._payload(at)
                continue
            if at in asked:
                begins.add(at)
            if len(words) < _WORDS and at + 4 <= end:
                if op in (_STRING, _JUMBO):
                    width = 2 if op == _STRING else 4
                    words.add(self._text(int.from_bytes(data[at + 2 : at + 2 + width], "little"))[:200])
                elif op in _STATIC_READ:
                    row = _row("<HHI", self._fields, int.from_bytes(data[at + 2 : at + 4], "little"))
                    words |= {self._class(row[0])} if row else set()
            at += 2 * _UNITS[op]
        return begins, frozenset(words)

    def _payload(self, at: int) -> int:
        """Code units of the table of a switch or of an array's contents."""
        kind, size = self.data[at + 1], int.from_bytes(self.data[at + 2 : at + 4], "little")
        if kind == 1:
            return size * 2 + 4
        if kind == 2:
            return size * 4 + 2
        return (int.from_bytes(self.data[at + 4 : at + 8], "little") * size + 1) // 2 + 4


def every(data: bytes) -> Iterator[Dex]:
    """What is in a ``classes.dex``: one, or several from version 041 on. Raises ``ValueError`` as ``Dex`` does."""
    yield Dex(data)
    at = 0
    for _ in range(_FILES):
        at += int.from_bytes(data[at + 32 : at + 36], "little") if data[at + 4 : at + 7] >= b"041" else len(data)
        if at >= len(data):
            return
        yield Dex(data, at)
    raise ValueError(f"more than {_FILES} parts")


def _set(values: Iterable[int]) -> bytes:
    return b"[" + b"".join(b"\\x%02x" % value for value in sorted(values)) + b"]"


def _row(layout: str, table: memoryview, number: int) -> tuple[int, ...] | None:
    """A row of a table; None = it has no such row."""
    size = struct.calcsize(layout)
    return struct.unpack_from(layout, table, number * size) if (number + 1) * size <= len(table) else None


def _rows(layout: str, table: memoryview) -> Iterator[tuple[int, ...]]:
    size = struct.calcsize(layout)
    return struct.iter_unpack(layout, table[: len(table) // size * size])


def _uleb(data: bytes, at: int) -> tuple[int, int]:
    """A number of variable length, and where the next one begins. Raises ``IndexError``."""
    byte = data[at]
    if byte < 0x80:
        return byte, at + 1
    value, shift = byte & 0x7F, 7
    while shift < 35:
        at += 1
        byte = data[at]
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            break
        shift += 7
    return value, at + 1
