"""A session by hand, driven by a person's browser on the live page: it finds what the scripted one finds."""

import threading
from pathlib import Path
from typing import Any

import pytest

from monitor.analysis.correlate.findings import Finding
from monitor.base.paths import bundled
from monitor.events import Consent, Step
from monitor.evidence.bundle import Bundle
from monitor.evidence.verify import verify
from monitor.live.server import LivePage
from monitor.live.state import Watch
from monitor.record import Options, Outcome, record
from monitor.scenario.marks import Marks
from tests.pages import artefacts, browser, opened, until
from tests.session.conftest import Quiet, Recorded, recorded_events

pytestmark = pytest.mark.device
PATIENCE_S = 200
SCENARIO = str(bundled("scenarios") / "by_hand" / "manual.yaml")
WHO = "李检"
#: Rules that count within a time, or look at what happens while nothing is done: a hand is slower than a script.
TIMED = {"COL-06", "COL-07", "COL-08", "LIF-01", "LIF-02", "SHR-04"}
#: It works in a process of its own by its own clock: its beats fall before or after a slower answer, and whether it
#: gets the clipboard depends on which window has the focus then.
ON_ITS_OWN = "example_pushwave"


class Followed(Quiet):
    """What the session tells goes to the page."""

    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self.event, self.stage, self.step = watch.event, watch.stage, watch.step  # type: ignore[method-assign]


class Hand:
    """A person at the page."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def sees(self, text: str) -> bool:
        return bool(self.page.locator("#controls button", has_text=text).count())

    def touch(self, text: str, *, optional: bool = False) -> bool:
        """Touch a control of the device once it is there. An optional one may not come within a few seconds."""
        there = f"[...document.querySelectorAll('#controls button')].some((one) => one.textContent.includes({text!r}))"
        try:
            until(self.page, there, 4 if optional else PATIENCE_S)
        except AssertionError:
            assert optional
            return False
        before = self.page.evaluate("document.getElementById('screen').src")
        self.page.locator("#controls button", has_text=text).first.click()
        until(self.page, f"document.getElementById('screen').src !== {before!r}", PATIENCE_S)
        return True

    def mark(self, selector: str) -> None:
        self.page.evaluate("document.getElementById('mark-said').textContent = ''")
        self.page.locator(f"#manual {selector}").click()
        until(self.page, "document.getElementById('mark-said').textContent !== ''", PATIENCE_S)
        assert self.page.locator("#mark-said").text_content() == "recorded"


def by_hand(page: Any, place: Path) -> None:
    """What the quick start does, step for step."""
    hand = Hand(page)
    # The script waits until the app is quiet: what it sends at its start is not sent after the refusal.
    until(page, "document.body.textContent.includes('img.shop.example.cn')", PATIENCE_S)
    hand.touch("不同意")
    hand.mark("[data-state=denied]")
    for _ in range(3):
        hand.mark("[data-what=home]")
        hand.mark("[data-what=open]")
        if hand.touch("不同意", optional=True):
            hand.mark("[data-state=denied]")
    hand.mark("[data-what=home]")
    hand.mark("[data-what=open]")
    hand.touch("同意并继续")
    hand.mark("[data-state=granted]")
    page.screenshot(path=place / "manual.png", full_page=True)
    while hand.touch("不允许", optional=True):
        pass
    hand.mark("[data-what=home]")
    hand.mark("[data-what=open]")
    if hand.touch("去开启", optional=True):
        hand.touch("不允许", optional=True)
    page.locator("#mark-name").fill("nearby")
    hand.mark("[data-begins=yes]")
    hand.touch("附近门店", optional=True)
    page.locator("#mark-text").fill("附近门店无响应")
    hand.mark("[data-what=note]")
    hand.mark("[data-what=end]")


def kinds(findings: list[Finding]) -> set[tuple[str, str, str, str]]:
    found = [f for f in findings if f.status == "evidenced" and f.rule not in TIMED]
    assert any(f.sdk == ON_ITS_OWN for f in found)
    return {(f.rule, f.data_type, f.sdk, f.recipient) for f in found if ON_ITS_OWN not in (f.sdk, f.recipient)}


@pytest.mark.extra("chromium")
def test_a_session_by_hand_finds_what_the_script_finds(shop: Recorded, tmp_path: Path) -> None:
    out, watch, marks = tmp_path / "bundle", Watch("en"), Marks(WHO)
    done: list[Outcome] = []
    options = Options(scenario=SCENARIO, out=out, by=marks.by)
    stop = threading.Event()
    session = threading.Thread(target=lambda: done.append(record(options, Followed(watch), stop, marks=marks)))
    with LivePage(watch, lambda digest: Bundle.open(out).read_blob(digest), marks) as served, browser() as driver:
        session.start()
        try:
            with opened(driver, served.address) as watched:
                by_hand(watched.page, artefacts("manual", tmp_path))
                assert watched.violations() == []
                assert [said for said in watched.said if said.startswith("error")] == []
        except BaseException:
            stop.set()
            raise
        finally:
            session.join(PATIENCE_S)
    (outcome,) = done
    assert (outcome.session.cause, outcome.session.ended, outcome.session.operator) == ("", "done", WHO)
    assert kinds(outcome.assessment.findings) == kinds(shop.outcome.assessment.findings)
    verify(out)
    events = recorded_events(out)
    consents = [e for e in events if isinstance(e, Consent) and e.via == "person"]
    assert {e.state for e in consents} == {"denied", "granted"} and {e.detail["by"] for e in consents} == {WHO}
    steps = {(e.verb, e.state, e.label) for e in events if isinstance(e, Step)}
    assert {("function", "started", "nearby"), ("function", "ok", "nearby"), ("note", "ok", "附近门店无响应")} <= steps
