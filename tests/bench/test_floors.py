"""The table of floors is what was measured, holds no fault, and Android's own framework still shows it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bench import floors
from hooks.signatures.framework import read
from monitor.knowledge.catalogue import load_catalogue
from tests.runtimes import framework

MEASURED: dict[str, Any] = json.loads(floors.FILE.read_text("utf-8"))
KEPT = MEASURED["floors"]
#: Compiled code, exports and classes of a late release at once.
PHONE = "android16-jit"


def test_the_page_is_of_what_was_measured() -> None:
    assert floors.PAGE.read_text("utf-8") == floors.page(MEASURED)


def test_every_floor_was_measured_and_shows_no_fault() -> None:
    emulated = {name for name, floor in floors.FLOORS.items() if floor.cpu}  # Each takes a quarter of an hour.
    assert floors.FLOORS.keys() - KEPT.keys() <= emulated
    assert [line for name, found in KEPT.items() for line in floors.problems(name, found)] == []


def test_under_load_nothing_was_lost_or_changed() -> None:
    for found in MEASURED["work"].values():
        assert (found["churn"]["identical"], found["churn"]["unaccounted"], found["churn"]["lost"]) == (True, 0, [])
    starts = MEASURED["work"]["jit"]["starts"]
    assert (starts["seen"], starts["missed"]) == (100, [])


def test_no_kind_of_row_costs_much_where_no_script_looks() -> None:
    """Microseconds on this machine's own processor, as they were measured: at most 6 with a stack, 30 with anything."""
    own = {name: found for name, found in MEASURED["costs"].items() if not floors.FLOORS[name].cpu}
    assert own.keys() == {name for name, one in floors.FLOORS.items() if not one.cpu and one.runtime == "art"}
    dear = [(name, found["ways"]["ours"]["20"]) for name, found in own.items() if found["ways"]["ours"]["20"] > 6]
    for name, found in own.items():
        dear += [(f"{name}: {kind}", one["below"]) for kind, one in found["kinds"].items() if one["below"] > 30]
    assert dear == []


def test_a_row_that_is_hooked_and_silent_is_a_fault() -> None:
    one = {**KEPT[PHONE]["exerciser"], "silent": ["telephony.get_imei", "exit.kill"]}
    assert floors.problems(PHONE, {"exerciser": one}) == [f"{PHONE}: telephony.get_imei: hooked and silent"]


def test_a_reason_to_be_silent_on_androids_framework_is_of_a_row_that_is() -> None:
    """And a row that is without one is named."""
    said, one = floors.excused("silent"), KEPT["aosp"]["exerciser"]
    gone = next(iter(said))
    found = {"exerciser": {**one, "silent": [row for row in one["silent"] if row != gone] + ["telephony.get_imei"]}}
    assert floors.problems("aosp", found) == [
        "aosp: telephony.get_imei: hooked and silent",
        f"aosp: {gone}: not silent, and has a reason to be",
    ]


def test_where_androids_framework_and_the_standins_differ_there_is_a_reason() -> None:
    assert floors.different(KEPT).keys() == floors.excused("differs").keys()
    for scenario in floors.SCENARIOS[1:]:
        standin, android = (KEPT[name][scenario]["findings"] for name in floors.BESIDE)
        assert standin == android, scenario
    for part in ("silent", "differs"):
        rows = [row for one in floors.listed(floors.AOSP)[part] for row in one["rows"]]
        assert len(rows) == len(set(rows)) and all(len(why) > 20 for why in floors.excused(part).values())


def test_most_rows_that_androids_source_has_fire_on_androids_framework() -> None:
    members = {(one.cls, one.name) for one in read() if one.level == 34}
    there = {row.id for row in load_catalogue() if row.enabled and (row.cls, row.method) in members}
    kept = KEPT["aosp"]["exerciser"]
    fired = there - {*kept["silent"], *kept["absent"], *kept["not_proven"]}
    assert len(fired) >= 250, sorted(there - fired)


@pytest.mark.art
@pytest.mark.device
def test_androids_framework_shows_today_what_it_showed() -> None:
    """Skipped where it is not built; in CI it has to be."""
    framework()
    found = floors.measure("aosp", floors.SCENARIOS[:1])
    assert floors.problems("aosp", found) == []
    kept = KEPT["aosp"]["exerciser"]
    assert found["exerciser"]["fired"] >= kept["fired"]
    assert set(found["exerciser"]["absent"]) <= set(kept["absent"])
