"""The archive: bundles by their content, an index of sessions, what was refused, and the tables.

``archive.json`` · ``bundles/ab/<digest>.tar.zst`` · ``index/ab/<session>.json`` · ``rejected/<digest>.tar.zst`` and
``.json`` · ``tables/v<n>/…``. Bundles and index are created once and never overwritten; tables are derived from them.
"""

import contextlib
import secrets
from collections.abc import Collection, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Final, Literal, NamedTuple

import msgspec

from monitor.archive.facts import Context, facts
from monitor.archive.pack import pack, unpack
from monitor.archive.parts import Parts, version
from monitor.archive.store import Store
from monitor.base.clock import now_us
from monitor.base.errors import EnvironmentFault, EvidenceDamaged, InputError, MonitorError
from monitor.base.process import Scratch
from monitor.evidence.standalone.verify import SEAL, envelope_parts
from monitor.evidence.verify import Verified, verify

_FORMAT: Final = 1
_ABOUT: Final = "archive.json"
NO_ARCHIVE: Final = "there is no archive"


class About(msgspec.Struct, kw_only=True):
    """``archive.json``."""

    format: int
    tables: int


class Entry(msgspec.Struct, kw_only=True, frozen=True):
    """A session of the index. ``bundle``: its content address; ``trusted``: its seal is by a key that was named."""

    session: str
    bundle: str
    bytes: int
    sealed_by: str
    results_by: str
    trusted: bool
    archived: int
    context: Context = Context()

    @property
    def object(self) -> str:
        """Where its bundle is."""
        return f"bundles/{self.bundle[:2]}/{self.bundle}.tar.zst"


class Rejected(msgspec.Struct, kw_only=True, frozen=True):
    """Why a bundle was not taken, and where it is kept; empty: it could not be packed."""

    what: str
    why: str
    object: str
    t: int


class Added(NamedTuple):
    """What became of a bundle: ``added``, ``known`` (its session is here already) or ``rejected``."""

    how: Literal["added", "known", "rejected"]
    session: str = ""
    why: str = ""
    at: str = ""


class Archive:
    """An archive in a store. Methods raise ``EnvironmentFault`` where the store cannot be used."""

    def __init__(self, url: str, *, make: bool = False, migrating: bool = False) -> None:
        """``make``: create it if there is none. Raises ``InputError``: there is none, or it is of another version."""
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
        if self.about.tables < version() and not migrating:
            hint = "monitor archive migrate brings them up to date; bundles stay as they are"
            raise InputError("the tables are of an earlier version", where=self.store.url, hint=hint)
        self.parts = Parts(self.store)

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
                unpack(
                    file, copy, packing.digest
                )  # others may still write into the folder: what is kept is what is read
                verified = checked(copy, keys, results_keys)
                # A session's name is the digest of what was signed. An envelope may carry more, which nobody signs.
                payload, _ = envelope_parts(verified.read(SEAL), SEAL)
                session = sha256(payload).hexdigest()
                if self.store.has(_index(session)):
                    return Added("known", session)
                rows = facts(copy, context, verified.log)
            except EnvironmentFault:
                raise
            except (MonitorError, OSError) as fault:
                why = str(fault) if isinstance(fault, MonitorError) else type(fault).__name__
                return self.reject(bundle, packed or (file if copy.exists() else None), why)
            results = verified.results()
            entry = Entry(
                session=session, bundle=packing.digest, bytes=packing.packed, sealed_by=verified.seal.by,
                results_by=results.key if results else "", trusted=keys is not None, archived=now_us(), context=context,
            )  # fmt: skip
            self.store.put_new(entry.object, file)
        self.parts.write(session, rows, columns_of(entry))
        if not self.store.put_new(_index(session), msgspec.json.encode(entry)):
            return Added("known", session)
        self.parts.join()
        return Added("added", session, at=entry.object)

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
        said = Rejected(what=bundle.name, why=why, object=place, t=now_us())
        name = place.removesuffix(".tar.zst") or f"rejected/{secrets.token_hex(16)}"
        self.store.put_new(f"{name}.json", msgspec.json.encode(said))
        return Added("rejected", why=why, at=place)

    def entries(self) -> Iterator[Entry]:
        """All sessions of the index. Raises ``EvidenceDamaged``."""
        for name in self.store.names("index"):
            entry = self._decoded(name, Entry, "not an entry of the index")
            if name != _index(entry.session):
                raise EvidenceDamaged("an entry of the index under another's name", where=name)
            yield entry

    def rejected(self) -> list[Rejected]:
        """What was not taken, and why. Raises ``EvidenceDamaged``."""
        notes = [name for name in self.store.names("rejected") if name.endswith(".json")]
        return [self._decoded(name, Rejected, "not a note on a refused bundle") for name in notes]

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


def columns_of(entry: Entry) -> dict[str, object]:
    """What the index says of a session, for its row in ``sessions``."""
    return {
        "bundle": entry.bundle, "bundle_bytes": entry.bytes, "archived": entry.archived, "trusted": entry.trusted,
        "sealed_by": entry.sealed_by, "results_by": entry.results_by,
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
    objects: set[str] = set()
    untrusted = 0
    for entry in archive.entries():
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
        except (MonitorError, OSError) as fault:
            faults.append((str(fault), entry.object))
    unnamed = "a bundle that the index does not name; monitor archive add takes it again"
    faults += [(unnamed, name) for name in archive.store.names("bundles") if name not in objects]
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
    absent = "a session is missing in the tables: monitor archive migrate --again"
    faults += [(absent, s) for s in sorted({*known} - {*there})]
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
    for entry in archive.entries():  # nothing is removed unless all can be made anew
        with archive.unpacked(entry):
            pass
    parts, number = Parts(archive.store), 0
    parts.unlock()
    for name in archive.store.names(parts.top):
        archive.store.drop(name)
    for number, entry in enumerate(archive.entries(), 1):
        with archive.unpacked(entry) as found:
            parts.write(entry.session, facts(found, entry.context), columns_of(entry))
        if not number % 64:
            parts.join()
    parts.join()
    before = archive.about.tables
    archive.about = About(format=_FORMAT, tables=version())
    archive.store.put(_ABOUT, msgspec.json.encode(archive.about))
    if before != version():
        for name in archive.store.names(f"tables/v{before}"):
            archive.store.drop(name)
    return number
