"""The events that a report is given are those of the log, whoever reads it, and no others."""

from __future__ import annotations

import itertools
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from monitor.analysis.correlate.findings import Assessment
from monitor.assess.evaluate import evaluate, reanalyse
from monitor.assess.opened import Opened
from monitor.assess.render import render_bundle, write_results
from monitor.assess.trial import on_bundle
from monitor.base.errors import EvidenceDamaged
from monitor.events import ApiCall, Event, HookState, Tap, Transmission, encode
from monitor.evidence.bundle import Bundle
from monitor.evidence.verify import verify
from monitor.reports import BYPASSED, Log
from monitor.session.declaration import Declaration
from monitor.session.manifest import App, Session
from tests.assess.test_counted import BASE, log, mixed

SEGMENT = "data/events/000001.jsonl"


def session() -> Iterator[Event]:
    """As ``mixed``, with what is sent, which waits for agents, data that flow, and checks that were bypassed."""
    dice, calls = random.Random(7), list[ApiCall]()
    for event in mixed():
        if event.seq == 20:
            yield HookState(t=event.t, err=0, states=[], **BASE)  # type: ignore[arg-type]
        if dice.random() < 0.02:
            yield Transmission(
                t=event.t, err=3, flow=f"f{event.seq}", host="a.example", port=443, bytes=9, **BASE,  # type: ignore[arg-type]
            )  # fmt: skip
        if type(event) is ApiCall and dice.random() < 0.1:
            event = replace(event, data_type=dice.choice(("sensors", "location")), stack=dice.randrange(3))
        if type(event) is ApiCall and dice.random() < 0.01:
            event = replace(event, args={BYPASSED: dice.choice(("yes", "no")), "host": "b.example"})
        if event.seq == 2500:  # a word of no glance: this piece of the log is decoded line by line
            event = replace(calls[-1], role="read")
        calls += [event] if type(event) is ApiCall else []
        yield event


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return log(tmp_path_factory.mktemp("indexed") / "bundle", session())


def check(found: Log, expected: list[Event]) -> None:
    plain = Log(expected)
    assert list(map(encode, found)) == list(map(encode, expected)) and len(found) == len(expected)
    assert found[-3] == expected[-3] and found[10:400:7] == expected[10:400:7]
    assert list(found.of(Tap, Transmission)) == list(plain.of(Tap, Transmission))
    asked = [event for event in expected if isinstance(event, ApiCall) and event.outcome == "null"]
    assert list(found.of(ApiCall, where=lambda call: call.outcome == "null")) == asked
    for kinds in ((Transmission,), (ApiCall, Transmission)):
        assert list(found.places(*kinds)) == list(plain.places(*kinds)) and found.number(*kinds) == plain.number(*kinds)
    assert found.span() == plain.span() and list(found.bypassed()) == list(plain.bypassed())
    numbered = found.numbered()
    assert dict(numbered) == dict(plain.numbered()) and numbered.get(0) is None and 10**6 not in numbered


def test_they_are_the_same_with_and_without_an_assessment(recorded: Path) -> None:
    with Opened(recorded) as opened:
        expected = list(opened.events())
        check(opened.listed, expected)
    with Opened(recorded, log=verify(recorded, results=False).log) as opened:
        evaluate(opened)
        check(opened.listed, expected)
        assert list(opened.events()) == expected
    owners = {event.sdk for event in expected if isinstance(event, ApiCall)}
    assert len(owners) > 3 and any(Log(expected).bypassed())


def test_an_old_log_says_itself_whose_its_calls_are(v1: Path) -> None:
    with Opened(v1) as opened:
        expected = list(opened.events())
        check(opened.listed, expected)
        evaluate(opened)
        check(opened.listed, expected)


def test_an_empty_log_has_none(tmp_path: Path) -> None:
    with Opened(log(tmp_path / "bundle", iter(()))) as opened:
        check_empty(opened.listed)
        evaluate(opened)
        check_empty(opened.listed)


def check_empty(found: Log) -> None:
    assert not list(found) and found.span() == (0, 0) and not list(found.of(ApiCall, Tap))


def test_a_log_that_is_swapped_once_it_was_verified_is_not_reported_on(recorded: Path, tmp_path: Path) -> None:
    """Neither assessed nor, if it is swapped later, shown: not even a log that is as good as the other."""
    bundle = shutil.copytree(recorded, tmp_path / "bundle")
    other = log(tmp_path / "other", (replace(event, pid=8) for event in session()))
    verified = verify(bundle, results=False).log
    own = (bundle / SEGMENT).read_bytes()
    with Opened(bundle, log=verified) as opened:
        evaluate(opened)
        before = list(opened.listed[100:110])
        (bundle / SEGMENT).write_bytes((other / SEGMENT).read_bytes())
        with pytest.raises(EvidenceDamaged, match="changed while it was read"):
            list(opened.listed)
        (bundle / SEGMENT).write_bytes(own + b'{"prev":"more"}\n')  # what comes after what was verified is not there
        assert list(opened.listed[100:110]) == before
    (bundle / SEGMENT).write_bytes((other / SEGMENT).read_bytes())
    with pytest.raises(EvidenceDamaged, match="changed while it was read") as said:
        reanalyse(bundle, log=verified)
    assert said.value.where == f"{SEGMENT}:1 (seq 1)"
    (bundle / SEGMENT).unlink()
    with pytest.raises(EvidenceDamaged, match="changed while it was read"):
        reanalyse(bundle, log=verified)
    assert not {"findings.jsonl", "coverage.jsonl", "report.html"} & {path.name for path in bundle.iterdir()}


def test_a_log_that_is_swapped_once_it_was_sealed_is_not_assessed_as_recorded(tmp_path: Path) -> None:
    bundle = Bundle.create(tmp_path / "bundle")
    for event in mixed():
        bundle.log.append(replace(event, seq=0))
    sealed = Session(app=App(package="com.example.app"))
    assert bundle.seal(sealed) == bundle.head
    with Opened.recorded(bundle, sealed, Declaration(), {}, {}) as opened:
        assert opened.log.head == bundle.head
    other = log(tmp_path / "other", (replace(event, pid=8) for event in mixed()))
    shutil.copyfile(other / SEGMENT, bundle.path / SEGMENT)
    with (
        Opened.recorded(bundle, sealed, Declaration(), {}, {}) as opened,
        pytest.raises(EvidenceDamaged, match="changed after it was sealed"),
    ):
        write_results(bundle, opened, Assessment([], []), "en")
    assert not (bundle.path / "findings.jsonl").exists()


@pytest.fixture(scope="module")
def assessed(recorded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    bundle = Path(shutil.copytree(recorded, tmp_path_factory.mktemp("assessed") / "bundle"))
    reanalyse(bundle)
    return bundle


@pytest.mark.parametrize("name", ["findings.jsonl", "coverage.jsonl", "findings.dsse.json", "data/session.json"])
def test_other_files_that_are_swapped_once_they_were_verified_are_not_shown(
    assessed: Path, tmp_path: Path, name: str
) -> None:
    """Nor one that is removed, or a link to the same."""
    bundle = shutil.copytree(assessed, tmp_path / "bundle")
    log = verify(bundle, results_keys=None).log
    before = render_bundle("json", bundle, "en", log=log)
    own = (bundle / name).read_bytes()
    (tmp_path / "same").write_bytes(own)
    (tmp_path / "other").write_bytes(own + b" ")
    for put in (
        lambda: shutil.copy(tmp_path / "other", bundle / name),
        lambda: (bundle / name).symlink_to(tmp_path / "same"),
        lambda: None,
    ):
        (bundle / name).unlink()
        put()
        with pytest.raises(EvidenceDamaged, match=r"changed while the bundle was read|neither a file") as said:
            render_bundle("json", bundle, "en", log=log)
        assert said.value.where == name
        (bundle / name).unlink(missing_ok=True)
        shutil.copy(tmp_path / "same", bundle / name)
    assert render_bundle("json", bundle, "en", log=log) == before


@pytest.mark.parametrize("recorded_with", ["", "recipients: []\n"])
def test_a_declaration_that_is_exchanged_once_it_was_verified_is_not_taken(tmp_path: Path, recorded_with: str) -> None:
    """Nor one that was not there."""
    bundle = Bundle.create(tmp_path / "bundle")
    if recorded_with:
        bundle.add_input("declaration.yaml", recorded_with.encode())
    for event in itertools.islice(mixed(), 9):
        bundle.log.append(replace(event, seq=0))
    bundle.seal(Session(app=App(package="com.example.app")))
    log = verify(bundle.path, results=False).log
    with Opened(bundle.path, log=log) as opened:
        assert (opened.declaration.recipients == []) is bool(recorded_with)
    (bundle.path / "data/inputs").mkdir(exist_ok=True)
    (bundle.path / "data/inputs/declaration.yaml").write_text("recipients: [{org: other, role: processor}]\n")
    with (
        Opened(bundle.path, log=log) as opened,
        pytest.raises(EvidenceDamaged, match="changed while the bundle was read"),
    ):
        assert opened.declaration
    with pytest.raises(EvidenceDamaged, match="changed while the bundle was read"):
        on_bundle([], bundle.path, log)
