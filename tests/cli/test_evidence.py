"""Commands on the evidence: damaged results are not shown; keys, copies, proofs."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from monitor.assess.evaluate import reanalyse
from monitor.events import Lifecycle, Window
from monitor.evidence.bundle import Bundle
from monitor.evidence.lines import read_events
from monitor.evidence.standalone import verify as standalone
from monitor.session import manifest, observe
from tests.command import run

from .conftest import APP, ROOT, Run


def test_keys(monitor: Run, tmp_path: Path) -> None:
    made = monitor("key", "new", tmp_path / "me.pem")
    ident = made.stdout.split()[1]
    assert (tmp_path / "me.pem").stat().st_mode & 0o777 == 0o600
    for half in ("me.pem", "me.pem.pub"):
        shown = monitor("key", "show", tmp_path / half)
        assert shown.stdout.startswith(f"key {ident}\n") and "PRIVATE" not in shown.stdout
    again = monitor("key", "new", tmp_path / "me.pem")
    assert again.returncode == 2 and "the file exists already" in again.stderr


def test_verify_names_the_key_and_what_nobody_attests(monitor: Run, bundle: Path, tmp_path: Path) -> None:
    key = json.loads((bundle / "data/session.json").read_text())["key"]
    said = monitor("verify", bundle).stdout
    assert f"signed with key {key} from the bundle" in said and "no trusted time" in said
    trusted = monitor("verify", bundle, "--key", bundle / "public.pem").stdout
    assert f"signed with the given key {key}" in trusted


def change(file: Path) -> None:
    """Another byte in a file."""
    data = file.read_bytes()
    file.write_bytes(data[:200] + bytes([data[200] ^ 1]) + data[201:])


@pytest.mark.parametrize("name", ["data/session.json", "data/events/000001.jsonl"])
@pytest.mark.parametrize(("lang", "todo"), [("en", "get the original from whoever"), ("zh", "应向提供者索取原件")])
def test_verify_says_what_to_do_about_a_change(monitor: Run, copy: Path, name: str, lang: str, todo: str) -> None:
    change(copy / name)
    done = monitor("verify", copy, "--lang", lang)
    assert done.returncode == 4 and name in done.stderr and todo in done.stderr, done.stderr
    if "events" in name:
        assert f"{name}:2 (seq 2)" in done.stderr and f"{name}:1 (seq 1)" in done.stderr
        assert lang == "en" or "line" not in done.stderr


@pytest.mark.parametrize("name", ["findings.jsonl", "report.html", "data/events/000001.jsonl", "custody.jsonl"])
def test_a_damaged_bundle_is_not_spoken_of(monitor: Run, copy: Path, tmp_path: Path, name: str) -> None:
    change(copy / name)
    anew = [] if name.startswith(("findings", "report")) else ["analyse"]  # which makes those
    for command in ("findings", "coverage", "report", "redact", *anew):
        done = monitor(command, copy, *(("-o", tmp_path / "r") if command == "redact" else ()))
        assert (done.returncode, done.stdout) == (4, ""), command
        assert done.stderr.startswith(f"monitor: {name}"), command
    assert not (tmp_path / "r").exists()


#: Commands that read what was recorded, and whether they go on with ``--force``.
READERS = {
    "init": (["declaration", "init", "BUNDLE"], True),
    "update": (["declaration", "update", "d.yaml", "BUNDLE", "-o", "new.yaml"], True),
    "compare": (["declaration", "compare", "d.yaml", "BUNDLE", "--json"], True),
    "events": (["events", "BUNDLE", "--json"], True),
    "rules": (["rules", "check", "COL-01.yaml", "--bundle", "BUNDLE"], False),
}


@pytest.mark.parametrize("name", READERS)
def test_no_command_reads_a_log_that_somebody_wrote_anew(monitor: Run, bundle: Path, tmp_path: Path, name: str) -> None:
    """Its chain and its manifests are right again; its seal is not."""
    work = shutil.copytree(bundle, tmp_path / "b")
    forged = Bundle.create(tmp_path / "forged")
    for event in read_events(work):
        forged.log.append(msgspec.structs.replace(event, seq=0, app="org.example.other"))
    forged.seal(Bundle.open(work).session())
    shutil.rmtree(work / "data/events")
    shutil.copytree(forged.path / "data/events", work / "data/events")
    (tmp_path / "d.yaml").write_text("app: {package: com.example.shop}\n")
    shutil.copy(ROOT / "monitor/rules/COL-01.yaml", tmp_path / "COL-01.yaml")
    words, forcible = READERS[name]
    words = [str(work) if word == "BUNDLE" else word for word in words]
    done = monitor(*words)
    assert done.returncode == 4 and done.stderr.count("\n") == 1, done
    assert "com.example" not in done.stdout and "org.example" not in done.stdout, done.stdout
    if forcible:
        assert monitor(*words, "--force").returncode in (0, 4)


def test_force_says_so_everywhere(monitor: Run, copy: Path, tmp_path: Path) -> None:
    (copy / "custody.jsonl").write_bytes(b"")
    found = monitor("findings", copy, "--force", "--json")
    assert found.returncode == 0 and "EVIDENCE DAMAGED: custody.jsonl" in found.stderr
    assert all("EVIDENCE DAMAGED" in json.loads(line)["evidence"] for line in found.stdout.splitlines())
    for form in ("html", "json"):
        assert monitor("report", copy, "--force", "--format", form, "-o", tmp_path / f"r.{form}").returncode == 0
        assert "EVIDENCE DAMAGED: custody.jsonl" in (tmp_path / f"r.{form}").read_text("utf-8")
    refused = monitor("report", copy, "--force", "--format", "csv", "-o", tmp_path / "r.csv")
    assert refused.returncode == 2 and not (tmp_path / "r.csv").exists()


def test_removed_results_are_refused_and_can_be_derived_again(
    monitor: Run, bundle: Path, copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The events remain: an interruption before the assessment is repaired like one of the recording."""
    for name in ("findings.jsonl", "coverage.jsonl", "report.html", "findings.dsse.json"):
        (copy / name).unlink()
    done = monitor("verify", copy)
    assert done.returncode == 4 and "findings.dsse.json: the results are missing" in done.stderr
    said = monitor("recover", copy, "--lang", "en").stdout
    (key,) = re.findall("--results-key ([0-9a-f]{64})", said)
    assert "its results have been derived" in said
    assert monitor("verify", copy).returncode == 0, "who derived them knows whose they are"
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "another reader"))
    assert monitor("verify", copy).returncode == 4 and monitor("verify", copy, "--results-key", key).returncode == 0
    assert (copy / "findings.jsonl").read_bytes() == (bundle / "findings.jsonl").read_bytes()


def test_proof_of_one_event(monitor: Run, bundle: Path, tmp_path: Path) -> None:
    proof = tmp_path / "proof.json"
    proof.write_text(monitor("prove", bundle, 3).stdout, "utf-8")
    root = json.loads(proof.read_text("utf-8"))["root"]
    assert f"event 3 is included in the recording with root {root}" in monitor("prove", proof, "--root", root).stdout
    assert monitor("prove", proof, "--root", "00" * 32).returncode == 4
    other = json.loads(proof.read_text("utf-8"))
    other["line"] = other["line"].replace('"err":', '"err": ')
    proof.write_text(json.dumps(other), "utf-8")
    assert monitor("prove", proof).returncode == 4
    assert monitor("prove", bundle, 99999).returncode == 2


def _recorded(path: Path, texts: list[str]) -> Path:
    made = Bundle.create(path)
    made.vault.redact(observe.RawValue("imei", "863301048722415"))
    window = Window(t=1, err=0, src="hooks:7", app=APP, window=1, window_kind="dialog", action="shown", texts=texts)
    made.log.append(window)
    made.seal(manifest.Session(app=manifest.App(package=APP)))
    made.attest({}, "0.1.0", {})
    return path


@pytest.mark.parametrize(
    "text", ["863301048722415", "id ODYzMzAxMDQ4NzIyNDE1", "%38%36%33%33%30%31%30%34%38%37%32%32%34%31%35"]
)
def test_no_copy_that_holds_a_value(monitor: Run, tmp_path: Path, text: str) -> None:
    """A value that was written before it was known is in the sealed record: such a copy is not made."""
    done = monitor("redact", _recorded(tmp_path / "b", [text]), "-o", tmp_path / "copy")
    assert done.returncode == 2 and "data/events/000001.jsonl:1: no copy was made" in done.stderr
    assert not (tmp_path / "copy").exists() and text not in done.stderr


def test_a_copy(monitor: Run, tmp_path: Path) -> None:
    done = monitor("redact", _recorded(tmp_path / "b", ["hello there"]), "-o", tmp_path / "copy")
    key = done.stdout.splitlines()[1].removeprefix("handover attested with key ").partition(":")[0]
    said = monitor("verify", tmp_path / "copy").stdout
    assert done.returncode == 0 and f"handover.dsse.json attested by another key, {key}" in said
    assert "the private part is absent" in said
    assert Bundle.open(tmp_path / "copy").session().app.package == APP


@contextlib.contextmanager
def unreadable_private(bundle: Path) -> Iterator[Path]:
    """A copy of the bundle whose private part belongs to another user than the one who reads it."""
    root = os.geteuid() == 0
    with tempfile.TemporaryDirectory() as place:
        copy = Path(shutil.copytree(bundle, Path(place) / "bundle"))
        for folder in (Path(place), copy):
            folder.chmod(0o755)
        (copy / "private").chmod(0)
        try:
            if root:
                os.seteuid(65534)
            yield copy
        finally:
            if root:
                os.seteuid(0)
            (copy / "private").chmod(0o700)


def test_a_private_part_of_another_user_is_no_damage(bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ask = (["verify"], ["findings"], ["analyse"], ["report", "-o", os.devnull])
    for first, *rest in ask[:2]:  # what is imported late is imported while it can be read
        assert run(first, bundle, *rest, cwd=bundle).returncode == 0
    with unreadable_private(bundle) as copy:
        for first, *rest in ask:
            done = run(first, copy, *rest, cwd=copy)
            assert done.returncode == 2 and "private/ cannot be read by this user" in done.stderr, done.stderr
            assert "internal error" not in done.stderr
        assert standalone.main([str(copy)]) == 2
        said = capsys.readouterr().err
        assert "cannot be read by this user" in said and "CHANGED" not in said


def test_an_analysis_says_what_it_replaced_and_who_attests(
    monitor: Run, copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = tmp_path / "me.pem"
    before = (copy / "findings.dsse.json").read_bytes()
    declaration = tmp_path / "declared.yaml"
    declaration.write_text("app: {package: com.example.shop, type_39: 6}\n")
    said = monitor("analyse", copy, "--declaration", declaration, "--lang", "en").stdout
    assert f"replaced; they are kept in {copy}/earlier/001" in said and f"compared with {declaration} instead" in said
    assert (copy / "earlier/001/findings.dsse.json").read_bytes() == before
    (key,) = re.findall("results attested with key ([0-9a-f]{64}), made for this analysis and not kept", said)
    assert f"monitor verify {copy} --results-key {key}" in said.replace("\n", " ")
    assert monitor("verify", copy).returncode == monitor("findings", copy).returncode == 0, "the user's own"
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "another reader"))
    refused = monitor("verify", copy, "--lang", "en")
    assert refused.returncode == 4 and "DAMAGED" not in refused.stderr
    assert f"results by another key: findings.dsse.json: attested by key {key}" in refused.stderr
    assert "结果由另一密钥签名" in monitor("verify", copy, "--lang", "zh").stderr
    said = monitor("findings", copy, "--lang", "zh").stderr
    assert f"签名密钥为 {key}，并非本次检测的签名密钥" in said and "attested" not in said and "whose" not in said
    checked = monitor("verify", copy, "--results-key", key, "--lang", "en").stdout
    assert f"Results signed with a key named by the user or made here, not the recording's: {key}" in checked
    assert "earlier/001/findings.dsse.json attested by the same key" in checked

    ident = monitor("key", "new", mine).stdout.split()[1]
    said = monitor("analyse", copy, "--key", mine, "--lang", "zh").stdout
    assert f"{copy}/earlier/002" in said and f"结果由指定密钥签名：{ident}" in said and str(declaration) not in said


@pytest.mark.parametrize("ended", ["failed", "done"])
def test_a_session_that_failed_says_so_first(monitor: Run, tmp_path: Path, ended: str) -> None:
    """No finding of a session that ended early is no result; a session that ran to its end says nothing of the kind."""
    path = tmp_path / "early"
    made = Bundle.create(path)
    for at, (what, cause) in enumerate((("start", ""), ("exit", "java.lang.Error"), ("start", "")), 1):
        event = Lifecycle(t=at, err=0, src="device", app=APP, process=APP, what=f"process_{what}", cause=cause)
        made.log.append(event)
    made.seal(manifest.Session(app=manifest.App(package=APP), ended=ended, cause="the app crashed"))
    reanalyse(path, key=made.signer())
    for command in ("findings", "coverage"):
        shown = monitor(command, path, "--lang", "en")
        assert shown.returncode == 0
        said = "The session ended early (failed). Cause: the app crashed."
        assert shown.stdout.startswith(said) is (ended == "failed")
        lines = monitor(command, path, "--json", "--lang", "en")
        assert ("means nothing" in lines.stderr) is (ended == "failed") and "ended early" not in lines.stdout
    states = {line["id"]: line["state"] for line in map(json.loads, lines.stdout.splitlines())}
    assert states["LIF-01"] == states["PRM-07"] == "not_observable"
