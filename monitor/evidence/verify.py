"""Is the bundle what was recorded? The order of the checks: bag, chain, tree and checkpoints, seal, token, the rest.

Nothing is parsed before its bytes are covered, and nothing that a reader relies on is left out: results, reports,
custody and helper files are each attested, and anything that does not belong in a bundle is refused. An absent optional
part (the private part, a time-stamp, results) is not a failure; a part without its attestation is.
"""

import json
from collections.abc import Collection
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from monitor.base.errors import EvidenceDamaged, InputError
from monitor.evidence import bag, checkpoint, custody, dsse, redaction, seal
from monitor.evidence.attested import (
    Attested,
    check_complete,
    check_custody,
    check_files,
    check_named_token,
    check_results,
    opened_with_own_key,
    places,
    require_known,
    small,
    whose_keys,
)
from monitor.evidence.bundle import SESSION
from monitor.evidence.checked import CheckedLog
from monitor.evidence.keys import PublicKey, load_public, public_keys
from monitor.evidence.lines import EVENTS, checked_pieces
from monitor.evidence.log import Head
from monitor.evidence.merkle import inclusion_proof, leaf_hash, tree_root, verify_inclusion
from monitor.session.manifest import Session


class Verified(NamedTuple):
    """The result of a successful verification."""

    events: int
    root: str
    files: int
    key: str
    """SHA-256 of the key that signed; compare it with the one you were given, or pass ``key``."""
    trusted: bool
    """Whether that key came from outside the bundle."""
    private: bool
    """Whether the private part is present."""
    findings: str
    """attested or none; for a bundle of format 1 also unattested."""
    timestamp: str
    """Time of the token (ISO 8601), or empty."""
    timestamp_trusted: bool = False
    """Whether the token was verified against a root certificate that the caller trusts."""
    format: int = seal.FORMAT
    """1 = made by a version that attested neither report nor custody: changes to them cannot be detected."""
    recovered: tuple[dict[str, str], ...] = ()
    """Each recovery of an interrupted recording: ``events``, ``torn_bytes`` and ``by`` (key)."""
    attested: tuple[Attested, ...] = ()
    custody: int = 0
    """Number of custody entries."""
    withheld: int = 0
    """Number of analyses that custody names whose results are not here."""
    log: CheckedLog | None = None
    """To read again what was verified."""


def verify(
    bundle: Path,
    key: Path | None = None,
    roots: list[bytes] | None = None,
    *,
    results: bool = True,
    token: bool = True,
    results_keys: Collection[str] | None = (),
) -> Verified:
    """Check everything. ``key``: PEM of the key that must have signed; ``roots``: PEM certificates of the TSA.
    ``results=False`` skips what an analysis rewrites, ``token=False`` a time-stamp that is about to be replaced.

    Results count only from the key of the seal or from ``results_keys`` (IDs): ``ResultsOfAnother`` otherwise. None:
    whoever attested them, for those who do not use them.

    Without ``key`` the keys in the bundle are used: this detects every later change, but not a bundle rebuilt by
    someone else. Raises ``EvidenceDamaged`` with the place, or ``InputError`` if this is not a bundle at all.
    """
    if not (bundle / EVENTS).is_dir():
        raise InputError(
            "not an evidence bundle", where=str(bundle), hint="give the directory that was named with --out"
        )
    sealed = _check_recording(bundle, key)
    predicate, version, log, head = sealed.predicate, sealed.version, sealed.log, sealed.log.head
    there = token and (bundle / seal.TOKEN).is_file()
    stamp = seal.check_token(small(bundle / seal.TOKEN), sealed.signature, roots or ()) if there else ""
    private = _check_private(bundle, predicate)
    entries = custody.check(bundle)
    if version != 1:
        check_custody(entries, predicate, seal.SEAL)
        if token:
            check_named_token(bundle, entries)
    own = whose_keys(sealed.signer.id, results_keys or ())
    attested = _check_statements(bundle, head, entries, own, version, results=results)
    withheld = check_complete(entries, attested, predicate) if results and version != 1 else 0
    if results and results_keys is not None:
        require_known(attested, bundle)
    here = {name for name in seal.DERIVED if (bundle / name).is_file()}
    shown = next((one.files for one in attested if one.file == seal.FINDINGS), None)
    legacy = {name: bag.digest(bundle / name) for name in here} if version == 1 else {}  # not all were attested
    log.files = sealed.listed | legacy | dict(shown or {})
    return Verified(
        events=head.size, root=head.root, files=len(sealed.listed), key=sealed.signer.id, trusted=key is not None,
        private=private, findings="attested" if shown is not None else "unattested" if here else "none",
        timestamp=stamp, timestamp_trusted=bool(stamp and roots), format=version,
        recovered=tuple(predicate.get("recovery", ())), attested=tuple(attested), custody=len(entries),
        withheld=withheld, log=log,
    )  # fmt: skip


class _Sealed(NamedTuple):
    """What the seal covers. ``listed``: digests of the payload files."""

    predicate: dict[str, Any]
    version: int
    signer: PublicKey
    signature: bytes
    log: CheckedLog
    listed: dict[str, str]


def _check_recording(bundle: Path, key: Path | None) -> _Sealed:
    """Bag, chain, tree and checkpoints, seal; for all but format 1 also that nothing else is in the bundle."""
    bag.survey(bundle)
    keys = public_keys(bundle)
    signed_by = [load_public(key)] if key else keys
    if not (bundle / seal.SEAL).is_file():
        hint = "if the recording was interrupted: monitor recover BUNDLE; otherwise the seal was removed"
        raise EvidenceDamaged("there is no seal", where=seal.SEAL, hint=hint)
    points = checkpoint.read_all(bundle, keys, torn=False)
    listed = _check_bag(bundle, points)
    log = CheckedLog(bundle, points)
    envelope = small(bundle / seal.SEAL)
    record = dsse.opened(envelope, signed_by, seal.SEAL)
    _check_seal(bundle, record, log.head, len(points))
    predicate: dict[str, Any] = record["predicate"]
    version = predicate.get("format", 1)
    if type(version) is not int:
        raise EvidenceDamaged("its format is no number", where=seal.SEAL)
    signature = dsse.signature_bytes(envelope, seal.SEAL)
    payload, _ = dsse.parts(envelope, seal.SEAL)
    signer = next(one for one in signed_by if one.verify(signature, dsse.pae(payload)))
    if version != 1:
        if predicate.get("keys") != [one.id for one in keys]:
            raise EvidenceDamaged("the keys differ from the seal", where="public.pem")
        bag.survey(bundle, complete=True)
    return _Sealed(predicate, version, signer, signature, log, listed)


def _check_bag(bundle: Path, points: list[checkpoint.Checkpoint]) -> dict[str, str]:
    """The digests of the payload files. The manifest identifies a changed event file; the chain identifies the event.
    Raises ``EvidenceDamaged`` with both."""
    try:
        return bag.check(bundle)
    except EvidenceDamaged as error:
        if error.where.startswith(EVENTS):
            try:
                CheckedLog(bundle, points)
            except EvidenceDamaged as named:
                message = f"the file was changed: {named.message}"
                raise EvidenceDamaged(message, where=named.where, hint=named.hint) from None
        raise


def _check_statements(
    bundle: Path, head: Head, entries: list[custody.Entry], own: dict[str, str], version: int, *, results: bool
) -> list[Attested]:
    """All results, those of now first, and the statement of a copy."""
    attested: list[Attested] = []
    for place in places(bundle) if results else ():
        attested += check_results(bundle, place, head, entries, own, version)
    handover = opened_with_own_key(bundle / seal.HANDOVER, seal.HANDOVER, seal.HANDOVER_TYPE)
    if handover:
        attested.append(check_files(bundle, "", seal.HANDOVER, handover, head, entries, own, signed=version != 1))
    return attested


def _check_seal(bundle: Path, record: dict[str, object], head: Head, checkpoints: int) -> None:
    sealed = dsse.subjects(record)
    predicate = record["predicate"]
    assert isinstance(predicate, dict)
    if record.get("predicateType") != seal.CAPTURE_TYPE:
        raise EvidenceDamaged("not a capture seal", where=seal.SEAL)
    actual = {
        bag.MANIFEST: bag.digest(bundle / bag.MANIFEST),
        bag.TAG_MANIFEST: bag.digest(bundle / bag.TAG_MANIFEST),
        "events.chain-head": head.chain,
        "events.merkle-root": head.root,
    }
    session = Session.decode(small(bundle / SESSION)) if (bundle / SESSION).is_file() else Session()
    if session.app.apk_sha256:
        actual["app"] = session.app.apk_sha256
    for name, found in actual.items():
        if sealed.get(name) != found:
            raise EvidenceDamaged(
                f"{name} differs from the seal", where=seal.SEAL, expected=sealed.get(name, "nothing"), actual=found
            )
    log = predicate.get("monitorLog")
    for name, number in (("events", head.size), ("checkpoints", checkpoints)):
        told = log.get(name) if isinstance(log, dict) else None
        if told != number:
            raise EvidenceDamaged(
                f"number of {name} differs from the seal", where=seal.SEAL, expected=str(told), actual=str(number)
            )


def _check_private(bundle: Path, predicate: dict[str, Any]) -> bool:
    """Check that what is present of the private part is what was sealed; absence is not a failure."""
    top = bundle / "private"
    if not top.is_dir():
        return False
    part = predicate.get("private")
    part = part if isinstance(part, dict) else {}
    if "manifest" in part:
        key, listing = redaction.session_key(top), top / bag.MANIFEST
        listed = {f"private/{name}": digest for name, digest in bag.read_manifest(listing).items()}
        actual = redaction.cover(key, bag.digest(listing))
        if actual != part["manifest"]:
            raise EvidenceDamaged(
                "the file was changed", where=f"private/{bag.MANIFEST}", expected=str(part["manifest"]), actual=actual
            )
        for name in bag.files(bundle, "private"):
            if name not in listed and name != f"private/{bag.MANIFEST}":
                raise EvidenceDamaged("a file that was not recorded", where=name)
    else:
        sealed = part.get("sha256")
        listed = sealed if isinstance(sealed, dict) else {}
    for name, expected in listed.items():
        if (bundle / bag.safe_name(str(name))).is_file():
            bag.same(bundle, str(name), str(expected))
    for name in bag.files(bundle, "private/blobs") if (top / "blobs").is_dir() else ():
        digest = bag.digest(bundle / name)
        if digest != name.rsplit("/", 1)[-1]:
            raise EvidenceDamaged("the blob does not match its name", where=name, actual=digest)
    for _ in redaction.openings(top):
        pass
    return True


def prove(bundle: Path, seq: int) -> dict[str, object]:
    """An inclusion proof for one event: line, index, tree size, sibling hashes and root (hex), ready for JSON.

    ``sha256`` of the leaf and ``merkle.verify_inclusion`` check it. Raises ``InputError`` for an unknown number.
    """
    leaves, wanted = [], b""
    for piece, _ in checked_pieces(bundle):
        leaves += [leaf_hash(raw) for raw in piece.lines]
        if piece.seq <= seq < piece.seq + len(piece.lines):
            wanted = piece.lines[seq - piece.seq]
    if not wanted:
        raise InputError(f"there is no event {seq}", where=str(bundle), hint=f"1 to {len(leaves)}")
    return {
        "line": wanted.decode("utf-8", "replace"),
        "leaf": sha256(b"\0" + wanted).hexdigest(),
        "index": seq - 1,
        "size": len(leaves),
        "proof": [step.hex() for step in inclusion_proof(leaves, seq - 1)],
        "root": tree_root(leaves).hex(),
    }


def check_proof(data: bytes) -> tuple[int, str]:
    """Sequence number and Merkle root (hex) of a proof made by ``prove``, if it is valid. Raises
    ``EvidenceDamaged``."""
    try:
        proof = json.loads(data)
        line, index, size = str(proof["line"]).encode(), int(proof["index"]), int(proof["size"])
        steps, root = [bytes.fromhex(step) for step in proof["proof"]], str(proof["root"])
        holds = len(steps) < 64 and verify_inclusion(leaf_hash(line), index, size, steps, bytes.fromhex(root))
        holds = holds and json.loads(line)["seq"] == index + 1
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        raise EvidenceDamaged("not a proof") from None
    if not holds:
        raise EvidenceDamaged("the event is not in the recording that the proof names")
    return index + 1, root
