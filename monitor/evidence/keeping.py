"""What is done with a bundle after recording: repair after a crash, re-analysis, copies for others."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple

from monitor.base import host
from monitor.base.clock import now_us
from monitor.base.errors import EvidenceDamaged, InputError, writing
from monitor.base.output import folder
from monitor.events import Recovery
from monitor.evidence import attested, bag, custody, keys, lines, redaction, seal, verify
from monitor.evidence.bundle import Bundle, add_public, new_folder
from monitor.evidence.log import EvidenceLog, Head, Policy, SegmentWriter
from monitor.evidence.standalone import verify as standalone
from monitor.evidence.standalone.verify import CHECKPOINTS, DERIVED, EARLIER, EVENTS, FINDINGS, HANDOVER, PUBLIC_KEY

_LEFTOVER: Final = re.compile(rf"\.(.+)\.[0-9a-f]{{16}}{re.escape(bag.TEMPORARY)}")
#: Files that are written again after sealing.
_REWRITTEN: Final = frozenset({*DERIVED, FINDINGS, standalone.TOKEN, HANDOVER, standalone.CUSTODY})
#: What only a bundle has that was sealed, and what custody says of one.
_LATER: Final = (FINDINGS, HANDOVER, standalone.TOKEN, EARLIER)
_DONE_LATER: Final = frozenset({"analysed", "exported", "timestamped"})
#: Largest piece of a torn tail that is kept; its length and digest always cover the whole.
_MAX_TORN: Final = 64 << 20


class Recovered(NamedTuple):
    """``size`` events were intact; ``torn_bytes`` were cut, and kept in ``data/torn``; ``signer`` signs from now on."""

    size: int
    torn_bytes: int
    signer: keys.Signer


def set_aside(bundle: Path, head: Head) -> str:
    """Move the existing results to ``earlier``, completely or not at all, before an analysis writes its own; ``head``:
    that of the log. Returns the folder (``earlier/001``), empty if nothing was kept.

    Results that differ from what was attested are left over from an interrupted analysis, or were changed: they are not
    kept.
    """
    top = bundle / EARLIER
    for leftover in top.glob(f".*{bag.TEMPORARY}"):
        shutil.rmtree(leftover)
    whole = False
    with contextlib.suppress(EvidenceDamaged), attested.checking(bundle) as check:
        check.root, check.first, check.entries = head.root, True, check.read_custody()
        whole = bool(check.is_file(FINDINGS) and check.check_results(""))
    if not whole:
        return ""
    number = 1 + sum(1 for _ in top.iterdir()) if top.is_dir() else 1
    staging = top / f".{number:03}{bag.TEMPORARY}"
    staging.mkdir(parents=True)
    for name in (*DERIVED, FINDINGS):
        if (bundle / name).is_file():
            bag.write_file(staging / name, (bundle / name).read_bytes())
    staging.rename(top / f"{number:03}")
    for directory in (top, bundle):
        host.synced(directory)
    return f"{EARLIER}/{number:03}"


def sweep(bundle: Path) -> None:
    """Remove what an interrupted assessment or time-stamp left half written: nobody attested it, and with it the bundle
    would be refused. Call before something is written anew; the bundle may be a hostile one."""
    for path in bundle.glob(f".*{bag.TEMPORARY}"):
        written = _LEFTOVER.fullmatch(path.name)
        if written and written[1] in _REWRITTEN and path.is_file() and not path.is_symlink():
            path.unlink()
    earlier = bundle / EARLIER
    if earlier.is_dir() and not earlier.is_symlink():
        for path in earlier.glob(f".[0-9][0-9][0-9]{bag.TEMPORARY}"):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
        if not any(earlier.iterdir()):
            earlier.rmdir()
    bag.cut_torn(bundle / standalone.CUSTODY)


def export(bundle: Bundle, out: Path) -> keys.Signer:
    """Copy everything that belongs in a bundle, except the private part, to the new or empty directory ``out``.

    The copy verifies like the original and has its own attestation, by the signer that is returned. Raises
    ``EnvironmentFault``, ``InputError``.
    """
    new_folder(out)
    signer = bundle.signer()
    names = [name for name in sorted({*standalone.FILES} - {HANDOVER}) if (bundle.path / name).is_file()]
    for top in ("data", EARLIER):
        names += bag.files(bundle.path, top)
    with writing(out):
        custody.note(bundle.path, signer, "exported", without="private")
        for name in names:
            target = out / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(bundle.path / name, target, follow_symlinks=False)
        subjects = {name: bag.digest(out / name) for name in (standalone.TAG_MANIFEST, standalone.SEAL)}
        subjects["events.merkle-root"] = verify.read_head(out).root
        payload = seal.statement(subjects, standalone.HANDOVER_TYPE, {"custody": custody.state(out)})
        bag.write_file(out / HANDOVER, seal.envelope(payload, signer))
    return signer


def recover_bundle(path: Path, key: Path | None = None) -> Recovered:
    """Repair and close the log of an interrupted recording; ``Bundle.open(path, found.signer).seal(session)`` comes
    next. Without ``key`` a new key signs: the recording's own existed only in its process.

    Raises ``InputError`` (no bundle, sealed), ``EnvironmentFault`` (still recording) or ``EvidenceDamaged``, the log
    untouched, if a line that a checkpoint covers is missing or bad, or the bundle was sealed before and is not what was
    sealed.
    """
    bundle = Bundle.open(path, key)
    if bundle.sealed:
        raise InputError("the bundle is sealed: nothing to recover", where=str(path))
    folder(path, empty=False)
    bundle.take_lock()
    try:
        bag.cut_torn(path / standalone.CUSTODY)
        good = _intact(path)
        signer = bundle.signer()
        for leftover in [*path.rglob(f".*{bag.TEMPORARY}"), *path.glob("*/blobs/*/.*")]:
            leftover.unlink(missing_ok=True)
        (path / "private/seal.key").unlink(missing_ok=True)  # kept by earlier versions
        if not (path / PUBLIC_KEY).exists():
            bag.write_file(path / PUBLIC_KEY, signer.public.pem())
        if not (path / "private" / redaction.KEY).exists() and not (path / "private" / redaction.DISCLOSURES).exists():
            redaction.Vault.create(path / "private").close()  # interrupted before there was any value
        add_public(path, signer.public)
        result = _recover(path, signer, good)
        custody.note(path, signer, "recovered", torn_bytes=str(result.torn_bytes), events=str(result.size))
    finally:
        bundle.drop_lock()
    return result


def _intact(bundle: Path) -> _Good:
    """What is intact of the log, if it is one that can go on. Raises ``EvidenceDamaged``."""
    with attested.checking(bundle) as check:
        check.keys = check.read_keys() if check.is_file(PUBLIC_KEY) else []
        check.points, check.entries = check.read_checkpoints(torn=True), check.read_custody()
        if any((bundle / name).exists() for name in _LATER) or any(one.what in _DONE_LATER for one in check.entries):
            standalone.fail(standalone.SEAL, "the bundle was sealed, and its seal is missing", hint=standalone.ORIGINAL)
        good = _Good(bundle, check.points)
        check.events, check.root = good.tree.size, good.tree.root().hex()
        check.check_sealed()
        if good.beyond:  # once the log is closed to be sealed, with a last checkpoint, the manifest names the key
            closed = any(one.what == "sealed" for one in check.entries)
            with contextlib.suppress(EvidenceDamaged):
                closed = closed or Bundle.open(bundle).session().key != ""
            if closed:
                what = "the recording had ended, and its last checkpoint does not cover this event"
                standalone.fail(good.beyond, what, hint=standalone.ORIGINAL)
        if good.recorded and not any(one.what == "created" for one in check.entries):
            standalone.fail(standalone.CUSTODY, "the entries about the recording are missing", hint=standalone.ORIGINAL)
    if (size := good.tree.size) < good.last.size:
        fault = good.fault or EvidenceDamaged("events are missing that a checkpoint covers", where=EVENTS)
        hint = "the log was changed before its last checkpoint; nothing was cut"
        found = {"expected": f"{good.last.size} events", "actual": f"{size} good ones"}
        raise EvidenceDamaged(fault.message, where=fault.where, hint=hint, **found)
    return good


def _recover(bundle: Path, signer: keys.Signer, good: _Good) -> Recovered:
    size = good.tree.size
    bag.cut_torn(bundle / CHECKPOINTS)
    torn_bytes, digest = _cut(good.file, good.offset) if good.fault else (0, "")
    number = len(list((bundle / EVENTS).iterdir())) or 1
    writer = SegmentWriter(bundle, signer, Policy().segment, good.tree, good.chain, number, good.last.t)
    log = EvidenceLog(writer, Policy(), None, good.reader.frames)
    torn = {"torn_bytes": torn_bytes, "torn_sha256": digest}
    log.append(Recovery(t=now_us(), err=0, src="runner", app=good.app, events=size, **torn))  # type: ignore[arg-type]
    log.close()
    return Recovered(size, torn_bytes, signer)


class _Good:
    """What is intact of a log: everything before its first bad line, ``fault``, which is at ``offset`` of ``file``.
    ``recorded``: it holds more than recoveries; ``beyond``: the first such event behind the last checkpoint."""

    fault: EvidenceDamaged | None = None
    recorded = False
    beyond = ""

    def __init__(self, bundle: Path, points: list[standalone.Checkpoint]) -> None:
        """Raises ``EvidenceDamaged`` if a checkpoint does not match."""
        self.last = points[-1] if points else standalone.Checkpoint(0, "", "", 0)
        self.tree, self.chain, self.app, self.reader = standalone.MerkleTree(), standalone.GENESIS, "", lines.Reader()
        due = {point.size: point for point in points}
        for piece in standalone.pieces(bundle):
            self.file, self.offset, events = bundle / piece.file, piece.offset, self.reader.events(piece)
            for index, line in enumerate(piece.lines):
                try:
                    event = next(events)
                except EvidenceDamaged as fault:
                    self.fault = fault
                    return
                self.app = event.app or self.app
                if not isinstance(event, Recovery):
                    self.recorded = True
                    if self.tree.size >= self.last.size:
                        self.beyond = self.beyond or piece.where(index)
                self.tree.extend([standalone.leaf_hash(line)])
                self.chain = sha256(line).hexdigest().encode()
                self.offset += len(line) + 1
                point, chain = due.get(self.tree.size), self.chain.decode()
                if point and (point.chain, point.root) != (chain, self.tree.root().hex()):
                    what = "the log differs from its checkpoint"
                    raise EvidenceDamaged(what, where=piece.where(index), expected=point.chain, actual=chain)


def _cut(path: Path, offset: int) -> tuple[int, str]:
    """Copy everything from the bad line on into ``data/torn``, then truncate. Length and digest."""
    data = path.parents[1]
    with path.open("rb") as file:
        file.seek(offset)
        kept = file.read(_MAX_TORN)
        digest, length = sha256(kept), len(kept)
        while more := file.read(1 << 20):
            digest.update(more)
            length += len(more)
    (data / "torn").mkdir(exist_ok=True)
    bag.write_file(data / "torn" / f"{path.stem}-{offset}.bin", kept)
    host.synced(data)
    fd = host.opened(path, os.O_WRONLY)
    try:
        os.ftruncate(fd, offset)
        os.fsync(fd)
    finally:
        os.close(fd)
    host.synced(path.parent)
    return length, digest.hexdigest()
