"""RFC 3161 time-stamps over a seal: obtained, and verified."""

import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Collection
from typing import Final

import rfc3161_client as rfc3161
from cryptography import x509

from monitor.base.errors import EnvironmentFault, EvidenceDamaged, InputError, printable
from monitor.evidence.standalone.verify import TOKEN, sha256

_MAX_TOKEN: Final = 1 << 20
_TIMEOUT_S: Final = 20


def check_authority(url: str) -> None:
    """Refuse what cannot be the address of a time-stamp authority. Raises ``InputError``."""
    try:
        parts = urllib.parse.urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0 and url.isprintable()
        good = good and parts.username is None
    except ValueError:
        good = False
    if not good:
        hint = "give the address of an RFC 3161 authority, for example https://tsa.example/"
        raise InputError("not an http or https address", where=printable(url, 100), hint=hint)


def obtain(url: str, signature: bytes) -> bytes:
    """An RFC 3161 response (DER) of the time-stamp authority at ``url`` over the seal's signature bytes.

    The only network access of the evidence part, and only when asked for. Raises ``InputError``, ``EnvironmentFault``.
    """
    check_authority(url)
    builder = rfc3161.TimestampRequestBuilder().data(signature).hash_algorithm(rfc3161.HashAlgorithm.SHA256)
    asked = builder.nonce(nonce=True).build()
    headers = {"Content-Type": "application/timestamp-query"}
    request = urllib.request.Request(url, asked.as_bytes(), headers)
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT_S) as answer:
            data: bytes = answer.read(_MAX_TOKEN)
        response = rfc3161.decode_timestamp_response(data)
    except (urllib.error.URLError, OSError, ValueError) as error:
        raise EnvironmentFault(
            f"no time-stamp: {_why(error)}", where=url.partition("?")[0], hint="check the address"
        ) from None
    if response.tst_info.message_imprint.message != sha256(signature) or response.tst_info.nonce != asked.nonce:
        raise EnvironmentFault("the time-stamp covers something else", where=url.partition("?")[0])
    return data


def _why(error: Exception) -> str:
    """Why the authority gave no token: the system's reason, the status, or what is wrong with the answer."""
    if isinstance(error, urllib.error.HTTPError):
        return f"HTTP status {error.code}"
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(cause, OSError):
        return (cause.strerror or type(cause).__name__).lower()
    return "not a time-stamp response" if isinstance(cause, ValueError) else type(error).__name__


def require_authority(token: bytes, signature: bytes, roots: Collection[bytes]) -> None:
    """Verify a token's signature and chain against ``roots`` (PEM certificates). Raises ``EvidenceDamaged``."""
    try:
        builder = rfc3161.VerifierBuilder()
        for pem in roots:
            builder = builder.add_root_certificate(x509.load_pem_x509_certificate(pem))
        builder.build().verify_message(rfc3161.decode_timestamp_response(token), signature)
    except rfc3161.VerificationError as error:
        raise EvidenceDamaged(f"the time-stamp does not verify: {error}", where=TOKEN) from None
    except ValueError:
        hint = "some authorities send certificates in an order that this parser rejects: use openssl ts -verify"
        raise EvidenceDamaged("the time-stamp cannot be read", where=TOKEN, hint=hint) from None
