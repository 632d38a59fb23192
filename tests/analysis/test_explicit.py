"""Explicit consent to health data is read in an app's own words, whatever was answered before and whatever it is drawn
into."""

from __future__ import annotations

from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
import yaml

from monitor.analysis.consent.tracker import read_consent
from tests.analysis.played import session
from tests.each import each

DIALOGS = yaml.load(
    (Path(__file__).parents[1] / "corpus" / "consent" / "explicit.yaml").read_text("utf-8"), yaml.BaseLoader
)
PAGE = {"window": 1, "window_kind": "activity", "title": "a.b/a.b.Main", "texts": ["My day", "Friday, 12 September"]}
#: What was answered before: a consent platform's notice, or none.
STARTS = ("Accept all", "Reject all", "")


def shown(form: str, title: str, text: str, yes: str, no: str) -> dict[str, Any]:
    """The request as a dialog, as a page of its own, or as a sheet drawn into a page."""
    if form == "dialog":
        return {"window": 2, "title": title, "texts": [text], "buttons": [no, yes]}
    if form == "page":
        return {**PAGE, "title": "a.b/a.b.Consent", "action": "changed", "texts": [title, text], "buttons": [no, yes]}
    texts = [*PAGE["texts"], title, text]
    return {**PAGE, "action": "changed", "texts": texts, "buttons": ["Add entry", "Calendar", no, yes]}


def read(start: str, window: dict[str, Any], answer: str) -> dict[str, tuple[str, bool]]:
    """What the last tap decided."""
    platform = (
        "1 dialog @9 We value your privacy | We and our partners store and/or access information on a device, for "
        "personalised ads. | Reject all / Accept all / Manage preferences"
    )
    events = session(
        *([platform, f"2 tap {start}", "3 hidden @9"] if start else []),
        {"kind": "window", "at": 4, **PAGE, "buttons": ["Add entry", "Calendar"]},
        "15 tap @1 Add entry",
        {"kind": "window", "at": 20, **window},
        f"25 tap @{window['window']} {answer}",
    )
    lines = read_consent(events).lines
    last = len(events)
    return {
        scope: (mark.state, mark.clear)
        for scope, line in lines.scopes.items()
        for mark in line.marks
        if last in mark.events
    }


@pytest.mark.parametrize("form", ["dialog", "page", "sheet"])
def test_it_is_read_as_given_or_refused(form: str) -> None:
    each(given_or_refused, ((form, start, *dialog) for start, dialog in zip(cycle(STARTS), DIALOGS["asks"])))


def given_or_refused(form: str, start: str, title: str, text: str, yes: str, no: str) -> None:
    window = shown(form, title, text, yes, no)
    given, refused = read(start, window, yes), read(start, window, no)
    assert given.get("sensitive:health") == ("granted", True), (start, given)
    assert "policy" not in given
    assert {state for state, _ in refused.values()} <= {"denied"}, (start, refused)
    assert "policy" not in refused


@pytest.mark.parametrize("form", ["dialog", "page", "sheet"])
@pytest.mark.parametrize("dialog", DIALOGS["others"], ids=lambda one: one[0])
def test_what_only_names_health_data_is_none(form: str, dialog: list[str]) -> None:
    title, text, yes, no = dialog
    for start in ("Reject all", ""):
        given = read(start, shown(form, title, text, yes, no), yes)
        assert given.get("sensitive:health", ("", False))[0] != "granted", (start, given)
