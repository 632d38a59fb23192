"""The forms of what a bundle holds: names and manifests, checkpoints, envelopes. Each has one spelling."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.base.errors import EvidenceDamaged, InputError
from monitor.evidence import bag, seal
from monitor.evidence.attested import Checker, damage
from monitor.evidence.keys import Signer
from monitor.evidence.log import checkpoint_line
from monitor.evidence.standalone.verify import MANIFEST, Checkpoint, Damaged, Statement, dsse_encoding

DIGEST = "ab" * 32
SIGNER, OTHER = Signer.generate(), Signer.generate()


@pytest.mark.parametrize("name", ["a", "inputs/scenario.yaml", "a/b/c/d", "A-1_2.json", "a..b"])
def test_names_that_can_be_kept(name: str) -> None:
    assert bag.safe_name(name) == name


@pytest.mark.parametrize(
    "name", ["", ".", "..", "a/../b", "/a", "a/", "a//b", "a b", "a\n", "-a", ".a", "a/b/c/d/e", "é", "a" * 122]
)
def test_names_that_cannot(name: str) -> None:
    with pytest.raises(InputError):
        bag.safe_name(name)


@pytest.mark.parametrize(
    "line",
    [
        f"{DIGEST} data/a", f"{DIGEST.upper()}  data/a", f"{DIGEST[:-1]}  data/a", f"{DIGEST}  ../a",
        f"{DIGEST}  data/../../a", f"{DIGEST}  /etc/passwd", f"{DIGEST}  data/a\r", "", f"{'cd' * 32}  data/first",
    ],
)  # fmt: skip
def test_lines_that_no_manifest_has(tmp_path: Path, line: str) -> None:
    check = Checker(tmp_path)
    (tmp_path / MANIFEST).write_text(f"{DIGEST}  data/first\n{DIGEST}  data/a\n")
    assert check.read_manifest(MANIFEST) == {"data/first": DIGEST, "data/a": DIGEST}
    (tmp_path / MANIFEST).write_text(f"{DIGEST}  data/first\n{line}\n", "utf-8", newline="")
    with pytest.raises(Damaged, match=f"{MANIFEST}:2: not a valid manifest line"):
        check.read_manifest(MANIFEST)


def test_the_survey_finds_what_does_not_belong(tmp_path: Path) -> None:
    check = Checker(tmp_path)
    (tmp_path / "data" / "events").mkdir(parents=True)
    (tmp_path / "data" / "events" / "000001.jsonl").touch()
    check.survey(complete=True)
    (tmp_path / "notes.txt").touch()
    check.survey()
    with pytest.raises(Damaged, match=r"notes\.txt: a file that was not recorded"):
        check.survey(complete=True)
    (tmp_path / "notes.txt").unlink()
    (tmp_path / "data" / "new").mkdir()
    with pytest.raises(Damaged, match="data/new: an empty folder"):
        check.survey(complete=True)
    os.mkfifo(tmp_path / "data" / "new" / "pipe")
    with pytest.raises(Damaged, match="data/new/pipe: neither a file nor a directory"):
        check.survey()


def test_a_bottomless_bundle_ends(tmp_path: Path) -> None:
    tmp_path.joinpath(*"d" * 12).mkdir(parents=True)
    with pytest.raises(Damaged, match="too many files or folders"):
        Checker(tmp_path).survey()


def test_the_manifest_counts_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    for name, text in (("b", "12"), ("a", "345")):
        (tmp_path / "data" / name).write_text(text)
    text, octets, count = bag.manifest(tmp_path)
    assert [line.split()[1] for line in text.decode().splitlines()] == ["data/a", "data/b"]
    assert (octets, count) == (5, 2)
    (tmp_path / "data" / "c").symlink_to(tmp_path / "data" / "a")
    with pytest.raises(EvidenceDamaged, match="data/c"):
        bag.manifest(tmp_path)


POINT = Checkpoint(7, "ab" * 32, "cd" * 32, 1_790_000_000_000_000)
LINE = checkpoint_line(POINT, SIGNER).rstrip(b"\n")


def checkpoint(line: bytes, *keys: Signer) -> Checkpoint:
    check = Checker(Path())
    check.keys = [key.public.raw for key in keys]
    return check.read_checkpoint(line, "x")


def test_a_checkpoint_is_read_back_by_whose_key_signed(tmp_path: Path) -> None:
    assert checkpoint(LINE, OTHER, SIGNER) == POINT
    assert POINT.text().splitlines()[:2] == ["app-privacy-monitor/evidence-log", "7"]
    for keys in ((), (OTHER,)):
        with pytest.raises(Damaged, match="matches no key"):
            checkpoint(LINE, *keys)


def test_a_witness_may_sign_beside_us_but_not_alone() -> None:
    text, _, ours = json.loads(LINE)["note"].partition("\n\n")
    theirs = f"— witness.example {base64.b64encode(b'1234' + bytes(64)).decode()}\n"
    both = json.dumps({"note": f"{text}\n\n{theirs}{ours}"}, ensure_ascii=False).encode()
    assert checkpoint(both, SIGNER) == POINT
    alone = json.dumps({"note": f"{text}\n\n{theirs}"}, ensure_ascii=False).encode()
    with pytest.raises(Damaged, match="matches no key"):
        checkpoint(alone, SIGNER)


@given(st.integers(0, len(LINE) - 1), st.integers(0, 255))
@example(LINE.rindex(b"n"), ord("r"))
def test_no_other_bytes_are_the_same_checkpoint(place: int, byte: int) -> None:
    changed = LINE[:place] + bytes([byte]) + LINE[place + 1 :]
    if changed != LINE:
        with pytest.raises(Damaged, match=r"checkpoint|key"):
            checkpoint(changed, SIGNER)


@given(
    st.binary(max_size=80)
    | st.recursive(st.none() | st.text(max_size=5), st.lists).map(lambda v: json.dumps({"note": v}).encode())
)
def test_no_other_line_is_a_checkpoint(line: bytes) -> None:
    with pytest.raises(Damaged, match="not a checkpoint"):
        checkpoint(line, SIGNER)


PAYLOAD = seal.statement({"manifest-sha256.txt": DIGEST}, "urn:x", {"format": 3, "title": "隐私"})
DATA = seal.envelope(PAYLOAD, SIGNER, public=False)


def opened(data: bytes, *keys: Signer, own: bool = False) -> Statement:
    raw = None if own else [key.public.raw for key in keys]
    with damage(Path()):
        return Checker(Path()).open_envelope("seal.dsse.json", "urn:x", raw, data)


def again(**changes: Any) -> bytes:
    return json.dumps(json.loads(DATA) | changes, sort_keys=True).encode() + b"\n"


def signed(payload: bytes) -> bytes:
    return seal.envelope(payload, SIGNER, public=False)


def changed(**members: Any) -> bytes:
    return signed(json.dumps(json.loads(PAYLOAD) | members).encode())


def test_a_statement_is_read_back() -> None:
    found = opened(DATA, OTHER, SIGNER)
    assert found.subjects == {"manifest-sha256.txt": DIGEST} and found.by == SIGNER.public.id
    assert found.predicate == {"format": 3, "title": "隐私"}
    # DSSE: ``"DSSEv1" SP LEN(type) SP type SP LEN(body) SP body``.
    assert dsse_encoding(b"{}") == b"DSSEv1 28 application/vnd.in-toto+json 2 {}"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"[]\n", "not a DSSE envelope"),
        (b"[" * 5000, "not a DSSE envelope"),
        (DATA.rstrip(b"\n"), "canonical form"),
        (DATA.replace(b'{"payload": ', b'{"payload":', 1), "canonical form"),
        (again(payloadType="text/plain"), "not an in-toto envelope"),
        (again(signatures=[]), "not a DSSE envelope"),
        (again(signatures=json.loads(DATA)["signatures"] * 2), "not a DSSE envelope"),
        (again(signatures=[{"keyid": SIGNER.public.id, "sig": "!"}]), "no signature"),
        (again(payload=base64.b64encode(b"{}").decode()), "does not match the key"),
        (again(signatures=[json.loads(DATA)["signatures"][0] | {"keyid": OTHER.public.id}]), "does not match the key"),
        (seal.envelope(PAYLOAD, OTHER, public=False), "does not match the key"),
        (signed(b"{}"), "not an in-toto Statement"),
        (signed(b"\xff"), "not an in-toto Statement"),
        (changed(_type="x"), "not an in-toto Statement"),
        (changed(predicate=[]), "not an in-toto Statement"),
        (changed(subject=[{}]), "not an in-toto Statement"),
        (changed(predicateType="urn:y"), "a statement of a different type"),
    ],
)  # fmt: skip
def test_what_is_no_statement_is_named_with_its_place(data: bytes, says: str) -> None:
    with pytest.raises(EvidenceDamaged, match=f"^seal.dsse.json: .*{says}"):
        opened(data, SIGNER)


@pytest.mark.parametrize("public", ["", SIGNER.public.pem().decode() + "\n", SIGNER.public.pem().decode()])
def test_a_key_that_nothing_signs_stands_only_where_it_is_asked_for_and_in_one_form(public: str) -> None:
    data = again(signatures=[json.loads(DATA)["signatures"][0] | {"public": public}])
    if public == SIGNER.public.pem().decode():
        assert opened(data, own=True)
    else:
        with pytest.raises(EvidenceDamaged, match=r"not in canonical form|no Ed25519 public key"):
            opened(data, own=True)
    with pytest.raises(EvidenceDamaged, match="not in canonical form"):
        opened(data, SIGNER)
