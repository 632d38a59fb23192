"""The evidence bundle on disk: created, filled, sealed, attested, copied without its private part.

bundle = Bundle.create(Path("out/run1"))
bundle.log.append(event); bundle.blob(png, private=True); bundle.add_input("scenario.yaml", text)
bundle.seal(session)
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from monitor.base import host
from monitor.base.errors import EnvironmentFault, EvidenceDamaged, InputError, writing
from monitor.base.output import folder
from monitor.events import HealthDetail
from monitor.evidence import attested, bag, custody, redaction, seal, timestamp, verify
from monitor.evidence.keys import PublicKey, Signer
from monitor.evidence.log import EvidenceLog, Head, Policy, Told
from monitor.evidence.space import Space
from monitor.evidence.standalone import verify as standalone
from monitor.evidence.standalone.verify import EVENTS, MANIFEST, PUBLIC_KEY, SEAL, SESSION, cover
from monitor.session.manifest import Session, require_record
from monitor.session.observe import health_of

_STANDALONE: Final = Path(__file__).parent / "standalone"


class Bundle:
    """A bundle being recorded (``create``) or opened again (``open``).

    ``log`` and ``vault`` exist while recording only. ``path`` is the directory.
    """

    log: EvidenceLog
    vault: redaction.Vault

    def __init__(self, path: Path, signer: Signer | None) -> None:
        self.path = path
        self._signer = signer
        self.space = Space(path)
        self._lock_fd = -1
        self._names: dict[str, str] | None = None
        self._inputs: dict[str, bytes] = {}
        self.head: Head | None = None
        """The log's final state, once it was sealed here."""

    @classmethod
    def create(
        cls, out: Path, key: Path | None = None, *, policy: Policy = Policy(), on_failure: Told | None = None
    ) -> Bundle:
        """A new bundle in the new or empty directory ``out``; sealed later with ``key`` (PEM) or a key of its own.

        Raises ``InputError`` (directory not empty, key unusable) or ``EnvironmentFault`` (cannot be written).
        """
        signer = Signer.load(key) if key else Signer.generate()
        new_folder(out)
        bundle = cls(out, signer)
        bundle.space.require()
        with writing(out):
            for name in (EVENTS, "data/blobs", "data/inputs", "private/blobs"):
                (out / name).mkdir(parents=True, exist_ok=True)
            (out / "private").chmod(0o700)
            for directory in (out / "data", out / "private", out.absolute().parent):
                host.synced(directory)
            bundle.take_lock()
            bag.write_file(out / "bagit.txt", bag.DECLARATION)
            bag.write_file(out / PUBLIC_KEY, signer.public.pem())
            for helper in ("verify.py", "VERIFY.md"):
                bag.write_file(out / helper, (_STANDALONE / helper).read_bytes())
            bundle.vault = redaction.Vault.create(out / "private")
            bundle.log = EvidenceLog.create(out, signer, policy=policy, on_failure=on_failure)
            custody.note(out, signer, "created")
        return bundle

    @classmethod
    def open(cls, path: Path, key: Path | Signer | None = None) -> Bundle:
        """An existing bundle, for reading, sealing after recovery, or attesting with ``key``.

        Raises ``InputError`` (no bundle), ``EvidenceDamaged`` (it holds links or pipes).
        """
        if not (path / EVENTS).is_dir() or not (path / "bagit.txt").is_file():
            raise InputError(
                "not an evidence bundle", where=str(path), hint="give the directory that was named with --out"
            )
        with attested.checking(path) as check:
            check.survey()
        return cls(path, Signer.load(key) if isinstance(key, Path) else key)

    def signer(self) -> Signer:
        """The signing key: the one given to ``create`` or ``open``, otherwise a new one from now on."""
        self._signer = self._signer or Signer.generate()
        return self._signer

    def take_lock(self) -> None:
        """Held until it is sealed, or the process ends, so that a bundle being written cannot be recovered."""
        try:
            self._lock_fd = host.lock_folder(self.path / "private")
        except BlockingIOError:
            raise EnvironmentFault("the bundle is still being recorded", where=str(self.path)) from None

    def drop_lock(self) -> None:
        """Release the bundle."""
        if self._lock_fd >= 0:
            os.close(self._lock_fd)
            self._lock_fd = -1

    @property
    def sealed(self) -> bool:
        """Whether there is a seal (not whether it is valid: see ``verify``)."""
        return (self.path / SEAL).is_file()

    def blob(self, data: bytes, *, private: bool) -> str:
        """Keep bytes under their SHA-256 and return it (hex). Durable at sealing. Raises ``EnvironmentFault``, where
        that would leave too little room ``NoSpace``."""
        name = sha256(data).hexdigest()
        path = self.path / ("private" if private else "data") / "blobs" / name[:2] / name
        if path.exists():
            return name
        self.space.require(len(data))
        with writing(path, named=False):
            path.parent.mkdir(exist_ok=True)
            bag.write_file(path, data, durable=False)
        return name

    def read_blob(self, name: str) -> bytes | None:
        """The bytes of a blob by the name that an event gives it; None if it is absent or does not match its name."""
        if len(name) != 64 or not set(name) <= set("0123456789abcdef"):
            return None
        name = self._covered().get(name, name)
        for part in ("data", "private"):
            path = self.path / part / "blobs" / name[:2] / name
            if path.is_file() and not path.is_symlink():
                data = path.read_bytes()
                return data if sha256(data).hexdigest() == name else None
        return None

    def _covered(self) -> dict[str, str]:
        """Keyed digests of the private blobs to their file names; empty without the session key."""
        if self._names is None:
            self._names = {}
            with contextlib.suppress(EvidenceDamaged):
                key = redaction.session_key(self.path / "private")
                digests = [name.rsplit("/", 1)[-1] for name in bag.files(self.path, "private/blobs")]
                self._names = {cover(key, digest): digest for digest in digests}
        return self._names

    def add_input(self, name: str, data: bytes) -> str:
        """Keep an input of the run as ``data/inputs/<name>`` and return its SHA-256. Raises ``InputError``.

        What is sealed is what was read: whoever changes the file before then changes nothing.
        """
        path = self.path / "data" / "inputs" / bag.safe_name(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        bag.write_file(path, data)
        self._inputs[name] = data
        return sha256(data).hexdigest()

    def _restore_inputs(self, app: str) -> None:
        """Write again what was changed since it was read, and record that it was."""
        for name, data in self._inputs.items():
            path = self.path / "data" / "inputs" / bag.safe_name(name)
            with contextlib.suppress(OSError):
                if not path.is_symlink() and path.stat().st_size == len(data) and path.read_bytes() == data:
                    continue
            path.parent.mkdir(parents=True, exist_ok=True)
            bag.write_file(path, data)
            detail: HealthDetail = {"what": "input", "place": name, "why": "changed before the seal; sealed as read"}
            self.log.append(health_of("evidence", app, "failed", detail))

    def write(self, name: str, data: bytes) -> None:
        """Write a derived file (findings.jsonl, coverage.jsonl, report.html), not covered by the seal."""
        if name not in standalone.DERIVED:
            raise InputError(f"not a derived file: {name}")
        bag.write_file(self.path / name, data)

    def write_session(self, session: Session) -> None:
        """Write the manifest before sealing, so that a crash leaves one. Raises ``InputError`` once sealed."""
        if self.sealed:
            raise InputError("the bundle is sealed", where=str(self.path))
        bag.write_file(self.path / SESSION, session.encode())

    def session(self) -> Session:
        """The manifest. Raises ``EvidenceDamaged``."""
        with attested.checking(self.path) as check:
            return Session.decode(check.read(SESSION, standalone.MAX_SESSION))

    def seal(self, session: Session) -> Head:
        """Close the log, write manifest and seal, discard a generated key. Returns the log's final state.

        The seal says that results follow (``attest``): a bundle without any is then refused.

        Raises ``InputError`` (sealed already, or the record lacks what its profile needs; nothing is sealed then).
        """
        if self.sealed:
            raise InputError("the bundle is already sealed", where=str(self.path))
        require_record(session.record)
        if self._lock_fd < 0:
            self.take_lock()
        if hasattr(self, "log"):
            self._restore_inputs(session.app.package)
            head = self.log.close()
            self.vault.close()
        else:
            head = verify.read_head(self.path)
        self.head = head
        signer = self.signer()
        add_public(self.path, signer.public)
        session.key = signer.public.id
        self.write_session(session)
        for part in ("data", "private"):
            for name in bag.files(self.path, f"{part}/blobs"):
                host.synced(self.path / name)
        _prune(self.path)
        top = self.path / "private"
        names = [name.removeprefix("private/") for name in bag.files(self.path, "private")]
        text = bag.listing(top, (name for name in names if name != MANIFEST))
        bag.write_file(top / MANIFEST, text, 0o600)
        private = cover(redaction.session_key(top), sha256(text).hexdigest())
        self._write_manifests(session)
        custody.note(self.path, signer, "sealed", events=str(head.size), root=head.root)
        payload = seal.capture_statement(self.path, session, head, private)
        bag.write_file(self.path / SEAL, seal.envelope(payload, signer, public=False))
        self.drop_lock()  # not before: no recovery may enter while the seal is made
        return head

    def timestamp(self, url: str) -> None:
        """Fetch an RFC 3161 token over the seal's signature. Raises ``EnvironmentFault``, ``InputError``."""
        if not self.sealed:
            raise InputError("there is no seal to time-stamp", where=str(self.path))
        with attested.checking(self.path) as check:
            sealed = check.open_envelope(SEAL, standalone.CAPTURE_TYPE, check.read_keys())
        token = timestamp.obtain(url, sealed.signature)
        bag.write_file(self.path / standalone.TOKEN, token)
        public = url.partition("?")[0]  # what follows may be the account's key, and custody is for everybody
        custody.note(self.path, self.signer(), "timestamped", url=public, sha256=sha256(token).hexdigest())

    def attest(
        self, rules: dict[str, str], engine: str, counts: dict[str, int], packs: Sequence[str] = (), root: str = "",
        given: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        """Attest the derived files, with the rules (file to SHA-256) that produced them and the packs of clauses that
        they cite (none = all). ``root``: of the log that they are about, if known; ``given``: ``findings_statement``.
        Signed with the key given to ``open``, or a new one."""
        signer = self.signer()
        root = root or verify.read_head(self.path).root
        custody.note(self.path, signer, "analysed", engine=engine)
        payload = seal.findings_statement(self.path, root, rules, engine, counts, packs, given)
        bag.write_file(self.path / standalone.FINDINGS, seal.envelope(payload, signer))

    def _write_manifests(self, session: Session) -> None:
        text, octets, count = bag.manifest(self.path)
        bag.write_file(self.path / MANIFEST, text)
        info = (
            f"Bag-Software-Agent: app-privacy-monitor {session.versions.monitor}\n"
            f"Bagging-Date: {datetime.now(UTC):%Y-%m-%d}\nPayload-Oxum: {octets}.{count}\n"
        )
        bag.write_file(self.path / "bag-info.txt", info.encode())
        listed = [name for name in bag.LISTED if (self.path / name).is_file()]
        bag.write_file(self.path / standalone.TAG_MANIFEST, bag.listing(self.path, listed))


def new_folder(out: Path) -> None:
    """Make the directory of a bundle (``monitor.base.output``). Raises ``InputError`` unless it is new or empty."""
    with writing(out):
        used = (out / "bagit.txt").is_file()
    if used:
        hint = "choose another directory; nothing was written"
        raise InputError("there is already a recording here", where=str(out), hint=hint)
    folder(out)


def add_public(bundle: Path, key: PublicKey) -> None:
    """List a key in the bundle, unless already listed."""
    with attested.checking(bundle) as check:
        if key.raw not in check.read_keys():
            bag.append_file(bundle / PUBLIC_KEY, key.pem())


def _prune(bundle: Path) -> None:
    """Remove unused folders: an empty one carries no information and could have been added by anyone."""
    for top in ("data", "private"):
        for directory, _, _ in os.walk(bundle / top, topdown=False):
            if Path(directory) != bundle / EVENTS and not any(Path(directory).iterdir()):
                Path(directory).rmdir()
