"""The contents of a bundle's two attestations, and the time-stamp token over the first."""

import json
import urllib.error
import urllib.parse
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

from monitor.base.errors import EnvironmentFault, EvidenceDamaged, InputError, printable
from monitor.evidence import bag, checkpoint, custody, dsse
from monitor.evidence.keys import public_keys
from monitor.evidence.log import Head
from monitor.session.manifest import Session

SEAL: Final = "seal.dsse.json"
TOKEN: Final = "seal.tsr"
FINDINGS: Final = "findings.dsse.json"
#: A person's statements about dialogs after the session, additional words for reading them, and a user's own rules.
LABELS: Final = "consent-labels.jsonl"
WORDS: Final = "consent-words.tsv"
#: Their names here and in bundles of earlier versions.
WORDS_NAMES: Final = (WORDS, "consent-words.yaml")
OWN_RULES: Final = "own-rules.json"
#: Derived files that the findings' attestation covers.
DERIVED: Final = ("findings.jsonl", "coverage.jsonl", "report.html", LABELS, *WORDS_NAMES, OWN_RULES)
HANDOVER: Final = "handover.dsse.json"
EARLIER: Final = "earlier"
#: Format of the seal's statement. In 1, custody entries are unsigned, report and helpers not attested, private files
#: named by plain digest.
FORMAT: Final = 2
CAPTURE_TYPE: Final = "urn:app-privacy-monitor:capture:1"
FINDINGS_TYPE: Final = "urn:app-privacy-monitor:findings:1"
HANDOVER_TYPE: Final = "urn:app-privacy-monitor:handover:1"
_MAX_TOKEN = 1 << 20
_TIMEOUT_S: Final = 20
#: PKIStatus (RFC 3161, 2.4.2): granted, and granted with modifications.
_GRANTED: Final = (0, 1)


def capture_statement(bundle: Path, session: Session, head: Head, private: str) -> bytes:
    """The seal's statement: what was recorded, how, and with which tools. Vocabulary after in-toto ``runtime-trace``
    v0.2.

    ``private``: keyed digest of the private part's manifest; the part, or files in it, may be absent from a copy.
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
        "format": FORMAT,
        "keys": [key.id for key in public_keys(bundle)],
        "custody": custody.state(bundle),
        "private": {"optional": True, "manifest": private},
        "results": True,
        "record": session.record.model_dump(),
        "note": "Hooks report asynchronously: what they did not observe is not proven absent.",
    }
    recovered = [entry.detail | {"by": entry.key} for entry in custody.check(bundle) if entry.what == "recovered"]
    if recovered:
        predicate["recovery"] = recovered
    return dsse.statement(subjects, CAPTURE_TYPE, predicate)


def _lines(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.is_file() else 0


def findings_statement(
    bundle: Path, root: str, rules: dict[str, str], engine: str, counts: dict[str, int], packs: Sequence[str] = ()
) -> bytes:
    """The findings' statement: these rules produced these results on that recording.

    ``root`` is the Merkle root (hex), ``rules`` rule files to digests, ``engine`` the monitor's version, ``counts``
    findings by status; *inconclusive* and *not exercised* are counted as such, never as passed. The earlier results
    that are kept are named by the digests of their statements; ``packs`` of clauses, none = all.
    """
    subjects = {name: bag.digest(bundle / name) for name in DERIVED if (bundle / name).is_file()}
    subjects["events.merkle-root"] = root
    earlier = {path.parent.name: bag.digest(path) for path in sorted((bundle / EARLIER).glob(f"*/{FINDINGS}"))}
    predicate = {
        "configuration": rules, "engine": engine, "result": counts, "custody": custody.state(bundle),
        "earlier": earlier, "packs": list(packs),
    }  # fmt: skip
    return dsse.statement(subjects, FINDINGS_TYPE, predicate)


def handover_statement(bundle: Path, root: str) -> bytes:
    """A copy's statement: these files were handed over, after these custody entries."""
    subjects = {name: bag.digest(bundle / name) for name in (bag.TAG_MANIFEST, SEAL)} | {"events.merkle-root": root}
    return dsse.statement(subjects, HANDOVER_TYPE, {"custody": custody.state(bundle)})


def attested_configuration(findings: bytes | None) -> dict[str, str]:
    """What the findings, by their statement, claim to have been made with (name to SHA-256), unverified; empty if not
    stated."""
    found = _predicate(findings).get("configuration")
    return {str(name): str(digest) for name, digest in found.items()} if isinstance(found, dict) else {}


def attested_packs(findings: bytes | None) -> list[str] | None:
    """The packs of clauses that the findings claim to cite (empty = all), unverified; None if not stated."""
    found = _predicate(findings).get("packs")
    return [str(name) for name in found] if isinstance(found, list) else None


def _predicate(findings: bytes | None) -> dict[str, object]:
    try:
        predicate = json.loads(dsse.parts(findings or b"", FINDINGS)[0])["predicate"]
        return predicate if isinstance(predicate, dict) else {}
    except (EvidenceDamaged, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


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


def timestamp(url: str, signature: bytes) -> bytes:
    """An RFC 3161 response (DER) of the time-stamp authority at ``url`` over the seal's signature bytes.

    The only network access of the evidence part, and only when asked for. Raises ``InputError``, ``EnvironmentFault``.
    """
    check_authority(url)
    asked = TimestampRequestBuilder().data(signature).hash_algorithm(HashAlgorithm.SHA256).nonce(nonce=True).build()
    headers = {"Content-Type": "application/timestamp-query"}
    request = urllib.request.Request(url, asked.as_bytes(), headers)
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT_S) as answer:
            data: bytes = answer.read(_MAX_TOKEN)
        response = decode_timestamp_response(data)
    except (urllib.error.URLError, OSError, ValueError) as error:
        raise EnvironmentFault(
            f"no time-stamp: {_why(error)}", where=url.partition("?")[0], hint="check the address"
        ) from None
    if response.tst_info.message_imprint.message != _sha256(signature) or response.tst_info.nonce != asked.nonce:
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
        if response.status not in _GRANTED:
            raise EvidenceDamaged("the time-stamp cannot be read", where=TOKEN, hint="the authority did not grant it")
        if response.tst_info.message_imprint.message != _sha256(signature):
            raise EvidenceDamaged("the time-stamp does not cover this seal", where=TOKEN)
        if roots:
            builder = VerifierBuilder()
            for pem in roots:
                builder = builder.add_root_certificate(x509.load_pem_x509_certificate(pem))
            builder.build().verify_message(response, signature)
        return str(response.tst_info.gen_time.isoformat())
    except VerificationError as error:
        raise EvidenceDamaged(f"the time-stamp does not verify: {error}", where=TOKEN) from None
    except ValueError:
        hint = "some authorities send certificates in an order that this parser rejects: use openssl ts -verify"
        raise EvidenceDamaged("the time-stamp cannot be read", where=TOKEN, hint=hint) from None
