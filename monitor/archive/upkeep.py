"""Verification of an archive, and the tables made anew from its bundles."""

from collections.abc import Collection
from typing import NamedTuple

from monitor.archive.archive import Archive, checked, columns_of
from monitor.archive.facts import facts
from monitor.archive.parts import Parts
from monitor.archive.schema import version
from monitor.base.errors import EvidenceDamaged, MonitorError


class Checked(NamedTuple):
    """What a verification found. ``faults``: what, and where."""

    sessions: int
    rejected: int
    faults: list[tuple[str, str]]
    untrusted: int


def verified(archive: Archive, keys: Collection[str] | None = None) -> Checked:
    """Check every bundle, and that index and tables agree: each session once, none without its bundle. ``keys``: IDs of
    those that may have sealed; None: what the index says, which whoever writes to the store may have written."""
    faults: list[tuple[str, str]] = []
    known: dict[str, int] = {}
    objects: set[str] = set()
    untrusted = 0
    for entry, found in archive.bundles():
        objects.add(entry.object)
        known[entry.session] = -1
        untrusted += not entry.trusted
        try:
            if isinstance(found, EvidenceDamaged):
                raise found
            if keys is not None and entry.results_by not in {entry.sealed_by, *keys}:
                raise EvidenceDamaged(
                    "results by a key that was not named", where=entry.session, actual=entry.results_by
                )
            log = checked(found, {entry.sealed_by} if keys is None else keys, {entry.results_by}).log
            known[entry.session] = len(facts(found, entry.context, log).rows["findings"])
        except (MonitorError, OSError) as fault:
            faults.append((str(fault), entry.object))
    for name in archive.store.names("bundles"):
        if name not in objects:
            faults.append(("a bundle that the index does not name; monitor archive add takes it again", name))
    faults += _tables(archive, known)
    return Checked(len(known), len(archive.rejected()), faults, untrusted)


def _tables(archive: Archive, known: dict[str, int]) -> list[tuple[str, str]]:
    try:
        parts = archive.parts.listed()
        rows = archive.parts.dataset("sessions", parts).to_table(columns=["session", "findings"]).to_pylist()
        found = archive.parts.dataset("findings", parts).to_table(columns=["session"])["session"]
    except EvidenceDamaged as fault:
        return [(str(fault), archive.parts.top)]
    counts = {one["values"]: one["counts"] for one in found.value_counts().to_pylist()}
    faults = []
    there: dict[str, int] = {}
    for row in rows:
        if row["session"] in there:
            faults.append(("a session stands in the tables twice", row["session"]))
        there[row["session"]] = row["findings"]
    faults += [
        ("a session is missing in the tables: monitor archive migrate --again", s) for s in sorted({*known} - {*there})
    ]
    faults += [("a session of the tables has no bundle", s) for s in sorted({*there} - {*known})]
    for session, number in known.items():
        if number >= 0 and session in there and not number == there[session] == counts.get(session, 0):
            faults.append(("the tables differ from the bundle: monitor archive migrate --again", session))
    return faults


def migrated(archive: Archive) -> int:
    """Make the tables anew from the bundles in this version's schema; returns the number of sessions.

    They count once all are there; those of the earlier version stay until then. Raises ``EvidenceDamaged`` for a bundle
    that is not what was archived.
    """
    for _, found in archive.bundles():  # nothing is removed unless all can be made anew
        if isinstance(found, EvidenceDamaged):
            raise found
    parts, number = Parts(archive.store), 0
    parts.unlock()
    for name in archive.store.names(parts.top):
        archive.store.drop(name)
    for number, (entry, found) in enumerate(archive.bundles(), 1):
        if isinstance(found, EvidenceDamaged):
            raise found
        parts.write(entry.session, facts(found, entry.context), columns_of(entry))
        if not number % 64:
            parts.join()
    parts.join()
    before = archive.about.tables
    archive.settle(version())
    if before != version():
        for name in archive.store.names(f"tables/v{before}"):
            archive.store.drop(name)
    return number
