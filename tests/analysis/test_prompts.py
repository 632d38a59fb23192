"""The system's permission dialogs by their names."""

from __future__ import annotations

import pytest

from monitor.prompts import prompt_package, system_prompt, system_view


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
