"""Where the device is, asked by an app that the user does not see."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from emulator.standin.apps.applayer import Process
from emulator.standin.apps.requests import Requests
from emulator.standin.packages.installed import Grant, Package
from emulator.standin.packages.permissions import BACKGROUND, FINE
from emulator.standin.state.device import load_state
from emulator.standin.window.screen import ActivityRecord

NAME = "org.example.where"


@pytest.mark.parametrize("sdk", ["28", "33"])
def test_the_last_position_in_the_background(tmp_path: Path, sdk: str) -> None:
    """On screen, at home, with a service in the foreground, after that, and with the permission for the background."""
    state = load_state(None, tmp_path / "root")
    state.props["ro.build.version.sdk"] = sdk
    package = Package(name=NAME, uid=10200, apk="/x", target_sdk=33, requested=[FINE, BACKGROUND])
    package.grants[FINE] = Grant(True)
    state.add_package(package)
    one: Any = SimpleNamespace(process=Process(7, NAME, NAME, 10200), foreground=set())
    requests = Requests(cast(Any, SimpleNamespace(state=state, of=lambda name: [one])))

    def here() -> bool:
        return requests.do_location_now(one, {}) == state.get("location") != {}

    state.activities.append(ActivityRecord("t", f"{NAME}/.Main", NAME, 10200, 7, 7, "resumed"))
    assert here()
    state.activities[0].state = "stopped"
    assert here() == (sdk == "28")
    requests.find("service.foreground")(one, {"component": f"{NAME}/.Route"})
    assert here()
    requests.find("service.background")(one, {"component": f"{NAME}/.Route"})
    assert here() == (sdk == "28")
    package.grants.setdefault(BACKGROUND, Grant()).granted = True
    assert here()
