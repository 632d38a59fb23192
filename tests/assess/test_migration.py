"""A bundle of the first schema: it opens, verifies and gives the same result, though its log holds inferred fields."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from monitor.analysis.correlate.attribution import Attribution
from monitor.analysis.correlate.findings import Finding, decode
from monitor.assess.evaluate import reanalyse
from monitor.assess.opened import Opened
from monitor.assess.render import render_bundle
from monitor.base.errors import ResultsOfAnother
from monitor.events import ApiCall, Transmission, encode, encode_observed
from monitor.events import decode as decode_event
from monitor.evidence.bundle import Bundle
from monitor.evidence.lines import read_events
from monitor.evidence.verify import verify

SCRIPT = Path(__file__).parents[2] / "monitor/evidence/standalone/verify.py"
#: Rules whose answers rest on attribution and consent alone.
STEADY = ("COL-01", "COL-02", "SHR-02", "SHR-04")


def stated(findings: list[Finding]) -> set[tuple[str, ...]]:
    return {
        (f.rule, f.status, f.grade, f.data_type, f.sdk, f.recipient) for f in findings if f.rule in STEADY
    }  # fmt: skip


def test_it_verifies(v1: Path) -> None:
    found = verify(v1)
    assert found.events == 4162 and found.results()


def test_what_the_recorder_inferred_stands(v1: Path) -> None:
    recorded = list(read_events(v1))
    with Opened(v1) as opened:
        assert opened.session.schema_number == 1
        assert list(opened.events()) == recorded
        assert len(opened.rows) > 300
    sent = [event for event in recorded if isinstance(event, Transmission)]
    assert {event.sdk for event in sent} == {"app", "example_adnova", "example_beacon", "example_pushwave"}


def test_it_gives_the_same_findings_again(v1: Path, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    shutil.copytree(v1, bundle)
    before = [decode(line) for line in (v1 / "findings.jsonl").read_bytes().splitlines()]
    again = reanalyse(bundle)
    assert not again.kept and not again.changes
    assert stated(again.assessment.findings) == stated(before) and len(stated(before)) > 10
    verify(bundle, results_keys=[again.written.key])


def test_its_results_count_only_from_the_recorder(v1: Path, tmp_path: Path) -> None:
    """Attested anew by a stranger, or by nobody, which the first format allowed."""
    assert verify(v1).attested[0].whose == "recorder"
    bundle = Path(shutil.copytree(v1, tmp_path / "bundle"))
    (bundle / "findings.jsonl").write_bytes(b"")
    Bundle.open(bundle).attest({}, "1", {})
    for said in ("attested by key [0-9a-f]{64}, not by the recording's", "attested by nobody"):
        with pytest.raises(ResultsOfAnother, match=said):
            verify(bundle, bundle / "public.pem")
        done = subprocess.run([sys.executable, "-I", SCRIPT, bundle], capture_output=True, text=True, check=False)
        assert done.returncode == 4 and "RESULTS BY ANOTHER KEY" in done.stderr
        (bundle / "findings.dsse.json").unlink(missing_ok=True)


def test_its_reports_can_be_written(v1: Path) -> None:
    report = json.loads(render_bundle("json", v1, "en"))
    assert len(report["findings"]) == 67


def test_a_new_log_never_holds_what_is_inferred(v1: Path) -> None:
    """The events of the old log, written anew: the bytes hold none of those fields."""
    for event in read_events(v1):
        fields = json.loads(encode_observed(event))
        assert not event.inferred & fields.keys()
        assert fields["kind"] == event.__struct_config__.tag and fields["t"] == event.t


def test_the_stage_infers_what_the_recorder_had_inferred(v1: Path) -> None:
    """On a real session: SDKs of calls from their stacks, owners of hosts; live and from the file alike."""
    recorded = list(read_events(v1))
    with Opened(v1) as opened:
        live, again = (Attribution(opened.declaration, opened.organisations, opened.sdks) for _ in range(2))
    seen = [live.feed(decode_event(encode(event))) for event in recorded]
    assert [again.feed(decode_event(encode_observed(event))) for event in recorded] == seen
    calls = [(event.sdk, now.sdk) for event, now in zip(recorded, seen, strict=True) if isinstance(event, ApiCall)]  # type: ignore[union-attr]
    assert (
        all(then == now or (not then and now.startswith(("lib:", "framework"))) for then, now in calls)
        and len({then for then, _ in calls}) > 4
    )
    sent = [(event, now) for event, now in zip(recorded, seen, strict=True) if isinstance(event, Transmission)]
    assert [(e.org, e.party) for e, _ in sent] == [(now.org, now.party) for _, now in sent]  # type: ignore[union-attr]
