"""Envelopes: what is signed is what was written, to the byte, and nothing is parsed before its signature is checked."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from monitor.base.errors import EvidenceDamaged
from monitor.evidence import dsse
from monitor.evidence.keys import Signer

SIGNER, OTHER = Signer.generate(), Signer.generate()
PAYLOAD = dsse.statement({"manifest-sha256.txt": "ab" * 32}, "urn:x", {"format": 3, "title": "隐私"})
DATA = dsse.envelope(PAYLOAD, SIGNER)


def again(**changes: Any) -> bytes:
    return json.dumps(json.loads(DATA) | changes, sort_keys=True).encode() + b"\n"


def signed(payload: bytes) -> bytes:
    return dsse.envelope(payload, SIGNER)


def test_a_statement_is_read_back() -> None:
    found = dsse.opened(DATA, [OTHER.public, SIGNER.public], "x")
    assert dsse.subjects(found) == {"manifest-sha256.txt": "ab" * 32}
    assert found["predicate"] == {"format": 3, "title": "隐私"}


def test_what_is_signed_is_the_encoding_of_the_standard() -> None:
    """DSSE: ``"DSSEv1" SP LEN(type) SP type SP LEN(body) SP body``."""
    assert dsse.pae(b"{}") == b"DSSEv1 28 application/vnd.in-toto+json 2 {}"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "not a DSSE envelope"),
        (b"[]\n", "not a DSSE envelope"),
        (b"[" * 5000, "not a DSSE envelope"),
        (DATA.rstrip(b"\n"), "canonical form"),
        (DATA.replace(b'{"payload": ', b'{"payload":', 1), "canonical form"),
        (again(payloadType="text/plain"), "not an in-toto envelope"),
        (again(signatures=[]), "no signature"),
        (again(signatures=[{"keyid": SIGNER.public.id, "sig": "!"}]), "no signature"),
        (again(payload=base64.b64encode(b"{}").decode()), "does not match the key"),
        (again(signatures=json.loads(DATA)["signatures"] * 2), "does not match the key"),
        (again(signatures=[json.loads(DATA)["signatures"][0] | {"keyid": OTHER.public.id}]), "does not match the key"),
        (signed(b"{}"), "not an in-toto Statement"),
        (signed(b"\xff"), "not an in-toto Statement"),
        (signed(json.dumps(json.loads(PAYLOAD) | {"_type": "x"}).encode()), "not an in-toto Statement"),
        (signed(json.dumps(json.loads(PAYLOAD) | {"predicate": []}).encode()), "not an in-toto Statement"),
        (signed(json.dumps(json.loads(PAYLOAD) | {"subject": [{}]}).encode()), "not an in-toto Statement"),
    ],
)  # fmt: skip
def test_what_is_none_is_named_with_its_place(data: bytes, says: str) -> None:
    with pytest.raises(EvidenceDamaged, match=says) as caught:
        dsse.opened(data, [SIGNER.public], "seal.dsse.json")
    assert str(caught.value).startswith("seal.dsse.json: ")


@pytest.mark.parametrize("public", ["a hint", SIGNER.public.pem().decode() + "\n", SIGNER.public.pem().decode()])
def test_a_key_that_nothing_signs_stands_only_where_it_is_asked_for_and_in_one_form(public: str) -> None:
    data, whole = dsse.envelope(PAYLOAD, SIGNER, public=public), public == SIGNER.public.pem().decode()
    for own in (True, False):
        if own and whole:
            assert dsse.opened(data, [SIGNER.public], "x", own=own)
            continue
        with pytest.raises(EvidenceDamaged, match="not in canonical form"):
            dsse.opened(data, [SIGNER.public], "x", own=own)


def test_a_strangers_signature_is_refused_though_it_names_his_key() -> None:
    with pytest.raises(EvidenceDamaged, match="does not match the key"):
        dsse.opened(dsse.envelope(PAYLOAD, OTHER), [SIGNER.public], "x")
