"""Ed25519 keys of a bundle: generated for one recording, or supplied by the operator as a PEM file."""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from monitor.base import host
from monitor.base.errors import InputError, read_bytes
from monitor.evidence.standalone import verify as standalone

MAX_KEY_BYTES = 100_000


class PublicKey:
    """Checks signatures. ``id`` is the SHA-256 of the 32 raw key bytes, in hex."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.id = standalone.key_id(raw)
        self._key = Ed25519PublicKey.from_public_bytes(raw)

    def verify(self, signature: bytes, message: bytes) -> bool:
        """Whether ``signature`` is this key's over ``message``."""
        try:
            self._key.verify(signature, message)
        except InvalidSignature:
            return False
        return True

    def pem(self) -> bytes:
        """The key as PEM (SubjectPublicKeyInfo), as openssl reads it."""
        return standalone.pem(self.raw).encode()


class Signer:
    """Signs. ``public`` is the other half."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        raw = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        self.public = PublicKey(raw)

    @classmethod
    def generate(cls) -> Signer:
        """A new key."""
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def load(cls, path: Path) -> Signer:
        """The private key of a PEM file without passphrase. Raises ``InputError``."""
        data = read_bytes(path, MAX_KEY_BYTES, "too large for a key")
        try:
            key = serialization.load_pem_private_key(data, None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            raise InputError("not a PEM private key without passphrase", where=str(path), hint=_HINT) from None
        if not isinstance(key, Ed25519PrivateKey):
            raise InputError("not an Ed25519 key", where=str(path), hint=_HINT)
        return cls(key)

    def save(self, path: Path) -> None:
        """Write the private key as PEM, readable by the owner only. Never overwrites (``FileExistsError``)."""
        pem = self._key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        with os.fdopen(host.opened(path, host.CREATE, 0o600), "wb") as file:
            file.write(pem)

    def sign(self, message: bytes) -> bytes:
        """The 64 signature bytes."""
        return self._key.sign(message)


_HINT = "create one with: openssl genpkey -algorithm ed25519 -out key.pem"


def parse_public(data: bytes, where: str) -> list[PublicKey]:
    """All Ed25519 public keys of a PEM text. Raises ``InputError`` if there is none or one cannot be used."""
    try:
        return [PublicKey(raw) for raw in standalone.public_keys(data.decode("ascii", "replace"), where)]
    except standalone.Damaged as fault:
        hint = "monitor key show FILE prints the one of a private key"
        raise InputError(fault.what, where=where, hint=hint) from None


def key_id(named: str) -> str:
    """The ID of a key that is named by it, or by a PEM file. Raises ``InputError``."""
    return named.lower() if standalone.KEY_ID.fullmatch(named) else load_public(Path(named)).id


def load_public(path: Path) -> PublicKey:
    """The public key of a PEM file that holds a public or a private key. Raises ``InputError``."""
    data = read_bytes(path, MAX_KEY_BYTES, "too large for a key")
    if b"PRIVATE KEY-----" in data:
        return Signer.load(path).public
    return parse_public(data, str(path))[0]
