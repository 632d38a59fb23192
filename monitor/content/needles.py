"""Every encoding in which a known value may be sent: the byte patterns to search for."""

import base64
import hashlib
import itertools
import json
import re
import urllib.parse
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Final, NamedTuple

from cryptography.hazmat.primitives import hashes

from monitor.content.identifiers import MIN_LENGTH, SEPARATORS, is_dummy, is_entered_name, is_weak

_LONG: Final = 512
_HASHES: Final = ("md5", "sha1", "sha256")
_LATER: Final = ("sm3", "sha512", "sha384", "sha224", "sha3_224", "sha3_256", "sha3_384", "sha3_512")
_MAX: Final = 64 << 10
#: Forms of needles that are digests: part of one still tells whose it is.
DIGESTED: Final = frozenset({"digest", "mac"})
_OF_URLS: Final = bytes.maketrans(b"+/", b"-_")


_OF_NUMBERS: Final = frozenset({"decimal_number", "base36", "hex_number"})
#: What occurs inside of something longer by chance: truncated digests and numbers, and short runs of digits.
_BOUNDED: Final = frozenset({"md5_16", "decimal_number", "hex_number"})
_DIGITS: Final = re.compile(rb"[0-9a-fA-F]+")


class Needle(NamedTuple):
    """A value to search for. A ``form`` other than ``plain`` means that the value is already transformed (a salted or
    keyed digest that a hook saw being computed); it is then searched as text, hex and base64 only."""

    data_type: str
    tag: str
    value: str
    form: str = "plain"


class Pattern(NamedTuple):
    """A byte string that matches a needle."""

    data: bytes
    form: str
    bounded: bool = False
    """Adjacent digits or letters make a hit part of something else."""


#: A mobile number of the Chinese mainland, with or without the country's code, and how that is written.
_MOBILE: Final = re.compile(r"(\+?86|0086)?(1[3-9][0-9]{9})")
_CODES: Final = ("86", "+86", "0086")
#: A number of any other country, with its code.
_ABROAD: Final = re.compile(r"\+[1-9][0-9]{8,14}")
_HEXISH: Final = re.compile(r"[0-9A-Fa-f]+")
_MAC: Final = re.compile(r"[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}")
_UUID: Final = re.compile(r"[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}")
_OF_MAC: Final = ((":- ", (2,) * 6), (".", (4, 4, 4)))
_OF_UUID: Final = (("-", (8, 4, 4, 4, 12)),)
#: How digits are grouped, by their number and kind: the marks between the groups, and the sizes of those. Of a mobile
#: number of the Chinese mainland, a MAC address, an IMEI (TAC, serial, check digit), an Android ID, a UUID.
_GROUPS: Final[Mapping[int, Mapping[str, tuple[tuple[str, tuple[int, ...]], ...]]]] = {
    11: {"decimal": (("- ", (3, 4, 4)),)},
    12: {"mac": _OF_MAC, "hexadecimal": _OF_MAC},
    15: {"decimal": (("- ", (8, 6, 1)), ("- ", (2, 6, 6, 1)))},
    16: {"hexadecimal": ((":- ", (2,) * 8), (":- ", (4,) * 4))},
    32: {"hexadecimal": _OF_UUID, "decimal": _OF_UUID},
}


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _hex_bytes(text: str) -> bytes | None:
    """The bytes that hexadecimal digits stand for, if there are such."""
    return bytes.fromhex(text) if _HEXISH.fullmatch(text) and len(text) % 2 == 0 else None


def _variants(value: str) -> list[tuple[str, str]]:
    """(form, text): the value in its usual spellings."""
    bare = SEPARATORS.sub("", value)
    found = [("plain", value), ("upper", value.upper()), ("lower", value.lower())]
    if bare != value and len(bare) >= MIN_LENGTH:
        found += [("no_separators", text) for text in (bare, bare.upper(), bare.lower())]
    if number := _MOBILE.fullmatch(bare):
        found += [("national", number[2])] if number[1] else []
        found += [("international", code + number[2]) for code in _CODES if code + number[2] != value]
    elif _ABROAD.fullmatch(bare):
        found += [("international", bare.removeprefix("+")), ("international", "00" + bare.removeprefix("+"))]
    found += [("separators", text) for text in _separated(value, bare)]
    return [(form, text) for form, text in dict.fromkeys(found) if text]


def _separated(value: str, bare: str) -> Iterator[str]:
    """The value with other marks between its groups of digits, or between its words."""
    mac = _MAC.fullmatch(value) is not None
    digits = "" if not _HEXISH.fullmatch(bare) else "mac" if mac else "decimal" if bare.isdigit() else "hexadecimal"
    for marks, sizes in _GROUPS.get(len(bare), {}).get(digits, ()):
        ends = list(itertools.accumulate(sizes))
        parts = [slice(end - size, end) for end, size in zip(ends, sizes, strict=True)]
        yield from (mark.join(text[part] for part in parts) for mark in marks for text in (bare.lower(), bare.upper()))
    if mac:  # as code writes it that formats each byte without leading zeros
        yield ":".join(f"{number:x}" for number in bytes.fromhex(bare))
    if value != bare and not mac and not _UUID.fullmatch(value):
        words = [word for word in SEPARATORS.split(value) if word]
        yield from (mark.join(words) for mark in "-: ")


def base64_inside(raw: bytes) -> Iterator[tuple[str, bytes]]:
    """The value inside longer base64, at its three offsets: the characters determined by its bytes alone."""
    for offset in range(3):
        start, end = (offset * 8 + 5) // 6, (offset + len(raw)) * 8 // 6
        part = base64.b64encode(b"\0" * offset + raw)[start:end]
        if len(part) >= 10:
            yield "base64", part
            if (url := part.translate(_OF_URLS)) != part:
                yield "base64url", url


def _escaped(text: str) -> Iterator[tuple[str, bytes]]:
    raw = _utf8(text)
    once = urllib.parse.quote(raw, safe="")
    for url in (once, once.replace("%20", "+"), urllib.parse.quote(raw, safe="/:@")):
        if url != text:
            yield "url", url.encode()
            yield "url", re.sub("%[0-9A-F]{2}", lambda m: m[0].lower(), url).encode()
    if once != text:
        yield "url2", urllib.parse.quote(once, safe="").encode()
    quoted = json.dumps(text, ensure_ascii=False)[1:-1]
    yield from (("json", _utf8(escaped)) for escaped in (quoted, quoted.replace("/", "\\/")) if escaped != text)
    units = text.encode("utf-16-be", "surrogatepass").hex()
    escapes = "".join("\\u" + units[i : i + 4] for i in range(0, len(units), 4))
    yield "unicode", escapes.encode()
    yield "unicode", escapes.upper().replace("\\U", "\\u").encode()
    if not text.isascii():
        yield "unicode", json.dumps(text)[1:-1].encode()


def digest(name: str, data: bytes) -> bytes:
    """A digest by its name; SM3, which not every OpenSSL has, too."""
    if name != "sm3":
        return hashlib.new(name, data, usedforsecurity=False).digest()
    machine = hashes.Hash(hashes.SM3())
    machine.update(data)
    return machine.finalize()


def _digests(text: str) -> Iterator[tuple[str, bytes]]:
    found = {name: digest(name, _utf8(text)) for name in _HASHES}
    for name, raw in found.items():
        yield from dress_digest(name, raw)
    for part in (found["md5"].hex()[:16], found["md5"].hex()[8:24]):  # both cuts are called "16-bit MD5"
        yield from (("md5_16", data) for data in (part.encode(), part.upper().encode()))


def digests(needle: Needle) -> Iterator[tuple[bytes, str, bool]]:
    """Digests as raw bytes that may be sent in part or in another shape, with their names: those of a plain value, or
    what a hook saw being computed. Of those of a plain value's digest (``outer(inner)``: the inner one as hex in either
    case or as bytes) only the whole counts, which the last field says."""
    value = needle.value[:_MAX]
    if needle.form in DIGESTED and (known := _hex_bytes(value)) is not None:
        yield known, needle.form, False
        if len(known) == 16:
            yield known[4:12], f"{needle.form}_cut", False
    if needle.form != "plain" or is_weak(value) or is_dummy(value):
        return
    bare = SEPARATORS.sub("", value)
    for raw in map(_utf8, dict.fromkeys((value, value.lower(), value.upper(), bare, bare.lower(), bare.upper()))):
        yield from ((digest(name, raw), name, False) for name in (*_HASHES, *_LATER))
        for inner in _HASHES:
            own = digest(inner, raw)
            for data in (own.hex().encode(), own.hex().upper().encode(), own):
                yield from ((digest(outer, data), f"{outer}({inner})", True) for outer in _HASHES)


def spellings(needle: Needle) -> list[bytes]:
    """The value in its usual spellings, as bytes: what an encoding must contain completely."""
    value = needle.value[:_MAX]
    found = [_utf8(text) for _, text in _variants(value)] if len(value) <= _LONG else [_utf8(value)]
    if (raw := _hex_bytes(SEPARATORS.sub("", value))) is not None:
        found.append(raw)
    return list(dict.fromkeys(found))


def dress_digest(name: str, raw: bytes) -> Iterator[tuple[str, bytes]]:
    """A digest as raw bytes, hex in both cases and base64 in both alphabets."""
    packed = base64.b64encode(raw).rstrip(b"=")
    dressed = (raw, raw.hex().encode(), raw.hex().upper().encode(), packed, packed.translate(_OF_URLS))
    yield from ((name, data) for data in dressed)


def _forms(value: str, form: str) -> Iterator[tuple[str, bytes]]:
    """The value as it may be sent, the plainest form first."""
    if form != "plain":
        raw = _utf8(value)
        yield from ((form, data) for data in (raw, raw.lower(), raw.upper()))
        if (known := _hex_bytes(value)) is not None:
            yield from dress_digest(form, known)
        return
    variants, short = _variants(value), len(value) <= _LONG
    written = variants if short else variants[:1]
    yield from ((name, _utf8(text)) for name, text in written)
    for name, text in written:
        data = _utf8(text)
        yield from _escaped(text)
        yield "hex", data.hex().encode()
        yield "hex_upper", data.hex().upper().encode()
        yield from base64_inside(data)
        if name in ("plain", "no_separators") and short:
            yield from (("utf16", text.encode(coding, "surrogatepass")) for coding in ("utf-16-le", "utf-16-be"))
            with suppress(UnicodeEncodeError):
                yield "gbk", text.encode("gb18030")  # of ASCII it is the plain form, which is there already
    for text in dict.fromkeys(text for name, text in written if name != "separators"):
        yield from _digests(text)
    if short and len(value) >= 10:
        yield "reversed", _utf8(value[::-1])
    yield from _numbers(SEPARATORS.sub("", value))


def _numbers(bare: str) -> Iterator[tuple[str, bytes]]:
    """The bytes behind twelve hexadecimal digits or more, and what code writes of the number behind hexadecimal or
    decimal ones, or of its bytes, the last one first. Of 32 digits, both halves are numbers, too, as Java's UUID has
    them."""
    if len(bare) < 12 or not _HEXISH.fullmatch(bare):
        return
    if (packed := _hex_bytes(bare)) is not None:
        yield "binary", packed
        yield from base64_inside(packed)
    if len(bare) > 32:
        return
    if len(bare) >= 16 and len(bare) % 2 == 0:
        turned = bytes.fromhex(bare)[::-1]
        yield from (("reversed", data) for data in (turned, turned.hex().encode(), turned.hex().upper().encode()))
    if bare.isdigit() and len(bare) < 16:
        yield "hex_number", b"%x" % int(bare)
        yield "hex_number", b"%X" % int(bare)
        yield "base36", _base36(int(bare))
        return
    for digits in (bare, bare[:16], bare[16:]) if len(bare) == 32 else (bare,):
        number = int(digits, 16)
        yield "decimal_number", str(number).encode()
        yield "base36", _base36(number)
        if number >> 63 == 1:
            yield "decimal_number", str((1 << 64) - number).encode()


def _base36(number: int) -> bytes:
    digits = bytearray()
    while number:
        number, digit = divmod(number, 36)
        digits.append(b"0123456789abcdefghijklmnopqrstuvwxyz"[digit])
    return bytes(reversed(digits))


def patterns(needle: Needle) -> list[Pattern]:
    """The patterns of a needle, each byte string once, the plainest form first. Empty for a placeholder or an empty
    value.

    Of values above 64 KiB only the first 64 KiB are searched for.
    """
    value = needle.value[:_MAX]
    if not value.strip() or is_dummy(value):
        return []
    if is_weak(value) and needle.form == "plain":
        searched = len(value) >= 3 or is_entered_name(needle.data_type, value)
        return [Pattern(_utf8(value), "plain", True)] if searched else []
    found: dict[bytes, str] = {}
    for form, data in _forms(value, needle.form):
        if len(data) >= (10 if form in _OF_NUMBERS else 6) or not value.isascii():
            found.setdefault(data, form)
    return [
        Pattern(data, form, form in _BOUNDED or (len(data) < 13 and _DIGITS.fullmatch(data) is not None))
        for data, form in found.items()
    ]
