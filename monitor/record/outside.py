"""What the log watcher asks the device: permission flags, and what a permission dialog asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from monitor.analysis.context import permission_entry
from monitor.analysis.words import pattern, plain, table
from monitor.device.adb import AdbDevice
from monitor.device.parse_package import Grant
from monitor.events import Event, PermissionRequest, PermissionResult


def runtime_permissions(device: AdbDevice, package: str) -> Mapping[str, Grant]:
    """Permission to state, of the device's first user."""
    found = device.package(package)
    return found.runtime.get(0, {}) if found else {}


class Asked:
    """Fed with every event; knows which permissions the app asked for last and has no answer to yet."""

    def __init__(self) -> None:
        self._open: tuple[str, ...] = ()

    def feed(self, event: Event) -> None:
        """The next event of the log."""
        if isinstance(event, PermissionRequest):
            self._open = tuple(event.permissions)
        elif isinstance(event, PermissionResult) and event.via == "hook":
            self._open = tuple(name for name in self._open if name != event.permission)

    def by(self, message: str, known: Callable[[], Mapping[str, Grant]]) -> list[str]:
        """Which permissions a dialog with this message is about: of those asked for the ones of the group that it
        names; where no request was seen, the app's own of that group (``known``) that are not granted."""
        groups, asked = list(groups_named(message)), self._open
        for group in groups:
            if found := _of(asked, group):
                return found
        if groups:
            return _of((name for name, grant in known().items() if not grant.granted), groups[0])
        return list(asked)


def groups_named(message: str) -> Iterator[str]:
    """Permission groups that the message of a dialog may speak of, the likeliest first."""
    words = plain(message)
    for group in table("consent_words")["prompt_groups"]:
        if pattern("prompt_groups", group).search(words):
            yield group


def _of(permissions: Iterable[str], group: str) -> list[str]:
    return [name for name in permissions if permission_entry(name).get("group") == group]


def prompt(device: AdbDevice) -> tuple[str, list[str]]:
    """Message and buttons of the permission dialog on the screen, both empty if there is none."""
    nodes, _ = device.ui()
    ours = [node for node in nodes if "permissioncontroller" in node.package or "packageinstaller" in node.package]
    message = next((node.text for node in ours if node.rid.endswith("permission_message")), "")
    return message, [node.text for node in ours if node.clickable and node.text]
