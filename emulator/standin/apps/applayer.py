"""The seam to the app layer: what the adb side asks of it, and what it answers with."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from emulator.standin.packages.installed import Package
from emulator.standin.packages.intents import Intent
from emulator.standin.sandbox.island import Island
from emulator.standin.window.screen import Node, Window


@dataclass
class Process:
    """A running app process. ``pid`` is the device's number of it, which the process itself and Frida know too;
    ``host`` this machine's (0: the same)."""

    pid: int
    name: str
    package: str
    uid: int
    held: bool = False
    host: int = 0


@dataclass
class StartResult:
    """Outcome of a start. ``code``: 0 started, 2 task brought to the front, 3 delivered to the running instance,
    -91 class does not exist (component named), -92 nothing resolves the intent. ``activity`` is ``pkg/full.Class``."""

    code: int
    activity: str = ""
    total_ms: int = 0
    launch_state: str = "COLD"
    pid: int = 0
    timeout: bool = False


NOT_FOUND = -91

NO_MATCH = -92


class AppLayer(Protocol):
    """The app side, as the adb side calls it (`appside.py` implements it; tests have their own)."""

    portal_port: int | None
    """Control port of the Frida portal on 127.0.0.1, reached as device ``tcp:27042``; None: refused."""

    @property
    def processes(self) -> Mapping[int, Process]:
        """Running app processes by pid."""

    @property
    def island(self) -> Island | None:
        """The network that app processes are alone in; None: they share the host's."""

    async def begin(self) -> None:
        """Opens ports; called once before the adb port is announced."""

    async def close(self) -> None:
        """Kills every child process, closes every port."""

    async def start(
        self, intent: Intent, *, held: bool = False, wait: bool = False, stop_first: bool = False
    ) -> StartResult:
        """Starts an activity. ``held``: the process waits for a debugger before app code. ``wait``: until resumed."""

    async def start_service(self, intent: Intent, *, foreground: bool = False) -> bool: ...

    async def stop_service(self, intent: Intent) -> bool: ...

    async def broadcast(self, intent: Intent) -> int:
        """Number of receivers."""

    async def force_stop(self, package: str) -> None:
        """Kills the processes, clears activities and windows of the package."""

    async def kill(self, package: str) -> None:
        """Kills the package's processes that are in the background."""

    async def click(self, window: Window, node: Node, held: bool = False) -> None:
        """A tap; ``held``: a long press."""

    async def rest(self) -> None:
        """Waits until every app has done with the taps before. On a phone the thread that answers them also gives out
        what is on the screen and takes what is typed."""

    async def text(self, window: Window, node: Node, value: str) -> None:
        """The whole new text of an input field."""

    async def key(self, name: str) -> None:
        """``BACK``, ``HOME``, ``ENTER``, …"""

    async def permission_changed(self, package: str, permission: str, granted: bool) -> None:
        """After pm grant / revoke. A revoke of a granted permission kills the package's processes."""

    async def installed(self, package: Package, archive: Path) -> None: ...

    async def uninstalled(self, package: str) -> None: ...

    async def settings_changed(self, ns: str, key: str, value: str | None) -> None: ...

    async def end_frida(self) -> None:
        """The Frida endpoint ends, as frida-server does when it is killed."""

    def abort(self) -> None:
        """Every app process aborts."""

    def on_debugger(self, pid: int) -> bool:
        """A debugger shook hands: the held process goes on. False if there is no such process."""
