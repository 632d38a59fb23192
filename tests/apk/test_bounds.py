"""A small file whose parts overlap can name more than any memory holds, and more code than anybody waits for."""

from __future__ import annotations

import struct
import tracemalloc
from collections.abc import Callable

import pytest

from monitor.analysis.correlate.owner import Owners
from monitor.apk import classfile
from monitor.apk.dex import Dex, every
from monitor.apk.parts import Parts
from monitor.apk.references import references
from monitor.knowledge.catalogue import load_catalogue
from monitor.knowledge.tables import Packages, load_sdks
from tests.apk.making import Class, dex, uleb
from tests.apk.test_contents import APP, IMEI, TELEPHONY

LONG = 60_000


def changed(data: bytes, table: int, rows: bytes, number: int) -> bytes:
    """The file with another table behind its end, by the place of its size in the header."""
    head = struct.pack("<II", number, len(data))
    return data[:table] + head + data[table + 8 :] + rows


def names(data: bytes) -> bytes:
    """Every type is the same long string."""
    at = len(data)
    data += uleb(LONG) + b"a" * LONG + b"\0"
    data = changed(data, 56, struct.pack("<I", at), 1)
    return changed(data, 64, bytes(4 * LONG), LONG)


def classes(data: bytes) -> bytes:
    """Every class has the same very many methods."""
    methods = uleb(0) + uleb(0) + uleb(LONG) + uleb(0) + b"\1\1\0" * LONG
    row = struct.pack("<8I", 0, 1, 0, 0, 0, 0, len(data), 0)
    return changed(data + methods, 96, row * 1000, 1000)


def code(data: bytes) -> bytes:
    """Every method's code reaches to the end of the file, with a call that is looked for at its beginning."""
    call = data.index(struct.pack("<H", 0x0071))
    body = bytearray(uleb(0) + uleb(0) + uleb(1000) + uleb(0))
    at = len(data)
    for number in range(1000):
        body += b"\0\x09" + uleb5(at + 32 * number)
    head = struct.pack("<HHHHII", 4, 0, 4, 0, 0, LONG * 8)
    codes = (head + data[call : call + 6] + b"\x0e\0" + bytes(8)) * 1000
    row = struct.pack("<8I", 0, 1, 0, 0, 0, 0, at + len(codes) + LONG * 16, 0)
    return changed(data + codes + bytes(LONG * 16) + body, 96, row, 1)


def uleb5(value: int) -> bytes:
    return bytes([*(value >> shift & 0x7F | 0x80 for shift in (0, 7, 14, 21)), value >> 28])


@pytest.mark.parametrize(("bomb", "says"), [(names, "names that overlap"), (classes, "classes that overlap"),
                                            (code, "more code than is read")])  # fmt: skip
def test_what_overlaps_is_noted_and_not_unfolded(bomb: Callable[[bytes], bytes], says: str) -> None:
    parts = Parts()
    parts.dex = [("classes.dex", bomb(dex([Class("a.B", methods={"c": [IMEI]})])))]
    tracemalloc.start()
    references(parts, load_catalogue(), Owners(Packages(load_sdks()), ["a"]))
    used = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert parts.limits == [f"classes.dex: {says}"]
    assert used < 100_000_000


def test_a_long_name_is_read_no_further_than_a_name_is_long() -> None:
    """A constant of 65,535 bytes to which every member of a class file's pool refers."""
    long = b"\1" + struct.pack(">H", 65_535) + b"a" * 65_535
    pool = long + b"\7\0\1" + b"\x0c\0\1\0\1" + b"\x0a\0\2\0\3" * LONG
    data = bytes.fromhex("cafebabe") + bytes(4) + struct.pack(">H", LONG + 4) + pool + bytes(20)
    file = classfile.read(data)
    asked: list[int] = []
    assert not list(file.uses((), lambda cls, name, _: asked.append(len(cls) + len(name))))
    assert len(asked) == LONG and max(asked) < 5_000


def test_every_part_of_a_container_of_code_is_read() -> None:
    """From version 041 on, a file may hold several parts, whose places count from the file's beginning."""
    first = bytearray(dex([Class("a.Plain")]))
    second = dex([Class("b.Reader", methods={"go": [IMEI]})])
    base = len(first)
    moved = bytearray(second)
    for table in range(56, 104, 8):
        count, at = struct.unpack_from("<2I", second, table)
        struct.pack_into("<I", moved, table + 4, at + base if count else 0)
    strings, at = struct.unpack_from("<2I", second, 56)
    for number in range(strings):
        (place,) = struct.unpack_from("<I", second, at + 4 * number)
        struct.pack_into("<I", moved, at + 4 * number, place + base)
    (defined,) = struct.unpack_from("<I", second, 100)
    (members,) = struct.unpack_from("<I", second, defined + 24)
    struct.pack_into("<I", moved, defined + 24, members + base)
    for part in (first, moved):
        part[4:7] = b"041"
    found = list(every(bytes(first + moved)))
    assert [name for one in found for name in one.classes] == ["a.Plain", "b.Reader"]
    assert {cls for one in found for cls in one.types} > {TELEPHONY}
    assert len(list(every(dex(APP)))) == 1 and Dex(dex(APP)).classes
