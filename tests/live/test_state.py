"""How a running session is shown."""

from __future__ import annotations

import json
from typing import Any

from monitor.analysis.consent.timelines import KeptMark
from monitor.analysis.correlate.findings import Finding
from monitor.events import Decision, Health, PlaceSeen, UiSnapshot
from monitor.live.state import SECONDS, Watch
from monitor.scenario.runner import Progress
from tests.reports.conftest import HOSTILE, T0, recording


def finding(**other: Any) -> Finding:
    return Finding(**{
        "rule": "COL-01", "pattern": "main", "status": "evidenced", "grade": "access", "level": "high", "app": "a",
        "data_type": "imei", "sdk": "ads", "recipient": "", "permission": "", "first_seen": T0, "last_seen": T0,
        "events": [3], "count": 2, "fingerprint": "f" * 16, "title": "Early read", "title_zh": "早",
        "clauses": [], "detail": {}, "guards": [], "assumptions": [], "advice": "", "advice_zh": "", **other,
    })  # fmt: skip


def mark(scope: str, state: str, t: int) -> KeptMark:
    return KeptMark("a", scope, state, t, 0, "hooks:7", 1, True, "read", (1,))


def test_the_step_counter_never_runs_backwards() -> None:
    watch = Watch("en")
    watch.stage("session")
    for number, repeated in ((7, "first"), (9, "within"), (8, "again")):
        watch.step(Progress(number, 27, "tapOn", repeated, 1500))
    assert watch.line().startswith("9/27 tapOn again") and watch.snapshot()["step"]["number"] == 9


def test_events_are_counted_by_second_and_lane() -> None:
    now = 100.0
    watch = Watch("zh", clock=lambda: now)
    for event in recording():
        watch.event(event)
    now = 101.5
    for event in recording():
        watch.event(event)
    state = watch.snapshot()
    assert state["events"] == 2 * len(recording())
    assert state["lanes"]["calls"]["seconds"][-2:] == [1, 1]
    assert state["lanes"]["user"]["seconds"][-2:] == [2, 2]  # a window and a tap
    assert state["lanes"]["calls"]["name"] == "接口调用" and len(state["lanes"]["calls"]["seconds"]) == SECONDS
    now = 300.0
    assert set(watch.snapshot()["lanes"]["calls"]["seconds"]) == {0}


def test_losses_and_the_last_screen_are_shown() -> None:
    watch = Watch("en")
    for event in recording():
        watch.event(event)
    state = watch.snapshot()
    assert state["lost"] == 3 and state["health"] and state["screen"] == "c" * 64 in watch.screens
    assert any(isinstance(event, Health) for event in recording())
    assert any(isinstance(event, UiSnapshot) for event in recording())


def test_the_strongest_finding_is_first_and_says_what_it_claims() -> None:
    watch = Watch("en")
    assert watch.finding(finding(fingerprint="a", status="review", level="critical"))
    assert watch.finding(finding(fingerprint="b"))
    assert not watch.finding(finding(fingerprint="b", count=3))
    first, second = watch.snapshot()["findings"]
    assert (first["id"], first["count"], first["title"]) == ("b", "×3", "Evidence of: Early read")
    assert second["status"] == "review" and watch.snapshot()["counts"] == {
        "evidenced": 1,
        "review": 1,
        "inconclusive": 0,
    }


def test_the_last_state_of_each_consent_the_policy_first() -> None:
    watch = Watch("en")
    watch.consent([mark("share:x", "denied", 3), mark("policy", "shown", 1), mark("policy", "granted", 2)])
    assert [(one["scope"], one["state"]) for one in watch.snapshot()["consent"]] == [
        ("privacy policy", "granted"),
        ("sharing with x", "denied"),
    ]


def test_calls_and_requests_are_listed_as_they_come_and_open() -> None:
    """The newest first, with the data, whose code or whose host it is, and what there is to see of it."""
    watch = Watch("en", scenario="quickstart")
    for event in recording():
        watch.event(event)
    state = watch.snapshot()
    assert (state["app"], state["scenario"]) == ("com.example.shop", "quickstart")
    refused, sent, call = state["recent"]
    assert call["what"] == "TelephonyManager.getImei" and call["data"] == "device IMEI" and call["owner"] == "ads"
    assert call["stack"][0] == "com.ads.OK.collect:3"
    assert sent["what"] == "POST log.ads.example/c/OK" and sent["data"] == "device IMEI" and sent["owner"] == "Ads OK"
    assert ["Found", "body.json.id (md5)"] in sent["fields"] and refused["what"] == "pin.OK"


def test_findings_open_and_consent_is_a_lane() -> None:
    watch = Watch("en")
    for event in recording():
        watch.event(event)
    watch.finding(finding(first_seen=T0 + 1_500_000, advice="Move the call."))
    watch.consent([mark("policy", "shown", T0 + 1_000_000), mark("policy", "granted", T0 + 3_000_000)])
    state = watch.snapshot()
    (shown,) = state["findings"]
    assert ["First observed", "+1.5 s"] in shown["fields"] and ["Rule", "COL-01"] in shown["fields"]
    assert any("Move the call." in value for _, value in shown["fields"])
    assert [(band["state"], band["at"]) for band in state["bands"]] == [("shown", 1), ("granted", 3)]


def test_what_is_shown_is_bounded_and_plain() -> None:
    watch = Watch("en")
    watch.stage("session")
    watch.step(Progress(1, 2, "tapOn", HOSTILE * 50, 10))
    for number in range(1000):
        watch.finding(finding(fingerprint=str(number), title=HOSTILE * 20, recipient=HOSTILE))
    for event in recording(word=HOSTILE) * 200:
        watch.event(event)
    text = json.dumps(watch.snapshot(), ensure_ascii=False)
    assert len(text) < 200_000 and not {"\x00", "\x1b", "\u202e"} & set(text)


def test_an_exploration_is_followed_by_steps_and_places() -> None:
    base: dict[str, Any] = {"t": T0, "err": 0, "src": "runner", "app": "a"}
    watch = Watch("en")
    watch.stage("session")
    watch.step(Progress(2, 2, "explore", "all refuse", 1500))
    assert watch.walk() == ""
    for number in (1, 2):
        watch.event(Decision(step=number, **base))
        watch.event(PlaceSeen(place=f"p{number}", activity=f"x.y.Page{number}", title=HOSTILE, **base))
    assert watch.walk().startswith("step 2, 2 places: Page2 · ") and watch.walk().isprintable()
    assert watch.line().startswith("2/2 step 2, 2 places")
    shown = watch.snapshot()["places"]
    assert [one.partition(" ")[0] for one in shown] == ["Page2", "Page1"] and all(one.isprintable() for one in shown)
    watch.stage("device")  # of the next session
    assert watch.walk() == "" and watch.snapshot()["places"] == []
