"""The evidence bundle on disk: created, filled, sealed, attested, copied without its private part.

bundle = Bundle.create(Path("out/run1"))
bundle.log.append(event); bundle.blob(png, private=True); bundle.add_input("scenario.yaml", text)
bundle.seal(session)
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from monitor.errors import EnvironmentFault, EvidenceDamaged, InputError, MonitorError
from monitor.evidence import bag, custody, dsse, seal
from monitor.evidence.head import PUBLIC_KEY, public_keys, read_head
from monitor.evidence.keys import PublicKey, Signer
from monitor.evidence.lines import EVENTS
from monitor.evidence.log import EvidenceLog, Head, Policy
from monitor.evidence.recovery import Recovered, recover
from monitor.evidence.redaction import Vault
from monitor.evidence.writer import append_file, sync_directory, write_file
from monitor.session import Session, require_record

__all__ = ["SESSION", "Bundle", "read_head", "recover_bundle"]

SESSION: Final = "data/session.json"
_SEAL_KEY: Final = "private/seal.key"
_LOCK: Final = "private/lock"
_STANDALONE: Final = Path(__file__).parent / "standalone"
#: Files that ``write`` may make: derived from the record, written again at will.
_DERIVED: Final = frozenset({*seal.DERIVED, "report.html"})


class Bundle:
    """A bundle being recorded (``create``) or opened again (``open``).

    ``log`` and ``vault`` exist while recording only. ``path`` is the directory.
    """

    log: EvidenceLog
    vault: Vault

    def __init__(self, path: Path, signer: Signer | None) -> None:
        self.path = path
        self._signer = signer
        self._lock_fd = -1

    @classmethod
    def create(
        cls,
        out: Path,
        key: Path | None = None,
        *,
        policy: Policy = Policy(),  # noqa: B008 - immutable
        on_failure: Callable[[MonitorError], None] | None = None,
    ) -> Bundle:
        """A new bundle in the new or empty directory ``out``; sealed later with ``key`` (PEM) or a key of its own.

        Raises ``InputError`` (directory not empty, key unusable) or ``EnvironmentFault`` (cannot be written).
        """
        signer = Signer.load(key) if key else Signer.generate()
        _refuse_used(out)
        try:
            for name in (EVENTS, "data/blobs", "data/inputs", "private/blobs"):
                (out / name).mkdir(parents=True, exist_ok=True)
            (out / "private").chmod(0o700)
            for directory in (out / "data", out / "private", out.absolute().parent):
                sync_directory(directory)
            bundle = cls(out, signer)
            bundle._take_lock()
            write_file(out / "bagit.txt", bag.DECLARATION)
            write_file(out / PUBLIC_KEY, signer.public.pem())
            for helper in ("verify.py", "VERIFY.md"):
                write_file(out / helper, (_STANDALONE / helper).read_bytes())
            if not key:
                signer.save(out / _SEAL_KEY)
            bundle.vault = Vault.create(out / "private")
            bundle.log = EvidenceLog.create(out, signer, policy=policy, on_failure=on_failure)
            custody.note(out, "created", key=signer.public.id)
        except OSError as error:
            raise EnvironmentFault(error.strerror or type(error).__name__, where=str(out)) from None
        return bundle

    @classmethod
    def open(cls, path: Path, key: Path | None = None) -> Bundle:
        """An existing bundle, for reading, sealing after recovery, or attesting. Raises ``InputError``."""
        if not (path / EVENTS).is_dir() or not (path / "bagit.txt").is_file():
            raise InputError("not an evidence bundle", where=str(path), hint="give the directory that --out named")
        kept = path / _SEAL_KEY
        return cls(path, Signer.load(key) if key else Signer.load(kept) if kept.is_file() else None)

    def _take_lock(self) -> None:
        """Held as long as the process lives, so that nobody recovers a bundle that is being written."""
        fd = os.open(self.path / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(fd)
            raise EnvironmentFault("the bundle is still being recorded", where=str(self.path)) from None
        self._lock_fd = fd

    def _drop_lock(self) -> None:
        if self._lock_fd >= 0:
            os.close(self._lock_fd)
            self._lock_fd = -1

    @property
    def sealed(self) -> bool:
        """Whether there is a seal (not whether it fits: that is ``verify``)."""
        return (self.path / seal.SEAL).is_file()

    def blob(self, data: bytes, *, private: bool) -> str:
        """Keep bytes under their SHA-256 and return it (hex). Durable at sealing. Raises ``EnvironmentFault``."""
        name = sha256(data).hexdigest()
        path = self.path / ("private" if private else "data") / "blobs" / name[:2] / name
        if path.exists():
            return name
        try:
            path.parent.mkdir(exist_ok=True)
            temporary = path.with_name(f".{name}.{os.getpid()}-{id(data)}")
            temporary.write_bytes(data)
            temporary.replace(path)
        except OSError as error:
            raise EnvironmentFault(error.strerror or type(error).__name__, where=str(path)) from None
        return name

    def read_blob(self, name: str) -> bytes | None:
        """The bytes of a blob of the public or private part; None if it is not here or not what its name says."""
        if len(name) != 64 or not set(name) <= set("0123456789abcdef"):
            return None
        for part in ("data", "private"):
            path = self.path / part / "blobs" / name[:2] / name
            if path.is_file() and not path.is_symlink():
                data = path.read_bytes()
                return data if sha256(data).hexdigest() == name else None
        return None

    def add_input(self, name: str, data: bytes) -> str:
        """Keep what the run depended on as ``data/inputs/<name>`` and return its SHA-256. Raises ``InputError``."""
        path = self.path / "data" / "inputs" / bag.safe_name(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_file(path, data)
        return sha256(data).hexdigest()

    def write(self, name: str, data: bytes) -> None:
        """Write a derived file (findings.jsonl, coverage.jsonl, report.html), not covered by the seal."""
        if name not in _DERIVED:
            raise InputError(f"not a derived file: {name}")
        write_file(self.path / name, data)

    def write_session(self, session: Session) -> None:
        """Write the manifest before sealing, so that a crash leaves one. Raises ``InputError`` once sealed."""
        if self.sealed:
            raise InputError("the bundle is sealed", where=str(self.path))
        write_file(self.path / SESSION, session.encode())

    def session(self) -> Session:
        """The manifest. Raises ``EvidenceDamaged``."""
        path = self.path / SESSION
        if not path.is_file() or path.stat().st_size > 64 << 20:
            raise EvidenceDamaged("missing or too large", where=SESSION)
        return Session.decode(path.read_bytes())

    def seal(self, session: Session, timestamp_url: str = "") -> Head:
        """Close the log, write manifest and seal, forget a generated key. The log's final state.

        Raises ``InputError`` (sealed already, or the record lacks what its profile needs; nothing is sealed then).
        """
        if self.sealed:
            raise InputError("the bundle is sealed already", where=str(self.path))
        require_record(session.record)
        if hasattr(self, "log"):
            head = self.log.close()
            self.vault.close()
        else:
            head = read_head(self.path)
        signer = self._signer or Signer.generate()
        _add_public(self.path, signer.public)
        self.write_session(session)
        self._sync_blobs()
        self._write_manifests(session)
        private = {name: bag.digest(self.path / name) for name in self._private_files()}
        envelope = dsse.envelope(seal.capture_statement(self.path, session, head, private), signer)
        write_file(self.path / seal.SEAL, envelope)
        custody.note(self.path, "sealed", events=str(head.size), root=head.root)
        (self.path / _SEAL_KEY).unlink(missing_ok=True)
        self._signer = signer
        self._drop_lock()
        if timestamp_url:
            self.timestamp(timestamp_url)
        return head

    def timestamp(self, url: str) -> None:
        """Fetch an RFC 3161 token over the seal's signature. Raises ``EnvironmentFault``."""
        signature = dsse.signature_bytes((self.path / seal.SEAL).read_bytes(), seal.SEAL)
        write_file(self.path / seal.TOKEN, seal.timestamp(url, signature))
        custody.note(self.path, "timestamped", url=url)

    def attest(self, rules: dict[str, str], engine: str, counts: dict[str, int]) -> None:
        """Attest the derived files: which rules (file to SHA-256) gave them. With the key of ``open``, or a new one."""
        signer = self._signer or Signer.generate()
        root = read_head(self.path).root
        payload = seal.findings_statement(self.path, root, rules, engine, counts)
        write_file(self.path / seal.FINDINGS, dsse.envelope(payload, signer, public=signer.public.pem().decode()))
        custody.note(self.path, "analysed", engine=engine)

    def export(self, out: Path) -> None:
        """A redacted copy in the new or empty directory ``out``: everything but the private part. Still verifies."""
        _refuse_used(out)
        try:
            ignore = shutil.ignore_patterns(".*")
            skip = {"private", "report.html"}
            out.mkdir(parents=True, exist_ok=True)
            for item in sorted(self.path.iterdir()):
                if item.name in skip or item.is_symlink():
                    continue
                if item.is_dir():
                    shutil.copytree(item, out / item.name, ignore=ignore, symlinks=True)
                else:
                    shutil.copy2(item, out / item.name)
        except OSError as error:
            raise EnvironmentFault(error.strerror or type(error).__name__, where=str(out)) from None
        custody.note(self.path, "exported", without="private")
        custody.note(out, "received", without="private")

    def _private_files(self) -> list[str]:
        return [
            name
            for name in bag.files(self.path, "private")
            if not name.startswith("private/blobs/") and name not in (_SEAL_KEY, _LOCK, "private/key")
        ]

    def _sync_blobs(self) -> None:
        for part in ("data", "private"):
            for name in bag.files(self.path, f"{part}/blobs"):
                fd = os.open(self.path / name, os.O_RDONLY)
                os.fsync(fd)
                os.close(fd)

    def _write_manifests(self, session: Session) -> None:
        text, octets, count = bag.manifest(self.path)
        write_file(self.path / bag.MANIFEST, text)
        info = (
            f"Bag-Software-Agent: app-privacy-monitor {session.versions.monitor}\n"
            f"Bagging-Date: {datetime.now(UTC):%Y-%m-%d}\nPayload-Oxum: {octets}.{count}\n"
        )
        write_file(self.path / "bag-info.txt", info.encode())
        tags = "".join(f"{bag.digest(self.path / name)}  {name}\n" for name in bag.LISTED)
        write_file(self.path / bag.TAG_MANIFEST, tags.encode())


def _refuse_used(out: Path) -> None:
    try:
        if not out.exists():
            return
        if not out.is_dir():
            raise InputError("not a directory", where=str(out), hint="choose another --out")
        if not any(out.iterdir()):
            return
        ours = (out / "bagit.txt").is_file()
    except OSError as error:
        raise EnvironmentFault(error.strerror or type(error).__name__, where=str(out)) from None
    what = "there is a recording here already" if ours else "the directory is not empty"
    raise InputError(what, where=str(out), hint="choose another --out; nothing was written")


def _add_public(bundle: Path, key: PublicKey) -> None:
    if key.id not in {known.id for known in public_keys(bundle)}:
        append_file(bundle / PUBLIC_KEY, key.pem())


def recover_bundle(path: Path, key: Path | None = None) -> Recovered:
    """Mend the log of a recording that was broken off; ``Bundle.open(path).seal(session)`` comes next.

    Raises ``InputError`` (no bundle, sealed), ``EnvironmentFault`` (still recording) or ``EvidenceDamaged``.
    """
    bundle = Bundle.open(path, key)
    if bundle.sealed:
        raise InputError("the bundle is sealed: nothing to recover", where=str(path))
    bundle._take_lock()
    try:
        signer = bundle._signer or Signer.generate()
        _add_public(path, signer.public)
        for leftover in path.glob("*/blobs/*/.*"):
            leftover.unlink()
        result = recover(path, signer, public_keys(path))
        custody.note(path, "recovered", torn_bytes=str(result.torn_bytes), events=str(result.size))
    finally:
        bundle._drop_lock()
    if not (path / _SEAL_KEY).exists() and not key:
        signer.save(path / _SEAL_KEY)
    return result
