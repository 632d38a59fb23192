"""What code asks of Android that the stand-in does not have: classes and members, read from the class files.

    python emulator/java/missing.py FILE.jar|FILE.zip|FILE.aar|FOLDER...

One line a missing class or member with how many classes refer to it, most wanted first; the last line counts them. The
code itself is not run, so a reference that is never reached counts, too.
"""

from __future__ import annotations

import io
import struct
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

JAR = Path(__file__).resolve().parent / "standin.jar"
#: What a device has and an app does not bring. (``java.`` is the JVM's.)
PLATFORM = ("android/", "dalvik/", "libcore/", "org/json/", "org/xmlpull/", "com/android/internal/")
MAX_CLASS = 8 << 20
_SIZES = {3: 4, 4: 4, 5: 8, 6: 8, 7: 2, 8: 2, 9: 4, 10: 4, 11: 4, 12: 4, 15: 3, 16: 2, 17: 4, 18: 4, 19: 2, 20: 2}


class Member(NamedTuple):
    """A field or method, by the class that it is looked for in."""

    owner: str
    name: str
    kind: str
    """Descriptor: ``(I)V``, ``Ljava/lang/String;``."""


class ClassFile(NamedTuple):
    """What a class file says of itself and of others. Names as in class files, with slashes."""

    name: str
    parents: tuple[str, ...]
    members: frozenset[tuple[str, str]]
    """Name and descriptor of its own fields and methods."""
    classes: frozenset[str]
    wanted: frozenset[Member]


def read_class(data: bytes) -> ClassFile:
    """Parse a class file. Raises ``ValueError`` when it is none."""
    try:
        return _read(data)
    except (struct.error, IndexError, KeyError, UnicodeDecodeError, TypeError) as bad:
        raise ValueError(f"not a class file: {bad}") from None


def _read(data: bytes) -> ClassFile:
    if data[:4] != b"\xca\xfe\xba\xbe":
        raise ValueError("no magic number")
    pool: dict[int, tuple[int, bytes]] = {}
    at, number, count = 10, 1, struct.unpack_from(">H", data, 8)[0]
    while number < count:
        tag = data[at]
        size = 2 + struct.unpack_from(">H", data, at + 1)[0] if tag == 1 else _SIZES[tag]
        pool[number] = (tag, data[at + 1 : at + 1 + size])
        at, number = at + 1 + size, number + (2 if tag in (5, 6) else 1)

    def text(index: int) -> str:
        return pool[index][1][2:].decode("utf-8", "surrogateescape")

    def class_name(index: int) -> str:
        return text(struct.unpack(">H", pool[index][1])[0]).lstrip("[").removeprefix("L").rstrip(";") if index else ""

    wanted = set()
    for tag, body in pool.values():
        if tag in (9, 10, 11):
            owner, both = struct.unpack(">HH", body)
            name, kind = struct.unpack(">HH", pool[both][1])
            wanted.add(Member(class_name(owner), text(name), text(kind)))
    _, this, parent, faces = struct.unpack_from(">HHHH", data, at)
    parents = [class_name(parent)] + [class_name(i) for i in struct.unpack_from(f">{faces}H", data, at + 8)]
    at += 8 + 2 * faces
    members = set()
    for _ in range(2):
        total, at = struct.unpack_from(">H", data, at)[0], at + 2
        for _ in range(total):
            _, name, kind, attributes = struct.unpack_from(">HHHH", data, at)
            members.add((text(name), text(kind)))
            at += 8
            for _ in range(attributes):
                at += 6 + struct.unpack_from(">I", data, at + 2)[0]
    classes = {class_name(i) for i, (tag, _) in pool.items() if tag == 7}
    return ClassFile(class_name(this), tuple(p for p in parents if p), frozenset(members), frozenset(classes),
                     frozenset(wanted))  # fmt: skip


def class_files(path: Path) -> Iterator[bytes]:
    """The class files in a folder or an archive, and in the archives in it."""
    if path.is_dir():
        for each in sorted(path.rglob("*.class")):
            yield each.read_bytes()
        return
    yield from _in_archive(path.read_bytes(), 2)


def _in_archive(data: bytes, depth: int) -> Iterator[bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for entry in archive.infolist():
            if entry.filename.endswith(".class") and entry.file_size <= MAX_CLASS:
                yield archive.read(entry)
            elif entry.filename.endswith(".jar") and depth and entry.file_size <= 64 << 20:
                yield from _in_archive(archive.read(entry), depth - 1)


class Platform:
    """The stand-in's classes with their members."""

    def __init__(self, place: Path = JAR) -> None:
        """``place``: the jar, or a folder of class files."""
        self._classes = {one.name: one for one in map(read_class, self._files(place))}

    @staticmethod
    def _files(place: Path) -> Iterator[bytes]:
        if place.is_dir():
            yield from class_files(place)
            return
        with zipfile.ZipFile(place) as archive:
            for name in archive.namelist():
                if name.endswith(".class") and not name.startswith("apps/"):
                    yield archive.read(name)

    def has_class(self, name: str) -> bool:
        """Whether there is such a class."""
        return name in self._classes

    def has(self, member: Member) -> bool:
        """Whether a class or one above it has the member; what the JVM's own classes have is taken for there."""
        todo, seen = [member.owner], set()
        while todo:
            name = todo.pop()
            if name in seen:
                continue
            seen.add(name)
            one = self._classes.get(name)
            if one is None:
                if name not in _BARE or member.name in _OBJECT:
                    return True
                continue
            if (member.name, member.kind) in one.members:
                return True
            todo.extend(one.parents)
        return False


#: Of the JVM's own, these bring nothing but what every object has.
_BARE = frozenset({"java/lang/Object", "java/lang/Cloneable", "java/io/Serializable"})
_OBJECT = frozenset("<init> equals hashCode toString getClass notify notifyAll wait clone finalize".split())


def missing(files: list[bytes], platform: Platform) -> Counter[str]:
    """Missing classes (``android.a.B``) and members (``android.a.B.c(I)V``), each with the classes that want it."""
    found: Counter[str] = Counter()
    for data in files:
        try:
            one = read_class(data)
        except ValueError:
            continue
        for name in one.classes:
            if name.startswith(PLATFORM) and not platform.has_class(name):
                found[name.replace("/", ".")] += 1
        for member in one.wanted:
            if member.owner.startswith(PLATFORM) and platform.has_class(member.owner) and not platform.has(member):
                found[f"{member.owner.replace('/', '.')}.{member.name}{member.kind}"] += 1
    return found


def main() -> int:
    """Command line; 0 done, 2 bad usage."""
    paths = [Path(name) for name in sys.argv[1:]]
    if not paths or not all(path.exists() for path in paths):
        print(__doc__, file=sys.stderr)
        return 2
    found = missing([data for path in paths for data in class_files(path)], Platform())
    for name, times in found.most_common():
        print(f"{times:5} {name}")
    print(f"{len(found)} classes and members of the platform are missing")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
