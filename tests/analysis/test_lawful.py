"""What lawful apps do is evidence of nothing, whatever their windows are made of and whoever saw them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml

from monitor.analysis.correlate.correlator import analyse
from monitor.analysis.rules.load import load_rules
from monitor.session.declaration import Declaration
from tests.analysis.played import numbered
from tests.each import each

Raws = list[dict[str, Any]]
TOLD = yaml.load(Path(__file__).with_name("lawful.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
RULES = load_rules()


def said(raw: dict[str, Any]) -> list[str]:
    """The texts of a window, its title among them."""
    title = raw.get("title", "")
    return [*([title] if title and "/" not in title else []), *raw.get("texts", [])]


def as_hooked(raws: Raws) -> Raws:
    return raws


def as_pages(raws: Raws) -> Raws:
    """An app of one activity that shows everything in it."""
    out: Raws = []
    for raw in raws:
        if raw["kind"] == "window" and raw.get("action") != "hidden":
            shown = {"window": 1, "window_kind": "activity", "title": "a.b/a.b.Main", "texts": said(raw)}
            out.append({**raw, **shown, "action": "changed" if out else "shown"})
        elif raw["kind"] != "window":
            out.append({**raw, "window": 1} if raw.get("window") else raw)
    return out


def as_pictures(raws: Raws) -> Raws:
    """An app whose windows the hooks cannot read: the screen as adb has it, and the tester's taps."""
    out: Raws = []
    for raw in raws:
        if raw["kind"] == "window" and raw.get("action") != "hidden":
            seen = {key: raw[key] for key in ("at", "buttons", "boxes") if key in raw}
            focus = "com.example.app/.Main"
            out.append({"kind": "ui_snapshot", **seen, "texts": [*said(raw), *raw.get("buttons", [])], "focus": focus})
        elif raw["kind"] == "tap":
            out.append({**raw, "window": 0, "via": "runner", "src": "runner", "err": 40})
        elif raw["kind"] != "window":
            out.append(raw)
    return out


def found(session: dict[str, Any], raws: Iterable[dict[str, Any]]) -> dict[str, str]:
    common = {} if session.get("alone") else TOLD["common"]
    declared = Declaration.model_validate(common | session.get("declaration", {}))
    findings = analyse(numbered(raws), RULES, declared).findings
    return {f"{f.rule}/{f.pattern} {f.data_type}{f.permission}": f.status for f in findings}


@pytest.mark.parametrize("form", [as_hooked, as_pages, as_pictures])
def test_nothing_is_evidence(form: Callable[[Raws], Raws]) -> None:
    each(none_is_evidence, ((session["name"], session, form) for session in TOLD["sessions"]))


def none_is_evidence(_: str, session: dict[str, Any], form: Callable[[Raws], Raws]) -> None:
    findings = found(session, form(session["events"]))
    assert {name for name, status in findings.items() if status != "review"} == set()


@pytest.mark.parametrize("session", [s for s in TOLD["sessions"] if s.get("needs_taps")], ids=lambda one: one["name"])
def test_but_it_is_without_what_the_user_did(session: dict[str, Any]) -> None:
    taps_left_out = [raw for raw in session["events"] if raw["kind"] != "tap"]
    assert "evidenced" in found(session, taps_left_out).values()
