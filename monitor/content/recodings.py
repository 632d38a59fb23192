"""Texts read back as bytes and as other digits, to find known values in them that a text made public must not hold.

What is undone: hex, base64, base85 in both alphabets, percent-encoding and lists of bytes, each as UTF-8, UTF-16 or
GBK; hex digits swapped in pairs (BCD of SIM and telephony); digits of other scripts; numbers cut into groups; an IMEI
without its check digit or with a software version; digests that traffic is not searched for; and what is compressed
below any of these.
"""

import base64
import binascii
import re
import string
import struct
import unicodedata
import urllib.parse
from collections.abc import Callable, Iterator
from typing import Final

from monitor.content.codings import BZIP2_MAGIC, GZIP_MAGIC, XZ_MAGIC, ZIP_MAGIC, ZSTD_MAGIC
from monitor.content.needles import digest, spellings_of
from monitor.content.recognise import MIN_LENGTH

_LONGEST: Final = 4_000
_HEX: Final = re.compile(r"(?:[0-9A-Fa-f]{2}){6,2000}|[0-9A-Fa-f]{13,15}")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]{8,4000}")
_B85: Final = (string.digits + string.ascii_uppercase + string.ascii_lowercase + "!#$%&()*+-;<=>?@^_`{|}~").encode()
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
_MAGICS: Final = (GZIP_MAGIC, ZSTD_MAGIC, BZIP2_MAGIC, XZ_MAGIC, ZIP_MAGIC)
_BETWEEN: Final = b"\0\n\0"
_IMEI: Final = re.compile(r"[0-9]{15}")
_SERIAL: Final = 14
#: Digests by their length in bytes. Those of traffic (MD5, SHA-1, SHA-256) are searched for as patterns.
_DIGESTS: Final = {28: ("sha224", "sha3_224"), 32: ("sm3", "sha3_256"), 48: ("sha384", "sha3_384"),
                   64: ("sha512", "sha3_512")}  # fmt: skip


class Recodings:
    """The known values. Not thread-safe."""

    def __init__(self, scan: Callable[[bytes], str], search: Callable[[bytes], str]) -> None:
        """``scan`` returns the type of the known value in some bytes, or an empty text; ``search`` the same, of what
        traffic is decoded to."""
        self._scan, self._search = scan, search
        self._values: list[tuple[str, str]] = []
        self._short = False
        self._numbers: dict[str, str] = {}
        self._serials: dict[str, str] = {}
        self._digests: dict[str, tuple[int, dict[bytes, str]]] = {}

    def learn(self, data_type: str, value: str) -> None:
        """Add a value."""
        self._values.append((data_type, value))
        self._short |= len(value) < MIN_LENGTH
        digits = re.sub(r"[\s\-:._/()+]", "", value)
        if digits.isascii() and digits.isdigit() and len(digits) in _DIGITS:
            self._numbers.setdefault(digits, data_type)
        if _IMEI.fullmatch(digits):
            self._serials.setdefault(digits[:_SERIAL], data_type)

    def find(self, text: str) -> str:
        """The type of a known value in the text, empty if there is none."""
        text = _QUOTED.sub(r"\1", text[:_LONGEST])
        if not text.isascii():
            plain = digits(text)
            if plain != text and (found := self._scan(plain.encode("utf-8", "surrogatepass")) or self.find(plain)):
                return found
        return self._by_digits(text) or self._by_bytes(text)

    def _by_digits(self, text: str) -> str:
        """A number cut into groups, whatever stands between them, or an IMEI without its last digit."""
        groups = _GROUP.findall(text)[:_GROUPS]
        for group in groups if self._serials else ():
            if len(group) in (14, 16, 17) and (found := self._serials.get(group[:_SERIAL])):
                return found
        for first in range(len(groups)):
            joined = groups[first]
            for part in groups[first + 1 : first + _PARTS]:
                joined += part
                if len(joined) not in _DIGITS and len(joined) > _DIGITS[-1]:
                    break
                if found := self._numbers.get(joined) or self._serials.get(joined, ""):
                    return found
        return ""

    def _by_bytes(self, text: str) -> str:
        """In one search of all that parts of the text can stand for; its patterns include UTF-16 and GBK."""
        raws = list(dict.fromkeys(raw for raw in _read(text) if len(raw) >= _SHORTEST))
        if not raws:
            return ""
        together = _BETWEEN.join(raws)
        if found := self._scan(together) or next(filter(None, map(self._digest, raws)), ""):
            return found
        for raw in (raw for raw in raws if _compressed(raw)):  # in the midst of other text: alone it was read already
            if found := self._search(raw):
                return found
        for charset in _CHARSETS if self._short else ():  # of a name its text alone is a pattern
            for raw in raws:
                plain = raw.decode(charset, "replace").encode("utf-8", "surrogatepass")
                if found := self._scan(plain):
                    return found
        return ""

    def _digest(self, raw: bytes) -> str:
        for name in _DIGESTS.get(len(raw), ()):
            done, table = self._digests.get(name, (0, {}))
            for data_type, value in self._values[done:]:  # computed when a text first has something of this length
                for spelling in spellings_of(value):
                    table.setdefault(digest(name, spelling), data_type)
            self._digests[name] = len(self._values), table
            if found := table.get(raw):
                return found
        return ""


def _compressed(raw: bytes) -> bool:
    return raw.startswith(_MAGICS) or (len(raw) > 6 and raw[0] & 0x8F == 8 and (raw[0] << 8 | raw[1]) % 31 == 0)


def digits(text: str) -> str:
    """The text with the digits of other scripts in ASCII, and Chinese numerals, too."""
    return "".join(str(unicodedata.decimal(c, c)) for c in text.translate(_CHINESE))


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
        for start in range(4):
            part = word[start:]
            part = part[: len(part) - (len(part) % 4 == 1)]
            try:
                yield base64.b64decode(part + "=" * (-len(part) % 4))
            except (binascii.Error, ValueError):
                continue
    seen: set[tuple[bytes, bytes]] = set()
    for pattern, alphabet in _BASE85:
        for found in pattern.finditer(text.encode("utf-8", "surrogatepass")):
            for run in (found[0], found[0].strip(b'"')):
                if (run, alphabet) in seen:
                    continue
                seen.add((run, alphabet))
                places = run.translate(bytes.maketrans(alphabet, bytes(range(85))))
                yield from (_base85(places[start:]) for start in range(5))
    for match in _LIST.finditer(text):
        yield from _listed(_ITEM.findall(match[0]))
    if _ESCAPE.search(text):
        yield urllib.parse.unquote_to_bytes(_BYTE.sub("%", text))


def _base85(places: bytes) -> bytes:
    """The bytes of base85 by the places of its letters; a group that stands for none is what came before or after."""
    rest = len(places) % 5
    padded = places + b"\x54" * (-len(places) % 5)
    numbers = zip(padded[::5], padded[1::5], padded[2::5], padded[3::5], padded[4::5], strict=True)
    words = [((((a * 85 + b) * 85 + c) * 85 + d) * 85 + e) & 0xFFFF_FFFF for a, b, c, d, e in numbers]
    found = struct.pack(f">{len(words)}I", *words)
    return found[: len(found) - 5 + rest] if rest else found


def _listed(items: list[str]) -> Iterator[bytes]:
    """Bytes, signed or not, or code points, as the numbers of a list."""
    try:
        numbers = [int(item, 16 if "x" in item.lower() else 10) for item in items]
        if all(-128 <= number <= 255 for number in numbers):
            yield bytes(number & 0xFF for number in numbers)
        elif min(numbers) >= 0:
            yield "".join(map(chr, numbers)).encode("utf-8", "surrogatepass")
    except ValueError:
        return
