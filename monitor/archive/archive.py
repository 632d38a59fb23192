"""The archive: bundles by their content, an index of sessions, what was refused, and the tables.

``archive.json`` · ``bundles/ab/<digest>.tar.zst`` · ``index/ab/<session>.json`` · ``recordings/ab/<recording>`` ·
``rejected/<digest>.tar.zst`` and ``.json`` · ``tables/v<n>/…``. Bundles are created once and never overwritten: one
whose place a better copy of its recording takes goes to ``rejected``. Tables are derived from the bundles.
"""

import contextlib
import re
import secrets
from collections.abc import Collection, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Final, Literal, NamedTuple

import msgspec

from monitor.archive.copies import Entry, better, described
from monitor.archive.facts import Context, facts
from monitor.archive.pack import pack, unpack
from monitor.archive.parts import Made, Parts, made, oldest, version
from monitor.archive.store import Store
from monitor.base.clock import now_us
from monitor.base.errors import EnvironmentFault, EvidenceDamaged, InputError, MonitorError, printable
from monitor.base.process import Scratch
from monitor.evidence.standalone.verify import SEAL, envelope_parts
from monitor.evidence.verify import Verified, verify

_FORMAT: Final = 1
_ABOUT: Final = "archive.json"
_TWICE: Final = "a recording is counted twice"
_AGAIN: Final = "monitor archive migrate --again"
NO_ARCHIVE: Final = "there is no archive"


class About(msgspec.Struct, kw_only=True):
    """``archive.json``."""

    format: int
    tables: int


class Rejected(msgspec.Struct, kw_only=True, frozen=True):
    """Why a bundle was not taken, and where it is kept; empty: it could not be packed."""

    what: str
    why: str
    object: str
    t: int


class Added(NamedTuple):
    """What became of a bundle: ``added``, ``replaced`` (it takes the place of another copy of its recording), ``known``
    (its session is here already) or ``rejected``."""

    how: Literal["added", "replaced", "known", "rejected"]
    session: str = ""
    why: str = ""
    at: str = ""


class Archive:
    """An archive in a store. Methods raise ``EnvironmentFault`` where the store cannot be used."""

    def __init__(self, url: str, *, make: bool = False, migrating: bool = False) -> None:
        """``make``: to add to it, and create it if there is none. Raises ``InputError``: there is none, or it is of
        another version."""
        self.store = Store(url)
        data = self.store.get(_ABOUT)
        if data is None:
            if not make:
                raise InputError(NO_ARCHIVE, where=self.store.url, hint="monitor archive add makes one")
            self.about = About(format=_FORMAT, tables=version())
            self.store.put_new(_ABOUT, msgspec.json.encode(self.about))
            data = self.store.get(_ABOUT) or b""
        try:
            self.about = msgspec.json.decode(data, type=About)
        except msgspec.MsgspecError:
            raise InputError("not an archive", where=f"{self.store.url}/{_ABOUT}") from None
        if self.about.format != _FORMAT or self.about.tables > version():
            raise InputError("the archive is of a newer version", where=self.store.url, hint="update the monitor")
        if self.about.tables < (version() if make else oldest()) and not migrating:
            hint = "monitor archive migrate brings them up to date; bundles stay as they are"
            raise InputError("the tables are of an earlier version", where=self.store.url, hint=hint)
        self.parts = Parts(self.store, self.about.tables)

    def add(
        self, bundle: Path, keys: Collection[str] | None = None, context: Context = Context(),  # noqa: B008
        *, results_keys: Collection[str] = (), packed: Path | None = None,
    ) -> Added:  # fmt: skip
        """Verify a bundle and take it. ``keys``: IDs of the keys that may have sealed it (None: any; the tables then
        say that it is not trusted). ``packed``: the bundle as a file, if it came as one."""
        with Scratch() as scratch:
            file, copy = scratch.path / "bundle.tar.zst", scratch.path / "bundle"
            try:
                packing = pack(bundle, file)
                # Others may still write into the folder: what is kept is what is read.
                unpack(file, copy, packing.digest)
                verified = checked(copy, keys, results_keys)
                # A session's name is the digest of what was signed. An envelope may carry more, which nobody signs.
                payload, _ = envelope_parts(verified.read(SEAL), SEAL)
                results = verified.results()
                entry = described(Entry(
                    session=sha256(payload).hexdigest(), bundle=packing.digest, bytes=packing.packed,
                    sealed_by=verified.seal.by, results_by=results.key if results else "", trusted=keys is not None,
                    archived=now_us(), context=context,
                ), copy)  # fmt: skip
                old = self.same(entry)
                if old and not better(entry, old):
                    if old.session == entry.session:
                        return Added("known", old.session)
                    raise EvidenceDamaged(_another(entry, old))
                rows = made(entry.session, facts(copy, context, verified.log), columns_of(entry))
            except EnvironmentFault:
                raise
            except (MonitorError, OSError) as fault:
                why = str(fault) if isinstance(fault, MonitorError) else type(fault).__name__
                return self.reject(bundle, packed or (file if copy.exists() else None), why)
            self.store.put_new(entry.object, file)
        if not self.count(entry, rows, old, new=not old):
            return Added("known", entry.session)
        self.parts.join()
        return Added("replaced" if old else "added", entry.session, at=entry.object)

    def count(self, entry: Entry, rows: Made, old: Entry | None, *, new: bool) -> bool:
        """Let a session count, in the place of an ``old`` copy; False: another process did so meanwhile, if it is
        ``new`` in the index. What is there goes only once the new rows are there."""
        self.parts.write(rows)
        if old:
            self.parts.drop(old.session, own=old.session != entry.session)
        self.store.put(_recording(entry), entry.session.encode())
        data = msgspec.json.encode(entry)
        if new:
            return self.store.put_new(_index(entry.session), data)
        self.store.put(_index(entry.session), data)
        if old:
            self.set_aside(old, entry)
        return True

    def same(self, entry: Entry) -> Entry | None:
        """The copy of its recording that counts now, if there is one."""
        named = (self.store.get(_recording(entry)) or b"").decode("ascii", "replace")
        for session in dict.fromkeys((named, entry.session)):
            if re.fullmatch("[0-9a-f]{64}", session) and self.store.has(_index(session)):
                return self._decoded(_index(session), Entry, "not an entry of the index")
        return None

    def set_aside(self, old: Entry, new: Entry) -> None:
        """Take a copy out of the index, in whose place another one came; its bundle stays, with those refused."""
        if old.session != new.session:
            self.store.drop(_index(old.session))
        if old.bundle != new.bundle:
            with Scratch() as scratch:
                file = scratch.path / "bundle.tar.zst"
                there = self.store.fetch(old.object, file)
                self.reject(Path(old.session), file if there else None, _another(old, new))
            self.store.drop(old.object)

    def reject(self, bundle: Path, packed: Path | None, why: str) -> Added:
        """Keep a bundle that cannot be taken apart from the others, with the reason."""
        place = ""
        with Scratch() as scratch:
            file = packed
            if file is None:
                file = scratch.path / "bundle.tar.zst"
                try:
                    pack(bundle, file)
                except (MonitorError, OSError):  # links, pipes: only the reason is kept
                    file = None
            if file is not None:
                place = f"rejected/{sha256(file.read_bytes()).hexdigest()}.tar.zst"
                self.store.put_new(place, file)
        said = Rejected(what=printable(bundle.name), why=why, object=place, t=now_us())
        name = place.removesuffix(".tar.zst") or f"rejected/{secrets.token_hex(16)}"
        self.store.put_new(f"{name}.json", msgspec.json.encode(said))
        return Added("rejected", why=why, at=place)

    def entries(self, faults: list[tuple[str, str]] | None = None) -> Iterator[Entry]:
        """All sessions of the index. What is none is added to ``faults`` (what, where), if given; else raises
        ``EvidenceDamaged``."""
        return self._each(self.store.names("index"), Entry, "not an entry of the index", faults)

    def rejected(self, faults: list[tuple[str, str]] | None = None) -> list[Rejected]:
        """What was not taken, and why. ``faults``: as for ``entries``."""
        notes = [name for name in self.store.names("rejected") if name.endswith(".json")]
        return list(self._each(notes, Rejected, "not a note on a refused bundle", faults))

    def _each[Kind](
        self, names: list[str], kind: type[Kind], fault: str, faults: list[tuple[str, str]] | None
    ) -> Iterator[Kind]:
        for name in names:
            try:
                one = self._decoded(name, kind, fault)
                if isinstance(one, Entry) and name != _index(one.session):
                    raise EvidenceDamaged("an entry of the index under another's name", where=name)
            except MonitorError as error:
                if faults is None:
                    raise
                faults.append((error.message, name))
            else:
                yield one

    def _decoded[Kind](self, name: str, kind: type[Kind], fault: str) -> Kind:
        try:
            return msgspec.json.decode(self.store.get(name) or b"", type=kind)
        except msgspec.MsgspecError:
            raise EvidenceDamaged(fault, where=name) from None

    @contextlib.contextmanager
    def unpacked(self, entry: Entry) -> Iterator[Path]:
        """The bundle of a session, for the block. Raises ``EvidenceDamaged``."""
        with Scratch() as scratch:
            file, bundle = scratch.path / "bundle.tar.zst", scratch.path / "bundle"
            if not self.store.fetch(entry.object, file):
                raise EvidenceDamaged("a bundle is missing", where=entry.object)
            unpack(file, bundle, entry.bundle)
            file.unlink()
            yield bundle


def checked(bundle: Path, keys: Collection[str] | None, results_keys: Collection[str] = ()) -> Verified:
    """A bundle that is whole and by a key that was named. Raises ``EvidenceDamaged``, ``InputError``."""
    verified = verify(bundle, results_keys=results_keys)
    if keys is not None and verified.seal.by not in keys:
        raise EvidenceDamaged("sealed by a key that was not named", where=SEAL, actual=verified.seal.by,
                              expected=" or ".join(sorted(keys)) or "none")  # fmt: skip
    return verified


def _index(session: str) -> str:
    return f"index/{session[:2]}/{session}.json"


def _recording(entry: Entry) -> str:
    return f"recordings/{entry.recording[:2]}/{entry.recording}"


def _another(entry: Entry, kept: Entry) -> str:
    """Why a copy does not count."""
    here, there = (f"{one.events} events, sealed by key {one.sealed_by[:16]}" for one in (entry, kept))
    return f"another copy of the recording of session {kept.session[:16]}: {here}; kept: {there}"


def columns_of(entry: Entry) -> dict[str, object]:
    """What the index says of a session, for its row in ``sessions``."""
    return {
        "bundle": entry.bundle, "bundle_bytes": entry.bytes, "archived": entry.archived, "trusted": entry.trusted,
        "sealed_by": entry.sealed_by, "results_by": entry.results_by, "recording": entry.recording,
    }  # fmt: skip


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
    recordings: dict[str, str] = {}
    objects: set[str] = set()
    untrusted = 0
    for entry in archive.entries(faults):
        objects.add(entry.object)
        known[entry.session] = -1
        untrusted += not entry.trusted
        try:
            with archive.unpacked(entry) as found:
                if keys is not None and entry.results_by not in {entry.sealed_by, *keys}:
                    why = "results by a key that was not named"
                    raise EvidenceDamaged(why, where=entry.session, actual=entry.results_by)
                log = checked(found, {entry.sealed_by} if keys is None else keys, {entry.results_by}).log
                known[entry.session] = len(facts(found, entry.context, log).rows["findings"])
                first = recordings.setdefault(described(entry, found).recording, entry.session)
                if first != entry.session:
                    raise EvidenceDamaged(f"{_TWICE}: sessions {first[:16]} and {entry.session[:16]}", hint=_AGAIN)
        except (MonitorError, OSError) as fault:
            faults.append((str(fault), entry.object))
    unnamed = "a bundle that the index does not name; monitor archive add takes it again"
    faults += [(unnamed, name) for name in archive.store.names("bundles") if name not in objects]
    faults += _tables(archive, known)
    return Checked(len(known), len(archive.rejected(faults)), faults, untrusted)


def _tables(archive: Archive, known: dict[str, int]) -> list[tuple[str, str]]:
    try:
        parts = archive.parts.listed()
        rows = archive.parts.read("sessions", parts, ["session", "findings"]).to_pylist()
        found = archive.parts.read("findings", parts, ["session"])["session"]
    except EvidenceDamaged as fault:
        return [(str(fault), archive.parts.top)]
    counts = {one["values"]: one["counts"] for one in found.value_counts().to_pylist()}
    faults = []
    there: dict[str, int] = {}
    for row in rows:
        if row["session"] in there:
            faults.append(("a session stands in the tables twice", row["session"]))
        there[row["session"]] = row["findings"]
    absent = f"a session is missing in the tables: {_AGAIN}"
    faults += [(absent, s) for s in sorted({*known} - {*there})]
    faults += [("a session of the tables has no bundle", s) for s in sorted({*there} - {*known})]
    for session, number in known.items():
        if number >= 0 and session in there and not number == there[session] == counts.get(session, 0):
            faults.append((f"the tables differ from the bundle: {_AGAIN}", session))
    return faults


def migrated(archive: Archive) -> int:
    """Make the tables anew from the bundles in this version's schema; returns the number of sessions.

    They count once all are there; those of the earlier version stay until then. Raises ``EvidenceDamaged`` for a bundle
    that is not what was archived.
    """
    for entry in archive.entries():  # nothing is removed unless all can be made anew
        with archive.unpacked(entry) as found:
            made(entry.session, facts(found, entry.context), columns_of(described(entry, found)))
    archive.parts, sessions = Parts(archive.store), set[str]()
    archive.parts.unlock()
    for name in (*archive.store.names(archive.parts.top), *archive.store.names("recordings")):
        archive.store.drop(name)
    for each in list(archive.entries()):
        with archive.unpacked(each) as found:
            entry = described(each, found)
            other = archive.same(entry)
            old = other if other and other.session != entry.session else None
            if old and not better(entry, old):
                archive.set_aside(entry, old)
                continue
            archive.count(entry, made(entry.session, facts(found, entry.context), columns_of(entry)), old, new=False)
        sessions = sessions - {old.session if old else ""} | {entry.session}
        if not len(sessions) % 64:
            archive.parts.join()
    archive.parts.join()
    before = archive.about.tables
    archive.about = About(format=_FORMAT, tables=version())
    archive.store.put(_ABOUT, msgspec.json.encode(archive.about))
    if before != version():
        for name in archive.store.names(f"tables/v{before}"):
            archive.store.drop(name)
    return len(sessions)
