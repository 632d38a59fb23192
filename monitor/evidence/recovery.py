"""After a crash: keep what is chained, set the torn tail aside, record this in the log. Never cut what a checkpoint
covers."""

import os
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import msgspec

from monitor.base.clock import now_us
from monitor.base.errors import EvidenceDamaged
from monitor.events import Recovery
from monitor.evidence import checkpoint
from monitor.evidence.keys import PublicKey, Signer
from monitor.evidence.lines import EVENTS, GENESIS, Line, body, links, raw_lines, segments
from monitor.evidence.log import EvidenceLog, Policy
from monitor.evidence.merkle import MerkleTree, leaf_hash
from monitor.evidence.stacks import StackReader
from monitor.evidence.writer import SegmentWriter, synced, write_file

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


class _Good(NamedTuple):
    tree: MerkleTree
    chain: bytes
    app: str
    bad: Line | None
    reason: str
    frames: int
    """How many frames it defines."""


def recover(bundle: Path, signer: Signer, keys: list[PublicKey]) -> Recovered:
    """Repair and close the log of a recording that was not closed.

    ``keys`` check the checkpoints that were written. Raises ``EvidenceDamaged``, the files untouched, if a line that
    a checkpoint covers is missing or bad.
    """
    points = read_checkpoints(bundle, keys)
    good = _read_good(bundle, points)
    last = points[-1].size if points else 0
    if good.tree.size < last:
        where = good.bad.where if good.bad else EVENTS
        raise EvidenceDamaged(
            good.reason or "events are missing that a checkpoint covers",
            where=where,
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


def read_checkpoints(bundle: Path, keys: list[PublicKey], *, torn: bool = True) -> list[checkpoint.Checkpoint]:
    """All checkpoints, in order; a torn last line is skipped if ``torn``. Raises ``EvidenceDamaged``."""
    path = bundle / checkpoint.FILE
    found: list[checkpoint.Checkpoint] = []
    if not path.is_file():
        return found
    with path.open("rb") as file:
        number = 0
        while raw := file.readline(checkpoint.MAX_LINE):
            number += 1
            where = f"{checkpoint.FILE}:{number}"
            if not raw.endswith(b"\n"):
                if torn and len(raw) < checkpoint.MAX_LINE and not file.read(1):
                    break
                raise EvidenceDamaged("a line without end", where=where)
            try:
                point = checkpoint.parse_line(raw[:-1], keys)
            except ValueError as error:
                raise EvidenceDamaged(str(error), where=where) from None
            if found and (point.size <= found[-1].size or point.t < found[-1].t):
                raise EvidenceDamaged("checkpoints out of order", where=where)
            found.append(point)
    return found


def _read_good(bundle: Path, points: list[checkpoint.Checkpoint]) -> _Good:
    """Everything up to the first bad line; checkpoints up to there must match."""
    tree, prev, app, stacks, frames = MerkleTree(), GENESIS, "", StackReader(), 0
    due = {point.size: point for point in points}
    for line in raw_lines(bundle):
        reason = ""
        if not line.complete:
            reason = "a line without end"
        elif not links(line.raw, prev):
            reason = "the line does not follow from the previous one"
        else:
            try:
                event = stacks.decode(body(line.raw))
                app = event.app or app
                reason = "" if event.seq == line.seq else "sequence number out of order"
            except (msgspec.DecodeError, UnicodeDecodeError):
                reason = "not an event"
        if reason:
            return _Good(tree, prev, app, line, reason, frames)
        prev, frames = sha256(line.raw).hexdigest().encode(), stacks.defined
        tree.append(leaf_hash(line.raw))
        point = due.get(tree.size)
        if point and (point.chain != prev.decode() or point.root != tree.root().hex()):
            raise EvidenceDamaged(
                "the log differs from its checkpoint", where=line.where, expected=point.chain, actual=prev.decode()
            )
    return _Good(tree, prev, app, None, "", frames)


def _cut_torn_checkpoint(bundle: Path) -> None:
    """An incompletely written checkpoint is void: the next one must start on its own line."""
    path = bundle / checkpoint.FILE
    if path.is_file() and not (data := path.read_bytes()).endswith(b"\n"):
        write_file(path, data[: data.rfind(b"\n") + 1])


def _cut(bundle: Path, bad: Line) -> tuple[int, str, str]:
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
