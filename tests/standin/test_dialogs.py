"""The permission dialogs of each Android version, as AOSP's packageinstaller and PermissionController show them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from emulator.standin.commands.dumps import flag_text, package_dump
from emulator.standin.packages.installed import Flag, Package
from emulator.standin.packages.permissions import SELECTED_ACCURACY, Prompter, Request
from emulator.standin.state.device import DeviceState, load_state

P = "android.permission."
NAME = "com.example.asks"
FINE, COARSE, BACKGROUND = ("ACCESS_FINE_LOCATION", "ACCESS_COARSE_LOCATION", "ACCESS_BACKGROUND_LOCATION")
PLACE = (FINE, COARSE)


class Asking:
    """An app that asks; ``answered``: how many of its requests were."""

    def __init__(self, root: Path, sdk: int, target: int = 33) -> None:
        self.state: DeviceState = load_state(None, root / "device", root / "truth.jsonl")
        self.state.props["ro.build.version.sdk"] = str(sdk)
        names = (*PLACE, BACKGROUND, "CAMERA", "READ_CONTACTS", "POST_NOTIFICATIONS", "BLUETOOTH_SCAN")
        self.package = Package(name=NAME, uid=10123, apk="/x", target_sdk=target, requested=[P + n for n in names])
        self.state.add_package(self.package)
        self.answered = 0
        self.prompter = Prompter(self.state, self._answer, *([lambda: None] * 2))

    def _answer(self, request: Request) -> None:
        self.answered += 1

    def ask(self, *names: str) -> list[str]:
        """The buttons of the dialog that comes up; none if none does."""
        self.prompter.request(Request(self.package, 1, "token", [P + name for name in names], 7))
        return [rid(one) for one in self.nodes() if one["clickable"]]

    def nodes(self) -> list[dict[str, Any]]:
        request = next(iter(self.prompter.open), None)
        return list(walk(request.window.root)) if request and request.window and request.window.root else []

    def tap(self, name: str) -> None:
        request = self.prompter.open[0]
        assert request.window
        self.prompter.click(request.window, next(one for one in self.nodes() if rid(one) == name and one["enabled"]))

    def back(self) -> None:
        request = self.prompter.open[0]
        assert request.window
        self.prompter.back(request.window)

    def held(self) -> set[str]:
        return {name.removeprefix(P) for name, grant in self.package.grants.items() if grant.granted}

    def flags(self, name: str) -> int:
        return self.package.grants[P + name].flags & ~(
            Flag.USER_SENSITIVE_WHEN_GRANTED | Flag.USER_SENSITIVE_WHEN_DENIED
        )

    def told(self) -> list[str]:
        """Permission and result of the log's lines about answers, with their tag."""
        lines = [line for line in self.state.log.lines(["main"]) if "Permission grant result" in line.message]
        parts = [dict(word.split("=", 1) for word in line.message.split() if "=" in word) for line in lines]
        return [
            f"{line.tag} {row['permission'].removeprefix(P)} {row['result']}"
            for line, row in zip(lines, parts, strict=True)
        ]


def rid(node: dict[str, Any]) -> str:
    return str(node["rid"]).rpartition("/")[2].removeprefix("permission_").removesuffix("_button")


def walk(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node["children"]:
        yield from walk(child)


@pytest.fixture
def asking(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Asking]:
    sdk, *target = request.param if isinstance(request.param, tuple) else (request.param,)
    found = Asking(tmp_path, sdk, *target)
    yield found
    found.state.truth.close()


ONCE = ["allow_foreground_only", "allow_one_time"]
CHOICE = ["location_accuracy_radio_fine", "location_accuracy_radio_coarse"]


@pytest.mark.parametrize(
    "asking, asked, first, again",
    [
        (28, ["CAMERA"], ["deny", "allow"], ["do_not_ask_checkbox", "deny", "allow"]),
        (28, PLACE, ["deny", "allow"], ["do_not_ask_checkbox", "deny", "allow"]),
        (29, ["CAMERA"], ["allow", "deny"], ["allow", "deny", "deny_and_dont_ask_again"]),
        (29, PLACE, ["allow_foreground_only", "deny"], ["allow_foreground_only", "deny", "deny_and_dont_ask_again"]),
        (29, [*PLACE, BACKGROUND], ["allow_always", "allow_foreground_only", "deny"],
         ["allow_always", "allow_foreground_only", "deny_and_dont_ask_again"]),
        (30, ["CAMERA"], [*ONCE, "deny"], [*ONCE, "deny_and_dont_ask_again"]),
        (30, PLACE, [*ONCE, "deny"], [*ONCE, "deny_and_dont_ask_again"]),
        (30, ["READ_CONTACTS"], ["allow", "deny"], ["allow", "deny_and_dont_ask_again"]),
        (31, PLACE, [*CHOICE, *ONCE, "deny"], [*CHOICE, *ONCE, "deny_and_dont_ask_again"]),
        (33, ["POST_NOTIFICATIONS"], ["allow", "deny"], ["allow", "deny_and_dont_ask_again"]),
        (31, ["POST_NOTIFICATIONS"], [], []),
        (30, ["BLUETOOTH_SCAN"], [], []),
        (28, [BACKGROUND], [], []),
        (33, [*PLACE, BACKGROUND], [], []),
        (33, [BACKGROUND], [], []),
    ],
    indirect=["asking"],
)  # fmt: skip
def test_the_buttons_of_a_first_and_a_second_question(
    asking: Asking, asked: list[str], first: list[str], again: list[str]
) -> None:
    assert asking.ask(*asked) == first
    if first:
        asking.tap("deny")
        assert asking.ask(*asked) == again
    else:
        assert asking.answered == 1 and not asking.held()


@pytest.mark.parametrize("asking, known", [(30, False), (31, True)], indirect=["asking"])
def test_a_permission_is_known_from_its_level_on(asking: Asking, known: bool) -> None:
    text = package_dump(asking.state, [NAME])
    runtime, name = text.partition("runtime permissions:")[2], f"{P}BLUETOOTH_SCAN"
    assert (name in runtime, f"{name}: granted=true" in text) == (known, False)


@pytest.mark.parametrize("asking", [28, 29, 30, 34], indirect=True)
def test_after_a_final_refusal_nobody_is_asked(asking: Asking) -> None:
    asking.ask("CAMERA")
    asking.tap("deny")
    assert asking.prompter.rationale(asking.package, P + "CAMERA")
    asking.ask("CAMERA")
    if asking.state.sdk < 29:
        asking.tap("do_not_ask_checkbox")
        with pytest.raises(StopIteration):
            asking.tap("allow")  # it cannot be tapped now
        asking.tap("deny")
    else:
        asking.tap("deny_and_dont_ask_again")
    assert asking.flags("CAMERA") == Flag.USER_SET | Flag.USER_FIXED
    assert not asking.prompter.rationale(asking.package, P + "CAMERA")
    assert asking.ask("CAMERA") == [] and asking.answered == 3
    tag = "GrantPermissionsActivity" if asking.state.sdk <= 30 else "GrantPermissionsViewModel"
    assert asking.told() == ([f"{tag} CAMERA {n}" for n in (6, 7, 2)] if asking.state.sdk >= 29 else [])


@pytest.mark.parametrize("asking, flag", [(28, 0), (29, 0), (30, Flag.USER_SET)], indirect=["asking"])
def test_a_grant_sets_a_flag_from_android_11_on(asking: Asking, flag: int) -> None:
    asking.ask("READ_CONTACTS")
    asking.tap("allow")
    assert asking.held() == {"READ_CONTACTS"} and asking.flags("READ_CONTACTS") == flag


@pytest.mark.parametrize("asking", [29], indirect=True)
def test_while_in_use_refuses_the_background(asking: Asking) -> None:
    asking.ask(*PLACE, BACKGROUND)
    asking.tap("allow_foreground_only")
    assert asking.held() == set(PLACE) and asking.flags(BACKGROUND) == Flag.USER_SET
    assert asking.ask(BACKGROUND) == ["allow", "deny", "deny_and_dont_ask_again"]
    asking.tap("allow")
    assert asking.held() == {*PLACE, BACKGROUND}


@pytest.mark.parametrize("asking", [33], indirect=True)
def test_the_background_is_asked_for_on_a_page_of_the_settings(asking: Asking) -> None:
    asking.ask(*PLACE)
    asking.tap("allow_foreground_only")
    assert asking.ask(BACKGROUND, "CAMERA") == []  # nothing else at once
    assert asking.ask(BACKGROUND) == ["allow_always_radio", "allow_foreground_only_radio", "deny_radio"]
    asking.tap("allow_always_radio")
    assert asking.answered == 2  # the page stands until it is left
    asking.back()
    assert asking.held() == {*PLACE, BACKGROUND} and asking.told()[-1].endswith(f"{BACKGROUND} 12")


@pytest.mark.parametrize("asking", [31], indirect=True)
def test_the_chosen_precision_is_a_flag(asking: Asking) -> None:
    asking.ask(*PLACE)
    asking.tap("location_accuracy_radio_coarse")
    asking.tap("allow_foreground_only")
    assert asking.held() == {COARSE}
    assert asking.flags(COARSE) == Flag.USER_SET | SELECTED_ACCURACY and asking.flags(FINE) == 0
    assert flag_text(asking.package.grants[P + COARSE].flags).endswith("|524288")  # as dumpsys prints it


@pytest.mark.parametrize("asking", [29, 30], indirect=True)
def test_the_back_key_dismisses_the_dialog_from_android_11_on(asking: Asking) -> None:
    asking.ask("CAMERA")
    asking.back()
    assert bool(asking.nodes()) == (asking.state.sdk < 30)


@pytest.mark.parametrize(
    "asking, package", [(28, "packageinstaller"), (29, "permissioncontroller")], indirect=["asking"]
)
def test_whose_window_it_is(asking: Asking, package: str) -> None:
    asking.ask("CAMERA")
    (request,) = asking.prompter.open
    assert request.window and request.window.package == f"com.google.android.{package}"
    assert request.window.component.endswith("com.android.packageinstaller.permission.ui.GrantPermissionsActivity")
