"""A screen that is locked, or that turns itself off, as phones have it."""

from pathlib import Path

import pytest

from monitor.base.errors import EnvironmentFault
from monitor.device import parse
from monitor.device.adb import AdbDevice
from monitor.device.changes.journal import Journal
from monitor.device.provision.apply import keep_screen
from monitor.record.inputs import Options
from monitor.record.launch import Launcher
from monitor.record.run import record
from monitor.record.selftest_lines import Observations
from tests.device.phones import SHOP, phone, wait
from tests.session.conftest import Quiet


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
    with phone(tmp_path, api=api, app="shop", lock="swipe") as device:
        Launcher(device, None, Observations(), SHOP)(SHOP)
        assert not [node for node in device.ui()[0] if node.package == SHOP]
        device.wake()
        wait(lambda: [node for node in device.ui()[0] if node.package == SHOP])


@pytest.mark.device
def test_a_lock_that_only_a_person_opens_is_named_before_anything_is_recorded(tmp_path: Path) -> None:
    (state := tmp_path / "state.yaml").write_text("lock: secure\n", "utf-8")
    device, hooks = f"standin:user,state={state}", (Path("none"),)
    outcome = record(Options(scenario="quickstart", out=tmp_path / "out", device=device, hooks=hooks), Quiet())
    assert isinstance(outcome.fault, EnvironmentFault) and "locked" in outcome.fault.message
    assert "screen lock" in outcome.fault.hint


@pytest.mark.device
def test_the_screen_stays_on_and_is_put_back(rooted: AdbDevice, journal: Journal) -> None:
    rooted.shell(["settings", "put", "system", "screen_off_timeout", "30000"])
    assert keep_screen(rooted, journal).state == "yes"
    assert rooted.setting("system", "screen_off_timeout") == "86400000"
    assert rooted.setting("global", "window_animation_scale") == "0"
    assert journal.undo() == []
    assert rooted.setting("system", "screen_off_timeout") == "30000"
    assert rooted.setting("global", "window_animation_scale") != "0"
