"""References in Java class files, from their constant pools. Hostile input: bounded.

Format: "The class File Format" of the Java Virtual Machine Specification.
"""

import re
import struct
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Final, NamedTuple

from monitor.apk.dex import Use, Wanted, java

_MAGIC: Final = b"\xca\xfe\xba\xbe"
_UTF8, _CLASS, _STRING, _FIELD, _METHOD, _INTERFACE = 1, 7, 8, 9, 10, 11
_NAME_TYPE: Final = 12
#: Bytes after the tag of an entry of fixed size.
_SIZES: Final = {
    tag: size
    for size, tags in {2: (7, 8, 16, 19, 20), 3: (15,), 4: (3, 4, 9, 10, 11, 12, 17, 18), 8: (5, 6)}.items()
    for tag in tags
}
_WORDS: Final = 256
_TYPE: Final = re.compile(r"\[*+(?:L[^;]*+;|[^L\[])")
#: Bytes of a name or string that are read.
_LONGEST: Final = 1_500


class ClassFile(NamedTuple):
    """A class: its name, its superclass's, and its constant pool as (tag, offset of the value)."""

    data: bytes
    name: str
    parent: str
    pool: list[tuple[int, int]]

    @property
    def classes(self) -> dict[str, str]:
        """The class and its superclass."""
        return {self.name: self.parent}

    def uses[T](self, _: Iterable[str], wanted: Wanted[T]) -> Iterator[tuple[T, Use]]:
        """Each member of its constant pool that ``wanted`` knows. A member stands there because code names it."""
        found: list[T] = []
        words: set[str] = set()
        for tag, at in self.pool:
            if tag == _STRING and len(words) < _WORDS:
                words.add(self._text(_short(self.data, at))[:200])
            elif tag in (_FIELD, _METHOD, _INTERFACE):
                cls, named = _short(self.data, at), _short(self.data, at + 2)
                if named >= len(self.pool) or self.pool[named][0] != _NAME_TYPE:
                    continue
                of, place = self._class(cls), self.pool[named][1]
                if tag == _FIELD and len(words) < _WORDS:
                    words.add(of)
                signature = "" if tag == _FIELD else partial(self._signature, _short(self.data, place + 2))
                if (known := wanted(of, self._text(_short(self.data, place)), signature)) is not None:
                    found.append(known)
        use = Use(self.name, "", frozenset(words))
        yield from ((known, use) for known in found)

    def strings[T](self, known: Callable[[str], T | None]) -> Iterator[tuple[str, T]]:
        """The class and what ``known`` says of each string constant of its pool that it knows."""
        said = (known(self._text(_short(self.data, at))) for tag, at in self.pool if tag == _STRING)
        yield from ((self.name, mark) for mark in said if mark is not None)

    def _text(self, number: int) -> str:
        if number >= len(self.pool) or self.pool[number][0] != _UTF8:
            return ""
        at = self.pool[number][1]
        return self.data[at + 2 : at + 2 + min(_short(self.data, at), _LONGEST)].decode("utf-8", "replace")

    def _class(self, number: int) -> str:
        known = number < len(self.pool) and self.pool[number][0] == _CLASS
        return self._text(_short(self.data, self.pool[number][1])).replace("/", ".") if known else ""

    def _signature(self, number: int) -> str:
        params, _, returned = self._text(number).lstrip("(").partition(")")
        return f"({','.join(map(java, _TYPE.findall(params)[:256]))}){java(returned)}"


def read(data: bytes) -> ClassFile:
    """Raises ``ValueError`` if it is no class file."""
    if not data.startswith(_MAGIC) or len(data) < 24:
        raise ValueError("not a class file")
    pool: list[tuple[int, int]] = [(0, 0)]
    at, count = 10, _short(data, 8)
    while len(pool) < count:
        if at >= len(data):
            raise ValueError("the class file is cut short")
        tag = data[at]
        pool.append((tag, at + 1))
        if tag == _UTF8:
            at += 3 + _short(data, at + 1)
        elif tag in _SIZES:
            at += 1 + _SIZES[tag]
        else:
            raise ValueError("an unknown constant in a class file")
        if tag in (5, 6):  # a long or double takes two places
            pool.append((0, 0))
    if at + 6 > len(data):
        raise ValueError("the class file is cut short")
    made = ClassFile(data, "", "", pool)
    return made._replace(name=made._class(_short(data, at + 2)), parent=made._class(_short(data, at + 4)))


def _short(data: bytes, at: int) -> int:
    """Two bytes; 0 behind the end."""
    return struct.unpack_from(">H", data, at)[0] if at + 2 <= len(data) else 0
