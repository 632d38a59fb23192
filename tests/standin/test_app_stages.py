"""The order of an activity's callbacks when others come and go, as a phone has it: an app that counts what is started
never counts none between two of its screens."""

from __future__ import annotations

import pytest
from appkit import PACKAGE, Kit, on_device

from emulator.standin.packages.intents import Intent

pytestmark = pytest.mark.device

CLEAR_TOP, SINGLE_TOP, NEW_TASK_CLEAR_TASK = 0x04000000, 0x20000000, 0x10008000
ONE = ["One created", "One started 1", "One resumed"]
TWO = ["Two created", "Two started {}", "Two resumed"]


def first(what: str) -> Intent:
    return Intent("android.intent.action.VIEW", f"{PACKAGE}/.Stage$One", data=f"stage:{what}")


def two(started: int) -> list[str]:
    return [line.format(started) for line in TWO]


@pytest.mark.parametrize("what, stages", [
    # On a screen that is shown: the first stops only once the second is resumed.
    ("later:start=Two", [*ONE, "One paused", *two(2), "One stopped 1"]),
    ("later:start=Two,finish", [*ONE, "One paused", *two(2), "One stopped 1", "One destroyed"]),
    ("later:finish,start=Two", [*ONE, "One paused", *two(2), "One stopped 1", "One destroyed"]),
    ("resume:start=Two,finish", [*ONE, "One paused", *two(2), "One stopped 1", "One destroyed"]),
    ("later:start=Two=0x10008000", [*ONE, "One paused", *two(2), "One stopped 1", "One destroyed"]),
    # A splash screen that is never shown goes at once.
    ("create:start=Two,finish", ["One created", "One destroyed", *two(1)]),
    ("create:start=Two", [*ONE, "One paused", *two(2), "One stopped 1"]),
    # Nothing comes instead.
    ("later:finish", [*ONE, "One paused", "One stopped 0", "One destroyed"]),
])  # fmt: skip
@on_device
async def test_one_screen_after_another(kit: Kit, what: str, stages: list[str]) -> None:
    await kit.app.start(first(what))
    await kit.until(lambda: len(kit.logged("stages")) >= len(stages), "\n".join(stages))
    assert kit.logged("stages") == stages


@on_device
async def test_back_and_clear_top(kit: Kit) -> None:
    """What is finished above another one stops once that is resumed; so does what a start clears away."""

    async def then(*lines: str) -> None:
        expected.extend(lines)
        await kit.until(lambda: len(kit.logged("stages")) >= len(expected), "\n".join(expected))
        assert kit.logged("stages") == expected

    expected: list[str] = []
    await kit.app.start(first("later:start=Two"))
    await then(*ONE, "One paused", *two(2), "One stopped 1")
    await kit.app.key("BACK")
    await then("Two paused", "One started 2", "One resumed", "Two stopped 1", "Two destroyed")
    again = Intent("x", f"{PACKAGE}/.Stage$One", flags=CLEAR_TOP, data="stage:never:")
    await kit.app.start(again)
    await then("One paused", "One created", "One started 2", "One resumed", "One stopped 1", "One destroyed")
