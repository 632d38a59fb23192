"""Nothing can be changed without notice: bits, lines, files, seals; with both verifiers."""

from __future__ import annotations

import base64
import importlib.util
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import bagit
import pytest

from monitor.errors import EvidenceDamaged, InputError
from monitor.evidence import Bundle, EvidenceLog, prove, read_events, verify
from monitor.evidence import bag as bags
from monitor.evidence.keys import Signer
from monitor.evidence.merkle import verify_inclusion
from monitor.session import Record, Session

from .conftest import call, make_sealed

EDIT = Callable[[Path, Callable[[bytes], bytes]], None]


@pytest.fixture(scope="session")
def standalone() -> ModuleType:
    path = Path(__file__).parents[2] / "monitor/evidence/standalone/verify.py"
    spec = importlib.util.spec_from_file_location("standalone_verify", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def alone(bundle: Path, *more: str) -> subprocess.CompletedProcess[str]:
    script = Path(__file__).parents[2] / "monitor/evidence/standalone/verify.py"
    return subprocess.run([sys.executable, "-I", script, bundle, *more], capture_output=True, text=True)


def test_whole(sealed: Path) -> None:
    found = verify(sealed)
    assert (found.events, found.private, found.findings, found.trusted) == (12, True, "attested", False)
    assert verify(sealed, sealed / "public.pem").trusted
    assert alone(sealed).returncode == 0
    bagit.Bag(str(sealed)).validate()


def test_every_bit_of_the_log(tmp_path: Path, standalone: ModuleType) -> None:
    """Each of some ten thousand flips is noticed by chain, tree and head alone, without the manifest's help."""
    bundle = make_sealed(tmp_path / "b", events=3)
    path = bundle / "data/events/000001.jsonl"
    data = path.read_bytes()
    points = standalone.read_checkpoints(bundle, standalone.public_keys((bundle / "public.pem").read_text(), "x"))
    head = standalone.check_log(bundle, points)
    missed = 0
    for bit in range(len(data) * 8):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        path.write_bytes(changed)
        try:
            missed += standalone.check_log(bundle, points) == head
        except standalone.Damaged:
            continue
    assert missed == 0
    path.write_bytes(data)
    assert standalone.check_log(bundle, points) == head


@pytest.mark.parametrize(
    "name",
    "bag-info.txt bagit.txt manifest-sha256.txt tagmanifest-sha256.txt checkpoints.jsonl seal.dsse.json "
    "findings.dsse.json findings.jsonl coverage.jsonl data/session.json data/inputs/scenario.yaml "
    "private/disclosures.jsonl data/events/000001.jsonl".split(),
)
def test_flips_in_every_file(sealed: Path, name: str) -> None:
    """A flipped bit in any signed or listed file is noticed by both verifiers, and only as damage."""
    path = sealed / name
    data = path.read_bytes()
    places = range(0, len(data) * 8, max(1, len(data) * 8 // 60))
    for count, bit in enumerate(places):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        path.write_bytes(changed)
        if name.endswith("dsse.json") and json_equal(data, bytes(changed)):
            continue
        with pytest.raises(EvidenceDamaged):
            verify(sealed)
        if count % 20 == 0:
            assert alone(sealed).returncode == 4, bit


def json_equal(one: bytes, other: bytes) -> bool:
    """Whether a flip changed nothing that is signed: key hints and white space of the envelope."""
    try:
        a, b = json.loads(one), json.loads(other)
        return (a["payload"], a["payloadType"], a["signatures"][0]["sig"], a["signatures"][0].get("public")) == (
            b["payload"], b["payloadType"], b["signatures"][0]["sig"], b["signatures"][0].get("public")
        )  # fmt: skip
    except (ValueError, KeyError, TypeError):
        return False


def _lines(how: Callable[[list[bytes]], list[bytes]]) -> Callable[[bytes], bytes]:
    return lambda data: b"".join(how(data.splitlines(keepends=True)))


TAMPERED: dict[str, tuple[str, Callable[[bytes], bytes], str]] = {
    "edit": ("data/events/000001.jsonl", lambda d: d.replace(b"getImei", b"getName", 1), "file was changed"),
    "delete": ("data/events/000001.jsonl", _lines(lambda v: v[:3] + v[4:]), "file was changed"),
    "swap": ("data/events/000001.jsonl", _lines(lambda v: [v[1], v[0], *v[2:]]), "file was changed"),
    "truncate": ("data/events/000001.jsonl", _lines(lambda v: v[:-1]), "file was changed"),
    "seal": ("seal.dsse.json", lambda d: d.replace(b'"payload": "', b'"payload": "AAAA', 1), "signature does not fit"),
    "no-checkpoint-signature": (
        "checkpoints.jsonl",
        lambda d: re.sub("— \\S+ \\S+?\\\\n".encode(), b"", d, count=1),
        "signature does not fit any key|not a checkpoint",
    ),
    "checkpoint-order": ("checkpoints.jsonl", _lines(lambda v: v[::-1]), "out of order"),
    "session": ("data/session.json", lambda d: d.replace(b"com.example.shop", b"com.example.nice"), "file was changed"),
    "findings": ("findings.jsonl", lambda d: b"", "file was changed"),
    "custody": ("custody.jsonl", _lines(lambda v: v[1:]), "does not follow"),
    "private-blob": (
        "private/blobs/8f/",
        lambda d: d + b"!",
        "not what its name says",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", TAMPERED)
def test_tampered(sealed: Path, edit: EDIT, case: str) -> None:
    """Each kind of tampering gets its message, from both verifiers."""
    name, how, message = TAMPERED[case]
    path = sealed / name if not name.endswith("/") else next((sealed / "private/blobs").glob("*/*"))
    edit(path, how)
    with pytest.raises(EvidenceDamaged, match=message):
        verify(sealed)
    result = alone(sealed)
    assert result.returncode == 4
    assert re.search(message, result.stderr)


def remanifest(bundle: Path) -> None:
    """What a tamperer who knows BagIt does: write the manifests anew."""
    text, octets, count = bags.manifest(bundle)
    (bundle / bags.MANIFEST).write_bytes(text)
    info = (bundle / "bag-info.txt").read_text()
    (bundle / "bag-info.txt").write_text(re.sub(r"Payload-Oxum: .*", f"Payload-Oxum: {octets}.{count}", info))
    tags = "".join(f"{bags.digest(bundle / name)}  {name}\n" for name in bags.LISTED)
    (bundle / bags.TAG_MANIFEST).write_text(tags)


@pytest.mark.parametrize(
    ("case", "message"),
    [
        ("edit", r"data/events/000001.jsonl:2 \(seq 2\): the line does not follow"),
        ("delete", r"data/events/000001.jsonl:4 \(seq 4\): the line does not follow"),
        ("truncate", "events are missing at the end"),
        ("session", "manifest-sha256.txt differs from the seal"),
    ],
)
def test_tampered_with_new_manifests(sealed: Path, edit: EDIT, case: str, message: str) -> None:
    """New manifests do not help: chain, checkpoints and seal notice, with file, line and number."""
    name, how, _ = TAMPERED[case]
    edit(sealed / name, how)
    remanifest(sealed)
    bagit.Bag(str(sealed)).validate()
    with pytest.raises(EvidenceDamaged, match=message):
        verify(sealed)
    assert alone(sealed).returncode == 4


def test_files_added_and_removed(sealed: Path) -> None:
    """Payload: neither. Tag files beside it may come and go."""
    (sealed / "note.txt").write_text("mine")
    shutil.rmtree(sealed / "private")
    verify(sealed)
    (sealed / "data/extra.txt").write_text("x")
    with pytest.raises(EvidenceDamaged, match=r"data/extra.txt: a file that was not recorded"):
        verify(sealed)
    assert alone(sealed).returncode == 4
    (sealed / "data/extra.txt").unlink()
    (sealed / "data/inputs/scenario.yaml").unlink()
    with pytest.raises(EvidenceDamaged, match=r"scenario.yaml: a recorded file is missing"):
        verify(sealed)
    (sealed / "data/inputs/scenario.yaml").symlink_to("/etc/hostname")
    with pytest.raises(EvidenceDamaged):
        verify(sealed)
    assert alone(sealed).returncode == 4


def test_unsealed(sealed: Path) -> None:
    (sealed / "seal.dsse.json").unlink()
    with pytest.raises(EvidenceDamaged, match="there is no seal"):
        verify(sealed)
    assert "there is no seal" in alone(sealed).stderr


def test_other_key(sealed: Path, tmp_path: Path) -> None:
    """A bundle made anew by somebody else fits its own key but not the one that was handed over."""
    mine, other = tmp_path / "mine.pem", tmp_path / "other.pem"
    Signer.generate().save(mine)
    other.write_bytes(Signer.generate().public.pem())
    bundle = make_sealed(tmp_path / "b", key=mine)
    assert verify(bundle, mine).trusted
    with pytest.raises(EvidenceDamaged, match="signature does not fit the key"):
        verify(bundle, other)
    assert alone(bundle, "--key", str(other)).returncode == 4
    assert not (bundle / "private/seal.key").exists()


def test_truncation_with_unknown_head(tmp_path: Path) -> None:
    """A documented limit: the chain alone accepts a log cut at a line's end; only the head, kept apart, shows it."""
    with EvidenceLog.create(tmp_path) as log:
        for n in range(5):
            log.append(call(n))
    path = tmp_path / "data/events/000001.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:3]))
    assert len(list(read_events(tmp_path))) == 3


def test_openssl_agrees(sealed: Path, tmp_path: Path) -> None:
    """The seal's signature fits by the openssl command that VERIFY.md gives."""
    if not shutil.which("openssl"):
        pytest.skip("needs the openssl command line")
    record = json.loads((sealed / "seal.dsse.json").read_bytes())
    payload, kind = base64.b64decode(record["payload"]), record["payloadType"].encode()
    (tmp_path / "signed.bin").write_bytes(b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload))
    (tmp_path / "sig.bin").write_bytes(base64.b64decode(record["signatures"][0]["sig"]))
    command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", sealed / "public.pem", "-rawin"]
    files = ["-in", tmp_path / "signed.bin", "-sigfile", tmp_path / "sig.bin"]
    assert subprocess.run([*command, *files], capture_output=True).returncode == 0
    (tmp_path / "signed.bin").write_bytes(b"x")
    assert subprocess.run([*command, *files], capture_output=True).returncode == 1


def test_one_event_is_proven(sealed: Path) -> None:
    proof = prove(sealed, 7)
    steps = [bytes.fromhex(step) for step in proof["proof"]]  # type: ignore[attr-defined]
    root = bytes.fromhex(verify(sealed).root)
    assert verify_inclusion(bytes.fromhex(str(proof["leaf"])), 6, 12, steps, root)
    with pytest.raises(InputError, match="no event 13"):
        prove(sealed, 13)


def test_redacted_copy(sealed: Path, tmp_path: Path) -> None:
    """Without the private part the copy verifies, holds no value, and still names the same root."""
    Bundle.open(sealed).export(tmp_path / "copy")
    found = verify(tmp_path / "copy")
    assert (found.root, found.private) == (verify(sealed).root, False)
    assert not (tmp_path / "copy/private").exists()
    assert alone(tmp_path / "copy").returncode == 0


def test_create_refuses(tmp_path: Path, sealed: Path) -> None:
    """A directory with something in it is left as it is, ours or not."""
    other = tmp_path / "other"
    other.mkdir()
    (other / "thesis.txt").write_text("x")
    with pytest.raises(InputError, match="not empty"):
        Bundle.create(other)
    with pytest.raises(InputError, match="recording here already"):
        Bundle.create(sealed)
    with pytest.raises(InputError, match="not a directory"):
        Bundle.create(other / "thesis.txt")
    assert [p.name for p in other.iterdir()] == ["thesis.txt"]
    with pytest.raises(InputError, match="sealed already"):
        Bundle.open(sealed).seal(Session())
    with pytest.raises(InputError, match="not an evidence bundle"):
        verify(other)


def test_record_of_the_enforcement_profile(tmp_path: Path) -> None:
    bundle = Bundle.create(tmp_path / "b")
    with pytest.raises(InputError, match="case_no, cause, place, operators, witness or holder"):
        bundle.seal(Session(record=Record(profile="cn-enforcement")))
    bundle.seal(
        Session(record=Record(profile="cn-enforcement", case_no="1", cause="c", place="p", operators=["a"], holder="h"))
    )
    verify(tmp_path / "b")


@pytest.mark.parametrize("name", ["../x", "/etc/x", "a/../../b", "a\nb", "", ".hidden", "私"])
def test_input_names_stay_inside(tmp_path: Path, name: str) -> None:
    bundle = Bundle.create(tmp_path / "b")
    with pytest.raises(InputError):
        bundle.add_input(name, b"")
    bundle.log.close()
