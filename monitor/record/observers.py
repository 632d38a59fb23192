"""Observers of a session: each is fed with every event that is in the log, by one thread, and asked by others."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Final

from monitor.analysis.consent.text import pattern, plain
from monitor.analysis.guarded import permission_entry
from monitor.base.errors import EnvironmentFault, printable
from monitor.device.adb import AdbDevice
from monitor.events import ApiCall, Event, Lifecycle, PermissionRequest, PermissionResult, Transmission
from monitor.knowledge.prompts import prompt_package, system_view
from monitor.knowledge.wordlists import groups_of
from monitor.session import handset, manifest

#: A process that has told nothing for so many seconds since its start has no hooks.
_STARTING_S: Final = 45.0
_HINT: Final = "the reason is in the device's log: adb logcat -b crash"
_HOSTS: Final = 20
#: How long the hook's account of a request may take, on a machine that is busy. Where an app asks unseen (by native
#: code) each of its dialogs waits so long; well below the lateness that the analysis allows an event.
REQUEST_S: Final = 2.0


class Activity:
    """What the app is seen doing, for steps that wait for it."""

    def __init__(self, *, traffic: bool = True) -> None:
        """``traffic``: whether it is seen."""
        self._traffic = traffic
        self._busy = time.monotonic()
        self._starting: dict[int, float] = {}
        self._acting: set[int] = set()
        self._sent: dict[str, int] = {}

    def feed(self, event: Event) -> None:
        """The next event of the log. A hooked process is starting up from its start, by the device's log, to the first
        thing its hooks tell."""
        if not event.src.startswith(("hooks", "proxy", "logcat")):
            return
        self._busy = time.monotonic()
        if event.src.startswith("hooks"):
            self._acting.add(event.pid)
            self._starting.pop(event.pid, None)
        elif isinstance(event, Lifecycle) and event.pid:
            if event.what == "process_start" and self._acting and event.pid not in self._acting:
                self._starting[event.pid] = time.monotonic()
            elif event.what == "process_exit":
                self._starting.pop(event.pid, None)
        elif isinstance(event, Transmission) and not event.unowned:
            self._sent[event.host] = max(event.t, self._sent.get(event.host, 0))

    def quiet_for(self) -> float:
        """Seconds since the app was last seen doing or sending anything; 0 while a process of it is starting up."""
        now = time.monotonic()
        starts = any(now - since < _STARTING_S for since in tuple(self._starting.values()))
        return 0.0 if starts else now - self._busy

    def sent(self, host: str, since: int) -> bool:
        """Whether the app has sent something to a host (``*`` for any characters) at or after a time; true where
        nothing would show it."""
        return not self._traffic or any(t >= since and fnmatchcase(name, host) for name, t in tuple(self._sent.items()))


class Life:
    """How the app's main process ended, unless the monitor stopped it."""

    def __init__(self) -> None:
        self._exits: set[int] = set()
        self._end: Lifecycle | None = None

    def feed(self, event: Event) -> None:
        """The next event of the log."""
        if not isinstance(event, Lifecycle) or event.process != event.app:
            return
        if event.what == "process_start":
            self._end = None
        elif event.what == "process_exit" and event.src.startswith("hooks:"):
            self._exits.add(event.pid)
        elif event.what == "process_exit":
            self._end = event

    def fault(self) -> EnvironmentFault | None:
        """Why the app is gone; None if it runs, was stopped, or chose to exit."""
        if (end := self._end) is None:
            return None
        where = f"{end.process}, process {end.pid}"
        if end.crashed:
            return EnvironmentFault(f"the app crashed: {printable(end.cause, 300)}", where=where, hint=_HINT)
        if end.cause or end.pid in self._exits:
            return None
        return EnvironmentFault("the app's process exited unexpectedly", where=where, hint=_HINT)


class Bypasses:
    """How often a certificate check of the app was bypassed (``--unpin hooks``), and for which hosts."""

    def __init__(self) -> None:
        self.hooks: Counter[str] = Counter()
        self.hosts: set[str] = set()

    def feed(self, event: Event) -> None:
        """The next event of the log. The argument ``bypassed`` says that a check rejected the certificate."""
        if isinstance(event, ApiCall) and event.args.get("bypassed") == "yes":
            self.hooks[event.hook] += 1
            self.hosts.add(event.args.get("host", ""))

    def deviation(self) -> manifest.Deviation | None:
        """For the manifest; None if nothing in the app was changed."""
        if not self.hooks:
            return None
        ways = ", ".join(f"{hook} {count}" for hook, count in sorted(self.hooks.items()))
        known = sorted(self.hosts - {""})
        named = ", ".join(known[:_HOSTS]) + (" …" if len(known) > _HOSTS else "")
        return manifest.Deviation(
            what=f"the app under test was modified: {self.hooks.total()} certificate checks bypassed ({ways})",
            reason=f"--unpin hooks, to read traffic to {named or 'unknown hosts'}",
        )


class Asked:
    """Which permissions the app last requested and has no answer for yet."""

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
        self, message: str, known: Callable[[], Mapping[str, handset.Grant]], wait_s: float = 0, answered: str = ""
    ) -> list[str]:
        """Which permissions a dialog with this message is about: the requested ones in the group that it names; where
        no request was seen, the app's ungranted ones in that group (``known``). ``answered``: one that was answered in
        it, where its message is not known. The device's log may show the dialog before the hook's account of the
        request is here: that is waited for, at most ``wait_s``. Call from another thread than ``feed``."""
        groups = [str(permission_entry(answered).get("group"))] if answered else list(groups_named(message))
        with self._changed:
            self._changed.wait_for(lambda: self._named(groups) or (self._open and not groups), wait_s)
            found, asked = self._named(groups), list(self._open)
        if found or answered:
            return found or [answered]
        if groups:
            ungranted = _of_group((name for name, grant in known().items() if not grant.granted), groups[0])
            # Nothing says that it was asked for, too: from Android 11 on it is asked for alone, and later.
            return [name for name in ungranted if not name.endswith(".ACCESS_BACKGROUND_LOCATION")] or ungranted
        return asked

    def _named(self, groups: Iterable[str]) -> list[str]:
        return next((found for group in groups if (found := _of_group(self._open, group))), [])


def groups_named(message: str) -> Iterator[str]:
    """Permission groups that the message of a dialog may refer to, likeliest first."""
    words = plain(message)
    for group in groups_of("prompt_groups"):
        if pattern("prompt_groups", group).search(words):
            yield group


def _of_group(permissions: Iterable[str], group: str) -> list[str]:
    return [name for name in permissions if permission_entry(name).get("group") == group]


class Outside:
    """What the log watcher asks a device about one app: permission flags, and what a permission dialog requests."""

    def __init__(self, device: AdbDevice, package: str, asked: Asked, *, hooked: bool) -> None:
        """``hooked``: hooks tell what the app requests, so that it is worth waiting for."""
        self._device, self._package = device, package
        self._asked, self._wait_s = asked, REQUEST_S if hooked else 0

    def flags(self) -> Mapping[str, handset.Grant]:
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
