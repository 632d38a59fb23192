"""Is the bundle what was recorded? The order of the checks: bag, chain, tree and checkpoints, seal, token, the rest.

Nothing is parsed before the bytes it comes from are covered. An absent optional part is no failure.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from monitor.errors import EvidenceDamaged, InputError
from monitor.evidence import bag, checkpoint, custody, dsse, redaction, seal
from monitor.evidence.bundle import SESSION
from monitor.evidence.head import public_keys
from monitor.evidence.keys import PublicKey, load_public, parse_public
from monitor.evidence.lines import EVENTS, checked_lines
from monitor.evidence.log import Head
from monitor.evidence.merkle import MerkleTree, inclusion_proof, leaf_hash
from monitor.evidence.recovery import read_checkpoints
from monitor.session import Session


class Verified(NamedTuple):
    """What was found to be in order."""

    events: int
    root: str
    files: int
    key: str
    """SHA-256 of the key that signed; compare it with the one you were given, or pass ``key``."""
    trusted: bool
    """Whether that key came from outside the bundle."""
    private: bool
    """Whether the private part is here."""
    findings: str
    """attested, unattested or none."""
    timestamp: str
    """Time of the token (ISO 8601), or empty."""


def verify(bundle: Path, key: Path | None = None, roots: list[bytes] | None = None) -> Verified:
    """Check everything. ``key``: PEM of the key that must have signed; ``roots``: PEM certificates of the TSA.

    Without ``key`` the keys in the bundle are used: that finds every later change but not a bundle made anew by
    somebody else. Raises ``EvidenceDamaged`` with the place, or ``InputError`` if this is no bundle at all.
    """
    if not (bundle / EVENTS).is_dir():
        raise InputError("not an evidence bundle", where=str(bundle), hint="give the directory that --out named")
    keys = public_keys(bundle)
    signed_by = [load_public(key)] if key else keys
    if not (bundle / seal.SEAL).is_file():
        hint = "was the recording broken off? monitor recover BUNDLE mends and seals it; else the seal was taken away"
        raise EvidenceDamaged("there is no seal", where=seal.SEAL, hint=hint)
    points = read_checkpoints(bundle, keys, torn=False)
    try:
        count = bag.check(bundle)
    except EvidenceDamaged as error:
        if error.where.startswith(EVENTS):
            _name_event(bundle, points)
        raise
    head = _check_log(bundle, points)
    envelope = _small(bundle / seal.SEAL)
    record = dsse.opened(envelope, signed_by, seal.SEAL)
    _check_seal(bundle, record, head, len(points))
    token = bundle / seal.TOKEN
    signature = dsse.signature_bytes(envelope, seal.SEAL)
    stamp = seal.check_token(_small(token), signature, roots or ()) if token.is_file() else ""
    private = _check_private(bundle, record["predicate"])
    custody.check(bundle)
    signer = next(k for k in signed_by if k.verify(signature, dsse.pae(dsse.parts(envelope, seal.SEAL)[0])))
    return Verified(head.size, head.root, count, signer.id, key is not None, private, _findings(bundle, head), stamp)


def _small(path: Path) -> bytes:
    if path.stat().st_size > dsse.MAX_BYTES:
        raise EvidenceDamaged("too large", where=path.name)
    return path.read_bytes()


def _name_event(bundle: Path, points: list[checkpoint.Checkpoint]) -> None:
    """The manifest names a changed file of events; the chain names the event. Raises ``EvidenceDamaged`` with both."""
    try:
        _check_log(bundle, points)
    except EvidenceDamaged as error:
        raise EvidenceDamaged(f"the file was changed: {error.message}", where=error.where) from None


def _check_log(bundle: Path, points: list[checkpoint.Checkpoint]) -> Head:
    """Chain, tree and every checkpoint at its place."""
    tree, chain = MerkleTree(), b"0" * 64
    due = {point.size: (number, point) for number, point in enumerate(points, 1)}
    for line, chain in checked_lines(bundle):
        tree.append(leaf_hash(line.raw))
        if tree.size in due:
            number, point = due[tree.size]
            if point.chain != chain.decode() or point.root != tree.root().hex():
                raise EvidenceDamaged(
                    f"the log differs from {checkpoint.FILE}:{number}",
                    where=line.where,
                    expected=point.chain,
                    actual=chain.decode(),
                )
    if points and points[-1].size > tree.size:
        raise EvidenceDamaged(
            "events are missing at the end", where=EVENTS, expected=str(points[-1].size), actual=str(tree.size)
        )
    return Head(tree.size, chain.decode(), tree.root().hex())


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
    session = Session.decode(_small(bundle / SESSION)) if (bundle / SESSION).is_file() else Session()
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


def _check_private(bundle: Path, predicate: dict[str, object]) -> bool:
    """What is here of the private part must be what was sealed; what is not here is no failure."""
    if not (bundle / "private").is_dir():
        return False
    part = predicate.get("private")
    listed = part.get("sha256") if isinstance(part, dict) else None
    for name, expected in (listed if isinstance(listed, dict) else {}).items():
        path = bundle / bag.safe_name(str(name))
        if path.is_file() and bag.digest(path) != expected:
            raise EvidenceDamaged("the file was changed", where=name, expected=str(expected), actual=bag.digest(path))
    for name in bag.files(bundle, "private/blobs"):
        actual = bag.digest(bundle / name)
        if actual != name.rsplit("/", 1)[-1]:
            raise EvidenceDamaged("a blob is not what its name says", where=name, actual=actual)
    for _ in redaction.openings(bundle / "private"):
        pass
    return True


def _findings(bundle: Path, head: Head) -> str:
    """The findings' attestation, if there is one: signed with the key it names, over the files that are here."""
    present = [name for name in seal.DERIVED if (bundle / name).is_file()]
    path = bundle / seal.FINDINGS
    if not path.is_file():
        return "unattested" if present else "none"
    data = _small(path)
    _, signatures = dsse.parts(data, seal.FINDINGS)
    try:
        keys: list[PublicKey] = parse_public(signatures[0]["public"].encode(), seal.FINDINGS)
    except (IndexError, KeyError, InputError):
        raise EvidenceDamaged("it names no key", where=seal.FINDINGS) from None
    attested = dsse.subjects(dsse.opened(data, keys, seal.FINDINGS))
    if attested.pop("events.merkle-root", "") != head.root:
        raise EvidenceDamaged("it is about another recording", where=seal.FINDINGS)
    for name in present:
        actual = bag.digest(bundle / name)
        if attested.get(name) != actual:
            raise EvidenceDamaged(
                "the file was changed", where=name, expected=attested.get(name, "nothing"), actual=actual,
                hint="monitor analyse makes it anew",
            )  # fmt: skip
    return "attested"


def prove(bundle: Path, seq: int) -> dict[str, object]:
    """An inclusion proof for one event: line, index, tree size, sibling hashes and root (hex), ready for JSON.

    ``sha256`` of the leaf and ``merkle.verify_inclusion`` check it. Raises ``InputError`` for an unknown number.
    """
    leaves, wanted = [], b""
    for line, _ in checked_lines(bundle):
        leaves.append(leaf_hash(line.raw))
        if line.seq == seq:
            wanted = line.raw
    if not wanted:
        raise InputError(f"there is no event {seq}", where=str(bundle), hint=f"1 to {len(leaves)}")
    tree = MerkleTree()
    for leaf in leaves:
        tree.append(leaf)
    return {
        "line": wanted.decode("utf-8", "replace"),
        "leaf": sha256(b"\0" + wanted).hexdigest(),
        "index": seq - 1,
        "size": len(leaves),
        "proof": [step.hex() for step in inclusion_proof(leaves, seq - 1)],
        "root": tree.root().hex(),
    }
