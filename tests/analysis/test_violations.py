"""What unlawful apps do is found in whatever words and windows they do it: what is softened for lawful apps must leave
this standing."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.analysis.correlate.correlator import analyse
from monitor.analysis.rules.load import load_rules
from monitor.base.yamlfile import load
from monitor.session.declaration import Declaration
from tests.analysis.played import Raw, cases, numbered, raws
from tests.each import each

TABLE = load(Path(__file__).with_name("violations.yaml"))
RULES = load_rules()
ADLY = {"hosts": ["adly.example"], "data_types": ["gaid"]}
DECLARED = Declaration.model_validate({
    "operator": {"domains": ["example.com"]},
    "collection": [{"data_type": name, "purpose": "功能"} for name in ("android_id", "gaid", "phone_no", "location")],
    "sdks": [{"name": "Adly", "package_prefixes": ["io.adly"], "purposes": ["personalised advertising"], **ADLY}],
    "recipients": [{"org": "Adly", "role": "controller", "purpose": "personalised advertising", **ADLY}],
    "personalisation": {"ad_hosts": ["adly.example"]},
})  # fmt: skip


def as_sheets(dialogs: list[Raw]) -> list[Raw]:
    """Drawn into the one page of the app, which is there again once each is answered."""
    home: Raw = {"kind": "window", "window": 1, "window_kind": "activity", "title": "a.b/a.b.Main"}
    page = {**home, "texts": ["附近", "Nearby"], "buttons": ["搜索", "我的", "Search"]}
    out: list[Raw] = [{**page, "at": 0.5, "action": "shown"}]
    for raw in dialogs:
        if raw["kind"] != "window":
            out.append({**raw, "window": 1} if "window" in raw else raw)
        elif raw.get("action") == "hidden":
            out.append({**page, "at": raw["at"], "action": "changed"})
        else:
            title = [raw["title"]] if "/" not in raw.get("title", "/") else []
            out.append({**raw, **home, "texts": [*title, *raw["texts"]], "action": "changed"})
    return out


@pytest.mark.parametrize("form", ["dialogs", "sheets"])
def test_it_is_found(form: str) -> None:
    each(found, ((case, form) for name in TABLE for case in cases(TABLE[name])))


def found(case: list[str], form: str) -> None:
    *lines, rule = case
    told = raws(["0.1 process_start", *lines])
    findings = analyse(numbered(as_sheets(told) if form == "sheets" else told), RULES, DECLARED).findings
    statuses = {f.status for f in findings if f.rule == rule.rstrip("?")}
    assert statuses if rule.endswith("?") else "evidenced" in statuses
