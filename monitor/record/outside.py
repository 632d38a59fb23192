"""What the log watcher asks the device: permission flags, and the text of a permission dialog."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.device.adb import AdbDevice
from monitor.device.parse_package import Grant


def runtime_permissions(device: AdbDevice, package: str) -> Mapping[str, Grant]:
    """Permission to state, of the device's first user."""
    found = device.package(package)
    return found.runtime.get(0, {}) if found else {}


def prompt(device: AdbDevice) -> tuple[str, list[str]]:
    """Message and buttons of the permission dialog on the screen, both empty if there is none."""
    nodes, _ = device.ui()
    ours = [node for node in nodes if "permissioncontroller" in node.package or "packageinstaller" in node.package]
    message = next((node.text for node in ours if node.rid.endswith("permission_message")), "")
    return message, [node.text for node in ours if node.clickable and node.text]
