"""References in Dalvik code: which class calls or reads which members. Hostile input: bounded, nothing is run.

Format: Android's "Dalvik executable format" and "Dalvik bytecode" documents. A candidate is found by its bytes and
counts only if decoding the method from its first instruction arrives there. Our own: androguard 4.1 brings 36 packages,
IPython and SQLAlchemy among them.
"""

import re
import struct
from bisect import bisect_left, bisect_right
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
#: Bytes of a name or string that are read; a longer name is none.
_LONGEST: Final = 1_500
_WORDS: Final = 64
_PARAMS: Final = 32
#: Parts of one file.
_FILES: Final = 100
_INVOKE: Final = b"\x6e-\x72\x74-\x78"
_STATIC_READ: Final = b"\x60-\x66"
_FIELD_READ: Final = b"\x52-\x58"
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
        for number in _words(types):
            self.types.append(java(name) if len(name := self._text(number)) < _LONGEST else "")
            left -= len(name)
            if left < 0:
                raise ValueError("names that overlap")
        self.classes: dict[str, str] = {}
        """Class to its superclass, by Java name."""
        for defined in _rows("<8I", self._classes):
            self.classes[self._class(defined[0])] = self._class(defined[2])

    def _class(self, number: int) -> str:
        return self.types[number] if number < len(self.types) else ""

    def _text(self, number: int) -> str:
        """A string by its index, or the beginning of a long one; empty if it does not fit."""
        if (number + 1) * 4 > len(self._strings):
            return ""
        (at,) = struct.unpack_from("<I", self._strings, number * 4)
        while at < len(self.data) and self.data[at] & 0x80:
            at += 1
        if at >= len(self.data):
            return ""
        end = self.data.find(b"\0", at + 1, at + 2 + _LONGEST)
        return self.data[at + 1 : end if end > at else at + 1 + _LONGEST].decode("utf-8", "replace")

    def _numbers(self, names: Iterable[str]) -> dict[int, str]:
        """The indices of strings that are there: the table is sorted."""
        found: dict[int, str] = {}
        count = len(self._strings) // 4
        for name in names:
            at = bisect_left(range(count), name, key=self._text)
            if at < count and self._text(at) == name:
                found[at] = name
        return found

    def _signature(self, number: int) -> str:
        if (number + 1) * 12 > len(self._protos):
            return ""
        _, returned, at = struct.unpack_from("<3I", self._protos, number * 12)
        params: list[str] = []
        if 0 < at <= len(self.data) - 4:
            (count,) = struct.unpack_from("<I", self.data, at)
            raw = memoryview(self.data)[at + 4 : at + 4 + 2 * min(count, _PARAMS)]
            params = [self._class(one[0]) for one in _rows("<H", raw)]
        return f"({','.join(params)}){self._class(returned)}"

    def uses[T](self, names: Iterable[str], wanted: Wanted[T]) -> Iterator[tuple[T, Use]]:
        """Each use of a member that ``wanted`` knows, of those with one of the names. Raises ``ValueError`` if there is
        more code than is read."""
        numbers = self._numbers(names)
        methods: dict[int, T] = {}
        fields: dict[int, T] = {}
        for table, into, field in ((self._methods, methods, False), (self._fields, fields, True)):
            for number, (cls, kind, name) in enumerate(_rows("<HHI", table)):
                if number > 0xFFFF:
                    break
                if name in numbers:
                    signature = "" if field else partial(self._signature, kind)
                    if (known := wanted(self._class(cls), numbers[name], signature)) is not None:
                        into[number] = known
        hits = chain(self._hits(_INVOKE, methods), self._hits(_STATIC_READ + _FIELD_READ, fields))
        for at, use in self._where(_sorted(hits)):
            (number,) = struct.unpack_from("<H", self.data, at + 2)
            known = fields.get(number) if self.data[at] < 0x6E else methods.get(number)
            if known is not None:
                yield known, use

    def strings[T](self, known: Callable[[str], T | None]) -> Iterator[tuple[str, T]]:
        """The class and what ``known`` says of each string constant in its code that it knows; those with an index
        beyond 65,535 are not looked for. Raises ``ValueError`` if there is more code than is read."""
        marks: dict[int, T] = {}
        for number in range(min(len(self._strings) // 4, _MOST)):
            if (told := known(self._text(number))) is not None:
                marks[number] = told
        for at, use in self._where(_sorted(self._hits(b"\x1a", marks))):
            (number,) = struct.unpack_from("<H", self.data, at + 2)
            if number in marks:
                yield use.cls, marks[number]

    def _where(self, hits: Sequence[int]) -> Iterator[tuple[int, Use]]:
        """Of places at which an instruction may begin, those at which one does, with whose code it is."""
        if not hits:
            return
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
            use: Use | None = None
            for at in found:
                if at not in begins:
                    continue
                if use is None:
                    use = Use(self._class(code.cls), self._method_name(code.method), words)
                yield at, use

    def _hits[T](self, opcodes: bytes, members: Mapping[int, T]) -> Iterator[int]:
        """Offsets at which an instruction with one of the members may begin."""
        by_high: dict[int, list[int]] = {}
        for number in members:
            by_high.setdefault(number >> 8, []).append(number & 0xFF)
        if not by_high:
            return
        branches = (_set(lows) + _set([high]) for high, lows in sorted(by_high.items()))
        pattern = re.compile(b"[" + opcodes + b"](?=.(?:" + b"|".join(branches) + b"))", re.DOTALL)
        for found in pattern.finditer(self.data):
            yield found.start()

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

    def _method_name(self, number: int) -> str:
        if (number + 1) * 8 > len(self._methods):
            return ""
        return self._text(struct.unpack_from("<HHI", self._methods, number * 8)[2])

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
                if op == _STRING:
                    words.add(self._text(int.from_bytes(data[at + 2 : at + 4], "little"))[:200])
                elif op == _JUMBO:
                    words.add(self._text(int.from_bytes(data[at + 2 : at + 6], "little"))[:200])
                elif 0x60 <= op <= 0x66:
                    number = int.from_bytes(data[at + 2 : at + 4], "little") * 8
                    if number + 8 <= len(self._fields):
                        words.add(self._class(struct.unpack_from("<H", self._fields, number)[0]))
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


def _sorted(hits: Iterable[int]) -> list[int]:
    found = sorted(islice(hits, _MAX_HITS + 1))
    if len(found) > _MAX_HITS:
        raise ValueError("more code than is read")
    return found


def _set(values: Iterable[int]) -> bytes:
    return b"[" + b"".join(b"\\x%02x" % value for value in sorted(values)) + b"]"


def _words(table: memoryview) -> Iterator[int]:
    return (one[0] for one in _rows("<I", table))


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
