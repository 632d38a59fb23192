"""Texts read back, to find known values in them that a text made public must not hold.

Traffic is searched for what code does with identifiers (``needles``). A text made public is also searched for what gets
a value past that search: other bases, the number behind hex digits, the digits that a mask leaves; hex, base32, base64,
base85 in both alphabets, percent-encoding and lists of bytes, each as UTF-8, UTF-16 or GBK; hex digits swapped in pairs
(BCD of SIM and telephony); digits of other scripts; numbers cut into groups; an IMEI without its check digit or with a
software version; digests that traffic is not searched for; and what is compressed below any of these. Words are read
back and looked up, so that knowing many values costs nothing more.
"""

import base64
import binascii
import functools
import itertools
import re
import string
import struct
import unicodedata
import urllib.parse
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Final

from monitor.content.codings import MAGICS, ZIP_MAGIC, begins_zlib
from monitor.content.formats import FROM_BASE32HEX, LAST_GROUPS
from monitor.content.identifiers import MIN_LENGTH

_LONGEST: Final = 4_000
_SEPARATORS: Final = re.compile(r"[\s\-:._/()+]")
_NUMBER: Final = re.compile(r"[0-9]{9,30}X?")
_HEX_VALUE: Final = re.compile(r"[0-9A-F]{12,32}")
_COUNTRY: Final = re.compile(r"^(00)?86(?=1[3-9][0-9]{9}$)")
#: Shorter words fit a value by chance; longer ones hold more than a value.
_WORD: Final = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]{8,40}(?![0-9A-Za-z])")
_LOWER, _UPPER = string.ascii_lowercase, string.ascii_uppercase
#: Bases that ``int`` does not know, or knows in one order of letters only.
_ALPHABETS: Final = (
    "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz",
    string.digits + _UPPER + _LOWER,
    string.digits + _LOWER + _UPPER,
)
_PLACES: Final = tuple({letter: place for place, letter in enumerate(letters)} for letters in _ALPHABETS)
#: The beginning and the end of a number around a mask, in groups or not: ``6222 **** **** 1234``.
_MASK: Final = "[*xX•●·#＊＃×…]"
_MASKED: Final = re.compile(
    rf"(?<![0-9])([0-9]{{1,30}}(?:[ -][0-9]{{1,30}}){{0,3}})[ -]?(?:{_MASK}(?:[ -]?{_MASK}){{1,30}}|…|\.{{3,30}})[ -]?"
    rf"((?:[0-9]{{1,30}}[ -]){{0,3}}[0-9]{{1,30}}[0-9Xx])(?![0-9])"
)
_GAPS: Final = re.compile("[ -]")
#: Digits that must remain: fewer fit too many other numbers.
_REMAINING: Final = 6

_BASE32: Final = re.compile(r"[A-Z2-7]{16,4000}|[a-z2-7]{16,4000}|[0-9A-V]{16,4000}|[0-9a-v]{16,4000}")
_HEX: Final = re.compile(r"(?:[0-9A-Fa-f]{2}){6,2000}|[0-9A-Fa-f]{13,15}")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]{8,4000}")
_B85: Final = (string.digits + _UPPER + _LOWER + "!#$%&()*+-;<=>?@^_`{|}~").encode()
_A85: Final = bytes(range(33, 118))
#: Runs of both alphabets of base85, of Ascii85 also what stands in quotes, which are letters of it; and the alphabet.
_BASE85: Final = (
    (re.compile(rb"[!#-&(-+\-0-9;-Z^-~]{10,1000}"), _B85),
    (re.compile(rb"[!-u]{10,1000}"), _A85),
    (re.compile(rb"[!#-u]{10,1000}"), _A85),
)
_LIST: Final = re.compile(
    r"(?:-?(?:0[xX][0-9A-Fa-f]{1,4}|[0-9]{1,5})[,;:| ]{1,3}){5,1000}-?(?:0[xX][0-9A-Fa-f]{1,4}|[0-9]{1,5})"
)
_ITEM: Final = re.compile(r"-?(?:0[xX])?[0-9A-Fa-f]+")
_ESCAPE: Final = re.compile(r"%[0-9A-Fa-f]{2}|\\x[0-9A-Fa-f]{2}")
_BYTE: Final = re.compile(r"\\x(?=[0-9A-Fa-f]{2})")
_QUOTED: Final = re.compile(r'\\(["\\/])')
_GROUP: Final = re.compile(r"[0-9]+")
_GROUPS, _PARTS, _DIGITS = 200, 8, range(9, 31)
_CHARSETS: Final = ("utf-16-le", "utf-16-be", "gb18030")
#: Digits that Unicode does not count as such.
_CHINESE: Final = str.maketrans("〇零一二三四五六七八九壹贰叁肆伍陆柒捌玖", "00123456789123456789")
_SHORTEST: Final = 6
_COMPRESSED: Final = (*MAGICS[:-1], ZIP_MAGIC)
_BETWEEN: Final = b"\0\n\0"
_IMEI: Final = re.compile(r"[0-9]{15}")
_SERIAL: Final = 14


class Readback:
    """The known values. Not thread-safe."""

    def __init__(self, scan: Callable[[bytes], str], search: Callable[[bytes], str], digest: Callable[[bytes], str]):
        """``scan`` returns the type of the known value in some bytes, or an empty text; ``search`` the same, of what
        traffic is decoded to; ``digest`` that of which the bytes are a digest."""
        self._scan, self._search, self._digest = scan, search, digest
        self._short = False
        self._numbers: dict[int, str] = {}
        """Types by the number behind a value."""
        self._digits: dict[str, str] = {}
        """Types by a value that is a number."""
        self._serials: dict[str, str] = {}

    def learn(self, data_type: str, value: str) -> None:
        """Add a value."""
        self._short |= len(value) < MIN_LENGTH
        bare = _SEPARATORS.sub("", value).upper()
        if _NUMBER.fullmatch(bare):
            for digits in (bare, _COUNTRY.sub("", bare)):
                self._digits.setdefault(digits, data_type)
                if digits.isdigit():
                    self._numbers.setdefault(int(digits), data_type)
        if _HEX_VALUE.fullmatch(bare):
            number = int(bare, 16)
            self._numbers.setdefault(number, data_type)
            if number >> 63 == 1:  # as a signed number of 64 bits, without its sign
                self._numbers.setdefault((1 << 64) - number, data_type)
        if _IMEI.fullmatch(bare):
            self._serials.setdefault(bare[:_SERIAL], data_type)

    def find(self, text: str) -> str:
        """The type of a known value in the text, empty if there is none."""
        for _, _, data_type in self._places(text):
            return data_type
        text = _QUOTED.sub(r"\1", text[:_LONGEST])
        plain = text if text.isascii() else "".join(str(unicodedata.decimal(c, c)) for c in text.translate(_CHINESE))
        if plain != text and (found := self._scan(_encoded(plain)) or self.find(plain)):
            return found
        return self._by_groups(text) or self._by_bytes(text)

    def hide(self, text: str, instead: str) -> str:
        """The text with ``instead`` in place of each value that stands in a word of its own."""
        before = len(text)
        for start, end, _ in sorted(self._places(text), reverse=True):
            if end <= before:
                text, before = text[:start] + instead + text[end:], start
        return text

    def _places(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Start, end and type of known values: numbers in other bases, base32, and numbers behind a mask."""
        readers: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Iterable[str]]], ...] = (
            (_WORD, lambda match: filter(None, map(self._numbers.get, _numbers(match[0])))),
            (_BASE32, lambda match: filter(None, map(self._scan, _base32(match[0])))),
            (_MASKED, lambda match: self._behind_mask(match[1], match[2].upper())),
        )
        for pattern, read in readers:
            for match in pattern.finditer(text):
                if found := next(iter(read(match)), ""):
                    yield *match.span(), found

    def _behind_mask(self, heads: str, tails: str) -> Iterator[str]:
        """The types of known numbers whose groups of digits stand around a mask (``138****5678``); another number may
        stand beside it. With fewer than six digits it could be anybody's."""
        before, after = _GAPS.split(heads), _GAPS.split(tails)
        ends = ["".join(after[:last]) for last in range(len(after), 0, -1)]
        for head, tail in itertools.product(("".join(before[first:]) for first in range(len(before))), ends):
            left = len(head) + len(tail)
            for digits, data_type in self._digits.items() if left >= _REMAINING else ():
                if len(digits) > left and digits.startswith(head) and digits.endswith(tail):
                    yield data_type

    def _by_groups(self, text: str) -> str:
        """A number cut into groups, whatever stands between them, or an IMEI without its last digit."""
        groups = _GROUP.findall(text)[:_GROUPS]
        for group in groups if self._serials else ():
            if len(group) in (14, 16, 17) and (found := self._serials.get(group[:_SERIAL])):
                return found
        for first in range(len(groups)):
            for joined in list(itertools.accumulate(groups[first : first + _PARTS]))[1:]:
                if len(joined) > _DIGITS[-1]:
                    break
                if found := self._digits.get(joined) or self._serials.get(joined, ""):
                    return found
        return ""

    def _by_bytes(self, text: str) -> str:
        """In one search of all that parts of the text can stand for; its patterns include UTF-16 and GBK."""
        raws = list(dict.fromkeys(raw for raw in _read(text) if len(raw) >= _SHORTEST))
        # In the midst of other text: alone it was read already.
        packed = (raw for raw in raws if raw.startswith(_COMPRESSED) or begins_zlib(raw))
        charsets = _CHARSETS if self._short else ()  # of a name its text alone is a pattern
        plain = (_encoded(raw.decode(charset, "replace")) for charset in charsets for raw in raws)
        found = itertools.chain(map(self._scan, [_BETWEEN.join(raws)]), map(self._digest, raws),
                                map(self._search, packed), map(self._scan, plain))  # fmt: skip
        return next(filter(None, found), "") if raws else ""


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _numbers(word: str) -> Iterator[int]:
    """The numbers that a word can be."""
    for base in (10, 16, 36):
        with suppress(ValueError):
            yield int(word.removeprefix("0x").removeprefix("0X") if base == 16 else word, base)
    for places in _PLACES:
        if places.keys() >= set(word):
            yield functools.reduce(lambda number, letter: number * len(places) + places[letter], word, 0)


def _base32(text: str) -> Iterator[bytes]:
    """The bytes of base32, in both alphabets, from each place in a group at which the encoding may have begun."""
    data = text.upper().encode()
    for plain in dict.fromkeys((data, data.translate(FROM_BASE32HEX))):
        for part in (plain[start:] for start in range(8)):
            cut = next(cut for cut in range(8) if (len(part) - cut) % 8 in LAST_GROUPS)
            part = part[: len(part) - cut]
            try:
                yield base64.b32decode(part + b"=" * (-len(part) % 8))
            except (binascii.Error, ValueError):
                break


def _read(text: str) -> Iterator[bytes]:
    """The bytes that parts of the text can stand for."""
    for match in _HEX.finditer(text):
        word = match[0]
        if len(word) % 2 == 0:
            yield bytes.fromhex(word)
        even = word + "F" * (len(word) % 2)
        swapped = "".join(even[at + 1] + even[at] for at in range(0, len(even), 2))
        yield swapped.rstrip("Ff").encode()
    for match in _BASE64.finditer(text):
        word = match[0].replace("-", "+").replace("_", "/")
        for part in (word[start:] for start in range(4)):
            part = part[: len(part) - (len(part) % 4 == 1)]
            yield base64.b64decode(part + "=" * (-len(part) % 4))
    yield from _base85(_encoded(text))
    for match in _LIST.finditer(text):
        yield from _listed(_ITEM.findall(match[0]))
    if _ESCAPE.search(text):
        yield urllib.parse.unquote_to_bytes(_BYTE.sub("%", text))


def _base85(text: bytes) -> Iterator[bytes]:
    """The bytes of base85 by the places of its letters, from each place in a group; a group that stands for none is
    what came before or after."""
    runs = ((run, alphabet) for pattern, alphabet in _BASE85 for found in pattern.findall(text)
            for run in (found, found.strip(b'"')))  # fmt: skip
    for run, alphabet in dict.fromkeys(runs):
        places = run.translate(bytes.maketrans(alphabet, bytes(range(85))))
        for part in (places[start:] for start in range(5)):
            padded = part + b"\x54" * (-len(part) % 5)
            numbers = zip(padded[::5], padded[1::5], padded[2::5], padded[3::5], padded[4::5], strict=True)
            words = [((((a * 85 + b) * 85 + c) * 85 + d) * 85 + e) & 0xFFFF_FFFF for a, b, c, d, e in numbers]
            whole = struct.pack(f">{len(words)}I", *words)
            yield whole[: len(whole) - (-len(part) % 5)]


def _listed(items: list[str]) -> Iterator[bytes]:
    """Bytes, signed or not, or code points, as the numbers of a list."""
    with suppress(ValueError):
        numbers = [int(item, 16 if "x" in item.lower() else 10) for item in items]
        if all(-128 <= number <= 255 for number in numbers):
            yield bytes(number & 0xFF for number in numbers)
        elif min(numbers) >= 0:
            yield _encoded("".join(map(chr, numbers)))
