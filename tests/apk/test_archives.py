"""One file, one app: whoever reads an archive here sees what Android sees, or is told that it cannot be known."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

import pytest

from monitor.apk.identity import read_manifest as read
from monitor.apk.parts import opened
from monitor.base.archives import UNREADABLE, Archive
from monitor.base.errors import InputError
from monitor.device.appfiles import kind, unpack
from monitor.device.parse.manifest import manifest
from monitor.record.sdk.library import open_library
from tests.apk.making import Class, dex
from tests.device.test_manifest import binary

REAL, DECOY = "com.example.real", "com.example.fake"
MANIFEST, CODE = "AndroidManifest.xml", "classes.dex"


def app(package: str) -> dict[str, bytes]:
    return {MANIFEST: binary(("manifest", {"package": package})), CODE: dex([Class(f"{package}.Main")])}


def packed(files: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def field(data: bytes | bytearray, at: int) -> int:
    return int(struct.unpack_from("<I", data, at)[0])


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_names_are_those_that_android_reads(tmp_path: Path) -> None:
    """A second name for Python's reader (Info-ZIP's Unicode path) hides no entry and makes none of another."""
    made = io.BytesIO()
    real, decoy = app(REAL), app(DECOY)
    names = {MANIFEST: (real[MANIFEST], "res/a"), CODE: (real[CODE], "res/b"),
             "assets/m": (decoy[MANIFEST], MANIFEST), "assets/c": (decoy[CODE], CODE)}  # fmt: skip
    with zipfile.ZipFile(made, "w") as archive:
        for name, (data, other) in names.items():
            entry = zipfile.ZipInfo(name)
            said = struct.pack("<BL", 1, zlib.crc32(name.encode())) + other.encode()
            entry.extra = struct.pack("<HH", 0x7075, len(said)) + said
            archive.writestr(entry, data)
    path = written(tmp_path / "a.apk", made.getvalue())
    assert zipfile.ZipFile(path).read(CODE) == decoy[CODE], "the trick works on Python's reader"
    parts = opened(path)
    assert (read(parts.manifest).package, parts.dex) == (REAL, [(CODE, real[CODE])])
    assert manifest(path).package == REAL
    assert REAL.replace(".", "/").encode() in open_library(path).dex


def two_lists(tmp_path: Path) -> Path:
    """The end names the real list by its place; another one of the same size stands directly before it."""
    real, decoy = packed(app(REAL)), packed(app(DECOY))
    assert len(real) == len(decoy)
    return written(tmp_path / "a.apk", real[:-22] + decoy[:-22] + real[-22:])


def two_ends(tmp_path: Path) -> Path:
    """The end names the real list; a record for large archives, which Android does not ask for, names another."""
    real, decoy = packed(app(REAL)), packed(app(DECOY))
    moved = len(real) - 22
    size, start = field(decoy, len(decoy) - 10), field(decoy, len(decoy) - 6)
    listed, at = bytearray(decoy[start:-22]), 0
    while at < len(listed):
        struct.pack_into("<I", listed, at + 42, field(listed, at + 42) + moved)
        at += 46 + sum(struct.unpack_from("<3H", listed, at + 28))
    body = real[:-22] + decoy[:start] + bytes(listed)
    large = struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, 2, 2, size, moved + start)
    return written(tmp_path / "a.apk", body + large + struct.pack("<IIQI", 0x07064B50, 0, len(body), 1) + real[-22:])


@pytest.mark.parametrize("made", [two_lists, two_ends])
def test_two_lists_of_entries_are_refused_by_every_reader(made: object, tmp_path: Path) -> None:
    assert callable(made)
    path = made(tmp_path)
    with zipfile.ZipFile(path) as archive:
        assert DECOY.encode("utf-16-le") in archive.read(MANIFEST), "the trick works on Python's reader"
    for reader in (opened, manifest, kind, open_library, lambda file: unpack(file, tmp_path, ())):
        with pytest.raises(InputError, match="another list of entries"):
            reader(path)


def test_what_a_container_holds_is_read_the_same_way(tmp_path: Path) -> None:
    inner = two_lists(tmp_path).read_bytes()
    parts = opened(written(tmp_path / "b.apks", packed({"base.apk": packed(app(REAL)), "split.apk": inner})))
    assert read(parts.manifest).package == REAL
    assert any("another list of entries" in said for said in parts.limits)


def test_marks_that_android_does_not_ask_hide_no_manifest(tmp_path: Path) -> None:
    """It says that it is encrypted, by a method that does not exist: Android reads it as it is."""
    data = bytearray(packed(app(REAL)))
    listed = field(data, len(data) - 6)
    for at, method in ((6, 8), (listed + 8, listed + 10)):
        struct.pack_into("<H", data, at, 1)
        struct.pack_into("<H", data, method, 0x2222)
    path = written(tmp_path / "a.apk", bytes(data))
    with zipfile.ZipFile(path) as archive, pytest.raises(UNREADABLE):
        archive.read(MANIFEST)
    assert read(opened(path).manifest).package == manifest(path).package == REAL


def test_an_entry_for_a_later_reader_is_read(tmp_path: Path) -> None:
    """Its format's version is not asked by Android; of what an entry holds, nothing is changed."""
    inside = b"PK\x01\x02" + bytes([255]) * 100
    data = bytearray(packed(app(REAL) | {"assets/a.txt": inside}))
    at = field(data, len(data) - 6)
    while data.startswith(b"PK\x01\x02", at):
        data[at + 6] = 255
        at += 46 + sum(struct.unpack_from("<3H", data, at + 28))
    path = written(tmp_path / "a.apk", bytes(data))
    with pytest.raises(UNREADABLE):
        zipfile.ZipFile(path)
    assert read(opened(path).manifest).package == manifest(path).package == REAL
    with Archive(path) as archive:
        assert archive.read("assets/a.txt") == inside
        file = archive._own
    assert file is not None and file.closed


@pytest.mark.parametrize("extra", [b"\x01\x02\xff\xff", b"\1\0\2\0ab", b"\0\0\0"])
def test_extra_fields_that_are_none_keep_nothing_from_being_read(extra: bytes, tmp_path: Path) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, data in app(REAL).items():
            entry = zipfile.ZipInfo(name)
            entry.extra = extra
            archive.writestr(entry, data)
    path = written(tmp_path / "a.apk", made.getvalue())
    assert read(opened(path).manifest).package == manifest(path).package == REAL


def test_of_two_entries_with_one_name_all_readers_take_the_same(tmp_path: Path) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive, pytest.warns(UserWarning):
        for package in (REAL, DECOY):
            archive.writestr(MANIFEST, app(package)[MANIFEST])
    path = written(tmp_path / "a.apk", made.getvalue())
    assert read(opened(path).manifest).package == manifest(path).package == REAL


@pytest.mark.parametrize("comment", [b"", b"made by a tool \0\0"])
def test_ordinary_archives_are_read(comment: bytes, tmp_path: Path) -> None:
    path = written(tmp_path / "a.apk", packed(app(REAL)))
    with zipfile.ZipFile(path, "a") as archive:
        archive.comment = comment
    assert manifest(path).package == REAL


def test_an_archive_with_very_many_entries_is_read() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for number in range(0x10002):
            archive.writestr(str(number), b"")
    assert len(Archive(made).infolist()) == 0x10002


def named(*attributes: tuple[int, str]) -> bytes:
    """A manifest that asks for a permission, in attributes that are all called ``name``: resource ID (0 = none) and
    value, in this order."""
    words = [*(["name"] * len(attributes)), "manifest", "uses-permission", "package", REAL, *(v for _, v in attributes)]
    texts = [struct.pack("<H", len(word)) + word.encode("utf-16-le") + b"\0\0" for word in words]
    offsets = [sum(map(len, texts[:n])) for n in range(len(texts))]
    blob = b"".join(texts) + bytes(-sum(map(len, texts)) % 4)
    start = 28 + 4 * len(words)
    body = struct.pack("<HHIIIIII", 1, 28, start + len(blob), len(words), 0, 0, start, 0)
    body += struct.pack(f"<{len(words)}I", *offsets) + blob
    ids = [one for one, _ in attributes]
    body += struct.pack(f"<HHI{len(ids)}I", 0x0180, 8, 8 + 4 * len(ids), *ids)
    for tag, pairs in (("manifest", [(words.index("package"), REAL)]),
                       ("uses-permission", [(n, value) for n, (_, value) in enumerate(attributes)])):  # fmt: skip
        rows = b"".join(struct.pack("<iIiHBBI", -1, key, words.index(value), 8, 0, 3, words.index(value))
                        for key, value in pairs)  # fmt: skip
        rest = struct.pack("<IIiIHHHHHH", 1, 0xFFFFFFFF, -1, words.index(tag), 20, 20, len(pairs), 0, 0, 0)
        body += struct.pack("<HHI", 0x0102, 16, 8 + len(rest) + len(rows)) + rest + rows
    return struct.pack("<HHI", 3, 8, 8 + len(body)) + body


@pytest.mark.parametrize("other", [0, 0x01010001, 0x7F010001])
@pytest.mark.parametrize("after", [True, False])
def test_an_attribute_is_known_by_its_id_and_not_by_what_it_is_called(other: int, after: bool) -> None:
    pairs = [(0x01010003, "android.permission.READ_CONTACTS"), (other, "android.permission.VIBRATE")]
    about = read(named(*(pairs if after else pairs[::-1])))
    assert (about.package, [one.name for one in about.permissions]) == (REAL, ["android.permission.READ_CONTACTS"])
