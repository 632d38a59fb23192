"""What a report of a long session costs: what is read once, and what is not held."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from monitor.analysis.consent.window import WindowText, seen
from monitor.analysis.explain import moments
from monitor.events import Lifecycle, Step, Window
from monitor.reports import _story
from tests.assess.samples import finding as sample_finding

from .conftest import T0, coverage, make_view, recording, session


def test_a_window_is_read_once_however_many_findings_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    base: dict[str, Any] = {"err": 1200, "app": "com.example.shop", "pid": 7}
    shown: dict[str, Any] = {**base, "src": "hooks:7", "window_kind": "activity", "action": "shown"}
    pages = [f"Page {number}" for number in range(21, 90)]
    events = [
        Lifecycle(seq=20, t=T0 - 100, src="device", **base, what="process_start"),
        *(Window(seq=n, t=T0 + n, **shown, window=n, title=page, texts=["12"]) for n, page in enumerate(pages, 21)),
        Step(seq=90, t=T0 + 300_000, src="runner", **base, index=2, verb="tapOn", state="started", label="x"),
        Window(
            seq=91, t=T0 + 350_000, **shown, window=91, title="隐私政策", texts=["请阅读隐私政策"], buttons=["同意"]
        ),
    ]
    found = [sample_finding(events=[3, 6, 5], first_seen=T0 + 400_000 + number) for number in range(5)]
    asked: Counter[str] = Counter()

    def counted(window: Window) -> WindowText:
        asked[window.title] += 1
        return seen(window)

    monkeypatch.setattr(moments, "seen", counted)
    monkeypatch.setattr(_story, "seen", counted)

    def accounts() -> list[Any]:
        view = make_view(session(), [*recording(), *events], found, coverage())
        return [_story.story(view, row) for row in view.findings]

    assert all(accounts()) and {asked[page] for page in pages} == {1}
