"""The system's permission dialogs by their names."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.analysis.correlate.correlator import analyse
from monitor.analysis.rules.load import load_rules
from monitor.knowledge.prompts import prompt_package, system_prompt, system_view
from tests.analysis.played import numbered, session


@pytest.mark.parametrize(
    "focus, system",
    [
        ("com.hihonor.packageinstaller/.GrantPermissionsActivity", True),
        ("com.samsung.android.packageinstaller/x.Dialog", True),
        ("com.oneplus.permissioncontroller/x.Dialog", True),
        ("com.huawei.systemmanager/com.huawei.permissionmanager.ui.Dialog", True),
        ("com.huawei.systemmanager/.power.ui.HwPowerManagerActivity", False),
        ("com.vendor.safe/com.android.packageinstaller.permission.ui.GrantPermissionsActivity", True),
        ("com.example.packageinstallers/.Main", False),
        ("com.example.shop/.PermissionControllerActivity", False),
    ],
)
def test_a_dialog_is_the_systems_by_its_package_wherever_that_is_asked(focus: str, system: bool) -> None:
    package, _, cls = focus.partition("/")
    assert system_prompt(focus, "com.example.shop") is system
    assert not system_prompt(focus, focus.partition("/")[0])  # nothing of the app under test is the system's
    by_package = prompt_package(package, cls)
    assert by_package is system or "GrantPermissions" in cls
    assert system_view(f"{package}:id/button", "com.example.shop") is prompt_package(package)
    assert not system_view(f"{package}:id/button", package)


ASKED = "android.permission."


@pytest.mark.parametrize(
    "asked, answered, named",
    [
        (["READ_CONTACTS"], [], {"READ_CONTACTS"}),
        (["ACCESS_FINE_LOCATION", "ACCESS_COARSE_LOCATION"], [], {"ACCESS_FINE_LOCATION", "ACCESS_COARSE_LOCATION"}),
        (["CAMERA", "READ_CONTACTS"], ["CAMERA"], {"READ_CONTACTS"}),
        (["CAMERA", "READ_CONTACTS"], [], {""}),  # either of them
        ([], [], {""}),
    ],
)
def test_a_prompt_that_nobody_read_has_the_name_of_what_was_asked_for(
    asked: list[str], answered: list[str], named: set[str]
) -> None:
    lines = [f"30 permission_request {{permissions: [{', '.join(ASKED + name for name in asked)}]}}"] if asked else []
    lines += [f"30.2 permission_result {{permission: {ASKED + name}, dialog: unknown}}" for name in answered]
    events = session(*lines, "30.5 prompt")
    rules = [rule for rule in load_rules() if rule.id == "PRM-04"]
    found = analyse(events, rules=rules).findings
    assert {finding.permission.removeprefix(ASKED) for finding in found} == named


def test_a_prompt_of_a_group_names_what_was_asked_for_of_it() -> None:
    """The recorder knew of the request too late, and named all that the app may ask for of the dialog's group."""
    location = [ASKED + name for name in ("ACCESS_FINE_LOCATION", "ACCESS_COARSE_LOCATION")]
    raws: list[dict[str, Any]] = [
        {"kind": "permission_request", "at": 30, "permissions": [*location, ASKED + "READ_CONTACTS"]},
        {"kind": "prompt", "at": 30.5, "permissions": [*location, ASKED + "ACCESS_BACKGROUND_LOCATION"]},
        {"kind": "prompt", "at": 90, "permissions": [ASKED + "ACCESS_BACKGROUND_LOCATION"]},  # asked for unseen
    ]
    rules = [rule for rule in load_rules() if rule.id == "PRM-04"]
    for number, named in ((2, set(location)), (3, {*location, ASKED + "ACCESS_BACKGROUND_LOCATION"})):
        found = analyse(numbered(raws[:number]), rules=rules).findings
        assert {finding.permission for finding in found} == named
