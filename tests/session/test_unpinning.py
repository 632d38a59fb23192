"""How far a session goes to read TLS: without our certificate nothing is read, and the report says why.

What a certificate alone reads is seen in the session of ``tests/proxy/test_attribution.py``.
"""

from pathlib import Path

import pytest
from mitmproxy.certs import CertStore

from monitor.assess.render import render_bundle
from monitor.base.errors import InputError
from monitor.events import ApiCall, Event, Health, TlsFailure, Transmission
from monitor.knowledge.catalogue import load_catalogue
from monitor.record import Options, record
from monitor.record.inputs import FAMILY, rows_at
from tests.session.conftest import Quiet, Recorded, run

PINNED = ".pinned.netlab.example"
HOSTS = {
    "ok" + PINNED: "app",
    "old" + PINNED: "app",
    "manager" + PINNED: "example_beacon",
    "verifier" + PINNED: "example_adnova",
}
SCENARIO = """
appId: com.example.shop
app: shop
name: short
title: {zh: 短, en: Short}
---
- launchApp: {clearState: true}
- extendedWaitUntil: {visible: "同意并继续|同意", timeout: 20s}
- idle: {duration: 1s, label: wait}
"""


def refusals(events: list[Event]) -> list[TlsFailure]:
    """Handshakes that failed, but for those that the end of the app broke off."""
    return [event for event in events if isinstance(event, TlsFailure) and not event.idle]


def test_a_level_that_makes_no_sense_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="to no purpose"):
        record(Options(scenario="quickstart", out=tmp_path / "out", unpin="hooks", proxy="none"), Quiet())
    assert not (tmp_path / "out").exists()


def test_rows_that_change_the_app_are_off_unless_asked_for() -> None:
    rows = [row for row in load_catalogue() if row.family == FAMILY]
    assert rows and not any(row.enabled for row in rows)
    for level in ("none", "ca"):
        assert not any(row.enabled for row in rows_at(level, rows))
    assert all(row.enabled for row in rows_at("hooks", rows))


def lab(out: Path, level: str) -> Recorded:
    """The network laboratory, which has a pinned client of the app and of two libraries."""
    got = run("netlab", out, unpin=level)
    assert got.outcome.session.unpinning == level
    return got


def pinned(events: list[Event]) -> dict[str, str]:
    return {e.host: e.sdk for e in events if isinstance(e, Transmission) and e.host.endswith(PINNED)}


def bypasses(events: list[Event]) -> list[ApiCall]:
    return [e for e in events if isinstance(e, ApiCall) and e.hook.startswith("unpin.")]


@pytest.mark.device
def test_pinned_clients_are_read_with_hooks_and_that_is_a_deviation(tmp_path: Path) -> None:
    got = lab(tmp_path / "bundle", "hooks")
    assert pinned(got.events) == HOSTS and not refusals(got.events)
    passed = bypasses(got.events)
    assert {e.hook: e.sdk for e in passed} == {
        "unpin.okhttp_check": "app",
        "unpin.okhttp_check_lazily": "app",
        "unpin.trust_manager": "example_beacon",
        "unpin.hostname_verifier": "example_adnova",
    }
    assert all(e.args["bypassed"] == "yes" for e in passed)
    (deviation,) = got.outcome.session.record.deviations
    assert f"{len(passed)} certificate checks bypassed" in deviation.what
    lines = {line.id: line for line in got.outcome.assessment.coverage if line.line == "hook"}
    assert lines["unpin.okhttp_check_lazily"].state == "fired"
    for lang, words in (("en", "The app under test was modified: 4"), ("zh", "被测应用的行为被改变")):
        assert words in render_bundle("html", tmp_path / "bundle", lang).decode()


@pytest.mark.device
def test_a_certificate_of_anybody_else_fails_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The agent passes checks only for the CA that it was given: given another one, ours is unknown to it."""
    other = authority(tmp_path)
    monkeypatch.setattr("monitor.record.run.agent_options", lambda level, worker: {"ca": other})
    got = lab(tmp_path / "bundle", "hooks")
    assert {e.host for e in refusals(got.events)} == set(HOSTS)
    assert pinned(got.events) == {} and not bypasses(got.events)
    assert got.outcome.session.record.deviations == []


def authority(directory: Path) -> str:
    """Another CA's certificate in PEM."""
    store = CertStore.from_store(directory / "other", "mitmproxy", 2048)
    return store.default_ca.to_pem().decode()


@pytest.mark.device
def test_without_our_certificate_nothing_is_read_and_coverage_says_why(tmp_path: Path) -> None:
    path = tmp_path / "short.yaml"
    path.write_text(SCENARIO, "utf-8")
    got = run(str(path), tmp_path / "bundle", unpin="none")
    assert got.outcome.session.unpinning == "none"
    (level,) = [e for e in got.events if isinstance(e, Health) and e.what == "unpinning"]
    assert level.detail["level"] == "none"
    failed = refusals(got.events)
    assert failed and {e.reading for e in failed} == {"ca_missing"}
    assert not [e for e in got.events if isinstance(e, Transmission) and e.scheme == "https"]
    lines = {line.id: line for line in got.outcome.assessment.coverage if line.line == "rule"}
    assert lines["SHR-01"].state == "not_observable"
    why = lines["SHR-01"].why
    assert any(e.host in why for e in failed) and "certificate was not installed" in why
    # One message in the clear remains; what can be seen of it is all that may be said.
    for finding in got.outcome.assessment.findings:
        if finding.rule == "COL-03":
            assert finding.detail["host"] not in {e.host for e in failed}
