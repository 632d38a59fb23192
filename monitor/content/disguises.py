"""Values in spellings that traffic is not searched for, but that a text made public must not hold either.

Traffic is searched for what code does with identifiers (``needles``). A text made public is also searched for what
gets a value past that search: other bases, the number behind hex digits, and the digits that a mask leaves. Words of
the text are read back and looked up, so that knowing many values costs nothing more.
"""

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from monitor.content.bases import FROM_BASE32HEX, LAST_GROUPS

_SEPARATORS: Final = re.compile(r"[\s\-:._/()+]")
_HEX: Final = re.compile(r"[0-9A-F]{12,32}")
_NUMBER: Final = re.compile(r"[0-9]{9,30}X?")
_COUNTRY: Final = re.compile(r"^(00)?86(?=1[3-9][0-9]{9}$)")
#: Shorter words fit a value by chance; longer ones hold more than a value.
_WORD: Final = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]{8,40}(?![0-9A-Za-z])")
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
#: Bases that ``int`` does not know, or knows in one order of letters only.
_ALPHABETS: Final = (
    "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz",
    "0123456789" + _LETTERS.upper() + _LETTERS,
    "0123456789" + _LETTERS + _LETTERS.upper(),
)
_PLACES: Final = tuple({letter: place for place, letter in enumerate(letters)} for letters in _ALPHABETS)
_BASE32: Final = re.compile(r"[A-Z2-7]{16,4000}|[a-z2-7]{16,4000}|[0-9A-V]{16,4000}|[0-9a-v]{16,4000}")
#: The beginning and the end of a number around a mask, in groups or not: ``6222 **** **** 1234``.
_MASK: Final = "[*xX•●·#＊＃×…]"
_MASKED: Final = re.compile(
    rf"(?<![0-9])([0-9]{{1,30}}(?:[ -][0-9]{{1,30}}){{0,3}})[ -]?(?:{_MASK}(?:[ -]?{_MASK}){{1,30}}|…|\.{{3,30}})[ -]?"
    rf"((?:[0-9]{{1,30}}[ -]){{0,3}}[0-9]{{1,30}}[0-9Xx])(?![0-9])"
)
_GROUPS: Final = re.compile("[ -]")
#: Digits that must remain: fewer fit too many other numbers.
_REMAINING: Final = 6


class Place(NamedTuple):
    """Where a text holds a known value."""

    start: int
    end: int
    data_type: str


class Disguises:
    """The numbers behind the known values. Not thread-safe."""

    def __init__(self, scan: Callable[[bytes], str]) -> None:
        """``scan`` returns the type of the known value in some bytes, or an empty text."""
        self._scan = scan
        self._numbers: dict[int, str] = {}
        self._digits: dict[str, str] = {}

    def learn(self, data_type: str, value: str) -> None:
        """Add a value."""
        bare = _SEPARATORS.sub("", value).upper()
        if _NUMBER.fullmatch(bare):
            for digits in (bare, _COUNTRY.sub("", bare)):
                self._digits.setdefault(digits, data_type)
                if digits.isdigit():
                    self._numbers.setdefault(int(digits), data_type)
        if _HEX.fullmatch(bare):
            number = int(bare, 16)
            self._numbers.setdefault(number, data_type)
            if number >> 63 == 1:  # as a signed number of 64 bits, without its sign
                self._numbers.setdefault((1 << 64) - number, data_type)

    def find(self, text: str) -> Iterator[Place]:
        """Known values in the text, in its order within each kind of spelling."""
        for match in _WORD.finditer(text):
            for number in _read(match[0]):
                if found := self._numbers.get(number):
                    yield Place(*match.span(), found)
                    break
        for match in _BASE32.finditer(text):
            for raw in _decoded(match[0]):
                if found := self._scan(raw):
                    yield Place(*match.span(), found)
                    break
        for match in _MASKED.finditer(text) if self._digits else ():
            if found := self._behind_mask(match[1], match[2].upper()):
                yield Place(*match.span(), found)

    def hide(self, text: str, instead: str) -> str:
        """The text with ``instead`` in place of each of them."""
        before = len(text)
        for start, end, _ in sorted(self.find(text), reverse=True):
            if end <= before:
                text, before = text[:start] + instead + text[end:], start
        return text

    def _behind_mask(self, heads: str, tails: str) -> str:
        """The type of a known number whose groups of digits stand around a mask; another number may stand beside it."""
        before, after = _GROUPS.split(heads), _GROUPS.split(tails)
        for first in range(len(before)):
            for last in range(len(after), 0, -1):
                if found := self._behind("".join(before[first:]), "".join(after[:last])):
                    return found
        return ""

    def _behind(self, head: str, tail: str) -> str:
        """The type of a known number that begins and ends so: ``138****5678``. With fewer than six digits it could be
        anybody's."""
        shown = len(head) + len(tail)
        if shown < _REMAINING:
            return ""
        fits = (
            data_type
            for digits, data_type in self._digits.items()
            if len(digits) > shown and digits.startswith(head) and digits.endswith(tail)
        )
        return next(fits, "")


def _read(word: str) -> Iterator[int]:
    """The numbers that a word can be."""
    for base in (10, 16, 36):
        try:
            yield int(word.removeprefix("0x").removeprefix("0X") if base == 16 else word, base)
        except ValueError:
            continue
    for places in _PLACES:
        number = 0
        for letter in word:
            place = places.get(letter)
            if place is None:
                break
            number = number * len(places) + place
        else:
            yield number


def _decoded(text: str) -> Iterator[bytes]:
    """The bytes of base32, in both alphabets, from each place in a group at which the encoding may have begun."""
    data = text.upper().encode()
    for plain in dict.fromkeys((data, data.translate(FROM_BASE32HEX))):
        for start in range(8):
            part = plain[start:]
            while len(part) % 8 not in LAST_GROUPS:
                part = part[:-1]
            try:
                yield base64.b32decode(part + b"=" * (-len(part) % 8))
            except (binascii.Error, ValueError):
                break
