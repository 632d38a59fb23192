"""Permission prompts: dialog, flags, log lines, and the second refusal that is final."""

from __future__ import annotations

import asyncio

import pytest
from appkit import MAIN, PACKAGE, Kit, on_device

from emulator.standin.packages.installed import Flag
from emulator.standin.packages.intents import Intent
from emulator.standin.window.backstack import Caller

pytestmark = pytest.mark.device
P = "android.permission."


@on_device
async def test_allow_then_no_more_questions(kit: Kit) -> None:
    await kit.app.start(MAIN, wait=True)
    await kit.tap("contacts")
    await kit.until(lambda: kit.find("permission_message"), "dialog")
    window = kit.state.focused_window()
    assert window and window.package == "com.google.android.permissioncontroller"
    assert window.component.endswith("GrantPermissionsActivity")
    assert "Probe" in kit.find("permission_message")[1]["text"]  # type: ignore[index]
    await kit.tap("permission_allow_button")
    await kit.logs("result 7 [0]")
    assert await kit.ask("contacts", 7) == "[0]"
    assert kit.results() == [("READ_CONTACTS", 4)]  # of what is granted, Android 12 and later says nothing
    grant = kit.state.packages[PACKAGE].grants[P + "READ_CONTACTS"]
    assert grant.granted and grant.flags & Flag.USER_SET
    created = [x for x in kit.logged("wm_create_activity", "events") if "GrantPermissionsActivity" in x]
    assert len(created) == 2 and "android.content.pm.action.REQUEST_PERMISSIONS" in created[0]
    ended = [x for x in kit.logged("wm_finish_activity", "events") if "GrantPermissionsActivity" in x]
    assert len(ended) == 2 and len([t for t in kit.truth("prompt") if t["state"] == "shown"]) == 1
    assert kit.logged().count("pause") == 1


@pytest.mark.parametrize("answered", ["at once", "in the end"])
@on_device
async def test_an_activity_that_comes_up_over_the_dialog(kit: Kit, answered: str) -> None:
    """As an app starts that asks in onCreate and starts another activity there: that one covers the dialog, which shows
    again once it ends, and the first goes on after the answer."""
    await kit.app.start(MAIN, wait=True)
    await kit.tap("contacts")
    await kit.until(lambda: kit.find("permission_message"), "dialog")
    main = next(one for one in kit.state.activities if one.component.endswith("MainActivity"))
    one = Intent("x", f"{PACKAGE}/.Stage$One", data="stage:never:")
    start = asyncio.create_task(kit.app.activities.start(one, Caller(main.token), wait=True))
    if answered == "at once":
        await asyncio.sleep(0)
        await kit.tap("permission_deny_button")
    await start
    await kit.until(lambda: kit.logged("stages")[-1] == "MainActivity stopped 1", "covered")
    await kit.app.key("BACK")
    if answered == "in the end":
        await kit.tap("permission_deny_button")
    await kit.until(lambda: kit.logged("stages").count("MainActivity resumed") == 2, "the first one again")
    await kit.until(lambda: "result 7 [-1]" in kit.logged(), "its answer")
    assert kit.logged("stages").count("One resumed") == 1


@on_device
async def test_back_decides_nothing_and_revoke_kills_which_ends_what_was_granted_once(kit: Kit) -> None:
    result = await kit.app.start(MAIN, wait=True)
    await kit.tap("contacts")
    await kit.until(lambda: kit.find("permission_message"), "dialog")
    await kit.app.key("BACK")
    await kit.logs("result 7 [-1]")
    assert kit.results() == [("READ_CONTACTS", 11)]
    assert not kit.state.packages[PACKAGE].grants[P + "READ_CONTACTS"].flags & Flag.USER_SET
    assert await kit.ask("camera", 8, "permission_allow_one_time_button") == "[0]"
    once = kit.state.packages[PACKAGE].grants[P + "CAMERA"]
    assert once.granted and once.flags & Flag.ONE_TIME
    await kit.app.permission_changed(PACKAGE, P + "READ_CONTACTS", True)
    assert result.pid in kit.app.processes
    await kit.app.permission_changed(PACKAGE, P + "READ_CONTACTS", False)
    assert result.pid not in kit.app.processes
    assert not once.granted and not once.flags & Flag.ONE_TIME
