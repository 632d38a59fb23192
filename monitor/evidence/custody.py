"""The custody log: what was done with the bundle, by which key; hash-chained like the event log, each entry signed.

An entry is one line ``{"prev":"<64 hex>","detail":{…},"key":"<64 hex>","t":…,"what":"…","sig":"<128 hex>"}``. ``key``
is the raw Ed25519 public key; it signs ``DOMAIN`` and the line up to its last member, closed with a brace. Every
attestation names the number of entries and the last one's hash, so that the removal of earlier entries is detected.
"""

import json
from pathlib import Path
from typing import Final, NamedTuple

from monitor.base.clock import now_us
from monitor.base.errors import EvidenceDamaged
from monitor.evidence.keys import PublicKey, Signer
from monitor.evidence.lines import BODY, GENESIS, PREFIX, chained
from monitor.evidence.writer import append_file, write_file

FILE: Final = "custody.jsonl"
DOMAIN: Final = b"app-privacy-monitor/custody/1\n"
_TAIL: Final = len(b',"sig":"') + 128 + len(b'"}')
#: Entries, and bytes of each.
_MOST: Final = 100_000


class Entry(NamedTuple):
    """A verified entry. ``key``: SHA-256 of the key that signed it; empty in a bundle of format 1."""

    what: str
    detail: dict[str, str]
    t: int
    key: str
    hash: str


def note(bundle: Path, signer: Signer, what: str, **detail: str) -> None:
    """Add an entry: created, recovered, sealed, analysed, exported, timestamped. Raises ``EvidenceDamaged``."""
    before = check(bundle)
    prev = before[-1].hash.encode() if before else GENESIS
    body = PREFIX + prev + b'",' + _members(what, detail, signer.public.raw, now_us())
    signature = signer.sign(DOMAIN + body + b"}").hex().encode()
    append_file(bundle / FILE, body + b',"sig":"' + signature + b'"}\n')


def _members(what: str, detail: dict[str, str], key: bytes, t: int) -> bytes:
    entry = {"detail": detail, "key": key.hex(), "t": t, "what": what}
    return json.dumps(entry, sort_keys=True, separators=(",", ":")).encode()[1:-1]


def cut_torn(bundle: Path) -> None:
    """Remove an incompletely written last entry."""
    path = bundle / FILE
    if path.is_symlink() or not path.is_file() or path.stat().st_size > _MOST * _MOST:
        return
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _MOST))
        end = file.read()
    if end and not end.endswith(b"\n") and b"\n" in end:
        data = path.read_bytes()
        write_file(path, data[: data.rfind(b"\n") + 1])


def state(bundle: Path) -> dict[str, int | str]:
    """What an attestation states about it: ``entries`` and ``head`` (hex)."""
    entries = check(bundle)
    return {"entries": len(entries), "head": entries[-1].hash if entries else GENESIS.decode()}


def check(bundle: Path) -> list[Entry]:
    """All entries, chain and signatures verified. Raises ``EvidenceDamaged`` at the first that does not hold."""
    path = bundle / FILE
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise EvidenceDamaged("not a file", where=FILE)
    if not path.exists():
        return []
    with path.open("rb") as file:
        return [_entry(*line) for line in chained(file, FILE, _MOST)]


def _texts(detail: dict[str, str]) -> bool:
    return all(isinstance(text, str) for pair in detail.items() for text in pair)


def _entry(line: bytes, digest: str, where: str) -> Entry:
    try:
        record = json.loads(b"{" + line[BODY:])
        what, detail, t = str(record["what"]), dict(record["detail"]), int(record["t"])
        raw, signature = bytes.fromhex(record.get("key", "")), bytes.fromhex(record.get("sig", ""))
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        raise EvidenceDamaged("not an entry", where=where) from None
    if not raw and not signature:
        return Entry(what, detail, t, "", digest)
    tail = b',"sig":"' + signature.hex().encode() + b'"}'
    whole = len(raw) == 32 and len(tail) == _TAIL and line.endswith(tail)
    # In no other form: of a member that stands there twice, two readers may take different ones.
    if not (whole and _texts(detail) and line[BODY:-_TAIL] == _members(what, detail, raw, t)):
        raise EvidenceDamaged("not an entry", where=where)
    key = PublicKey(raw)
    if not key.verify(signature, DOMAIN + line[:-_TAIL] + b"}"):
        raise EvidenceDamaged("the entry's signature does not match its key", where=where)
    return Entry(what, detail, t, key.id, digest)
