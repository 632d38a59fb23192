"""The log of data-subject requests: JSON lines, hash-chained like every log here.

It holds dates, channels and digests of evidence, never the content of a request.
"""

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from monitor.base import host
from monitor.base.errors import EvidenceDamaged, InputError, reading, writing
from monitor.evidence.attested import damage
from monitor.evidence.standalone.verify import BODY, GENESIS, MAX_ENTRY, PREFIX, chained


def entries(path: Path) -> list[dict[str, Any]]:
    """All entries, the chain checked; none if there is no log. Raises ``EvidenceDamaged`` or ``InputError``."""
    if not path.exists():
        return []
    with reading(path), path.open("rb") as file:
        return _read(file, path)[0]


def append(path: Path, make: Callable[[list[dict[str, Any]]], Mapping[str, Any]]) -> Mapping[str, Any]:
    """Add the entry that ``make`` returns for the entries so far, under a lock; returns it.

    Raises ``EvidenceDamaged``, ``InputError``, ``EnvironmentFault`` or what ``make`` raises (nothing is written then).
    """
    with writing(path), path.open("a+b") as file:
        host.lock(file.fileno())
        before, prev = _read(file, path)
        entry = make(before)
        body = json.dumps(entry, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
        file.seek(0, os.SEEK_END)
        file.write(PREFIX + prev + b'",' + body[1:] + b"\n")
        file.flush()
        os.fsync(file.fileno())
        return entry


def _read(file: BinaryIO, path: Path) -> tuple[list[dict[str, Any]], bytes]:
    file.seek(0)
    found: list[dict[str, Any]] = []
    prev = GENESIS
    with damage(path):
        for line, digest, where in chained(file, path.name):
            if len(found) == MAX_ENTRY - 1:
                raise InputError(f"{MAX_ENTRY} entries or more", where=str(path), hint="begin a new log")
            try:
                found.append(dict(json.loads(b"{" + line[BODY:])))
            except (ValueError, TypeError, RecursionError):
                raise EvidenceDamaged("not a valid line", where=where) from None
            prev = digest.encode()
    return found, prev
