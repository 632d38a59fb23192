"""Personal values: salted commitments, with their openings in the private part, and keyed equality tags.

A disclosure is base64url of a JSON array ``[salt, data type, value]`` (in the style of RFC 9901, the salt 16 random
bytes); its SHA-256 is the commitment in the event. Anyone shown a disclosure can hash it and find the commitment there.
"""

from __future__ import annotations

import base64
import hmac
import json
import os
import re
import secrets
import threading
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple

from monitor.base import host
from monitor.base.errors import EvidenceDamaged
from monitor.events import ValueRef
from monitor.evidence import attested, bag
from monitor.evidence.standalone.verify import cover
from monitor.session.observe import RawValue, bucket

DISCLOSURES: Final = "disclosures.jsonl"
KEY: Final = "key"
#: Characters of a value that a disclosure keeps; tag and size always cover the whole value.
MAX_VALUE: Final = 65_536
_REMEMBERED: Final = 20_000
_HEX_IDS: Final = frozenset("mac bt_mac bssid oaid gaid drm_id android_id install_id push_id serial eid".split())
_DIGIT_IDS: Final = frozenset("imei meid imsi iccid phone_no".split())


def normalise(data_type: str, text: str) -> str:
    """The normal form in which two spellings of one value are equal: case and separators of identifiers, quotes of an
    SSID.

    >>> normalise("mac", "02:AB:cd:00:11:22") == normalise("mac", "02abcd001122")
    True
    """
    clean = unicodedata.normalize("NFKC", text).strip()
    if data_type in _HEX_IDS:
        return re.sub(r"[\s:.\-_{}]", "", clean).casefold()
    if data_type in _DIGIT_IDS:
        digits = re.sub(r"[\s:.\-_()]", "", clean).casefold()
        return re.sub(r"^(\+|00)?86(?=1\d{10}$)", "", digits) if data_type == "phone_no" else digits
    if data_type == "ssid":
        return clean.removeprefix('"').removesuffix('"')
    return re.sub(r"\s+", " ", clean)


def commitment(disclosure: str) -> str:
    """The commitment (64 hex digits) that a disclosure opens."""
    return sha256(disclosure.encode()).hexdigest()


def session_key(private: Path) -> bytes:
    """The session key of a private part. Raises ``EvidenceDamaged`` if it is missing or invalid."""
    with attested.checking(private.parent) as check:
        return check.session_key()


class Opening(NamedTuple):
    """A value behind a commitment."""

    commit: str
    data_type: str
    text: str


class Vault:
    """Turns raw values into ``ValueRef`` and keeps their openings. Thread-safe.

    ``session_key``: 32 bytes. ``private``: the bundle's private directory, mode 0700.
    """

    def __init__(self, session_key: bytes, private: Path) -> None:
        self._key = session_key
        self._lock = threading.Lock()
        self._reference = lru_cache(_REMEMBERED)(self._disclosed)
        self._fd = host.opened(private / DISCLOSURES, host.APPEND, 0o600)

    @classmethod
    def create(cls, private: Path) -> Vault:
        """A vault with a new session key, kept in ``private/key``."""
        key = secrets.token_bytes(32)
        bag.write_file(private / KEY, key.hex().encode() + b"\n", 0o600)
        return cls(key, private)

    def tag(self, value: RawValue) -> str:
        """The equality tag: HMAC-SHA-256 over data type and normalised value, the first 32 hex digits."""
        message = f"{value.data_type}\0{normalise(value.data_type, value.text)}"
        return hmac.digest(self._key, message.encode("utf-8", "replace"), "sha256").hex()[:32]

    def cover(self, digest: str) -> str:
        """The name used in an event for the SHA-256 (hex) of private bytes: 64 hex digits; empty for empty."""
        return cover(self._key, digest)

    def redact(self, value: RawValue) -> ValueRef:
        """The reference that represents the value in events. The same text gets the same reference."""
        with self._lock:
            return self._reference(value)

    def _disclosed(self, value: RawValue) -> ValueRef:
        salt = base64.urlsafe_b64encode(secrets.token_bytes(16)).decode()
        opening = json.dumps([salt, value.data_type, value.text[:MAX_VALUE]])
        disclosure = base64.urlsafe_b64encode(opening.encode()).rstrip(b"=").decode()
        bag.write_all(self._fd, json.dumps({"disclosure": disclosure}).encode() + b"\n")
        size, commit = bucket(len(value.text)), commitment(disclosure)
        return ValueRef(data_type=value.data_type, tag=self.tag(value), commit=commit, size=size)

    def close(self) -> None:
        """Flush and close; idempotent."""
        with self._lock:
            if self._fd >= 0:
                host.flush(self._fd)
                os.close(self._fd)
                self._fd = -1


def openings(private: Path) -> Iterator[Opening]:
    """All openings of a private part; a torn last line is skipped. Raises ``EvidenceDamaged``."""
    path = private / DISCLOSURES
    if not path.is_file():
        return
    limit = 8 * MAX_VALUE * 2
    with path.open("rb") as file:
        for number, raw in enumerate(iter(lambda: file.readline(limit), b""), 1):
            if not raw.endswith(b"\n"):
                return
            try:
                disclosure = json.loads(raw)["disclosure"]
                padded = disclosure + "=" * (-len(disclosure) % 4)
                _, data_type, text = json.loads(base64.urlsafe_b64decode(padded))
            except (ValueError, KeyError, TypeError, RecursionError):
                raise EvidenceDamaged("not a disclosure", where=f"private/{DISCLOSURES}:{number}") from None
            yield Opening(commitment(disclosure), str(data_type), str(text))
