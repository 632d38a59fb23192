"""An app's manifest, in Android's binary XML or in plain XML: its start tags, and what a session needs of it. Hostile
input: bounded. Our own: pyaxmlparser 0.3.31 takes an attribute by its name where Android goes by its resource ID, and
1.8 GB of memory for a manifest of one megabyte.
"""

import io
import re
import struct
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple
from xml.etree import ElementTree

from monitor.base.archives import UNREADABLE, Archive

_MAX_MANIFEST: Final = 8_000_000
_COMPONENTS: Final = frozenset(["application", "activity", "activity-alias", "service", "receiver", "provider"])
_LAUNCHER: Final = "android.intent.category.LAUNCHER"
_CLASS = re.compile(r"\.?[A-Za-z_][\w.$]{0,300}\Z")
_MAX_ENTRIES: Final = 16
_PROCESS = re.compile(r":?[A-Za-z][\w.:]{0,222}\Z")
_MAX_STRINGS: Final = 50_000
_MAX_ELEMENTS: Final = 50_000
_MAX_ATTRIBUTES: Final = 500
_DEPTH: Final = 100
#: Together, in one document: places may overlap, so that a small file can name many.
_ALL_ATTRIBUTES: Final = 500_000
_ALL_CHARACTERS: Final = 16_000_000
_BINARY: Final = b"\x03\x00\x08\x00"
_UTF8: Final = 1 << 8
_MAP, _START = 0x0180, 0x0102
_STRING, _DECIMAL, _HEX, _BOOLEAN = 0x03, 0x10, 0x11, 0x12
#: Resource ids of attributes (android.R.attr): the system goes by the ID. Names may be empty or, to mislead, another's.
_NAMES: Final = {
    0x01010003: "name", 0x01010006: "permission", 0x0101000F: "debuggable", 0x01010010: "exported",
    0x01010011: "process", 0x0101020C: "minSdkVersion", 0x0101021B: "versionCode", 0x0101021C: "versionName",
    0x01010202: "targetActivity", 0x01010270: "targetSdkVersion", 0x01010271: "maxSdkVersion",
    0x010104EC: "usesCleartextTraffic",
}  # fmt: skip
_OF_SYSTEM: Final = frozenset(_NAMES.values())


class Element(NamedTuple):
    """A start tag; attributes by their local names."""

    name: str
    attributes: Mapping[str, str]


def start_tags(data: bytes) -> Iterator[Element]:
    """Start tags in document order. Raises ``ValueError`` if the data is not such XML, or too large."""
    for number, element in enumerate(_binary(data) if data.startswith(_BINARY) else _plain(data)):
        if number == _MAX_ELEMENTS:
            raise ValueError("too many elements")
        yield element


def _binary(data: bytes) -> Iterator[Element]:
    strings, ids, at, left = _string_pool(data), [], 8, _ALL_ATTRIBUTES
    try:
        while at + 8 <= len(data):
            kind, _, size = struct.unpack_from("<HHI", data, at)
            if size < 8:
                raise ValueError("a chunk without size")
            if kind == _MAP:
                ids = list(struct.unpack_from(f"<{min(size // 4 - 2, _MAX_STRINGS)}I", data, at + 8))
            elif kind == _START:
                left -= struct.unpack_from("<H", data, at + 28)[0]
                if left < 0:
                    raise ValueError("too many attributes")
                yield _element(data, at, strings, ids)
            at += size
    except (struct.error, IndexError):
        raise ValueError("the binary XML is truncated") from None


def _plain(data: bytes) -> Iterator[Element]:
    """Start tags of plain XML. A document type is refused: with it go entities."""
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data or b"\0" in data:
        raise ValueError("plain XML in UTF-8 without a document type is expected")
    depth = 0
    try:
        for what, node in ElementTree.iterparse(io.BytesIO(data), ("start", "end")):
            depth += 1 if what == "start" else -1
            if depth > _DEPTH:
                raise ValueError(f"nested deeper than {_DEPTH}")
            if what == "start":
                yield Element(_local(node.tag), {_local(key): value for key, value in node.attrib.items()})
    except (ElementTree.ParseError, LookupError) as bad:
        raise ValueError(str(bad)) from None


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _element(data: bytes, at: int, strings: list[str], ids: list[int]) -> Element:
    name, start, size, count = struct.unpack_from("<IHHH", data, at + 20)
    if count > _MAX_ATTRIBUTES or size < 20:
        raise ValueError("not manifest attributes")
    found: dict[str, str] = {}
    for number in range(count):
        place = at + 16 + start + number * size
        _, key, raw, _, _, kind, value = struct.unpack_from("<iIiHBBI", data, place)
        label = strings[key]
        if key < len(ids) and ids[key]:
            label = _NAMES.get(ids[key], f"@{ids[key]:08x}")
        elif label in _OF_SYSTEM:
            continue  # the system would not find it
        found.setdefault(label, _value(strings, raw, kind, value))
    return Element(strings[name], found)


def _value(strings: list[str], raw: int, kind: int, value: int) -> str:
    if kind == _STRING or (raw >= 0 and kind not in (_DECIMAL, _HEX, _BOOLEAN)):
        return strings[value if kind == _STRING else raw]
    if kind == _BOOLEAN:
        return "true" if value else "false"
    return str(value)


def _string_pool(data: bytes) -> list[str]:
    """The string pool; strings that do not fit are empty."""
    try:
        _, count, _, flags, start, _ = struct.unpack_from("<6I", data, 12)
    except struct.error:
        return []
    found = []
    left = _ALL_CHARACTERS
    for number in range(min(count, _MAX_STRINGS)):
        try:
            (offset,) = struct.unpack_from("<I", data, 36 + 4 * number)
            found.append(_text(data, 8 + start + offset, utf8=bool(flags & _UTF8)) if left > 0 else "")
            left -= len(found[-1])
        except (struct.error, IndexError, UnicodeDecodeError):
            found.append("")
    return found


def _text(data: bytes, at: int, *, utf8: bool) -> str:
    if utf8:
        at += 2 if data[at] & 0x80 else 1
        size = data[at]
        at += 1
        if size & 0x80:
            size = (size & 0x7F) << 8 | data[at]
            at += 1
        return data[at : at + size].decode("utf-8")
    (size,) = struct.unpack_from("<H", data, at)
    return data[at + 2 : at + 2 + 2 * size].decode("utf-16-le")


class Manifest(NamedTuple):
    """``package`` is empty if the file names none; ``split`` is empty for a base. ``processes``: those other than the
    main one. ``entries``: the application class and the activities that a launcher shows, with their packages."""

    package: str = ""
    split: str = ""
    processes: tuple[str, ...] = ()
    entries: tuple[str, ...] = ()


def manifest(apk: Path) -> Manifest:
    """The manifest of an APK; empty if it cannot be read."""
    try:
        with Archive(apk) as archive, archive.open("AndroidManifest.xml") as entry:
            tags = list(start_tags(entry.read(_MAX_MANIFEST)))
    except (*UNREADABLE, KeyError, ValueError):
        return Manifest()
    head = next((tag.attributes for tag in tags if tag.name == "manifest"), {})
    package = head.get("package", "")
    names = [tag.attributes.get("process", "") for tag in tags if tag.name in _COMPONENTS]
    processes = {package + name if name.startswith(":") else name for name in names if _PROCESS.match(name)}
    return Manifest(package, head.get("split", ""), tuple(sorted(processes - {package})), entries(package, tags))


def entries(package: str, tags: Iterable[Element]) -> tuple[str, ...]:
    """The application class and the activities with a launcher's icon, by full name."""
    found: list[str] = []
    activity = ""
    for tag in tags:
        name = tag.attributes.get("name", "")
        if tag.name in ("activity", "activity-alias"):
            activity = tag.attributes.get("targetActivity") or name
        elif tag.name == "application":
            found.append(name)
        elif tag.name == "category" and name == _LAUNCHER:
            found.append(activity)
    full = [f"{package}.{name.lstrip('.')}" if name.startswith(".") or "." not in name else name
            for name in found if _CLASS.match(name)]  # fmt: skip
    return tuple(dict.fromkeys(full))[:_MAX_ENTRIES]
