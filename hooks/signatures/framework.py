"""Builds ``framework.tsv``: what Android's source says of each method that the catalogue hooks.

Sources, as Debian carries them: ``android-platform-frameworks-base`` 14~beta1 (level 34) and
``android-platform-libcore`` 10.0.0 (level 29), both Apache-2.0; only declarations are read. Other modules of Android
(Wi-Fi, Bluetooth, Conscrypt, health, advertising services) are in neither.

    uv run python -m hooks.signatures.framework [--check]

fetches the two with apt (62 and 12 MB, kept in the cache of the ART bed) and writes the table; with ``--check`` it
writes nothing and ends with 1 where the table is not what the sources say or they contradict a row; methods that the
table has not yet are only named. It ends with 3 where the sources cannot be had.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from hooks.signatures.check import Table as PublicTable
from hooks.signatures.check import read_table, same
from hooks.signatures.java_source import Declared, Sources

HERE = Path(__file__).resolve().parent
TABLE = HERE / "framework.tsv"
LEFT_OUT = HERE / "left_out.yaml"
#: Folders of packages within each source, by the level whose code it is.
ROOTS = {
    34: tuple(f"{part}/java" for part in "core telephony location media graphics keystore telecomm drm opengl".split()),
    29: (
        *(f"{part}/src/main/java" for part in "ojluni luni dalvik json libart".split()),
        "mmodules/core_platform_api/src/main/java",
    ),
}


class Member(NamedTuple):
    """One overload of a hooked method. ``declared`` is the class that declares it; ``access`` as in `Declared`;
    ``calls`` are the hooked methods that it calls itself, as ``class.method``."""

    level: int
    cls: str
    name: str
    declared: str
    signature: str
    static: bool
    native: bool
    access: str
    calls: tuple[str, ...]

    def cells(self) -> list[str]:
        """A line of the table."""
        flags = ["static" if self.static else "", "native" if self.native else ""]
        return [str(self.level), *self[1:5], *flags, self.access, " ".join(self.calls)]


COLUMNS = Member._fields


def javarows(rows: Iterable[Any]) -> list[Any]:
    """The rows that hook a method of a Java class of the platform."""
    named = (row for row in rows if row.public in ("public", "hidden") and "." not in row.method)
    return [row for row in named if row.kind not in ("native", "field")]


def members(rows: Iterable[Any], level: int, sources: Sources) -> Iterator[Member]:
    """What the sources of a level say of the rows' methods, in the rows' order."""
    rows = javarows(rows)
    hooked = {(row.cls, row.method) for row in rows}
    for cls, name in sorted(hooked):
        for one in _overloads(sources, cls, name):
            calls = {f"{a}.{b}" for a, b in _hooked_calls(sources, one, hooked)}
            yield Member(
                level, cls, name, one.cls, one.signature, one.static, one.native, one.access, tuple(sorted(calls))
            )


def _overloads(sources: Sources, cls: str, name: str) -> list[Declared]:
    """The overloads that a class declares, or else those of the nearest class above that declares any."""
    for one in _line(sources, cls):
        if found := [member for member in sources.members(one) if member.name == name]:
            return found
    return []


def _line(sources: Sources, cls: str) -> list[str]:
    """The class and what it inherits from, as far as the sources have it."""
    todo, line = [cls], []
    while todo:
        here = todo.pop(0)
        if here not in line and sources.has(here):
            line.append(here)
            todo += sources.supers(here)
    return line


def _hooked_calls(sources: Sources, one: Declared, hooked: set[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for cls, name in one.calls:
        if name in {method for _, method in hooked}:
            target = next((up for up in [cls, *_line(sources, cls)] if (up, name) in hooked), None)
            if target and target != "android.util.Log":  # every class logs
                yield target, name


def read(text: str = "") -> list[Member]:
    """The table's lines; without ``text`` those on file."""
    lines = (text or TABLE.read_text("utf-8")).splitlines()
    return [
        Member(
            int(row["level"]),
            row["cls"],
            row["name"],
            row["declared"],
            row["signature"],
            row["static"] == "static",
            row["native"] == "native",
            row["access"],
            tuple(row["calls"].split()),
        )
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    ]


def added(fresh: Iterable[Member], filed: Iterable[Member]) -> tuple[list[str], bool]:
    """Methods that only the fresh table has, as ``class.method``, and whether the two otherwise say the same.

    Only who has apt can write the table: a new row need not be in it."""
    fresh, filed = list(fresh), list(filed)
    known = {(one.cls, one.name) for one in filed}
    new = {f"{one.cls}.{one.name}" for one in fresh if (one.cls, one.name) not in known}
    old = [one for one in fresh if (one.cls, one.name) in known]
    return sorted(new), [one._replace(calls=tuple(c for c in one.calls if c not in new)) for one in old] == filed


def signatures(table: list[Member]) -> set[tuple[str, str, str]]:
    """Class, method and signature of what the sources have."""
    return {(member.cls, member.name, member.signature) for member in table}


def left_out(path: Path = LEFT_OUT) -> dict[tuple[str, str], str]:
    """Row and signature (``*``: the whole row), and why no source has what the row names."""
    return {
        (entry["row"], signature): entry["why"]
        for entry in yaml.safe_load(path.read_text("utf-8"))
        for signature in entry["overloads"]
    }


def problems(rows: Iterable[Any], table: list[Member], reasons: dict[tuple[str, str], str]) -> Iterator[str]:
    """One line for each row that the sources contradict: no such member, an overload that no known level has, an
    overload of the source that the row has not, ``static`` or not; and for each reason that nothing needs any more."""
    public = read_table()
    used: set[tuple[str, str]] = set()
    sources = {member.cls for member in table}
    for row in javarows(rows):
        mine = [member for member in table if (member.cls, member.name) == (row.cls, row.method)]
        if not mine:
            if row.cls in sources and not _public(row, public) and not _excused(row, "*", reasons, used):
                yield f"{row.id}: no source has {row.cls}.{row.method}"
            continue
        known = {member.signature for member in mine}
        for signature in row.overloads:
            found = signature in known or _public(row, public, signature)
            if not found and not _excused(row, signature, reasons, used):
                yield f"{row.id}: no known level has {row.method}{signature}"
        for member in mine:
            listed = member.signature in row.overloads or member.access in ("private", "package")
            if row.overloads and not listed and not _excused(row, member.signature, reasons, used):
                yield f"{row.id}: level {member.level} has also {row.method}{member.signature} ({member.access})"
        if row.kind in ("static", "instance") and all(member.static != (row.kind == "static") for member in mine):
            yield f"{row.id}: {row.method} is {'static' if mine[0].static else 'an instance method'}, not {row.kind}"
    for row_id, signature in sorted(set(reasons) - used):
        yield f"{row_id}: the reason for {signature} in {LEFT_OUT.name} is not needed"


def _excused(row: Any, signature: str, reasons: dict[tuple[str, str], str], used: set[tuple[str, str]]) -> bool:
    used.add((row.id, signature))
    return (row.id, signature) in reasons


def _public(row: Any, public: PublicTable, signature: str = "") -> bool:
    """Whether some public level has the member, or that overload of it."""
    known = public.get(row.cls, {}).get(row.method, [])
    return bool(known) if not signature else any(same(signature, row.method, one) for one in known)


def build(rows: Iterable[Any], archives: dict[int, Path]) -> str:
    """The table's text from the sources' archives, by level."""
    found: list[Member] = []
    for level, archive in archives.items():
        with tempfile.TemporaryDirectory() as work:
            with tarfile.open(archive) as packed:
                packed.extractall(work, (one for one in packed if one.name.endswith(".java")), filter="data")
            found += members(rows, level, Sources([Path(work) / root for root in ROOTS[level]]))
    lines = ["\t".join(member.cells()) for member in found]
    return "\n".join(["\t".join(COLUMNS), *lines]) + "\n"


def main() -> int:
    """Write the table, or check it."""
    from emulator.art.android_source import archives
    from emulator.art.pins import BedError
    from monitor.knowledge.catalogue import load_catalogue

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; 1 if the table or a row is wrong")
    check = parser.parse_args().check
    rows = load_catalogue()
    try:
        text = build(rows, archives())
    except BedError as bad:
        sys.stderr.write(f"signatures: {bad}\n")
        return 3
    if not check:
        TABLE.write_text(text, "utf-8")
        sys.stderr.write(f"{TABLE.name}: {len(text.splitlines()) - 1} methods\n")
    found = list(problems(rows, read(text), left_out()))
    new, same = added(read(text), read())
    if not same:
        found.append(f"{TABLE.name} is not what the sources say: python -m hooks.signatures.framework")
    sys.stdout.writelines(f"{line}\n" for line in found)
    sys.stderr.writelines(f"not in {TABLE.name} yet, which is no fault: {name}\n" for name in new)
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
