"""Nothing can be changed without notice: bits, lines, files, seals; with both verifiers."""

from __future__ import annotations

import base64
import contextlib
import io
import json
import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bagit
import pytest

from monitor.base.errors import EvidenceDamaged, InputError, ResultsOfAnother
from monitor.events import Health
from monitor.evidence import bag as bags
from monitor.evidence import custody, seal
from monitor.evidence.attested import results_of
from monitor.evidence.bundle import Bundle
from monitor.evidence.keeping import export, recover_bundle, set_aside
from monitor.evidence.keys import Signer, key_id
from monitor.evidence.lines import read_events
from monitor.evidence.merkle import prove, verify_inclusion
from monitor.evidence.standalone import verify as standalone
from monitor.evidence.standalone.verify import CUSTODY, CUSTODY_DOMAIN, HANDOVER, HANDOVER_TYPE, MANIFEST, TAG_MANIFEST
from monitor.evidence.verify import read_head, verify
from monitor.session.manifest import Record, Session
from tests import command

from .conftest import make_sealed

SCRIPT = Path(__file__).parents[2] / "monitor/evidence/standalone/verify.py"


def alone(bundle: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """The verifier that auditors use, in this process: many tests call it."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = standalone.main([str(bundle), *more])
    return subprocess.CompletedProcess([], code, out.getvalue(), err.getvalue())


def as_script(bundle: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """The same as an auditor runs it."""
    return subprocess.run([sys.executable, "-I", SCRIPT, bundle, *more], capture_output=True, text=True)


def test_whole(sealed: Path) -> None:
    found = verify(sealed)
    assert (found.events, found.private, bool(found.results()), found.sealers) == (12, True, True, None)
    assert verify(sealed, sealed / "public.pem").sealers
    assert alone(sealed).returncode == as_script(sealed).returncode == 0
    bagit.Bag(str(sealed)).validate()
    shutil.rmtree(sealed / "private")  # it may be kept back
    assert not verify(sealed).private and alone(sealed).returncode == 0


def test_a_flip_in_every_byte_of_the_log(tmp_path: Path, rng: random.Random) -> None:
    """Each of some thousand flips is noticed by chain, tree and head alone, without the manifest's help."""
    bundle = make_sealed(tmp_path / "b", events=3)
    path = bundle / "data/events/000001.jsonl"
    data = path.read_bytes()
    check = standalone.Verifier(bundle)
    check.keys = check.read_keys()
    check.points = check.read_checkpoints()
    check.read_log()
    head = check.events, check.chain, check.root
    missed = 0
    for byte in range(len(data)):
        changed = bytearray(data)
        changed[byte] ^= 1 << rng.randrange(8)
        path.write_bytes(changed)
        try:
            check.read_log()
            missed += (check.events, check.chain, check.root) == head
        except standalone.Damaged:
            continue
    assert missed == 0
    path.write_bytes(data)
    check.read_log()
    assert (check.events, check.chain, check.root) == head


@pytest.mark.parametrize(
    "name",
    "bag-info.txt bagit.txt manifest-sha256.txt tagmanifest-sha256.txt checkpoints.jsonl seal.dsse.json "
    "findings.dsse.json findings.jsonl coverage.jsonl data/session.json data/inputs/scenario.yaml "
    "private/disclosures.jsonl private/key private/manifest-sha256.txt data/events/000001.jsonl report.html "
    "custody.jsonl public.pem verify.py VERIFY.md".split(),
)
def test_flips_in_every_file(sealed: Path, name: str) -> None:
    """A flipped bit in any signed or listed file is noticed by both verifiers, and only as damage."""
    path = sealed / name
    data = path.read_bytes()
    places = range(0, len(data) * 8, max(1, len(data) * 8 // 20))
    for count, bit in enumerate(places):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        path.write_bytes(changed)
        with pytest.raises(EvidenceDamaged):
            verify(sealed)
        if count % 10 == 0:
            assert alone(sealed).returncode == 4, bit


LOG = "data/events/000001.jsonl"


def _lines(how: Callable[[list[bytes]], list[bytes]]) -> Callable[[bytes], bytes]:
    return lambda data: b"".join(how(data.splitlines(keepends=True)))


def remanifest(bundle: Path) -> None:
    """What a tamperer who knows BagIt does: write the manifests anew."""
    text, octets, count = bags.manifest(bundle)
    (bundle / MANIFEST).write_bytes(text)
    info = (bundle / "bag-info.txt").read_text()
    (bundle / "bag-info.txt").write_text(re.sub(r"Payload-Oxum: .*", f"Payload-Oxum: {octets}.{count}", info))
    tags = "".join(f"{bags.digest(bundle / name)}  {name}\n" for name in bags.LISTED)
    (bundle / TAG_MANIFEST).write_text(tags)


@pytest.mark.parametrize("manifests", [False, True])
@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_changed_byte_names_its_line_and_the_next(sealed: Path, number: int, manifests: bool) -> None:
    """The chain breaks at the line after the changed one; whoever reads of it is pointed to both, and told what to
    do.."""
    log = LOG
    lines = (sealed / log).read_bytes().split(b"\n")
    lines[number - 1] = lines[number - 1][:-3] + b"#" + lines[number - 1][-2:]
    (sealed / log).write_bytes(b"\n".join(lines))
    if manifests:
        remanifest(sealed)
    both = (
        rf"{log}:{number + 1} \(seq {number + 1}\): .*this line or the one before it, {log}:{number} \(seq {number}\)"
    )
    with pytest.raises(EvidenceDamaged, match=both) as raised:
        verify(sealed)
    assert "get the original" in raised.value.hint
    result = alone(sealed)
    assert (result.returncode, bool(re.search("^CHANGED: " + log, result.stderr))) == (4, True), result.stderr
    assert "get the original" in result.stderr
    assert re.search(both, result.stderr), result.stderr


def test_a_changed_first_link_names_no_line_before(sealed: Path) -> None:
    log = sealed / "data/events/000001.jsonl"
    log.write_bytes(log.read_bytes().replace(b'{"prev":"0', b'{"prev":"1', 1))
    with pytest.raises(EvidenceDamaged) as raised:
        verify(sealed)
    for said in (str(raised.value), alone(sealed).stderr):
        assert "000001.jsonl:1 (seq 1)" in said and "the first line was changed" in said and "one before" not in said


def test_other_key(sealed: Path, tmp_path: Path) -> None:
    """A bundle re-created by someone else matches its own key but not the one that was handed over."""
    mine, other = tmp_path / "mine.pem", tmp_path / "other.pem"
    Signer.generate().save(mine)
    other.write_bytes(Signer.generate().public.pem())
    bundle = make_sealed(tmp_path / "b", key=mine)
    assert verify(bundle, mine).sealers
    with pytest.raises(EvidenceDamaged, match="signature does not match the key"):
        verify(bundle, other)
    assert alone(bundle, "--key", str(other)).returncode == 4
    for key, whole in ((key_id(str(mine)), True), (key_id(str(other)), False)):  # by its ID
        assert alone(bundle, "--key", key).returncode == as_script(bundle, "--key", key.upper()).returncode
        assert (alone(bundle, "--key", key).returncode, whole) in ((0, True), (4, False))
        done = command.run("verify", bundle, "--key", key, "--lang", "en", cwd=tmp_path)
        assert (done.returncode, f"signed with the given key {key}" in done.stdout) == (
            (0, True) if whole else (4, False)
        )
    assert command.run("verify", bundle, "--key", "f" * 63, cwd=tmp_path).returncode == 2


def test_openssl_agrees(sealed: Path, tmp_path: Path) -> None:
    """The seal's signature verifies with the openssl command in VERIFY.md."""
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


@pytest.mark.parametrize("how", ["changed", "linked", "removed"])
def test_inputs_are_sealed_as_they_were_read(tmp_path: Path, how: str) -> None:
    """Whoever changes one between the start and the seal changes nothing, and the record says that it was tried."""
    bundle = Bundle.create(tmp_path / "bundle")
    bundle.add_input("scenario.yaml", b"name: x\n")
    bundle.add_input("declaration.yaml", b"ours\n")
    with pytest.raises(InputError):
        bundle.add_input("../x", b"")
    there = bundle.path / "data/inputs/declaration.yaml"
    if how == "changed":
        there.write_bytes(b"thei\n")
    else:
        there.unlink()
    if how == "linked":
        there.symlink_to(tmp_path / "elsewhere")
        (tmp_path / "elsewhere").write_bytes(b"ours\n")
    bundle.seal(Session(start=1, end=2))
    assert there.read_bytes() == b"ours\n" and not there.is_symlink()
    said = [event for event in read_events(bundle.path) if isinstance(event, Health) and event.component == "evidence"]
    assert [event.detail["place"] for event in said] == ["declaration.yaml"], said


def test_create_refuses(tmp_path: Path, sealed: Path) -> None:
    """A directory with something in it is left as it is, ours or not."""
    other = tmp_path / "other"
    other.mkdir()
    (other / "thesis.txt").write_text("x")
    with pytest.raises(InputError, match="not empty"):
        Bundle.create(other)
    with pytest.raises(InputError, match="already a recording here"):
        Bundle.create(sealed)
    with pytest.raises(InputError, match="not a directory"):
        Bundle.create(other / "thesis.txt")
    assert [p.name for p in other.iterdir()] == ["thesis.txt"]
    with pytest.raises(InputError, match="already sealed"):
        Bundle.open(sealed).seal(Session())
    with pytest.raises(InputError, match="not an evidence bundle"):
        verify(other)


def test_record_of_the_enforcement_profile(tmp_path: Path) -> None:
    bundle = Bundle.create(tmp_path / "b")
    with pytest.raises(InputError, match="case_no, cause, place, operators, witness or holder"):
        bundle.seal(Session(record=Record(profile="cn-enforcement")))
    record = Record(profile="cn-enforcement", case_no="1", cause="c", place="p", operators=["a"], holder="h")
    bundle.seal(Session(record=record))
    verify(tmp_path / "b", results=False)


def stranger(bundle: Path) -> None:
    (bundle / "public.pem").write_bytes((bundle / "public.pem").read_bytes() + Signer.generate().public.pem())
    remanifest(bundle)


def resigned_results(bundle: Path) -> str:
    """Someone writes other findings and attests them with another key, whose ID is returned."""
    (bundle / "findings.jsonl").write_bytes(b"")
    other = Bundle.open(bundle)
    other.attest({}, "1", {})
    return other.signer().public.id


RESULTS = ("findings.jsonl", "coverage.jsonl", "report.html", "findings.dsse.json")


def cut_custody(bundle: Path) -> None:
    path = bundle / "custody.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))


def written(name: str, how: Callable[[bytes], bytes]) -> Callable[[Path], object]:
    """Somebody writes a file anew."""
    return lambda bundle: (bundle / name).write_bytes(how((bundle / name).read_bytes()))


def removed(*names: str, custody_too: bool = False) -> Callable[[Path], object]:
    """Somebody removes files, perhaps with the custody entry that records them."""

    def act(bundle: Path) -> None:
        for name in names:
            (bundle / name).unlink()
        if custody_too:
            cut_custody(bundle)

    return act


def named_key(name: str, how: Callable[[str], str]) -> Callable[[Path], object]:
    """Change the key that a statement names, which nothing signs."""

    def act(bundle: Path) -> None:
        record = json.loads((bundle / name).read_bytes())
        mark = record["signatures"][0]
        mark["public"] = how(mark.get("public", ""))
        (bundle / name).write_bytes(json.dumps(record, sort_keys=True).encode() + b"\n")

    return act


def custody_entry(members: str) -> Callable[[Path], object]:
    """Somebody adds an entry of custody, with a valid signature."""

    def act(bundle: Path) -> None:
        signer = Signer.generate()
        body = b'{"prev":"' + custody.check(bundle)[-1].hash.encode() + b'",'
        body += members.replace("KEY", signer.public.raw.hex()).encode()
        signature = signer.sign(CUSTODY_DOMAIN + body + b"}").hex().encode()
        with (bundle / CUSTODY).open("ab") as file:
            file.write(body + b',"sig":"' + signature + b'"}\n')

    return act


def copy_that_names(name: str) -> Callable[[Path], object]:
    """Somebody states that this is a copy, and names a file that is there."""

    def act(bundle: Path) -> None:
        signer = Signer.generate()
        subjects = {"events.merkle-root": read_head(bundle).root, name: bags.digest(bundle / "data/session.json")}
        payload = seal.statement(subjects, HANDOVER_TYPE, {"custody": custody.state(bundle)})
        (bundle / HANDOVER).write_bytes(seal.envelope(payload, signer))

    return act


def blob_changed(bundle: Path) -> None:
    path = next((bundle / "private/blobs").glob("*/*"))
    path.write_bytes(path.read_bytes() + b"!")


def relisted(name: str, how: Callable[[bytes], bytes]) -> Callable[[Path], object]:
    """The same with new manifests, which are no help."""

    def act(bundle: Path) -> None:
        written(name, how)(bundle)
        remanifest(bundle)
        bagit.Bag(str(bundle)).validate()

    return act


def linked(bundle: Path) -> None:
    path = bundle / "data/inputs/scenario.yaml"
    path.unlink()
    path.symlink_to("/etc/hostname")


def folder_for_report(bundle: Path) -> None:
    """What is in it would be attested by nobody."""
    (bundle / "earlier/001/report.html").mkdir(parents=True)
    (bundle / "earlier/001/report.html/index.html").write_text("nothing found", "utf-8")


def resealed(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], object]:
    """Something is carried along in the envelope of the seal, in canonical form."""

    def how(data: bytes) -> bytes:
        record = json.loads(data)
        change(record)
        return json.dumps(record, sort_keys=True).encode() + b"\n"

    return written("seal.dsse.json", how)


ACTS: dict[str, tuple[Callable[[Path], object], str]] = {
    "a line deleted": (
        written(LOG, _lines(lambda v: v[:3] + v[4:])),
        f"{LOG}:4 (seq 4): the file was changed: the line does not follow",
    ),
    "lines swapped": (written(LOG, _lines(lambda v: [v[1], v[0], *v[2:]])), f"{LOG}:1 (seq 1): the file was changed"),
    "a line deleted, new manifests": (
        relisted(LOG, _lines(lambda v: v[:3] + v[4:])),
        f"{LOG}:4 (seq 4): the line does not follow",
    ),
    "truncated, new manifests": (relisted(LOG, _lines(lambda v: v[:-1])), "data/events: events are missing at the end"),
    "another app, new manifests": (
        relisted("data/session.json", lambda d: d.replace(b"com.example.shop", b"com.example.nice")),
        "seal.dsse.json: manifest-sha256.txt differs from the seal",
    ),
    "a signature": (
        written("seal.dsse.json", lambda d: d.replace(b'"sig": "', b'"sig": "AAAA', 1)),
        "seal.dsse.json: the signature does not match the key",
    ),
    "carried along": (resealed(lambda r: r.update(x="1")), "seal.dsse.json: an envelope not in canonical form"),
    "carried along beside the signature": (
        resealed(lambda r: r["signatures"][0].update(a="1")),
        "seal.dsse.json: an envelope not in canonical form",
    ),
    "a checkpoint without signature": (
        written("checkpoints.jsonl", lambda d: re.sub("— \\S+ \\S+?\\\\n".encode(), b"", d, count=1)),
        "checkpoints.jsonl:1: the signature matches no key of the bundle",
    ),
    "checkpoints in another order": (
        written("checkpoints.jsonl", _lines(lambda v: v[::-1])),
        "checkpoints.jsonl:2: checkpoints out of order",
    ),
    "a private blob": (blob_changed, "private/blobs/"),
    "no seal": (removed("seal.dsse.json"), "seal.dsse.json: there is no seal"),
    "an input removed": (removed("data/inputs/scenario.yaml"), "data/inputs/scenario.yaml: a recorded file is missing"),
    "an input linked": (linked, "data/inputs/scenario.yaml: neither a file nor a directory"),
    "a payload file added": (
        lambda b: (b / "data/extra.txt").write_text("x"),
        "data/extra.txt: a file that was not recorded",
    ),
    "a folder for a result": (folder_for_report, "earlier/001/report.html: a file that was not recorded"),
    "a stranger's key": (stranger, "seal.dsse.json: tagmanifest-sha256.txt differs from the seal"),
    "custody cut": (cut_custody, "custody.jsonl: entries differ from findings.dsse.json"),
    "custody forged": (
        written("custody.jsonl", lambda d: d.replace(b'"what":"analysed"', b'"what":"reviewed"')),
        "custody.jsonl:3: the entry's signature does not match its key",
    ),
    "a pipe": (lambda b: os.mkfifo(b / "seal.tsr"), "seal.tsr: neither a file nor a directory"),
    "an unlisted file": (lambda b: (b / "hashlib.py").write_text("x"), "hashlib.py: a file that was not recorded"),
    "an empty folder": (lambda b: (b / "data/new").mkdir(), "data/new: an empty folder"),
    "a link": (lambda b: (b / "seal.tsr").symlink_to("/etc/hostname"), "seal.tsr: neither a file nor a directory"),
    "no attestation": (removed("findings.dsse.json"), "findings.jsonl: it is not attested"),
    "no results": (removed(*RESULTS, custody_too=True), "findings.dsse.json: the results are missing"),
    "no results, custody kept": (removed(*RESULTS), "findings.dsse.json: the results are missing"),
    "an unreadable time-stamp": (
        lambda b: (b / "seal.tsr").write_bytes(b"x"),
        "seal.tsr: the time-stamp cannot be read",
    ),
    "an empty time-stamp": (lambda b: (b / "seal.tsr").write_bytes(b""), "seal.tsr: the time-stamp cannot be read"),
    "report gone": (removed("report.html"), "report.html: a recorded file is missing"),
    "report swapped": (
        written("report.html", lambda _: b"<p>nothing was found</p>"),
        "report.html: the file was changed",
    ),
    "verify.py swapped": (written("verify.py", lambda _: b"print('unchanged')"), "verify.py: the file was changed"),
    "a private file added": (lambda b: (b / "private/x").write_text(""), "private/x: a file that was not recorded"),
    "no session key": (removed("private/key"), "private/key: no session key"),
    "a key beside the seal's": (
        named_key("seal.dsse.json", lambda _: Signer.generate().public.pem().decode()),
        "seal.dsse.json: an envelope not in canonical form",
    ),
    "more in a key's text": (
        named_key("findings.dsse.json", lambda text: f"by the examiner\n{text}"),
        "findings.dsse.json: an envelope not in canonical form",
    ),
    **{
        f"an entry of custody with {what}": (custody_entry(members), "custody.jsonl:4: not an entry")
        for what, members in {
            "two meanings": '"detail":{},"key":"KEY","t":1,"what":"analysed","what":"exported"',
            "an endless time": '"detail":{},"key":"KEY","t":Infinity,"what":"exported"',
            "no time": '"detail":{},"key":"KEY","what":"exported"',
            "half a microsecond": '"detail":{},"key":"KEY","t":1.5,"what":"exported"',
            "lists": '"detail":{"by":["x"]},"key":"KEY","t":1,"what":"exported"',
        }.items()
    },
    "an entry of custody that is too long": (
        custody_entry(f'"detail":{{"by":"{"x" * 100_000}"}},"key":"KEY","t":1,"what":"exported"'),
        "custody.jsonl:4: the entry does not follow from the previous one",
    ),
    **{
        f"a copy that names {name!r}": (copy_that_names(name), "handover.dsse.json: a name that leaves the bundle")
        for name in ("data/session.json", "../bundle/data/session.json", "", "x" * 300)
    },
    "a hidden file": (lambda b: (b / ".x.new").write_text(""), ".x.new: a file that was not recorded"),
}


@pytest.mark.parametrize("case", ACTS)
def test_both_verifiers_say_the_same(sealed: Path, case: str) -> None:
    act, message = ACTS[case]
    act(sealed)
    with pytest.raises(EvidenceDamaged) as damaged:
        verify(sealed)
    result = alone(sealed)
    assert str(damaged.value).startswith(message)
    assert (result.returncode, result.stderr.startswith(f"CHANGED: {message}")) == (4, True), result.stderr


def test_results_count_only_from_the_recorder_or_someone_named(sealed: Path, tmp_path: Path) -> None:
    """Replaced and attested anew by a stranger, they are refused whatever else is given; named, they are shown as whose
    they are."""
    recorder, keys = tmp_path / "recorder.pub", (sealed / "public.pem").read_bytes()
    recorder.write_bytes(keys)
    assert [(a.file, a.whose) for a in verify(sealed).attested] == [("findings.dsse.json", "recorder")]
    assert "results by the recorder's key" in alone(sealed, "--key", str(recorder)).stdout
    key = resigned_results(sealed)
    for given in (None, recorder):
        with pytest.raises(
            ResultsOfAnother, match=f"attested by key {key}, not by the recording's.*--results-key {key}"
        ):
            verify(sealed, given)
        with pytest.raises(ResultsOfAnother):
            verify(sealed, given, results_keys=[Signer.generate().public.id])
        done = alone(sealed, *(["--key", str(given)] if given else []))
        assert (done.returncode, done.stdout) == (4, "") and f"--results-key {key}" in done.stderr
    assert as_script(sealed, "--key", str(recorder)).returncode == 4
    assert [(a.file, a.whose) for a in verify(sealed, recorder, results_keys=[key]).attested] == [
        ("findings.dsse.json", "named")
    ]
    assert verify(sealed, results_keys=None).attested[0].whose == "unknown", "for those who do not use them"
    pem = tmp_path / "examiner.pub"
    pem.write_text(json.loads((sealed / "findings.dsse.json").read_bytes())["signatures"][0]["public"])
    assert key_id(str(pem)) == key_id(key.upper()) == key
    for named in (str(pem), key, key.upper()):
        done = alone(sealed, "--key", str(recorder), "--results-key", str(recorder), f"--results-key={named}")
        assert done.returncode == 0 and f"results by the key {key}, which you named" in done.stdout, done.stderr
    assert alone(sealed, "--results-key", str(tmp_path / "none.pub")).returncode == 2
    with pytest.raises(InputError, match="no such file"):
        key_id(str(tmp_path / "none.pub"))


def test_a_stranger_who_keeps_the_statement_does_not_become_the_recorder(sealed: Path) -> None:
    """The key that the results name is the one that must match: the recorder's beside another's signature is none."""
    recorders = (sealed / "public.pem").read_text()
    resigned_results(sealed)
    path = sealed / "findings.dsse.json"
    record = json.loads(path.read_bytes())
    record["signatures"][0] |= {"public": recorders, "keyid": verify(sealed, results=False).seal.by}
    path.write_bytes(json.dumps(record, sort_keys=True).encode() + b"\n")
    with pytest.raises(EvidenceDamaged, match="signature does not match the key"):
        verify(sealed)
    assert alone(sealed).returncode == 4
    assert results_of(sealed).whose == "unknown"


def test_first_results_are_kept(sealed: Path) -> None:
    """A later analysis replaces none: the earlier ones stay, attested, and are verified, too."""
    first = (sealed / "findings.jsonl").read_bytes()
    set_aside(sealed, read_head(sealed))
    key = resigned_results(sealed)
    assert (sealed / "earlier/001/findings.jsonl").read_bytes() == first
    assert [(a.file, a.whose) for a in verify(sealed, results_keys=[key]).attested] == [
        ("findings.dsse.json", "named"), ("earlier/001/findings.dsse.json", "recorder"),
    ]  # fmt: skip
    assert alone(sealed, "--results-key", key).returncode == 0
    (sealed / "earlier/001/findings.jsonl").write_bytes(b"")
    with pytest.raises(EvidenceDamaged, match=r"^earlier/001/findings.jsonl: the file was changed"):
        verify(sealed)
    assert "earlier/001/findings.jsonl: the file was changed" in alone(sealed).stderr


def test_results_that_custody_names_and_that_are_gone_are_counted(sealed: Path) -> None:
    """An earlier analysis may have been interrupted: their absence is stated, and is not damage."""
    (sealed / "findings.dsse.json").unlink()  # as after an interruption
    set_aside(sealed, read_head(sealed))
    key = resigned_results(sealed)
    assert verify(sealed, results_keys=[key]).withheld == 1
    assert "1 analyses named in custody.jsonl have no results here" in alone(sealed, "--results-key", key).stdout


def test_earlier_results_cannot_be_removed(sealed: Path) -> None:
    """Results name those that they replaced."""
    for _ in range(2):
        set_aside(sealed, read_head(sealed))
        key = resigned_results(sealed)
    assert verify(sealed, results_keys=[key]).withheld == 0, "results that were replaced may be anyone's"
    shutil.rmtree(sealed / "earlier/001")
    with pytest.raises(EvidenceDamaged, match=r"^earlier/001/findings.dsse.json: a recorded file is missing"):
        verify(sealed)
    assert alone(sealed).stderr.startswith("CHANGED: earlier/001/findings.dsse.json: a recorded file is missing")


def test_a_copy_is_attested_and_counts_custody(sealed: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    export(Bundle.open(sealed), copy)
    assert [a.file for a in verify(copy).attested] == ["findings.dsse.json", "handover.dsse.json"]
    cut_custody(copy)
    with pytest.raises(EvidenceDamaged, match=r"entries differ from handover.dsse.json"):
        verify(copy)
    assert "entries differ from handover.dsse.json" in alone(copy).stderr


def test_options_of_the_stand_alone_verifier(sealed: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.pem"
    other.write_bytes(Signer.generate().public.pem())
    assert as_script(sealed, f"--key={other}").returncode == 4
    assert alone(sealed, f"--key={sealed / 'public.pem'}").returncode == 0
    for wrong in (("--keys", str(other)), ("--key",), ("-k", "x"), ("--key", str(tmp_path / "none.pem")), ("another",)):
        assert as_script(sealed, *wrong).returncode == 2, wrong
    twice = alone(sealed, "--key", str(other), "--key", str(sealed / "public.pem"))
    assert (twice.returncode, twice.stderr) == (2, "--key: name one file only\n")


def test_the_stand_alone_verifier_runs_nothing_of_the_bundle(sealed: Path) -> None:
    """Next to it is a module with the name of one that it imports, as in a hostile bundle."""
    (sealed / "hashlib.py").write_text("raise SystemExit(0)")
    result = subprocess.run([sys.executable, "verify.py"], cwd=sealed, capture_output=True, text=True)
    assert (result.returncode, result.stderr[:20]) == (4, "CHANGED: hashlib.py:")


def test_names_with_control_characters_are_escaped(sealed: Path) -> None:
    (sealed / "data" / "\x1b[2Junchanged").write_text("x")
    result = alone(sealed)
    assert result.returncode == 4 and "\x1b" not in result.stderr and "\\u001b" in result.stderr


def test_opening_follows_no_link(sealed: Path, tmp_path: Path) -> None:
    """A bundle that holds a link where the monitor would write changes nothing outside."""
    victim = tmp_path / "victim"
    victim.write_text("mine")
    (sealed / "custody.jsonl").unlink()
    (sealed / "custody.jsonl").symlink_to(victim)
    with pytest.raises(EvidenceDamaged, match="neither a file nor a directory"):
        Bundle.open(sealed)
    with pytest.raises(EvidenceDamaged):
        recover_bundle(sealed)
    assert victim.read_text() == "mine"
