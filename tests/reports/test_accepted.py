"""Findings that a baseline accepts remain in a pipeline's reports, with their reason."""

from __future__ import annotations

import json
from xml.etree import ElementTree

from tests.reports.conftest import coverage, finding, recording, render, session

REASON = "agreed with the vendor (kai, 2030-01-01)"
ACCEPTED = {"a" * 16: REASON}


def rendered(form: str, *findings: dict[str, object]) -> str:
    return render(form, session(), recording(), findings, coverage(), accepted=ACCEPTED).decode()


def old() -> dict[str, object]:
    return {**finding(), "fingerprint": "a" * 16}


def new() -> dict[str, object]:
    return {**finding(), "fingerprint": "b" * 16, "data_type": "oaid"}


def test_junit_skips_a_rule_that_has_nothing_new() -> None:
    suite = ElementTree.fromstring(rendered("junit", old())).find("testsuite")
    assert suite is not None and suite.get("failures") == "0"
    skipped = [one.get("message") or "" for one in suite.iter("skipped")]
    assert any(REASON in one for one in skipped)
    both = ElementTree.fromstring(rendered("junit", old(), new())).find("testsuite")
    assert both is not None and both.get("failures") == "1"


def test_sarif_suppresses_it() -> None:
    results = json.loads(rendered("sarif", old(), new()))["runs"][0]["results"]
    by_key = {one["partialFingerprints"]["finding/v1"]: one for one in results}
    assert by_key["a" * 16]["suppressions"][0]["justification"] == REASON
    assert "suppressions" not in by_key["b" * 16]


def test_markdown_lists_it_apart() -> None:
    text = rendered("markdown", old(), new())
    table, _, rest = text.partition("## ")
    assert "OAID" in table and "IMEI" not in table
    assert "IMEI" in rest and "agreed with the vendor" in rest and "COL-05" in rest
