"""What the log watcher queries from the device: permission flags, and what a permission dialog requests."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from monitor.analysis.consent.words import pattern, plain
from monitor.analysis.guarded import permission_entry
from monitor.device.adb import AdbDevice
from monitor.events import Event, PermissionRequest, PermissionResult
from monitor.knowledge.prompts import prompt_package, system_view
from monitor.knowledge.wordlists import table
from monitor.session.handset import Grant

#: How long the hook's account of a request may take, on a machine that is busy. Where an app asks unseen (by native
#: code) each of its dialogs waits so long; well below the lateness that the analysis allows an event.
REQUEST_S: Final = 2.0


class Asked:
    """Fed with every event; knows which permissions the app last requested and has no answer for yet."""

    def __init__(self) -> None:
        self._open: tuple[str, ...] = ()
        self._changed = threading.Condition()

    def feed(self, event: Event) -> None:
        """The next event of the log."""
        with self._changed:
            if isinstance(event, PermissionRequest):
                self._open = tuple(event.permissions)
                self._changed.notify_all()
            elif isinstance(event, PermissionResult) and event.via == "hook":
                self._open = tuple(name for name in self._open if name != event.permission)

    def resolve(
        self, message: str, known: Callable[[], Mapping[str, Grant]], wait_s: float = 0, answered: str = ""
    ) -> list[str]:
        """Which permissions a dialog with this message is about: the requested ones in the group that it names; where
        no request was seen, the app's ungranted ones in that group (``known``). ``answered``: one that was answered in
        it, where its message is not known.

        The device's log may show the dialog before the hook's account of the request is here: that is waited for, at
        most ``wait_s``. Call from another thread than ``feed``.
        """
        groups = [str(permission_entry(answered).get("group"))] if answered else list(groups_named(message))
        with self._changed:
            self._changed.wait_for(lambda: self._named(groups) or (self._open and not groups), wait_s)
            if found := self._named(groups):
                return found
            asked = list(self._open)
        if answered:
            return [answered]
        if groups:
            open_ = _of((name for name, grant in known().items() if not grant.granted), groups[0])
            # Nothing says that it was asked for, too: from Android 11 on it is asked for alone, and later.
            return [name for name in open_ if not name.endswith(".ACCESS_BACKGROUND_LOCATION")] or open_
        return asked

    def _named(self, groups: Iterable[str]) -> list[str]:
        return next((found for group in groups if (found := _of(self._open, group))), [])


def groups_named(message: str) -> Iterator[str]:
    """Permission groups that the message of a dialog may refer to, likeliest first."""
    words = plain(message)
    for group in table("consent_words")["prompt_groups"]:
        if pattern("prompt_groups", group).search(words):
            yield group


def _of(permissions: Iterable[str], group: str) -> list[str]:
    return [name for name in permissions if permission_entry(name).get("group") == group]


class Outside:
    """The questions, asked of a device about one app."""

    def __init__(self, device: AdbDevice, package: str, asked: Asked, *, hooked: bool) -> None:
        """``hooked``: hooks tell what the app requests, so that it is worth waiting for."""
        self._device, self._package = device, package
        self._asked, self._wait_s = asked, REQUEST_S if hooked else 0

    def flags(self) -> Mapping[str, Grant]:
        """Permission to state, of the user in the foreground."""
        found = self._device.package(self._package)
        return found.answers if found else {}

    def prompt(self) -> tuple[str, list[str]]:
        """Message and buttons of the permission dialog on the screen, both empty if there is none."""
        nodes, _ = self._device.ui()
        others = [node for node in nodes if node.package != self._package]
        ours = [node for node in others if prompt_package(node.package) or system_view(node.rid, self._package)]
        message = next((node.text for node in ours if node.rid.endswith("permission_message")), "")
        return message, [node.text for node in ours if node.clickable and node.text]

    def requested(self, message: str, answered: str = "") -> list[str]:
        """The permissions that a dialog with this message is about, or one in which ``answered`` was answered."""
        return self._asked.resolve(message, self.flags, self._wait_s, answered)
