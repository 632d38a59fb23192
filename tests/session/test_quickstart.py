"""The whole chain on real parts: the monitor reports of the sample shop what the stand-in device logged."""

import json
import shutil
from pathlib import Path

import pytest

from monitor.analysis.correlate.findings import Finding
from monitor.assess.evaluate import reanalyse
from monitor.assess.opened import Opened
from monitor.assess.released import differing, said
from monitor.events import ApiCall, Health, LateMatch, Lifecycle, Stack, Transmission
from monitor.evidence.lines import read_events
from monitor.evidence.redaction import openings
from tests.runtimes import RUNTIMES
from tests.session.conftest import Recorded
from tests.session.first import first_reads

pytestmark = pytest.mark.device


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each test on both runtimes."""
    for name in ("shop", "clean"):
        if name in metafunc.fixturenames:
            metafunc.parametrize(name, RUNTIMES, indirect=True, scope="session")


#: Caller packages of the sample SDKs as the stand-in's truth log names them, and the monitor's ids.
SDKS = {"cn.beacon.": "example_beacon", "com.adnova.": "example_adnova", "io.pushwave.": "example_pushwave"}
HOSTS = {
    "example_beacon": "collect.beacon-analytics.cn",
    "example_adnova": "ads.adnova.com.cn",
    "example_pushwave": "reg.pushwave.io",
}


def found(session: Recorded, rule: str) -> list[Finding]:
    return [f for f in session.outcome.assessment.findings if f.rule == rule and f.status == "evidenced"]


def sdk_of(caller: str) -> str:
    return next((sdk for prefix, sdk in SDKS.items() if caller.startswith(prefix)), "app")


def agreed_ms(session: Recorded) -> int:
    """When the user agreed, by the device's log."""
    return next(
        line["t_ms"] for line in session.truth if line["what"] == "ui_click" and line["text"].startswith("同意")
    )


def test_the_session_ends_well_and_meets_its_scenario(shop: Recorded) -> None:
    assert shop.outcome.steps is not None and shop.outcome.session.ended == "done"
    assert shop.outcome.unmet == []
    assert {"COL-01", "COL-02", "COL-03", "PRM-01", "SHR-01"} <= {f.rule for f in shop.outcome.assessment.findings}


def test_its_tables_agent_and_hooks_are_stated_and_those_of_this_version(shop: Recorded) -> None:
    with Opened.of_results(shop.outcome.bundle) as opened:
        assert opened.session.digests["program"].keys() == {"agent", "hooks"}
        found = differing(opened)
        assert (found.groups, found.results, said(found, "en")) == ({}, False, "")


def test_nothing_was_lost_late_or_failed(shop: Recorded) -> None:
    health = [e for e in shop.events if isinstance(e, Health)]
    assert [e for e in health if e.what in ("lost", "late", "failed")] == []
    # What is told to be found late is in none of the transmission's own matches, as the log has them: inferred events
    # have both.
    logged = list(read_events(shop.outcome.bundle))
    told = [e for e in logged if isinstance(e, Transmission)]
    found = {(e.flow, m.data_type, m.tag) for e in told for m in e.matches if m.certainty == "found"}
    late = {(flow, e.match.data_type, e.match.tag) for e in logged if isinstance(e, LateMatch) for flow in e.flows}
    assert not {one for one in late & found if one[2]}


def test_each_start_was_hooked_before_the_apps_first_line(shop: Recorded) -> None:
    pids = {e.pid for e in shop.events if isinstance(e, Lifecycle) and e.what == "released"}
    calls = [e for e in shop.events if isinstance(e, ApiCall)]
    assert pids
    for pid in pids:
        noted, recorded = first_reads(pid, shop.truth, calls)
        assert noted and recorded[:1] == noted[:1]  # Later ones may come from several threads.


@pytest.mark.parametrize("rule", ["COL-01", "COL-02"])
def test_every_read_before_consent_is_one_that_the_device_knows(shop: Recorded, rule: str) -> None:
    """Type and SDK of each finding stand in the truth log before the tap; a value only where one was given."""
    until = agreed_ms(shop)
    for finding in found(shop, rule):
        known = [line for line in shop.api(finding.data_type) if line["t_ms"] <= until]
        assert known, finding
        if finding.grade == "access":
            assert any(line["outcome"] == "value" for line in known), finding
        if finding.data_type not in ("oaid", "gaid"):  # there the truth log names the identifier's client library
            assert finding.sdk in {sdk_of(line["caller"]) for line in known}, finding


def test_every_value_that_an_sdk_read_before_consent_is_found(shop: Recorded) -> None:
    until = agreed_ms(shop)
    read = {
        (line["data_type"], sdk_of(line["caller"]))
        for line in shop.truth
        if line["what"] == "api" and line["t_ms"] < until - 50 and line["outcome"] == "value"
        if line["data_type"] not in ("oaid", "gaid")
    }
    said = {(f.data_type, f.sdk) for rule in ("COL-01", "COL-02") for f in found(shop, rule)}
    assert read and read <= said


def test_what_left_before_consent_has_its_host_sdk_and_form(shop: Recorded) -> None:
    left = found(shop, "COL-03")
    assert {"android_id", "apps", "gaid"} <= {f.data_type for f in left}
    for finding in left:
        if finding.sdk in HOSTS:
            assert finding.detail["host"] == HOSTS[finding.sdk]
    beacon = next(f for f in left if f.sdk == "example_beacon" and f.data_type == "android_id")
    assert "md5 body.gzip.json.did" in beacon.detail["matches"]
    assert beacon.grade == "collection"


def test_the_undeclared_recipient_is_named_with_what_it_got(shop: Recorded) -> None:
    (finding,) = found(shop, "SHR-01")
    assert (finding.recipient, finding.data_type, finding.grade) == ("example_datamarket", "android_id", "collection")
    assert finding.detail["host"] == "dmp.datamarket-union.com"
    assert "b64.gzip.json" in finding.detail["matches"]


def test_repeated_prompts_are_those_the_device_showed(shop: Recorded) -> None:
    dialogs = [x for x in shop.truth if x["what"] == "window" and x["kind"] == "dialog" and x["state"] == "added"]
    assert len([x for x in dialogs if "隐私政策" in x["title"]]) >= 4
    assert any(f.permission == "" for f in found(shop, "PRM-01"))


def test_a_finding_points_to_events_that_exist_and_a_stack_that_names_the_sdk(shop: Recorded) -> None:
    by_seq = {event.seq: event for event in shop.events}
    stacks = {event.stack: event for event in shop.events if isinstance(event, Stack)}
    for finding in found(shop, "COL-02"):
        events = [by_seq[seq] for seq in finding.events]
        calls = [e for e in events if isinstance(e, ApiCall) and e.sdk == finding.sdk]
        assert calls
        frames = [frame.cls for frame in stacks[calls[0].stack].frames]
        assert any(sdk_of(cls) == finding.sdk for cls in frames)


def test_the_main_thread_ends_in_the_platform_as_on_a_phone(shop: Recorded) -> None:
    """So that what is posted to it is told by who posted it: nothing below is anybody's code."""
    last = {event.frames[-1].cls for event in shop.events if isinstance(event, Stack) and not event.truncated}
    assert "com.android.internal.os.ZygoteInit" in last
    assert not any(name.startswith("standin.") for name in last)


def test_no_value_stands_in_the_shareable_part(shop: Recorded) -> None:
    """The device's canary identifiers occur only in the private part."""
    values = [(o.data_type, o.text) for o in openings(shop.outcome.bundle / "private")]
    canaries = {value.encode() for data_type, value in values if data_type != "apps" and len(value) >= 10}
    assert canaries
    for path in sorted(shop.outcome.bundle.rglob("*")):
        if path.is_file() and "private" not in path.relative_to(shop.outcome.bundle).parts:
            data = path.read_bytes()
            assert not [c for c in canaries if c in data], path.name


def test_transmissions_go_to_the_hosts_that_the_app_calls(shop: Recorded) -> None:
    hosts = {e.host for e in shop.events if isinstance(e, Transmission)}
    assert hosts <= {*HOSTS.values(), "api.shop.example.cn", "img.shop.example.cn", "dmp.datamarket-union.com"}
    wrong = [e for e in shop.events if isinstance(e, Transmission) and e.sdk in HOSTS and HOSTS[e.sdk] != e.host]
    assert wrong == []


def test_analysis_of_the_bundle_gives_what_was_seen_live(shop: Recorded, tmp_path: Path) -> None:
    live = (shop.outcome.bundle / "findings.jsonl").read_bytes()
    coverage = (shop.outcome.bundle / "coverage.jsonl").read_bytes()
    copy = Path(shutil.copytree(shop.outcome.bundle, tmp_path / "copy"))
    reanalyse(copy)
    assert (copy / "findings.jsonl").read_bytes() == live
    assert (copy / "coverage.jsonl").read_bytes() == coverage
    kept = json.loads((shop.outcome.bundle / "data/inputs/app.json").read_bytes())
    assert kept["sha256"] == shop.outcome.session.app.apk_sha256


def test_the_well_behaved_twin_has_no_finding_and_its_silence_has_a_witness(clean: Recorded) -> None:
    assert clean.outcome.fault is None and clean.outcome.unmet == []
    assert clean.outcome.assessment.findings == []
    states = {line.id: line for line in clean.outcome.assessment.coverage if line.line == "rule"}
    for rule in ("COL-01", "COL-02", "COL-03", "PRM-01", "SHR-01"):
        assert states[rule].state == "silent", states[rule]
