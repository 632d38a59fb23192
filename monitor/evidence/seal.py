"""The statements about a bundle that are signed: the seal, the findings' and a copy's. Each is an in-toto Statement
(v1) in a DSSE envelope."""

import base64
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from monitor.evidence import attested, bag, custody, log
from monitor.evidence.keys import Signer
from monitor.evidence.standalone import verify as standalone
from monitor.evidence.standalone.verify import DERIVED, EARLIER, FINDINGS, MALFORMED, MANIFEST, TAG_MANIFEST
from monitor.session.manifest import Session

#: A person's statements about dialogs after the session, additional words for reading them, and a user's own rules.
LABELS: Final = "consent-labels.jsonl"
WORDS: Final = "consent-words.tsv"
#: Their names here and in bundles of earlier versions.
WORDS_NAMES: Final = (WORDS, "consent-words.yaml")
OWN_RULES: Final = "own-rules.json"
#: What an analysis may be given, rules aside, that a recording does not have.
GIVEN: Final = ("declaration", "recipients", "profile", *WORDS_NAMES, LABELS)
#: Format of the seal's statement. In 1, custody entries are unsigned, report and helpers not attested, private files
#: named by plain digest.
FORMAT: Final = 2


def statement(subjects: dict[str, str], predicate_type: str, predicate: dict[str, Any]) -> bytes:
    """A Statement over ``subjects``: name to SHA-256 in hex."""
    record = {
        "_type": standalone.STATEMENT_TYPE,
        "subject": [{"name": name, "digest": {"sha256": digest}} for name, digest in subjects.items()],
        "predicateType": predicate_type,
        "predicate": predicate,
    }
    return json.dumps(record, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def envelope(payload: bytes, signer: Signer, *, public: bool = True) -> bytes:
    """The signed envelope as JSON with newline; ``public``: with the key beside the signature, which nothing signs."""
    signature = base64.b64encode(signer.sign(standalone.dsse_encoding(payload))).decode()
    key = {"public": signer.public.pem().decode()} if public else {}
    record = {
        "payload": base64.b64encode(payload).decode(),
        "payloadType": standalone.PAYLOAD_TYPE,
        "signatures": [{"keyid": signer.public.id, "sig": signature, **key}],
    }
    return json.dumps(record, sort_keys=True).encode() + b"\n"


def capture_statement(bundle: Path, session: Session, head: log.Head, private: str) -> bytes:
    """The seal's statement: what was recorded, how, and with which tools. Vocabulary after in-toto ``runtime-trace``
    v0.2.

    ``private``: keyed digest of the private part's manifest; the part, or files in it, may be absent from a copy.
    """
    with attested.checking(bundle) as check:
        keys = [standalone.key_id(key) for key in check.read_keys()]
    written = bundle / standalone.CHECKPOINTS
    checkpoints = written.read_bytes().count(b"\n") if written.is_file() else 0
    subjects = {
        MANIFEST: bag.digest(bundle / MANIFEST),
        TAG_MANIFEST: bag.digest(bundle / TAG_MANIFEST),
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
            "checkpoints": checkpoints,
            "start": session.start,
            "end": session.end,
            "ended": session.ended,
        },
        "format": FORMAT,
        "keys": keys,
        "custody": custody.state(bundle),
        "private": {"optional": True, "manifest": private},
        "results": True,
        "record": session.record.model_dump(),
        "note": "Hooks report asynchronously: what they did not observe is not proven absent.",
    }
    recovered = [entry.detail | {"by": entry.key} for entry in custody.check(bundle) if entry.what == "recovered"]
    if recovered:
        predicate["recovery"] = recovered
    return statement(subjects, standalone.CAPTURE_TYPE, predicate)


def findings_statement(
    bundle: Path,
    root: str,
    rules: dict[str, str],
    engine: str,
    counts: dict[str, int],
    packs: Sequence[str] = (),
    given: Mapping[str, str] | None = None,
) -> bytes:
    """The findings' statement: these rules produced these results on that recording.

    ``root`` is the Merkle root (hex), ``rules`` rule files to digests, ``engine`` the monitor's version, ``counts``
    findings by status; *inconclusive* and *not exercised* are counted as such, never as passed. The earlier results
    that are kept are named by the digests of their statements; ``packs`` of clauses, none = all; ``given``: what of
    ``GIVEN`` was used and is not the recording's, with digests of what is not kept.
    """
    subjects = {name: bag.digest(bundle / name) for name in DERIVED if (bundle / name).is_file()}
    subjects["events.merkle-root"] = root
    earlier = {path.parent.name: bag.digest(path) for path in sorted((bundle / EARLIER).glob(f"*/{FINDINGS}"))}
    predicate = {
        "configuration": rules, "engine": engine, "result": counts, "custody": custody.state(bundle),
        "earlier": earlier, "packs": list(packs), **({"given": given} if given else {}),
    }  # fmt: skip
    return statement(subjects, standalone.FINDINGS_TYPE, predicate)


def claimed(findings: bytes | None) -> dict[str, Any]:
    """What the findings claim to have been made with (``findings_statement``), unverified; empty if not stated."""
    try:
        return dict(json.loads(standalone.envelope_parts(findings or b"", FINDINGS)[0])["predicate"])
    except (standalone.Damaged, *MALFORMED):
        return {}


def claimed_packs(claims: Mapping[str, Any]) -> list[str] | None:
    """The packs of clauses that the findings claim to cite (empty = all); None if not stated."""
    found = claims.get("packs")
    return [str(name) for name in found] if isinstance(found, list) else None
