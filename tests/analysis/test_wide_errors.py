"""An app that holds up its agent makes the times of its calls uncertain: that buys no silence and accuses nobody."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.analysis.correlate.correlator import analyse
from monitor.analysis.rules.examples import event
from monitor.analysis.rules.load import load_rules

RULES = {rule.id: rule for rule in load_rules(["cn"])}
NOTICE: dict[str, Any] = {
    "kind": "window",
    "title": "隐私政策",
    "texts": ["请阅读《隐私政策》"],
    "buttons": ["同意", "不同意"],
}
AGREE: dict[str, Any] = {"kind": "tap", "label": "同意", "window": 1}


def statuses(rule: str, raws: list[dict[str, Any]], last: int) -> list[str]:
    beats = [{"kind": "step", "at": at, "verb": "idle", "label": "", "state": "ok"} for at in range(last, last + 200)]
    found = analyse((event(raw, number) for number, raw in enumerate([*raws, *beats], 1)), [RULES[rule]])
    return [one.status for one in found.findings]


@pytest.mark.parametrize("err", [1, 5, 8, 10, 14, 15, 20, 30, 60, 300])
def test_a_read_in_the_background_is_never_passed_over(err: int) -> None:
    life = [{"kind": "lifecycle", "at": at, "what": what} for at, what in ((55, "foreground"), (60, "background"))]
    read = {"kind": "api_call", "at": 80, "data_type": "location", "err": err * 1000, "src": "hooks:9"}
    raws = [NOTICE | {"at": 1}, AGREE | {"at": 3}, *life, read]
    assert statuses("COL-07", raws, 81) == ["evidenced" if err < 10 else "inconclusive"]


def test_a_read_as_the_app_returns_is_no_read_in_the_background() -> None:
    stages = ((5, "foreground"), (60, "background"), (90, "foreground"))
    life = [{"kind": "lifecycle", "at": at, "what": what} for at, what in stages]
    for err in (1, 700):
        read = {"kind": "api_call", "at": 89.5, "data_type": "location", "err": err, "src": "hooks:9"}
        assert statuses("COL-07", [NOTICE | {"at": 1}, AGREE | {"at": 3}, *life, read], 91) == []


@pytest.mark.parametrize("err", [1, 4, 8, 15, 30, 60, 120])
def test_a_read_that_may_have_followed_a_consent_is_not_evidenced(err: int) -> None:
    for tap in (8, 20, 30, 50, 100, 140):
        read = {"kind": "api_call", "at": 5, "data_type": "imei", "err": err * 1000, "src": "hooks:9"}
        raws = [read, NOTICE | {"at": tap - 1}, AGREE | {"at": tap}]
        wanted = "inconclusive" if 5 + err >= tap else "evidenced"
        assert statuses("COL-01", raws, tap + 1) == [wanted], tap
