"""A screen that is locked, or that turns itself off, as phones have it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from monitor.base.errors import EnvironmentFault
from monitor.device import parse
from monitor.device.changes.journal import Journal
from monitor.device.provision.apply import keep_screen
from monitor.record.inputs import Options
from monitor.record.launch import Launcher
from monitor.record.run import record
from monitor.record.target import install
from tests.device.phones import Kept, phone
from tests.session.conftest import Quiet

SHOP = "com.example.shop"


@pytest.mark.parametrize(
    ("lines", "covered"),
    [
        (["mCurrentFocus=Window{85a52f2 u0 StatusBar}", "mFocusedApp=Token{1 ActivityRecord{2 u0 a.b/.C t1}}"], True),
        (["mCurrentFocus=Window{85a52f2 u0 NotificationShade}"], True),
        (["mCurrentFocus=Window{85a52f2 u0 a.b/a.b.C}"], False),
        (["mCurrentFocus=Window{1 u0 NotificationShade}", "mCurrentFocus=Window{2 u0 a.b/a.b.C}"], False),
        (["mCurrentFocus=Window{85a52f2 u0 a.b}"], False),
        (["mCurrentFocus=null"], False),
    ],
)  # fmt: skip
def test_what_covers_the_screen(lines: list[str], covered: bool) -> None:
    assert parse.screen.covered("\n".join(f"  {line}" for line in lines)) is covered


@pytest.mark.device
@pytest.mark.parametrize("api", [29, 34])
def test_a_lock_that_can_be_swiped_away(tmp_path: Path, api: int) -> None:
    with phone(tmp_path, api=api, lock="swipe") as device:
        install(device, "shop", "")
        Launcher(device, None, Kept(), SHOP)(SHOP)
        assert not [node for node in device.ui()[0] if node.package == SHOP]
        device.wake()
        deadline = time.monotonic() + 60
        while not [node for node in device.ui()[0] if node.package == SHOP]:
            assert time.monotonic() < deadline
            time.sleep(0.1)


@pytest.mark.device
def test_a_lock_that_only_a_person_opens_is_named_before_anything_is_recorded(tmp_path: Path) -> None:
    state = tmp_path / "state.yaml"
    state.write_text("lock: secure\n", "utf-8")
    options = Options(
        scenario="quickstart", out=tmp_path / "out", device=f"standin:user,state={state}", hooks=(Path("none"),)
    )
    outcome = record(options, Quiet())
    assert isinstance(outcome.fault, EnvironmentFault) and "locked" in outcome.fault.message
    assert "screen lock" in outcome.fault.hint


@pytest.mark.device
def test_the_screen_stays_on_and_is_put_back(tmp_path: Path) -> None:
    with phone(tmp_path) as device:
        device.shell(["settings", "put", "system", "screen_off_timeout", "30000"])
        journal = Journal(device, tmp_path / "j")
        assert keep_screen(device, journal).state == "yes"
        assert device.setting("system", "screen_off_timeout") == "86400000"
        assert device.setting("global", "window_animation_scale") == "0"
        assert journal.undo() == []
        assert device.setting("system", "screen_off_timeout") == "30000"
        assert device.setting("global", "window_animation_scale") != "0"
