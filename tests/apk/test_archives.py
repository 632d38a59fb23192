"""One file, one app: whoever reads an archive here sees what Android sees, or is told that it cannot be known."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.apk.identity import read_manifest as read
from monitor.apk.parts import opened
from monitor.base.archives import UNREADABLE, Archive
from monitor.base.errors import InputError
from monitor.device.appfiles import kind, unpack
from monitor.device.parse.manifest import manifest
from monitor.record.sdk.library import open_library
from tests.apk.making import Class, dex, zipped
from tests.device.test_manifest import binary

REAL, DECOY = "com.example.real", "com.example.fake"
MANIFEST, CODE = "AndroidManifest.xml", "classes.dex"
#: What an entry of another archive holds; of what an entry holds, nothing is changed.
INSIDE = b"PK\x01\x02" + bytes([255]) * 100


def app(package: str) -> dict[str, bytes]:
    return {MANIFEST: binary(("manifest", {"package": package})), CODE: dex([Class(f"{package}.Main")])}


def field(data: bytes | bytearray, at: int) -> int:
    return int(struct.unpack_from("<I", data, at)[0])


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def after(data: bytes | bytearray, at: int) -> int:
    """Where the row of a list of entries ends that begins there."""
    return at + 46 + sum(struct.unpack_from("<3H", data, at + 28))


def test_names_are_those_that_android_reads(tmp_path: Path) -> None:
    """A second name for Python's reader (Info-ZIP's Unicode path) hides no entry and makes none of another."""
    real, decoy = app(REAL), app(DECOY)
    names = {MANIFEST: (real[MANIFEST], "res/a"), CODE: (real[CODE], "res/b"),
             "assets/m": (decoy[MANIFEST], MANIFEST), "assets/c": (decoy[CODE], CODE)}  # fmt: skip
    files = []
    for name, (data, other) in names.items():
        said = struct.pack("<BL", 1, zlib.crc32(name.encode())) + other.encode()
        files.append((name, data, struct.pack("<HH", 0x7075, len(said)) + said))
    path = written(tmp_path / "a.apk", zipped(*files))
    assert zipfile.ZipFile(path).read(CODE) == decoy[CODE], "the trick works on Python's reader"
    parts = opened(path)
    assert (read(parts.manifest).package, parts.dex) == (REAL, [(CODE, real[CODE])])
    assert manifest(path).package == REAL
    assert REAL.replace(".", "/").encode() in open_library(path).dex


def two_lists() -> bytes:
    """The end names the real list by its place; another one of the same size stands directly before it."""
    real, decoy = zipped(*app(REAL).items()), zipped(*app(DECOY).items())
    assert len(real) == len(decoy)
    return real[:-22] + decoy[:-22] + real[-22:]


def two_ends() -> bytes:
    """The end names the real list; a record for large archives, which Android does not ask for, names another."""
    real, decoy = zipped(*app(REAL).items()), zipped(*app(DECOY).items())
    moved = len(real) - 22
    size, start = field(decoy, len(decoy) - 10), field(decoy, len(decoy) - 6)
    listed, at = bytearray(decoy[start:-22]), 0
    while at < len(listed):
        struct.pack_into("<I", listed, at + 42, field(listed, at + 42) + moved)
        at = after(listed, at)
    body = real[:-22] + decoy[:start] + bytes(listed)
    large = struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, 2, 2, size, moved + start)
    return body + large + struct.pack("<IIQI", 0x07064B50, 0, len(body), 1) + real[-22:]


@pytest.mark.parametrize("made", [two_lists, two_ends])
def test_two_lists_of_entries_are_refused_by_every_reader(made: Callable[[], bytes], tmp_path: Path) -> None:
    path = written(tmp_path / "a.apk", made())
    with zipfile.ZipFile(path) as archive:
        assert DECOY.encode("utf-16-le") in archive.read(MANIFEST), "the trick works on Python's reader"
    for reader in (opened, manifest, kind, open_library, lambda file: unpack(file, tmp_path, ())):
        with pytest.raises(InputError, match="another list of entries"):
            reader(path)


def test_what_a_container_holds_is_read_the_same_way(tmp_path: Path) -> None:
    both = ("base.apk", zipped(*app(REAL).items())), ("split.apk", two_lists())
    parts = opened(written(tmp_path / "b.apks", zipped(*both)))
    assert read(parts.manifest).package == REAL
    assert any("another list of entries" in said for said in parts.limits)


def marked() -> bytes:
    """It says that it is encrypted, by a method that does not exist: Android reads it as it is."""
    data = bytearray(zipped(*app(REAL).items()))
    listed = field(data, len(data) - 6)
    for at, method in ((6, 8), (listed + 8, listed + 10)):
        struct.pack_into("<H", data, at, 1)
        struct.pack_into("<H", data, method, 0x2222)
    return bytes(data)


def for_a_later_reader() -> bytes:
    """Android does not ask for its format's version."""
    data = bytearray(zipped(*app(REAL).items(), ("assets/a.txt", INSIDE)))
    at = field(data, len(data) - 6)
    while data.startswith(b"PK\x01\x02", at):
        data[at + 6] = 255
        at = after(data, at)
    return bytes(data)


def doubled() -> bytes:
    """Two entries with one name."""
    with pytest.warns(UserWarning):
        return zipped(*((MANIFEST, app(package)[MANIFEST]) for package in (REAL, DECOY)))


def commented() -> bytes:
    comment = b"made by a tool \0\0"
    return zipped(*app(REAL).items())[:-2] + struct.pack("<H", len(comment)) + comment


def with_extra(extra: bytes) -> Callable[[], bytes]:
    """Each entry with an extra field that is none."""
    return lambda: zipped(*((name, data, extra) for name, data in app(REAL).items()))


@pytest.mark.parametrize(
    ("made", "python_reads_it"),
    [(marked, False), (for_a_later_reader, False), (doubled, True), (commented, True)]
    + [(with_extra(extra), True) for extra in (b"\1\2\xff\xff", b"\1\0\2\0ab", b"\0\0\0")],
)
def test_what_android_reads_all_the_same_every_reader_does(
    made: Callable[[], bytes], python_reads_it: bool, tmp_path: Path
) -> None:
    path = written(tmp_path / "a.apk", made())
    assert read(opened(path).manifest).package == manifest(path).package == REAL
    if not python_reads_it:
        with pytest.raises(UNREADABLE):
            zipfile.ZipFile(path).read(MANIFEST)


def test_what_an_entry_holds_is_read_and_the_file_closed(tmp_path: Path) -> None:
    with Archive(written(tmp_path / "a.apk", for_a_later_reader())) as archive:
        assert archive.read("assets/a.txt") == INSIDE
        file = archive._own
    assert file is not None and file.closed


def test_an_archive_with_very_many_entries_is_read() -> None:
    made = zipped(*((str(number), b"") for number in range(0x10002)))
    assert len(Archive(io.BytesIO(made)).infolist()) == 0x10002


@pytest.mark.parametrize("other", [0, 0x01010001, 0x7F010001])
@pytest.mark.parametrize("after", [True, False])
def test_an_attribute_is_known_by_its_id_and_not_by_what_it_is_called(other: int, after: bool) -> None:
    pairs = [(0x01010003, "android.permission.READ_CONTACTS"), (other, "android.permission.VIBRATE")]
    ids, values = zip(*(pairs if after else pairs[::-1]), strict=True)
    asks = ("uses-permission", dict(enumerate(values)))
    about = read(binary(("manifest", {"package": REAL}), asks, ids=[("name", one) for one in ids]))
    assert (about.package, [one.name for one in about.permissions]) == (REAL, ["android.permission.READ_CONTACTS"])
