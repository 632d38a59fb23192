"""What is done with a bundle after recording: repair after a crash, re-analysis, copies for others."""

import os
import re
import shutil
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from monitor.base.clock import now_us
from monitor.base.errors import EvidenceDamaged, InputError, writing
from monitor.base.output import folder
from monitor.events import Recovery
from monitor.evidence import bag, custody, seal
from monitor.evidence.attested import checking
from monitor.evidence.bag import TEMPORARY, synced, write_file
from monitor.evidence.bundle import Bundle, add_public, new_folder
from monitor.evidence.checked import read_head
from monitor.evidence.keys import Signer
from monitor.evidence.lines import all_pieces, body, links, segments
from monitor.evidence.log import EvidenceLog, Head, Policy, SegmentWriter
from monitor.evidence.merkle import leaf_hash
from monitor.evidence.redaction import DISCLOSURES, KEY, Vault
from monitor.evidence.stacks import StackReader
from monitor.evidence.standalone.verify import (
    CHECKPOINTS,
    CUSTODY,
    DERIVED,
    EARLIER,
    EVENTS,
    FILES,
    FINDINGS,
    GENESIS,
    HANDOVER,
    PUBLIC_KEY,
    TOKEN,
    Checkpoint,
    MerkleTree,
)

_LEFTOVER: Final = re.compile(rf"\.(.+)\.[0-9a-f]{{16}}{re.escape(TEMPORARY)}")
#: Files that are written again after sealing.
_REWRITTEN: Final = frozenset({*DERIVED, FINDINGS, TOKEN, HANDOVER, CUSTODY})


TORN = "data/torn"
#: Largest piece of a torn tail that is kept; its length and digest always cover the whole.
MAX_TORN = 64 << 20


class Recovered(NamedTuple):
    """``size`` events were intact; ``torn_bytes`` were cut and kept in ``torn`` (path in the bundle, empty = none)."""

    size: int
    torn_bytes: int
    torn: str
    signer: Signer | None = None
    """Who signs from here on."""


class _Bad(NamedTuple):
    """The first line that is no part of the log."""

    file: str
    offset: int
    where: str
    reason: str


class _Good(NamedTuple):
    """Everything before it."""

    tree: MerkleTree
    chain: bytes
    app: str
    frames: int
    """How many frames it defines."""
    bad: _Bad | None


def set_aside(bundle: Path, head: Head) -> str:
    """Move the existing results to ``earlier``, completely or not at all, before an analysis writes its own; ``head``:
    that of the log. Returns the folder (``earlier/001``), empty if nothing was kept.

    Results that differ from what was attested are left over from an interrupted analysis, or were changed: they are not
    kept.
    """
    top = bundle / EARLIER
    for leftover in top.glob(f".*{TEMPORARY}"):
        shutil.rmtree(leftover)
    if not _stand(bundle, head):
        return ""
    number = 1 + sum(1 for _ in top.iterdir()) if top.is_dir() else 1
    staging = top / f".{number:03}{TEMPORARY}"
    staging.mkdir(parents=True)
    for name in (*DERIVED, FINDINGS):
        if (bundle / name).is_file():
            write_file(staging / name, (bundle / name).read_bytes())
    staging.rename(top / f"{number:03}")
    for directory in (top, bundle):
        synced(directory)
    return f"{EARLIER}/{number:03}"


def sweep(bundle: Path) -> None:
    """Remove what an interrupted assessment or time-stamp left half written: nobody attested it, and with it the bundle
    would be refused. Call before something is written anew; the bundle may be a hostile one."""
    for path in bundle.glob(f".*{TEMPORARY}"):
        written = _LEFTOVER.fullmatch(path.name)
        if written and written[1] in _REWRITTEN and path.is_file() and not path.is_symlink():
            path.unlink()
    earlier = bundle / EARLIER
    if earlier.is_dir() and not earlier.is_symlink():
        for path in earlier.glob(f".[0-9][0-9][0-9]{TEMPORARY}"):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
        if not any(earlier.iterdir()):
            earlier.rmdir()
    custody.cut_torn(bundle)


def _stand(bundle: Path, head: Head) -> bool:
    """Whether there are results that match their attestation."""
    if not (bundle / FINDINGS).is_file():
        return False
    try:
        with checking(bundle) as check:
            check.root, check.first, check.entries = head.root, True, check.read_custody()
            return bool(check.check_results(""))
    except EvidenceDamaged:
        return False


def export(bundle: Bundle, out: Path) -> Signer:
    """Copy everything that belongs in a bundle, except the private part, to the new or empty directory ``out``.

    The copy verifies like the original and has its own attestation, by the signer that is returned. Raises
    ``EnvironmentFault``, ``InputError``.
    """
    new_folder(out)
    signer = bundle.signer()
    names = [name for name in sorted({*FILES} - {HANDOVER}) if (bundle.path / name).is_file()]
    for top in ("data", EARLIER):
        names += bag.files(bundle.path, top) if (bundle.path / top).is_dir() else ()
    with writing(out):
        custody.note(bundle.path, signer, "exported", without="private")
        for name in names:
            target = out / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(bundle.path / name, target, follow_symlinks=False)
        payload = seal.handover_statement(out, read_head(out).root)
        write_file(out / HANDOVER, seal.envelope(payload, signer))
    return signer


def recover_bundle(path: Path, key: Path | None = None) -> Recovered:
    """Repair the log of an interrupted recording; ``Bundle.open(path, found.signer).seal(session)`` comes next. Without
    ``key`` a new key signs: the recording's own existed only in its process.

    Raises ``InputError`` (no bundle, sealed), ``EnvironmentFault`` (still recording) or ``EvidenceDamaged``.
    """
    bundle = Bundle.open(path, key)
    if bundle.sealed:
        raise InputError("the bundle is sealed: nothing to recover", where=str(path))
    folder(path, empty=False)
    bundle.take_lock()
    try:
        signer = bundle.signer()
        for leftover in [*path.rglob(f".*{TEMPORARY}"), *path.glob("*/blobs/*/.*")]:
            leftover.unlink(missing_ok=True)
        (path / "private/seal.key").unlink(missing_ok=True)  # kept by earlier versions
        if not (path / PUBLIC_KEY).exists():
            write_file(path / PUBLIC_KEY, signer.public.pem())
        if not (path / "private" / KEY).exists() and not (path / "private" / DISCLOSURES).exists():
            Vault.create(path / "private").close()  # interrupted before there was any value
        add_public(path, signer.public)
        result = recover(path, signer)
        custody.cut_torn(path)
        custody.note(path, signer, "recovered", torn_bytes=str(result.torn_bytes), events=str(result.size))
    finally:
        bundle.drop_lock()
    return result._replace(signer=signer)


def recover(bundle: Path, signer: Signer) -> Recovered:
    """Repair and close the log of a recording that was not closed. Raises ``EvidenceDamaged``, the files untouched, if
    a line that a checkpoint covers is missing or bad."""
    with checking(bundle) as check:
        check.keys = check.read_keys()
        points = check.read_checkpoints(torn=True)
    good = _read_good(bundle, points)
    last = points[-1].size if points else 0
    if good.tree.size < last:
        raise EvidenceDamaged(
            good.bad.reason if good.bad else "events are missing that a checkpoint covers",
            where=good.bad.where if good.bad else EVENTS,
            expected=f"{last} events",
            actual=f"{good.tree.size} good ones",
            hint="the log was changed before its last checkpoint; nothing was cut",
        )
    _cut_torn_checkpoint(bundle)
    number = len(segments(bundle))
    torn_bytes, digest, kept = _cut(bundle, good.bad) if good.bad else (0, "", "")
    writer = SegmentWriter(
        bundle, signer, Policy().segment, tree=good.tree, chain=good.chain.decode(), number=number,
        since=points[-1].t if points else 0,
    )  # fmt: skip
    log = EvidenceLog(writer, Policy(), good.tree.size, good.chain, None, good.frames)
    log.append(
        Recovery(
            t=now_us(), err=0, src="runner", app=good.app,
            events=good.tree.size, torn_bytes=torn_bytes, torn_sha256=digest,
        )
    )  # fmt: skip
    size = log.seq - 1
    log.close()
    return Recovered(size, torn_bytes, kept)


def _read_good(bundle: Path, points: list[Checkpoint]) -> _Good:
    """Everything up to the first bad line; checkpoints up to there must match."""
    tree, prev, app, stacks, frames = MerkleTree(), GENESIS, "", StackReader(), 0
    due = {point.size: point for point in points}
    for piece in all_pieces(bundle):
        offset = piece.offset
        for index, raw in enumerate(piece.lines):
            where, reason = piece.where(index), ""
            if not piece.complete:
                reason = "a line without end"
            elif not links(raw, prev):
                reason = "the line does not follow from the previous one"
            else:
                try:
                    event = stacks.decode(body(raw))
                    app = event.app or app
                    reason = "" if event.seq == piece.seq + index else "sequence number out of order"
                except (msgspec.DecodeError, UnicodeDecodeError):
                    reason = "not an event"
            if reason:
                return _Good(tree, prev, app, frames, _Bad(piece.file, offset, where, reason))
            prev, frames = sha256(raw).hexdigest().encode(), stacks.defined
            tree.extend([leaf_hash(raw)])
            offset += len(raw) + 1
            point = due.get(tree.size)
            if point and (point.chain != prev.decode() or point.root != tree.root().hex()):
                raise EvidenceDamaged(
                    "the log differs from its checkpoint", where=where, expected=point.chain, actual=prev.decode()
                )
    return _Good(tree, prev, app, frames, None)


def _cut_torn_checkpoint(bundle: Path) -> None:
    """An incompletely written checkpoint is void: the next one must start on its own line."""
    path = bundle / CHECKPOINTS
    if path.is_file() and not (data := path.read_bytes()).endswith(b"\n"):
        write_file(path, data[: data.rfind(b"\n") + 1])


def _cut(bundle: Path, bad: _Bad) -> tuple[int, str, str]:
    """Copy everything from the bad line on into ``data/torn``, then truncate. Length, digest and name of the copy."""
    path = bundle / bad.file
    with path.open("rb") as file:
        file.seek(bad.offset)
        kept = file.read(MAX_TORN)
        digest, length = sha256(kept), len(kept)
        while more := file.read(1 << 20):
            digest.update(more)
            length += len(more)
    name = f"{TORN}/{path.stem}-{bad.offset}.bin"
    (bundle / TORN).mkdir(exist_ok=True)
    write_file(bundle / name, kept)
    synced(bundle / "data")
    fd = os.open(path, os.O_WRONLY | os.O_NOFOLLOW)
    try:
        os.ftruncate(fd, bad.offset)
        os.fsync(fd)
    finally:
        os.close(fd)
    synced(path.parent)
    return length, digest.hexdigest(), name
