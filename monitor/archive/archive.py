"""The archive: bundles by their content, an index of sessions, what was refused, and the tables.

``archive.json`` · ``bundles/ab/<digest>.tar.zst`` · ``index/ab/<session>.json`` · ``rejected/<digest>.tar.zst`` and
``.json`` · ``tables/v<n>/…``. Bundles and index are created once and never overwritten; tables are derived from them.
"""

import secrets
from collections.abc import Collection, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Final, Literal, NamedTuple

import msgspec

from monitor.archive.facts import Context, facts
from monitor.archive.pack import Packed, pack, unpack
from monitor.archive.parts import JOINED_FROM, Parts
from monitor.archive.schema import version
from monitor.archive.store import Store
from monitor.base.clock import now_us
from monitor.base.errors import EnvironmentFault, EvidenceDamaged, InputError, MonitorError
from monitor.base.process import Scratch
from monitor.evidence import dsse, seal
from monitor.evidence.attested import small
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
        *, results_keys: Collection[str] = (), packed: Path | None = None, join: bool = True,
    ) -> Added:  # fmt: skip
        """Verify a bundle and take it. ``keys``: IDs of the keys that may have sealed it (None: any; the tables then
        say that it is not trusted). ``packed``: the bundle as a file, if it came as one."""
        with Scratch() as scratch:
            file, copy = scratch.path / "bundle.tar.zst", scratch.path / "bundle"
            try:
                made = pack(bundle, file)
                unpack(file, copy, made.digest)  # others may still write into the folder: what is kept is what is read
                verified = checked(copy, keys, results_keys)
                session = _session(copy)
                if self.store.has(_index(session)):
                    return Added("known", session)
                rows = facts(copy, context, verified.log)
            except EnvironmentFault:
                raise
            except (MonitorError, OSError) as fault:
                why = str(fault) if isinstance(fault, MonitorError) else type(fault).__name__
                return self.reject(bundle, packed or (file if copy.exists() else None), why)
            entry = self._entry(session, made, verified, keys, context)
            self.store.put_new(entry.object, file)
        self.parts.write(session, rows, columns_of(entry))
        if not self.store.put_new(_index(session), msgspec.json.encode(entry)):
            return Added("known", session)
        if join:
            self.parts.join(JOINED_FROM)
        return Added("added", session, at=entry.object)

    def _entry(
        self, session: str, made: Packed, verified: Verified, keys: Collection[str] | None, context: Context
    ) -> Entry:
        by = next((one.key for one in verified.attested if one.file == seal.FINDINGS), "")
        return Entry(
            session=session, bundle=made.digest, bytes=made.packed, sealed_by=verified.key, results_by=by,
            trusted=keys is not None, archived=now_us(), context=context,
        )  # fmt: skip

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
            try:
                entry = msgspec.json.decode(self.store.get(name) or b"", type=Entry)
            except msgspec.MsgspecError:
                raise EvidenceDamaged("not an entry of the index", where=name) from None
            if name != _index(entry.session):
                raise EvidenceDamaged("an entry of the index under another's name", where=name)
            yield entry

    def rejected(self) -> list[Rejected]:
        """What was not taken, and why. Raises ``EvidenceDamaged``."""
        found = []
        for name in self.store.names("rejected"):
            if name.endswith(".json"):
                try:
                    found.append(msgspec.json.decode(self.store.get(name) or b"", type=Rejected))
                except msgspec.MsgspecError:
                    raise EvidenceDamaged("not a note on a refused bundle", where=name) from None
        return found

    def bundle(self, entry: Entry, to: Path) -> Path:
        """Unpack the bundle of a session into the directory ``to``. Raises ``EvidenceDamaged``."""
        file = to / "bundle.tar.zst"
        try:
            if not self.store.fetch(entry.object, file):
                raise EvidenceDamaged("a bundle is missing", where=entry.object)
            unpack(file, to / "bundle", entry.bundle)
        finally:
            file.unlink(missing_ok=True)
        return to / "bundle"

    def bundles(self) -> Iterator[tuple[Entry, Path | EvidenceDamaged]]:
        """Every session with its bundle, unpacked while it is looked at, or with what is wrong with it."""
        for entry in self.entries():
            with Scratch() as scratch:
                try:
                    found: Path | EvidenceDamaged = self.bundle(entry, scratch.path)
                except EvidenceDamaged as fault:
                    found = fault
                yield entry, found

    def settle(self, number: int) -> None:
        """Write which version the tables have."""
        self.about = About(format=_FORMAT, tables=number)
        self.store.put(_ABOUT, msgspec.json.encode(self.about))


def checked(bundle: Path, keys: Collection[str] | None, results_keys: Collection[str] = ()) -> Verified:
    """A bundle that is whole and by a key that was named. Raises ``EvidenceDamaged``, ``InputError``."""
    verified = verify(bundle, results_keys=results_keys)
    if keys is not None and verified.key not in keys:
        raise EvidenceDamaged("sealed by a key that was not named", where=seal.SEAL, actual=verified.key,
                              expected=" or ".join(sorted(keys)) or "none")  # fmt: skip
    return verified


def _session(bundle: Path) -> str:
    """A session's name: the digest of what was signed. An envelope may carry more, which nobody signs."""
    payload, _ = dsse.parts(small(bundle / seal.SEAL), seal.SEAL)
    return sha256(payload).hexdigest()


def _index(session: str) -> str:
    return f"index/{session[:2]}/{session}.json"


def columns_of(entry: Entry) -> dict[str, object]:
    """What the index says of a session, for its row in ``sessions``."""
    return {
        "bundle": entry.bundle, "bundle_bytes": entry.bytes, "archived": entry.archived, "trusted": entry.trusted,
        "sealed_by": entry.sealed_by, "results_by": entry.results_by,
    }  # fmt: skip
