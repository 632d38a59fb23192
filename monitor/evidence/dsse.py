"""in-toto Statements (v1) in DSSE envelopes, signed with Ed25519. What was signed is kept as bytes, never
re-encoded."""

import base64
import json
from typing import Any, Final

from monitor.base.errors import EvidenceDamaged
from monitor.evidence.keys import PublicKey, Signer

PAYLOAD_TYPE: Final = "application/vnd.in-toto+json"
STATEMENT: Final = "https://in-toto.io/Statement/v1"
MAX_BYTES: Final = 32 << 20
#: What an envelope and its signature may hold: more would be carried along unsigned.
_MEMBERS: Final = frozenset({"payload", "payloadType", "signatures"})
_OF_SIGNATURE: Final = frozenset({"keyid", "sig", "public"})


def pae(payload: bytes) -> bytes:
    """The bytes that are signed (DSSE pre-authentication encoding)."""
    kind = PAYLOAD_TYPE.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def statement(subjects: dict[str, str], predicate_type: str, predicate: dict[str, Any]) -> bytes:
    """A Statement over ``subjects``: name to SHA-256 in hex."""
    return json.dumps(
        {
            "_type": STATEMENT,
            "subject": [{"name": name, "digest": {"sha256": digest}} for name, digest in subjects.items()],
            "predicateType": predicate_type,
            "predicate": predicate,
        },
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()


def envelope(payload: bytes, signer: Signer, **extra: str) -> bytes:
    """The signed envelope as JSON with newline; ``extra`` goes beside the signature (an unsigned hint)."""
    signature = {"keyid": signer.public.id, "sig": base64.b64encode(signer.sign(pae(payload))).decode(), **extra}
    record = {
        "payload": base64.b64encode(payload).decode(),
        "payloadType": PAYLOAD_TYPE,
        "signatures": [signature],
    }
    return json.dumps(record, sort_keys=True).encode() + b"\n"


def parts(data: bytes, where: str) -> tuple[bytes, list[dict[str, str]]]:
    """Payload bytes and signature records of an envelope, nothing verified. Raises ``EvidenceDamaged``."""
    try:
        record = json.loads(data)
        payload = base64.b64decode(record["payload"], validate=True)
        signatures = [{str(k): str(v) for k, v in item.items()} for item in record["signatures"]]
        kind = record["payloadType"]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise EvidenceDamaged("not a DSSE envelope", where=where) from None
    known = record.keys() <= _MEMBERS and all(item.keys() <= _OF_SIGNATURE for item in signatures)
    if not known or json.dumps(record, sort_keys=True).encode() + b"\n" != data:
        raise EvidenceDamaged("an envelope not in canonical form", where=where)
    if kind != PAYLOAD_TYPE or base64.b64encode(payload).decode() != record["payload"]:
        raise EvidenceDamaged("not an in-toto envelope", where=where)
    return payload, signatures


def signature_bytes(data: bytes, where: str) -> bytes:
    """The first signature, as the time-stamp token covers it. Raises ``EvidenceDamaged``."""
    _, signatures = parts(data, where)
    try:
        text = signatures[0]["sig"]
        raw = base64.b64decode(text, validate=True)
    except (IndexError, KeyError, ValueError):
        raise EvidenceDamaged("no signature", where=where) from None
    if base64.b64encode(raw).decode() != text:
        raise EvidenceDamaged("a signature that is not canonical base64", where=where)
    return raw


def opened(data: bytes, keys: list[PublicKey], where: str, *, own: bool = False) -> dict[str, Any]:
    """The statement of an envelope, its signature verified before anything is parsed. ``own``: the envelope names its
    key, which nothing signs: so in one form only, and otherwise not at all. Raises ``EvidenceDamaged``."""
    payload, signatures = parts(data, where)
    signature = signature_bytes(data, where)
    signer = next((key for key in keys if key.verify(signature, pae(payload))), None)
    if signer is None or len(signatures) != 1 or signatures[0].get("keyid") != signer.id:
        raise EvidenceDamaged("the signature does not match the key", where=where)
    if signatures[0].get("public") != (signer.pem().decode() if own else None):
        raise EvidenceDamaged("an envelope not in canonical form", where=where)
    try:
        result = json.loads(payload)
        subjects = result["subject"]
        if result["_type"] != STATEMENT or not isinstance(result["predicate"], dict):
            raise ValueError
        if not all(isinstance(item["digest"]["sha256"], str) for item in subjects):
            raise ValueError
    except (ValueError, KeyError, TypeError, RecursionError):
        raise EvidenceDamaged("not an in-toto Statement", where=where) from None
    assert isinstance(result, dict)
    return result


def subjects(record: dict[str, Any]) -> dict[str, str]:
    """Subject names to SHA-256 (hex) of a statement."""
    return {str(item["name"]): str(item["digest"]["sha256"]) for item in record["subject"]}
