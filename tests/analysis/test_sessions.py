"""Rules in real sessions: a selection of what ``bench/rule_sessions.py`` runs in full."""

from __future__ import annotations

from pathlib import Path

import pytest
from anew import accused
from conduct import HOWS, RULES, SCENES, play

from monitor.analysis.rules.load import load_rules
from monitor.events import ApiCall
from monitor.evidence.lines import read_events

PLAYED = ("first_run", "functions", "web")
#: Of a rule with several patterns, one that its scene must show (the rule itself may be found by another).
PATTERNS = {"first_run": {("COL-01", "terminal")}, "functions": {("LIF-02", "starts")}}


def test_scenes_are_about_rules_that_exist() -> None:
    assert set(RULES) <= {rule.id for rule in load_rules()}


@pytest.mark.device
@pytest.mark.parametrize("scene", PLAYED)
def test_each_rule_finds_its_behaviour_and_is_silent_on_the_twin(scene: str, tmp_path: Path) -> None:
    bad, twin = (play(scene, how, tmp_path / how) for how in HOWS)
    for session in (bad, twin):
        assert not session.fault
    assert {rule: bad.line(rule).status for rule in SCENES[scene]} == SCENES[scene]
    assert {(f["rule"], f["pattern"]) for f in bad.findings} >= PATTERNS.get(scene, set())
    assert {rule: twin.line(rule).coverage for rule in SCENES[scene]} == dict.fromkeys(SCENES[scene], "silent")
    assert accused(twin.bundle) == {}
    calls = [e for e in read_events(bad.bundle) if isinstance(e, ApiCall) and e.cls == "android.webkit.WebView"]
    pages = [(call.method, call.args) for call in calls]
    assert pages == [
        ("addJavascriptInterface", {"object": "com.example.conduct.Notice$Answer", "name": "notice"}),
        ("loadUrl", {"bridge": "notice"}),
        ("evaluateJavascript", {"script": str(len("document.title")), "page": "file"}),
    ] * (2 if scene == "web" else 0)
