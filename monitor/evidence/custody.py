"""The custody log: what was done with the bundle, by which key; hash-chained like the event log, each entry signed.

An entry is one line ``{"prev":"<64 hex>","detail":{…},"key":"<64 hex>","t":…,"what":"…","sig":"<128 hex>"}``. ``key``
is the raw Ed25519 public key; it signs ``CUSTODY_DOMAIN`` and the line up to its last member, closed with a brace.
Every attestation names the number of entries and the last one's hash, so that the removal of earlier entries is
detected.
"""

from pathlib import Path

from monitor.base.clock import now_us
from monitor.evidence import attested, bag, keys
from monitor.evidence.standalone.verify import CUSTODY, CUSTODY_DOMAIN, GENESIS, PREFIX, Entry
from monitor.evidence.standalone.verify import custody_members as members


def check(bundle: Path) -> list[Entry]:
    """All entries, chain and signatures verified. Raises ``EvidenceDamaged`` at the first that does not hold."""
    with attested.checking(bundle) as verifier:
        return verifier.read_custody()


def note(bundle: Path, signer: keys.Signer, what: str, **detail: str) -> None:
    """Add an entry: created, recovered, sealed, analysed, exported, timestamped. Raises ``EvidenceDamaged``."""
    body = PREFIX + str(state(bundle)["head"]).encode() + b'",' + members(signer.public.raw, what, detail, now_us())
    signature = signer.sign(CUSTODY_DOMAIN + body + b"}").hex().encode()
    bag.append_file(bundle / CUSTODY, body + b',"sig":"' + signature + b'"}\n')


def state(bundle: Path) -> dict[str, int | str]:
    """What an attestation states about it: ``entries`` and ``head`` (hex)."""
    entries = check(bundle)
    return {"entries": len(entries), "head": entries[-1].hash if entries else GENESIS.decode()}
