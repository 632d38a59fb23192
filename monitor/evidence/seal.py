"""What a bundle's two attestations say, and the time-stamp token over the first."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from monitor.errors import EnvironmentFault, EvidenceDamaged, InputError
from monitor.evidence import bag, checkpoint, dsse
from monitor.evidence.log import Head
from monitor.session import Session

SEAL: Final = "seal.dsse.json"
TOKEN: Final = "seal.tsr"
FINDINGS: Final = "findings.dsse.json"
#: Derived files that the findings' attestation covers.
DERIVED: Final = ("findings.jsonl", "coverage.jsonl")
CAPTURE_TYPE: Final = "urn:app-privacy-monitor:capture:1"
FINDINGS_TYPE: Final = "urn:app-privacy-monitor:findings:1"
_MAX_TOKEN = 1 << 20


def capture_statement(bundle: Path, session: Session, head: Head, private: dict[str, str]) -> bytes:
    """The seal's statement: this was recorded, how, by what. Words after in-toto ``runtime-trace`` v0.2.

    ``private``: digests of files of the private part; they may be missing from a copy.
    """
    subjects = {
        bag.MANIFEST: bag.digest(bundle / bag.MANIFEST),
        bag.TAG_MANIFEST: bag.digest(bundle / bag.TAG_MANIFEST),
        "events.merkle-root": head.root,
        "events.chain-head": head.chain,
    }
    if session.app.apk_sha256:
        subjects["app"] = session.app.apk_sha256
    predicate: dict[str, Any] = {
        "monitor": {
            "type": "app-privacy-monitor",
            "versions": session.versions.model_dump(),
            "configSource": {"scenario": session.scenario, "sha256": session.scenario_sha256},
            "tracePolicy": {"packs": session.packs, "digests": session.digests},
        },
        "monitoredProcess": {
            "app": session.app.package,
            "version": session.app.version,
            "device": session.device.model,
        },
        "monitorLog": {
            "events": head.size,
            "checkpoints": _lines(bundle / checkpoint.FILE),
            "start": session.start,
            "end": session.end,
            "ended": session.ended,
        },
        "private": {"optional": True, "sha256": private},
        "record": session.record.model_dump(),
        "note": "Hooks observe asynchronously: what they did not see is not shown to be absent.",
    }
    return dsse.statement(subjects, CAPTURE_TYPE, predicate)


def _lines(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.is_file() else 0


def findings_statement(bundle: Path, root: str, rules: dict[str, str], engine: str, counts: dict[str, int]) -> bytes:
    """The findings' statement: these rules gave these results on that recording.

    ``root`` is the Merkle root (hex), ``rules`` rule files to digests, ``engine`` the monitor's version, ``counts``
    findings by status; *inconclusive* and *not exercised* stand there, never as passed.
    """
    subjects = {name: bag.digest(bundle / name) for name in DERIVED if (bundle / name).is_file()}
    subjects["events.merkle-root"] = root
    return dsse.statement(subjects, FINDINGS_TYPE, {"configuration": rules, "engine": engine, "result": counts})


def timestamp(url: str, signature: bytes, timeout: float = 20.0) -> bytes:
    """An RFC 3161 response (DER) of the time-stamp authority at ``url`` over the seal's signature bytes.

    The only network access of the evidence part, and only when asked for. Raises ``InputError``, ``EnvironmentFault``.
    """
    if not url.startswith(("http://", "https://")):
        raise InputError("not an http or https address", where=url)
    asked = TimestampRequestBuilder().data(signature).hash_algorithm(HashAlgorithm.SHA256).nonce(nonce=True).build()
    headers = {"Content-Type": "application/timestamp-query"}
    request = urllib.request.Request(url, asked.as_bytes(), headers)
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            data: bytes = answer.read(_MAX_TOKEN)
        response = decode_timestamp_response(data)
    except (urllib.error.URLError, OSError, ValueError) as error:
        raise EnvironmentFault(f"no time-stamp: {type(error).__name__}", where=url) from None
    if response.tst_info.message_imprint.message != _sha256(signature) or response.tst_info.nonce != asked.nonce:
        raise EnvironmentFault("the time-stamp is for something else", where=url)
    return data


def _sha256(data: bytes) -> bytes:
    digest = hashes.Hash(hashes.SHA256())
    digest.update(data)
    return digest.finalize()


def check_token(token: bytes, signature: bytes, roots: Sequence[bytes] = ()) -> str:
    """The token's time (ISO 8601). With ``roots`` (PEM certificates) its signature and chain are verified as well.

    Raises ``EvidenceDamaged``.
    """
    try:
        response = decode_timestamp_response(token)
        if response.tst_info.message_imprint.message != _sha256(signature):
            raise EvidenceDamaged("the time-stamp is not over this seal", where=TOKEN)
        if roots:
            builder = VerifierBuilder()
            for pem in roots:
                builder = builder.add_root_certificate(x509.load_pem_x509_certificate(pem))
            builder.build().verify_message(response, signature)
        return str(response.tst_info.gen_time.isoformat())
    except VerificationError as error:
        raise EvidenceDamaged(f"the time-stamp does not verify: {error}", where=TOKEN) from None
    except ValueError:
        hint = "some authorities send certificates in an order that this parser refuses: use openssl ts -verify"
        raise EvidenceDamaged("the time-stamp cannot be read", where=TOKEN, hint=hint) from None
