"""The table of floors is what was measured, holds no fault, and a floor like a phone of today still shows it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.bench import floors
from tests.hooks.support import CLASSES
from tests.runtimes import floor_launcher

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
    assert own.keys() == {name for name, floor in floors.FLOORS.items() if not floor.cpu}
    dear = [(name, found["ways"]["ours"]["20"]) for name, found in own.items() if found["ways"]["ours"]["20"] > 6]
    for name, found in own.items():
        dear += [(f"{name}: {kind}", one["below"]) for kind, one in found["kinds"].items() if one["below"] > 30]
    assert dear == []


def test_a_row_that_is_hooked_and_silent_is_a_fault() -> None:
    one = {**KEPT[PHONE]["exerciser"], "silent": ["telephony.get_imei", "exit.kill"]}
    assert floors.problems(PHONE, {"exerciser": one}) == [f"{PHONE}: telephony.get_imei: hooked and silent"]


@pytest.mark.art
@pytest.mark.device
def test_a_floor_shows_today_what_it_showed() -> None:
    floor_launcher("jit", CLASSES)  # Skipped where it is not built; in CI it has to be.
    found = floors.measure(PHONE, floors.SCENARIOS[:1])
    assert floors.problems(PHONE, found) == []
    kept = KEPT[PHONE]["exerciser"]
    assert found["exerciser"]["fired"] >= kept["fired"]
    assert set(found["exerciser"]["absent"]) <= set(kept["absent"])
