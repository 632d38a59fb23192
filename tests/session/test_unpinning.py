"""How far a session goes to read TLS: without our certificate nothing is read, and the report says why."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.errors import InputError
from monitor.events import Health, TlsFailure, Transmission
from monitor.record import Options, record
from tests.session.conftest import Quiet, run

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


@pytest.mark.parametrize(("level", "message"), [("hooks", "not available yet"), ("all", "no such unpinning level")])
def test_a_level_that_there_is_not_is_refused_before_anything_is_made(tmp_path: Path, level: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        record(Options(scenario="quickstart", out=tmp_path / "out", unpin=level), Quiet())
    assert not (tmp_path / "out").exists()


@pytest.mark.device
def test_without_our_certificate_nothing_is_read_and_coverage_says_why(tmp_path: Path) -> None:
    path = tmp_path / "short.yaml"
    path.write_text(SCENARIO, "utf-8")
    got = run(str(path), tmp_path / "bundle", unpin="none")
    assert got.outcome.fault is None and got.outcome.session.unpinning == "none"
    (level,) = [e for e in got.events if isinstance(e, Health) and e.what == "unpinning"]
    assert level.detail == {"level": "none"}
    failed = [e for e in got.events if isinstance(e, TlsFailure)]
    assert failed and {e.reading for e in failed} == {"ca_missing"}
    assert not [e for e in got.events if isinstance(e, Transmission) and e.scheme == "https"]
    lines = {line.id: line for line in got.outcome.judgement.coverage if line.line == "rule"}
    assert lines["SHR-01"].state == "not_observable"
    assert failed[0].host in lines["SHR-01"].why and "certificate was not installed" in lines["SHR-01"].why
    # One message in the clear remains; what can be seen of it is all that may be said.
    for finding in got.outcome.judgement.findings:
        if finding.rule == "COL-03":
            assert finding.detail["host"] not in {e.host for e in failed}
