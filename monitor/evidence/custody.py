"""The custody log: what was done with the bundle after (and around) recording, hash-chained like the event log.

It grows after sealing and is not signed: entries cut off at its end are not noticed, changed ones are.
"""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Final

from monitor.clock import now_us
from monitor.errors import EvidenceDamaged
from monitor.evidence.lines import GENESIS, PREFIX, links
from monitor.evidence.writer import append_file

FILE: Final = "custody.jsonl"
_MAX_LINE: Final = 100_000


def note(bundle: Path, what: str, **detail: str) -> None:
    """Add an entry: created, recovered, sealed, analysed, exported, destroyed …"""
    prev = check(bundle)
    entry = {"detail": detail, "t": now_us(), "what": what}
    line = PREFIX + prev + b'",' + json.dumps(entry, sort_keys=True, separators=(",", ":")).encode()[1:]
    append_file(bundle / FILE, line + b"\n")


def check(bundle: Path) -> bytes:
    """The hash of the last entry (64 hex digits as bytes). Raises ``EvidenceDamaged`` at the first break."""
    prev, path, number = GENESIS, bundle / FILE, 0
    if not path.is_file():
        return prev
    with path.open("rb") as file:
        while raw := file.readline(_MAX_LINE):
            number += 1
            if not raw.endswith(b"\n") or not links(raw, prev):
                raise EvidenceDamaged("the entry does not follow from the one before", where=f"{FILE}:{number}")
            prev = sha256(raw[:-1]).hexdigest().encode()
    return prev
