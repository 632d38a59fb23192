"""The list of what code asks of the platform and the stand-in lacks, read from class files made here."""

from __future__ import annotations

import asyncio
import struct
import zipfile
from pathlib import Path

import pytest

from emulator.java import missing
from emulator.standin.apps.databases import Databases
from emulator.standin.apps.providers import AppError
from emulator.standin.sandbox.contain import FREE


def class_file(name: str, wants: list[tuple[str, str, str]], parent: str = "java/lang/Object") -> bytes:
    """A class that refers to methods: (class, name, descriptor) each."""
    pool: list[bytes] = []

    def add(entry: bytes) -> int:
        pool.append(entry)
        return len(pool)

    def text(value: str) -> int:
        data = value.encode()
        return add(b"\x01" + struct.pack(">H", len(data)) + data)

    def named(value: str) -> int:
        return add(b"\x07" + struct.pack(">H", text(value)))

    this, above = named(name), named(parent)
    for owner, method, kind in wants:
        both = add(b"\x0c" + struct.pack(">HH", text(method), text(kind)))
        add(b"\x0a" + struct.pack(">HH", named(owner), both))
    head = b"\xca\xfe\xba\xbe\0\0\0\x34" + struct.pack(">H", len(pool) + 1) + b"".join(pool)
    return head + struct.pack(">HHHH", 0x21, this, above, 0) + struct.pack(">HHH", 0, 0, 0)


def test_missing_classes_and_members_are_named_and_counted(tmp_path: Path) -> None:
    wants = [
        ("android/os/Bundle", "getString", "(Ljava/lang/String;)Ljava/lang/String;"),
        ("android/os/Bundle", "hashCode", "()I"),
        ("android/os/Bundle", "teleport", "()V"),
        ("android/quantum/Gate", "open", "()V"),
        ("com/example/Own", "run", "()V"),
    ]
    jar = tmp_path / "lib.jar"
    with zipfile.ZipFile(jar, "w") as archive:
        archive.writestr("a/B.class", class_file("a/B", wants))
        archive.writestr("a/C.class", class_file("a/C", wants[2:3]))
        archive.writestr("a/Broken.class", b"\xca\xfe\xba\xbe\0")
    found = missing.missing(list(missing.class_files(jar)), missing.Platform())
    assert found == {"android.os.Bundle.teleport()V": 2, "android.quantum.Gate": 1}


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"\xca\xfe\xba\xbe" + b"\xff" * 40])
def test_what_is_no_class_file_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):
        missing.read_class(data)


def test_an_apps_database_is_real_and_stays_in_its_folder(tmp_path: Path) -> None:
    home = tmp_path / "app"

    async def scenario() -> None:
        databases = Databases()
        one = await databases.open(7, str(home / "databases" / "x.db"), home, FREE, 0)
        await databases.run(7, one, "CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT)", [])
        done = await databases.run(7, one, "INSERT INTO t(b) VALUES (?)", ["雀"])
        assert (done["id"], done["changed"]) == (1, 1)
        assert (await databases.run(7, one, "SELECT a, b FROM t", []))["rows"] == [[1, "雀"]]
        for bad in (
            "SELEC", f"ATTACH '{tmp_path}/y.db' AS y", f"VACUUM INTO '{tmp_path}/z.db'", "SELECT * FROM nothing",
            "PRAGMA hard_heap_limit=0",
        ):  # fmt: skip
            with pytest.raises(AppError):
                await databases.run(7, one, bad, [])
        with pytest.raises(AppError):
            await databases.open(7, str(home / ".." / "other.db"), home, FREE, 0)
        with pytest.raises(AppError):
            await databases.run(8, one, "SELECT 1", [])  # another process's handle
        databases.gone(7)
        with pytest.raises(AppError):
            await databases.run(7, one, "SELECT 1", [])

    asyncio.run(scenario())
    assert sorted(path.name for path in tmp_path.rglob("*.db")) == ["x.db"]
